"""What every layer declares, and the registry of all layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from engine.choices.call import Call
from engine.choices.registry import Registry
from engine.errors import LayerloomError
from engine.layers.family import Family
from engine.layers.formula import Formula
from engine.layers.reading import Reads, Relaid, reads_of
from engine.layers.shape import Shape
from engine.layers.window import Window
from engine.words import counted, thousands, with_article

MOST_COLOURS = 4
"""Channels of an image at most: red, green, blue, alpha."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Settings that would cure a `ShapeMismatch`, as a button: ``Suggestion("Pad 1", {"padding": (1, 1)})``."""

    label: str
    settings: dict[str, Any]


class ShapeMismatch(LayerloomError):  # noqa: N818 - the field reads it as a fact, not a fault
    """A layer cannot take the shapes that reach it.

    ``code`` is stable and never shown. ``what`` is one sentence with both numbers; ``hint`` says what to do;
    ``short`` (≤ 18 characters) stands in the node in place of its shape: "needs a vector"; ``port`` names the input
    port at fault, if it is one. ``suggestions`` are changes to the layer's own settings that may help; fixes that
    insert other layers are made in `engine.network.fixes`.

    Where the sentence sets what the layer needs against what it gets, it is made of both: it is raised with the first
    half as ``what`` ("Linear needs a vector") and the second as ``gets`` ("a 512×1×1 map"), or as ``differing`` where
    two inputs do not go together: what each gives, by its index; the first is ``alone`` if it fits none of the others,
    which go together.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        gets: str = "",
        differing: Mapping[int, str] | None = None,
        alone: bool = False,
        hint: str = "",
        short: str = "",
        port: str = "",
        suggestions: tuple[Suggestion, ...] = (),
    ) -> None:
        self.code = code
        self._what = what
        self.gets = gets
        self.differing = differing or {}
        self.alone = alone
        super().__init__(self.what)
        self.hint = hint
        self.short = short
        self.port = port
        self.suggestions = suggestions

    @property
    def what(self) -> str:
        """What is wrong, in one sentence."""
        return self.sentence()

    def sentence(self, sources: Sequence[str] = ()) -> str:
        """What is wrong, with the names of what feeds the layer's inputs, in their order, where they are known."""
        if self.differing:
            names = [sources[i] if sources else f"input {i + 1}" for i in self.differing]
            if self.alone:
                names[0] += " alone"
            verb = "gives" if sources else "is"
            given = zip(names, self.differing.values(), strict=True)
            return f"{self._what}: {', '.join(f'{name} {verb} {shape}' for name, shape in given)}."
        giver = f"{sources[0]} gives" if sources else "it gets"
        return f"{self._what}, but {giver} {self.gets}." if self.gets else self._what


class Partner(NamedTuple):
    """An input port whose wire names a node of one kind rather than carrying its value.

    The layer then reads at that port what its partner reads, and takes over what it needs of the partner's settings.
    """

    port: str
    layer: type[Layer]


