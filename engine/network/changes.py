"""Every way a network can change, as values that know their own inverse.

A `Network` announces each change it makes as one of these; an undo step is a list of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.network.parts import Block, Edge, Node


@dataclass(frozen=True, slots=True)
class NodeAdded:
    """A node came in; ``order`` is its place among all nodes, kept so that undo restores it."""

    name: str
    node: Node
    order: int

    def inverse(self) -> NodeRemoved:
        return NodeRemoved(self.name, self.node, self.order)


@dataclass(frozen=True, slots=True)
class NodeRemoved:
    """A node went; its edges went before it, each as an `EdgeRemoved`."""

    name: str
    node: Node
    order: int

    def inverse(self) -> NodeAdded:
        return NodeAdded(self.name, self.node, self.order)


@dataclass(frozen=True, slots=True)
class NodeChanged:
    """A node's layer, position or state changed."""

    name: str
    before: Node
    after: Node

    def inverse(self) -> NodeChanged:
        return NodeChanged(self.name, self.after, self.before)


@dataclass(frozen=True, slots=True)
class NodeRenamed:
    """A node got another name; its edges follow."""

    before: str
    after: str

    def inverse(self) -> NodeRenamed:
        return NodeRenamed(self.after, self.before)


@dataclass(frozen=True, slots=True)
class EdgeAdded:
    """An edge came in."""

    edge: Edge

    def inverse(self) -> EdgeRemoved:
        return EdgeRemoved(self.edge)


@dataclass(frozen=True, slots=True)
class EdgeRemoved:
    """An edge went."""

    edge: Edge

    def inverse(self) -> EdgeAdded:
        return EdgeAdded(self.edge)


@dataclass(frozen=True, slots=True)
class BlockChanged:
    """What is known of a block changed; None where nothing is noted of it."""

    prefix: str
    before: Block | None
    after: Block | None

    def inverse(self) -> BlockChanged:
        return BlockChanged(self.prefix, self.after, self.before)


Change = NodeAdded | NodeRemoved | NodeChanged | NodeRenamed | EdgeAdded | EdgeRemoved | BlockChanged


def keeps_structure(change: Change) -> bool:
    """Whether names, edges and the order of ports stay as they are."""
    if isinstance(change, NodeChanged):
        return type(change.before.layer) is type(change.after.layer)  # another layer may have its ports otherwise
    return isinstance(change, BlockChanged)
