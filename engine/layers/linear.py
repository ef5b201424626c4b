"""Fully connected layers."""

from __future__ import annotations

from typing import ClassVar, Literal

from engine.choices.call import Call, module
from engine.layers.base import Layer, ShapeMismatch, Suggestion, register
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.numbers import brief
from engine.layers.settings import Count, setting
from engine.layers.shape import Shape
from engine.layers.sliding import changed
from engine.words import counted, thousands


class FullyConnected(Layer):
    """Every input feature reaches every output feature; subclasses say how many come out."""

    family: ClassVar = Family.LINEAR
    plain_weights: ClassVar = True

    def outputs(self) -> tuple[int, bool]:
        """Number of output features and whether each has a bias."""
        raise TypeError(f"{type(self).__name__} does not declare outputs")

    def output_shape(self, x: Shape) -> Shape:
        self.require_vector(x)
        return Shape(self.outputs()[0])

    def parameter_count(self, x: Shape) -> int:
        features, bias = self.outputs()
        return self.weight_count(x) + features * bias

    def weight_count(self, x: Shape) -> int:
        return x.elements * self.outputs()[0]

    def multiply_adds(self, x: Shape) -> int:
        return x.elements * self.outputs()[0]

    def explain(self, x: Shape) -> list[Formula]:
        self.output_shape(x)
        features, bias = self.outputs()
        weights = f"{x.elements}·{features}"
        return [
            Formula("Parameters", (weights + f" + {features}" * bias,), thousands(self.parameter_count(x))),
            Formula("MACs", (weights,), brief(self.multiply_adds(x))),
        ]

    def summary(self, *inputs: Shape) -> str:
        features, bias = self.outputs()
        source = f"{thousands(inputs[0].elements)} → " if inputs and inputs[0].is_vector else ""
        return f"{source}{counted(features, 'feature')}" + ("" if bias else ", no bias")


@register
class Linear(FullyConnected):
    """Connect every input feature to every output feature: y = Wx + b.

    Use it at the end, where features become class scores; on large maps it costs too much.
    """

    title: ClassVar = "Linear"
    common: ClassVar = True
    aliases: ClassVar = ("fc", "dense", "fully connected", "affine")
    stem: ClassVar = "fc"
    width_setting: ClassVar = "out_features"

    out_features: Count = setting(10, "Output features", unit="features")
    bias: bool = setting(True, "Bias")

    def outputs(self) -> tuple[int, bool]:
        return self.out_features, self.bias

    def call(self, x: Shape) -> Call:
        return module("torch.nn.Linear", x.elements, self.out_features, **changed(bias=(self.bias, True)))


@register
class RBFOutput(Layer):
    """Scores each class by how near the features are to its prototype: −Σⱼ (xⱼ − wᵢⱼ)² (LeCun et al. 1998, eq. 7).

    The sign is turned so that the nearest class scores highest. ``digits`` fixes the prototypes to ten 7×12 pictures.
    Only LeNet-5 ends in it; Linear is the usual choice.
    """

    family: ClassVar = Family.LINEAR
    title: ClassVar = "RBF output"
    aliases: ClassVar = ("radial basis", "euclidean", "prototype")
    stem: ClassVar = "rbf"
    width_setting: ClassVar = "classes"
    gives_scores: ClassVar = True

    classes: Count = setting(10, "Classes", unit="classes")
    prototypes: Literal["learned", "digits"] = setting(
        "learned", "Prototypes", help="digits: ten fixed pictures of 7×12 pixels of ±1, for 84 features."
    )
    distance: bool = setting(
        False, "Give distances", advanced=True, help="The squared distance itself, not its negative."
    )

    def output_shape(self, x: Shape) -> Shape:
        self.require_vector(x)
        if self.prototypes == "digits" and (x.elements, self.classes) != (84, 10):
            raise ShapeMismatch(
                "prototypes_do_not_fit",
                f"The digit prototypes are 10 pictures of 84 features, but here {'is' if self.classes == 1 else 'are'} "
                f"{counted(self.classes, 'class', 'classes')} of {x.said}.",
                hint="Learned prototypes take any number of classes and features.",
                short="needs 84 features",
                suggestions=(Suggestion("Learn the prototypes", {"prototypes": "learned"}),),
            )
        return Shape(self.classes)

    def parameter_count(self, x: Shape) -> int:
        return x.elements * self.classes * (self.prototypes == "learned")

    def weight_count(self, x: Shape) -> int:
        return self.parameter_count(x)

    def multiply_adds(self, x: Shape) -> int:
        """One squared difference is one multiply-add."""
        return x.elements * self.classes

    def explain(self, x: Shape) -> list[Formula]:
        self.output_shape(x)
        product = f"{x.elements}·{self.classes}"
        learned = self.prototypes == "learned"
        note = "One prototype a class." if learned else "The prototypes are fixed."
        return [
            Formula("Parameters", (product,) if learned else (), thousands(self.parameter_count(x)), note),
            Formula("MACs", (product,), brief(self.multiply_adds(x)), "A squared difference counts as one."),
        ]

    def summary(self, *_: Shape) -> str:
        return f"{self.classes} {'digit pictures' if self.prototypes == 'digits' else 'prototypes'}"

    def call(self, x: Shape) -> Call:
        keywords = changed(digits=(self.prototypes == "digits", False), distance=(self.distance, False))
        return module("engine.modules.rbf.RBFOutput", x.elements, self.classes, **keywords)
