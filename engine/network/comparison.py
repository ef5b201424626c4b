"""Two networks side by side: what each costs, and where their structures differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.layers import Shape
from engine.layers.input_output import Output
from engine.network.aligning import Pairs, align
from engine.network.analysis import analyse
from engine.network.network import Network
from engine.network.results import Analysis

QUANTITIES = (
    "parameters",
    "trainable_parameters",
    "multiply_adds",
    "activation_bytes",
    "receptive_field",
    "layers",
)
"""What is compared, in the order that people read it."""


class Match(StrEnum):
    """How a layer of one network stands to the other."""

    SAME = "same"
    CHANGED = "changed"
    ONLY_A = "only_a"
    ONLY_B = "only_b"


@dataclass(frozen=True, slots=True)
class Totals:
    """What one network costs for one image.

    ``receptive_field`` is the rows and columns of the input that one value of its first main output depends on.
    """

    name: str
    parameters: int
    trainable_parameters: int
    multiply_adds: int
    activation_bytes: int
    receptive_field: tuple[int, int] | None
    layers: int

    def amount(self, quantity: str) -> int:
        """One of `QUANTITIES` as a single number; a receptive field counts its pixels."""
        if quantity == "receptive_field":
            return self.receptive_field[0] * self.receptive_field[1] if self.receptive_field else 0
        value: int = getattr(self, quantity)
        return value


@dataclass(frozen=True, slots=True)
class Side:
    """A layer as one of the two networks has it."""

    name: str
    layer: str
    summary: str
    output: Shape | None
    parameters: int
    multiply_adds: int

    def to_json(self) -> dict[str, Any]:
        """The values that scripts read."""
        return {
            "name": self.name,
            "layer": self.layer,
            "output": None if self.output is None else list(self.output),
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting of two aligned layers that is not the same: its name, its words, and both values."""

    setting: str
    title: str
    a: object
    b: object

    def __str__(self) -> str:
        return f"{self.title} {_words(self.a)} → {_words(self.b)}"


@dataclass(frozen=True, slots=True)
class Row:
    """Two aligned layers, or one that the other network lacks."""

    match: Match
    a: Side | None = None
    b: Side | None = None
    differences: tuple[Difference, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The values that scripts read."""
        return {
            "match": self.match.value,
            "a": self.a and self.a.to_json(),
            "b": self.b and self.b.to_json(),
            "differences": {d.setting: [_plain(d.a), _plain(d.b)] for d in self.differences},
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two networks side by side; the rows stand in the topological order of both."""

    a: Totals
    b: Totals
    rows: tuple[Row, ...]

    def ratio(self, quantity: str) -> float | None:
        """How much of a `QUANTITIES` B has for each of A: 0.5 is half of it; None where A has nothing."""
        amount = self.a.amount(quantity)
        return self.b.amount(quantity) / amount if amount else None

    def count(self, match: Match) -> int:
        """How many rows there are of a kind."""
        return sum(row.match is match for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """One document for scripts; a ratio is B over A, that of the receptive field by its pixels."""
        return {
            "a": _totals_json(self.a),
            "b": _totals_json(self.b),
            "ratios": {quantity: self.ratio(quantity) for quantity in QUANTITIES},
            "counts": {match.value: self.count(match) for match in Match},
            "rows": [row.to_json() for row in self.rows],
        }


def compare(a: Network, b: Network) -> Comparison:
    """Compare two networks, finished or not; neither changes.

    Layers that have the same name and kind belong together; the others are aligned in topological order, so that
    networks with other names are compared too.
    """
    found_a, found_b = analyse(a), analyse(b)
    pairs = align(a, b)
    sides_a = {name: _side(a, found_a, name) for name in found_a.nodes}
    sides_b = {name: _side(b, found_b, name) for name in found_b.nodes}
    rows = [
        Row(_match(name_a, name_b, differences), sides_a.get(name_a), sides_b.get(name_b), differences)
        for name_a, name_b in pairs.in_order(list(sides_a), list(sides_b))
        for differences in (_differences(a, b, pairs, name_a=name_a, name_b=name_b),)
    ]
    return Comparison(_totals(a, found_a), _totals(b, found_b), tuple(rows))


def _match(name_a: str, name_b: str, differences: tuple[Difference, ...]) -> Match:
    if not name_b:
        return Match.ONLY_A
    if not name_a:
        return Match.ONLY_B
    return Match.CHANGED if differences else Match.SAME


def _differences(a: Network, b: Network, pairs: Pairs, *, name_a: str, name_b: str) -> tuple[Difference, ...]:
    """The settings, switches and inputs that two aligned layers do not share."""
    if not (name_a and name_b):
        return ()
    one, other = a[name_a], b[name_b]
    settings = [
        (key, field.title or key, getattr(one.layer, key), getattr(other.layer, key))
        for key, field in type(one.layer).model_fields.items()
    ]
    switches = [(key, key.capitalize(), getattr(one, key), getattr(other, key)) for key in ("frozen", "bypassed")]
    inputs = ("inputs", "Inputs", pairs.sources_a[name_a], pairs.sources_b[name_b])
    return tuple(Difference(*values) for values in (*settings, *switches, inputs) if values[2] != values[3])


def _side(network: Network, analysis: Analysis, name: str) -> Side:
    node, layer = analysis[name], network.layer(name)
    summary = node.summary()
    if summary.casefold() == layer.title.casefold():
        summary = ""  # it has nothing to add to the layer's kind
    return Side(name, type(layer).__name__, summary, node.output, node.parameters, node.multiply_adds)


def _totals(network: Network, analysis: Analysis) -> Totals:
    outputs = [name for name in network.outputs if not _is_auxiliary(network, name)] or list(network.outputs)
    ends = outputs or list(analysis.nodes)[-1:]  # a drawing without an output yet: its last layer
    field = analysis[ends[0]].receptive_field if ends else None
    return Totals(
        network.name,
        analysis.parameters,
        analysis.trainable_parameters,
        analysis.multiply_adds,
        analysis.activation_bytes(),
        field.size if field else None,
        len(network),
    )


def _is_auxiliary(network: Network, name: str) -> bool:
    layer = network.layer(name)
    return isinstance(layer, Output) and layer.auxiliary


def _totals_json(totals: Totals) -> Mapping[str, Any]:
    return {"name": totals.name, **{quantity: _plain(getattr(totals, quantity)) for quantity in QUANTITIES}}


def _plain(value: object) -> object:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _words(value: object) -> str:
    """A setting's value as people read it: "3×3", "on", "relu1 and input"."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return (" and " if all(isinstance(item, str) for item in value) else "×").join(map(str, value)) or "none"
    return str(value)