class Layer(BaseModel):
    """A kind of node and its settings; the fields of a subclass are its settings.

    Shapes here are without the batch axis. Methods that take inputs get one `Shape` for each connected input
    port, in port order; subclasses name them: ``def output_shape(self, x: Shape) -> Shape``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)  # most stay unused

    family: ClassVar[Family]
    title: ClassVar[str]
    """What the palette calls it, in sentence case: "Max pool"."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other words people search for: "fc", "dense", "skip"."""
    stem: ClassVar[str]
    """What a new node's name starts with: "conv" gives conv1, conv2 …"""
    palette_hint: ClassVar[str] = ""
    """A word or two beside the palette entry: "residual"."""
    common: ClassVar[bool] = False
    """Whether most networks use it: such layers stand first in the palette."""
    input_ports: ClassVar[tuple[str, ...]] = ("input",)
    """Names of the input ports; a variadic layer takes ``input0``, ``input1`` … and needs at least two."""
    partner: ClassVar[Partner | None] = None
    """The input port that names another node, if one does."""
    variadic: ClassVar[bool] = False
    has_output: ClassVar[bool] = True
    keeps_shape: ClassVar[bool] = False
    """Whether the output always has the input's shape (drawn as a slim node)."""
    width_setting: ClassVar[str] = ""
    """The setting that says how many maps or features come out and may be changed to fit; "" without one."""
    map_settings: ClassVar[tuple[str, ...]] = ()
    """The settings that say channels, height and width of what comes out; empty without them."""
    size_setting: ClassVar[str] = ""
    """The setting that a typed size (5×5) stands for; "" without one."""
    fraction_setting: ClassVar[str] = ""
    """The setting that a typed fraction (0.3) stands for; "" without one."""
    fraction_symbol: ClassVar[str] = ""
    """The letter that people write for ``fraction_setting``; "" if it has none of its own."""
    gives_scores: ClassVar[bool] = False
    """Whether a score for each class comes out: how many is then for the data to say, and for no path beside it."""
    gives_probabilities: ClassVar[bool] = False
    """Whether it turns scores into probabilities, each of which depends on all scores."""
    plain_weights: ClassVar[bool] = False
    """Whether it has a weight and perhaps a bias that may start as any others do."""
    decides: ClassVar[bool] = False
    """Whether it turns a score into a yes or no, or into how sure a yes is, each score alone."""
    has_gradient: ClassVar[bool] = True
    """Whether what comes out follows small changes of what goes in, so that what stands before it can learn."""
    has_limits: ClassVar[bool] = False
    """Whether all values that come out lie between two limits: as scores they can never be sure of a class."""
    hands_on: ClassVar[bool] = False
    """Whether evaluation gives what it gets, value by value."""
    normalises_over_batch: ClassVar[bool] = False
    """Whether training needs more than one value of each channel in a batch."""
    subtracts_mean: ClassVar[bool] = False
    """Whether it subtracts the mean of each map, so that a bias added before it has no effect."""

    def output_shape(self, *args: Any, **kwargs: Any) -> Shape:
        """Shape of the output; raises `ShapeMismatch`."""
        raise TypeError(f"{type(self).__name__} does not declare output_shape")

    def parameter_count(self, *args: Any, **kwargs: Any) -> int:
        """Values that training learns: what torch lists as parameters."""
        return 0

    def weight_count(self, *args: Any, **kwargs: Any) -> int:
        """Those of them that are weights: neither biases, nor scales, nor shifts."""
        return 0

    @classmethod
    def learns(cls) -> bool:
        """Whether it has parameters."""
        return cls.parameter_count is not Layer.parameter_count

    def multiply_adds(self, *args: Any, **kwargs: Any) -> int:
        """Multiply-adds for one image; convolutions and matrix products only, as the papers count."""
        return 0

    def window(self, *args: Any, **kwargs: Any) -> Window | None:
        """The sliding window, or None for a layer without one."""
        return None

    def readings(self, *args: Any, **kwargs: Any) -> tuple[Reads | Relaid | None, ...]:
        """What one place of the output reads of each input; None of an input of which it takes no value.

        By default what lies under the window; without one the same place, or all of an input of another size.
        """
        window, output = self.window(*args), self.output_shape(*args)
        return tuple(reads_of(window, x, output) for x in args)

    def explain(self, *args: Any, **kwargs: Any) -> list[Formula]:
        """The arithmetic behind shape, parameters and multiply-adds, numbers filled in."""
        return []

    def summary(self, *args: Any, **kwargs: Any) -> str:
        """The key settings in one line for the node: "3×3, 128 maps, stride 2"; inputs may be missing."""
        return ""

    def call(self, *args: Any, **kwargs: Any) -> Call | None:
        """The torch call this layer becomes; None for Input and Output."""
        raise TypeError(f"{type(self).__name__} does not declare call")

    def matching_padding(self) -> dict[str, Any]:
        """Settings of padding that one expects with its kernel and stride; empty if it has none or they are free.

        A convolution keeps rows and columns at stride 1, a transposed one multiplies them by its stride.
        """
        return {}

    def resizing(self, x: Shape, size: tuple[int, ...]) -> Iterator[Suggestion]:
        """Changes of its own settings with which maps ``x`` come out with this many rows and columns."""
        return iter(())

    def matching_width(self, source: Shape | None) -> dict[str, Any]:
        """The setting of as many maps as come in, unless these are the colours of an image."""
        gives_maps = self.unit_of(self.width_setting) == "maps"
        if gives_maps and source is not None and source.is_map and source.channels > MOST_COLOURS:
            return {self.width_setting: source.channels}
        return {}

    def suited(self, source: Shape | None) -> Layer:
        """This layer as one expects it behind a value, however it is added: as many maps, and padding that matches.

        One with settings that somebody chose stays as it is. Raises ``ValidationError`` if no layer has so many maps.
        """
        if self != type(self)():
            return self
        wide = self.with_settings(**self.matching_width(source))
        return wide.with_settings(**wide.matching_padding())

    def paired_with(self, partner: Layer, name: str) -> Layer:
        """This layer as its partner, the node ``name``, makes it."""
        return self

    @classmethod
    def unit_of(cls, name: str) -> str:
        """The unit that a setting declares: "maps", "px"; "" without one, or for no setting."""
        field = cls.model_fields.get(name)
        extra = field.json_schema_extra if field else None
        return str(extra.get("unit", "")) if isinstance(extra, dict) else ""

    def ports_for(self, count: int) -> tuple[str, ...]:
        """Names of the first ``count`` input ports."""
        if self.variadic:
            return tuple(f"input{index}" for index in range(count))
        return self.input_ports[:count]

    def require_map(self, x: Shape) -> None:
        """Raise `ShapeMismatch` unless ``x`` is ``(C, H, W)``."""
        if not x.is_map:
            raise ShapeMismatch(
                "needs_map",
                f"{self.title} needs maps",
                gets=f"a vector of {thousands(x.elements)}",
                hint="It belongs before the Flatten, where there still are rows and columns.",
                short="needs maps",
            )

    def require_vector(self, x: Shape) -> None:
        """Raise `ShapeMismatch` unless ``x`` is ``(N,)``."""
        if not x.is_vector:
            raise ShapeMismatch(
                "needs_vector",
                f"{self.title} needs a vector",
                gets=with_article(f"{x} map"),
                hint=f"Flatten turns {x} into {counted(x.elements, 'feature')} (no parameters).",
                short="needs a vector",
            )

    def with_settings(self, **settings: Any) -> Layer:
        """The same layer with some settings changed, validated; raises pydantic's ``ValidationError``."""
        return type(self).model_validate({**self.model_dump(), **settings})


LAYERS: Registry[Layer] = Registry("layers", one="layer", name_of=lambda kind: kind.__name__)

register = LAYERS.register
layer_class = LAYERS.find
