"""What stands in the summary, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from engine.layers import Layer
from engine.network import Analysis, Network, NodeAnalysis, names
from engine.words import counted, known_part, memory, shape_text, si, thousands
from gui.widgets.values import kinds_of, to_text

BYTES_PER_VALUE = 4  # float32


class Column(IntEnum):
    """The columns, left to right."""

    NAME = 0
    TYPE = 1
    SETTINGS = 2
    OUTPUT = 3
    PARAMETERS = 4
    MACS = 5
    MEMORY = 6


TITLES = ("Name", "Type", "Settings", "Output", "Params", "MACs", "Memory")
NUMBERS = (Column.OUTPUT, Column.PARAMETERS, Column.MACS, Column.MEMORY)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a node, a block or the network costs."""

    parameters: int = 0
    multiply_adds: int = 0
    activation_elements: int = 0
    costs_known: bool = True  # and not of some nodes still to come
    shapes_known: bool = True

    @classmethod
    def of(cls, found: Sequence[NodeAnalysis]) -> Figures:
        """The figures of several nodes together."""
        return cls(
            sum(node.parameters for node in found),
            sum(node.multiply_adds for node in found),
            sum(node.activation_elements for node in found),
            all(node.counted for node in found),
            all(node.output is not None for node in found),
        )


def figure_text(figures: Figures, column: Column, batch: int) -> str:
    """A figure as its column writes it."""
    size = figures.activation_elements * BYTES_PER_VALUE * batch
    write: dict[Column, tuple[int, Callable[[int], str]]] = {
        Column.PARAMETERS: (figures.parameters, thousands),
        Column.MACS: (figures.multiply_adds, si),
        Column.MEMORY: (size, memory),
    }
    value, said = write[column]
    known = figures.shapes_known if column is Column.MEMORY else figures.costs_known
    return known_part(said(value), known=known, value=value)


def node_text(network: Network, analysis: Analysis, name: str, column: Column) -> str:
    """The cell of a node, figures left to `figure_text`."""
    layer, found = network.layer(name), analysis.nodes.get(name)
    match column:
        case Column.NAME:
            return names.leaf(name)
        case Column.TYPE:
            return layer.title
        case Column.SETTINGS:
            return found.summary() if found else layer.summary()
        case Column.OUTPUT:
            return (found.problem.short if found.problem else shape_text(found.output)) if found else "?"
    raise ValueError(column)


def block_text(network: Network, prefix: str, column: Column) -> str:
    """The cell of a block, figures left to `figure_text`."""
    match column:
        case Column.NAME:
            return names.leaf(prefix)
        case Column.TYPE:
            return network.block(prefix).kind or "Block"
        case Column.SETTINGS:
            return counted(len(network.members(prefix)), "layer")
    return ""


def settings_text(layer: Layer) -> str:
    """All settings that can be typed in the table: ``out_channels=64, kernel_size=3×3``; defaults are left out,
    but for the first.
    """
    kinds = kinds_of(type(layer))
    said = [kind for i, kind in enumerate(kinds) if i == 0 or getattr(layer, kind.name) != kind.default]
    return ", ".join(f"{kind.name}={to_text(kind, getattr(layer, kind.name))}" for kind in said)
