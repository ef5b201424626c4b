"""The values a network is made of: nodes, edges and what is noted of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.layers import Layer
from engine.network.errors import BadNameError
from engine.network.names import LONGEST


class Point(NamedTuple):
    """Top left corner in px at 100 %, relative to the frame of the block it stands in."""

    x: float
    y: float


class Edge(NamedTuple):
    """A value flows from the output of ``source`` into the input ``port`` of ``target``."""

    source: str
    target: str
    port: str = "input"


@dataclass(frozen=True, slots=True)
class Node:
    """A placed thing: a layer, where it stands (None: not laid out yet) and two switches.

    ``frozen``: its parameters do not train. ``bypassed``: its (only) input passes through unchanged.
    """

    layer: Layer
    position: Point | None = None
    frozen: bool = False
    bypassed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What is noted of the nodes below one name prefix.

    ``kind`` is the field's word for it ("BasicBlock"); ``collapsed`` draws it as one node; ``position`` is the
    top left corner of its frame, relative to the block around it. Raises `BadNameError` for a kind that is too long.
    """

    kind: str = ""
    collapsed: bool = False
    position: Point | None = None

    def __post_init__(self) -> None:
        if len(self.kind) > LONGEST:
            raise BadNameError(f"The kind of a block has at most {LONGEST} characters.")
