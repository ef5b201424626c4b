"""Normalisation: keep values in a range where training is quick."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from engine.choices.call import Call, module
from engine.families import Family
from engine.layers.base import Layer, ShapeMismatch, Suggestion, register
from engine.layers.formula import Formula
from engine.layers.numbers import nearest_divisor
from engine.layers.reading import Reads, Whole
from engine.layers.settings import Count, NonNegativeSize, setting
from engine.layers.shape import Shape
from engine.layers.sliding import changed
from engine.words import counted, thousands, undivided

Epsilon = Annotated[float, Field(gt=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e6)]
ABOUT_EPSILON = "Added to the variance so that nothing is divided by 0."


class Normalisation(Layer):
    """Rescales values; the shape stays."""

    family: ClassVar = Family.NORMALISATION
    keeps_shape: ClassVar = True

    def output_shape(self, x: Shape) -> Shape:
        return x


@register
class BatchNorm2d(Normalisation):
    """Gives each map mean 0 and deviation 1 over the batch, then scales and shifts it (Ioffe & Szegedy 2015).

    y = γ·(x − μ_B) / √(σ_B² + ε) + β with a learned γ and β a map; in evaluation μ and σ are running averages.
    After a convolution without bias, before the activation. Needs more than one image in a batch.
    """

    title: ClassVar = "Batch norm"
    common: ClassVar = True
    aliases: ClassVar = ("batchnorm", "bn", "batch normalisation", "batch normalization")
    stem: ClassVar = "bn"
    normalises_over_batch: ClassVar = True
    subtracts_mean: ClassVar = True

    affine: bool = setting(True, "Scale and shift", help="Learn γ and β for each map.")
    momentum: Annotated[float, Field(gt=0, le=1)] = setting(
        0.1, "Momentum", advanced=True, help="Share of the newest batch in the running averages."
    )
    eps: Epsilon = setting(1e-5, "Epsilon", advanced=True, help=ABOUT_EPSILON)

    def parameter_count(self, x: Shape) -> int:
        return 2 * x.channels * self.affine

    def explain(self, x: Shape) -> list[Formula]:
        kind = "map" if x.is_map else "feature"
        if not self.affine:
            return [Formula("Parameters", (), "0", "Scale and shift are off.")]
        note = (
            f"γ and β of each {kind}. Running mean and variance ({thousands(2 * x.channels)} values) are not learned."
        )
        return [Formula("Parameters", (f"2·{x.channels}",), thousands(self.parameter_count(x)), note)]

    def summary(self, *_: Shape) -> str:
        return "batch norm"

    def call(self, x: Shape) -> Call:
        keywords = changed(eps=(self.eps, 1e-5), momentum=(self.momentum, 0.1), affine=(self.affine, True))
        return module(f"torch.nn.BatchNorm{'2d' if x.is_map else '1d'}", x.channels, **keywords)


@register
class LocalResponseNorm(Normalisation):
    """Divides each value by a measure of its neighbours across maps, so that strong responses damp weak ones.

    bᵢ = aᵢ·(k + α Σⱼ aⱼ²)^−β over the maps j from i − ⌊r/2⌋ to i + ⌊r/2⌋ that exist (Krizhevsky et al. 2012,
    section 3.3). Only AlexNet and its kin use it; batch norm has replaced it.
    """

    title: ClassVar = "Local response norm"
    aliases: ClassVar = ("lrn", "local response normalisation", "cross-channel")
    stem: ClassVar = "norm"
    fraction_setting: ClassVar = "alpha"

    depth_radius: NonNegativeSize = setting(
        5, "Depth radius", unit="maps", help="r: half of it counts on each side; 5 reads five maps."
    )
    bias: Positive = setting(2.0, "Bias k")
    alpha: Positive = setting(1e-4, "Alpha α")
    beta: Positive = setting(0.75, "Beta β")

    @property
    def maps_read(self) -> int:
        """How many neighbouring maps the sum runs over: 2⌊r/2⌋ + 1."""
        return 2 * (self.depth_radius // 2) + 1

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        return x

    def explain(self, x: Shape) -> list[Formula]:
        self.require_map(x)
        half = self.depth_radius // 2
        power = f"aᵢ·({self.bias:g} + {self.alpha:g}·Σ aⱼ²)^−{self.beta:g}"
        note = f"Over maps i − {half} to i + {half}, {self.maps_read} at most. The shape stays."
        return [Formula("bᵢ", ("aᵢ·(k + α·Σ aⱼ²)^−β",), power, note)]

    def summary(self, *_: Shape) -> str:
        return f"local response, {counted(self.maps_read, 'map')}"

    def call(self, x: Shape) -> Call:
        """torch takes the mean over the window where the paper takes the sum, so α is multiplied by its size."""
        alpha = self.alpha * self.maps_read
        return module("torch.nn.LocalResponseNorm", self.maps_read, alpha=alpha, beta=self.beta, k=self.bias)


class PerImageNorm(Normalisation):
    """Normalises within one image, so that the batch size does not matter; γ and β are learned where switched on."""

    def learned(self, x: Shape) -> int:
        """How many γ there are; as many β."""
        return x.channels

    def switched_on(self) -> bool:
        """Whether scale and shift are learned."""
        return True

    def readings(self, x: Shape) -> tuple[Reads]:
        """All places: mean and deviation are theirs."""
        rows, columns = x[1:] if x.is_map else (1, 1)
        return (Reads(Whole(rows, rows), Whole(columns, columns)),)

    def parameter_count(self, x: Shape) -> int:
        return 2 * self.learned(x) * self.switched_on()

    def explain(self, x: Shape) -> list[Formula]:
        self.output_shape(x)
        if not self.switched_on():
            return [Formula("Parameters", (), "0", "Scale and shift are off.")]
        return [Formula("Parameters", (f"2·{self.learned(x)}",), thousands(self.parameter_count(x)), "γ and β.")]


@register
class LayerNorm(PerImageNorm):
    """Mean 0 and deviation 1 over all values of one image, then a learned scale and shift for each (Ba et al. 2016)."""

    title: ClassVar = "Layer norm"
    aliases: ClassVar = ("ln", "layer normalisation", "layernorm")
    stem: ClassVar = "norm"

    affine: bool = setting(True, "Scale and shift", help="Learn γ and β for each value.")
    eps: Epsilon = setting(1e-5, "Epsilon", advanced=True, help=ABOUT_EPSILON)

    def learned(self, x: Shape) -> int:
        return x.elements

    def switched_on(self) -> bool:
        return self.affine

    def summary(self, *_: Shape) -> str:
        return "layer norm"

    def call(self, x: Shape) -> Call:
        keywords = changed(eps=(self.eps, 1e-5), elementwise_affine=(self.affine, True))
        return module("torch.nn.LayerNorm", tuple(x), **keywords)


@register
class GroupNorm(PerImageNorm):
    """Mean 0 and deviation 1 over groups of maps of one image: batch norm for small batches (Wu & He 2018)."""

    title: ClassVar = "Group norm"
    aliases: ClassVar = ("gn", "group normalisation", "groupnorm")
    stem: ClassVar = "norm"

    groups: Count = setting(8, "Groups", unit="groups")
    affine: bool = setting(True, "Scale and shift", help="Learn γ and β for each map.")
    eps: Epsilon = setting(1e-5, "Epsilon", advanced=True, help=ABOUT_EPSILON)

    def output_shape(self, x: Shape) -> Shape:
        if x.channels % self.groups:
            nearest = nearest_divisor(x.channels, self.groups)
            nearest = nearest if nearest < x.elements else 1  # one value a group would be the next problem
            raise ShapeMismatch(
                "groups_do_not_divide",
                undivided(x.channels, "channel", self.groups),
                hint="Each group has equally many maps.",
                short="groups",
                suggestions=(Suggestion(f"Groups {nearest}", {"groups": nearest}),),
            )
        if x.elements == self.groups:
            raise self._one_value_a_group(x)
        return x

    def _one_value_a_group(self, x: Shape) -> ShapeMismatch:
        fewer = self.groups // 2 if self.groups % 2 == 0 else 1
        return ShapeMismatch(
            "one_value_a_group",
            f"Group norm needs more than one value in each group, "
            f"but {counted(self.groups, 'group')} {'has' if self.groups == 1 else 'share'} {thousands(x.elements)}.",
            hint="Single values would all become 0; torch refuses them for one image.",
            short="1 value a group",
            suggestions=(Suggestion(f"Groups {fewer}", {"groups": fewer}),) if self.groups > 1 else (),
        )

    def switched_on(self) -> bool:
        return self.affine

    def summary(self, *_: Shape) -> str:
        return f"group norm, {counted(self.groups, 'group')}"

    def call(self, x: Shape) -> Call:
        keywords = changed(eps=(self.eps, 1e-5), affine=(self.affine, True))
        return module("torch.nn.GroupNorm", self.groups, x.channels, **keywords)


@register
class InstanceNorm2d(PerImageNorm):
    """Mean 0 and deviation 1 over each map of one image: takes contrast and colour cast away (Ulyanov et al. 2016)."""

    title: ClassVar = "Instance norm"
    aliases: ClassVar = ("in", "instance normalisation", "instancenorm")
    stem: ClassVar = "norm"
    subtracts_mean: ClassVar = True

    affine: bool = setting(False, "Scale and shift", help="Learn γ and β for each map.")
    eps: Epsilon = setting(1e-5, "Epsilon", advanced=True, help=ABOUT_EPSILON)

    def output_shape(self, x: Shape) -> Shape:
        self.require_map(x)
        if x.height * x.width == 1:
            raise ShapeMismatch(
                "one_value_a_map",
                "Instance norm needs more than one value in each map",
                gets=str(x),
                hint="It belongs before the maps shrink to one value; on single values it would give only zeros.",
                short="1 value a map",
            )
        return x

    def switched_on(self) -> bool:
        return self.affine

    def summary(self, *_: Shape) -> str:
        return "instance norm"

    def call(self, x: Shape) -> Call:
        return module(
            "torch.nn.InstanceNorm2d", x.channels, **changed(eps=(self.eps, 1e-5), affine=(self.affine, False))
        )
