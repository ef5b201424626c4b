"""What weights start as; one class an initialisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from engine.choices import Choice, Registry
from engine.settings import setting

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layer stands: the ``number``-th of its family on the longest way to it, counted from 1.

    ``is_last`` says that none of its family comes after it; ``over_maps`` that it is a convolution, and not fully
    connected.
    """

    number: int
    is_last: bool
    over_maps: bool


class Initialisation(Choice):
    """Draws the plain weights of a network: those of convolutions and fully connected layers.

    Batch norms, RBF outputs and other layers whose weights mean something else keep their own, but for the norms that
    ``zero_last_norms`` is about. ``draws`` says that it draws any weights at all.
    """

    draws: ClassVar[bool] = True

    zero_last_norms: bool = setting(
        False,
        "Zero last norms",
        help="The scale of the norm that ends the deeper branch of each residual block starts as 0, so that every "
        "block begins as its shortcut (Goyal et al. 2017, section 5.1).",
        advanced=True,
    )

    @property
    def changes(self) -> bool:
        """Whether any weight starts as something else than by itself."""
        return self.draws or self.zero_last_norms

    def summary(self) -> str:
        return f"{self.title}, last norms 0" if self.zero_last_norms else self.title

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        """Fill a weight as torch shapes it, ``(out, in, …)``, on the CPU."""
        raise TypeError(f"{type(self).__name__} does not declare draw")

    def bias(self, place: Place) -> float:
        """What all biases of a layer start as."""
        return 0.0


INITIALISATIONS: Registry[Initialisation] = Registry("initialisations", one="initialisation")

Deviation = Annotated[float, Field(gt=0, le=100)]
Gain = Annotated[float, Field(gt=0, le=100)]


@INITIALISATIONS.register
class LayersOwn(Initialisation):
    """Each layer starts as torch has it: most within ±1/√(inputs), biases too."""

    name: ClassVar = "own"
    title: ClassVar = "Each layer's own"
    aliases: ClassVar = ("default",)
    draws: ClassVar = False


@INITIALISATIONS.register
class NormalStart(Initialisation):
    """Weights from a normal distribution around 0, the same for every layer; biases 0."""

    name: ClassVar = "normal"
    title: ClassVar = "Normal"

    std: Deviation = setting(0.01, "Deviation σ")

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        weight.normal_(0, self.std, generator=random)


@INITIALISATIONS.register
class TruncatedNormalStart(Initialisation):
    """Normal weights of which none is further than 2 σ from 0; biases 0."""

    name: ClassVar = "truncated_normal"
    title: ClassVar = "Truncated normal"

    std: Deviation = setting(0.02, "Deviation σ")

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        from torch.nn import init

        init.trunc_normal_(weight, std=self.std, a=-2 * self.std, b=2 * self.std, generator=random)


@INITIALISATIONS.register
class UniformStart(Initialisation):
    """Weights between −a and a, all alike, the same for every layer; biases 0."""

    name: ClassVar = "uniform"
    title: ClassVar = "Uniform"

    bound: Deviation = setting(0.05, "Bound a")

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        weight.uniform_(-self.bound, self.bound, generator=random)


class Xavier(Initialisation):
    """Keeps the variance on the way forth and back, for layers before tanh or sigmoid (Glorot & Bengio 2010)."""

    gain: Gain = setting(1.0, "Gain")


@INITIALISATIONS.register
class XavierUniform(Xavier):
    """Uniform within ±gain·√(6 / (inputs + outputs)), for tanh and sigmoid (Glorot & Bengio 2010, eq. 16); biases 0."""

    name: ClassVar = "xavier_uniform"
    title: ClassVar = "Xavier uniform"
    aliases: ClassVar = ("glorot_uniform",)

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        from torch.nn import init

        init.xavier_uniform_(weight, self.gain, generator=random)


@INITIALISATIONS.register
class XavierNormal(Xavier):
    """Normal with σ = gain·√(2 / (inputs + outputs)), for tanh and sigmoid (Glorot & Bengio 2010); biases 0."""

    name: ClassVar = "xavier_normal"
    title: ClassVar = "Xavier normal"
    aliases: ClassVar = ("glorot_normal",)

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        from torch.nn import init

        init.xavier_normal_(weight, self.gain, generator=random)


class Kaiming(Initialisation):
    """Keeps the variance through layers before ReLU, of which half the values are 0 (He et al. 2015)."""

    mode: Literal["fan_in", "fan_out"] = setting(
        "fan_in",
        "Scaled by",
        help="By the inputs values keep their size on the way forth, by the outputs gradients on the way back.",
        labels={"fan_in": "Inputs", "fan_out": "Outputs"},
    )
    nonlinearity: Literal["relu", "leaky_relu", "tanh", "linear"] = setting(
        "relu",
        "Activation",
        help="What follows the layers.",
        labels={"relu": "ReLU", "leaky_relu": "Leaky ReLU", "tanh": "Tanh", "linear": "Nothing"},
    )


@INITIALISATIONS.register
class KaimingUniform(Kaiming):
    """Uniform within ±√(6 / inputs), for layers before ReLU (He et al. 2015); biases 0."""

    name: ClassVar = "kaiming_uniform"
    title: ClassVar = "Kaiming uniform"
    aliases: ClassVar = ("he_uniform",)

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        from torch.nn import init

        slope = 0.01  # torch's own leaky ReLU
        init.kaiming_uniform_(weight, slope, mode=self.mode, nonlinearity=self.nonlinearity, generator=random)


@INITIALISATIONS.register
class KaimingNormal(Kaiming):
    """Normal with σ = √(2 / inputs), for layers before ReLU (He et al. 2015, eq. 10); biases 0."""

    name: ClassVar = "kaiming_normal"
    title: ClassVar = "Kaiming normal"
    aliases: ClassVar = ("he_normal", "kaiming")

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        from torch.nn import init

        slope = 0.01  # torch's own leaky ReLU
        init.kaiming_normal_(weight, slope, mode=self.mode, nonlinearity=self.nonlinearity, generator=random)


@INITIALISATIONS.register
class Orthogonal(Initialisation):
    """Rows or columns at right angles, so that lengths stay through many layers (Saxe et al. 2014); biases 0."""

    name: ClassVar = "orthogonal"
    title: ClassVar = "Orthogonal"

    gain: Gain = setting(1.0, "Gain", help="√2 before ReLU.")

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        from torch.nn import init

        init.orthogonal_(weight, self.gain, generator=random)


@INITIALISATIONS.register
class AlexNetStart(Initialisation):
    """Normal with σ = 0.01; biases 1 in the second, fourth and fifth convolution and in hidden fully connected layers.

    All other biases are 0 (Krizhevsky et al. 2012, section 5): ReLUs so begin with what is positive. In any other
    network the layers are counted in the same way.
    """

    name: ClassVar = "alexnet_2012"
    title: ClassVar = "AlexNet 2012"
    aliases: ClassVar = ("alexnet",)

    def draw(self, weight: Tensor, place: Place, random: Generator) -> None:
        weight.normal_(0, 0.01, generator=random)

    def bias(self, place: Place) -> float:
        ones = place.number in (2, 4, 5) if place.over_maps else not place.is_last
        return 1.0 if ones else 0.0
