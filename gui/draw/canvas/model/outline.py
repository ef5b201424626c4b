"""The tree of names: what stands in which block, and what of it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from engine.network import Network
from engine.network.names import parent, prefixes


class Outline:
    """Nodes and blocks by the block they stand in, kept current by `add` and `remove` in time of their depth.

    An *entry* is a node or a block. It is drawn if no block around it is collapsed; what stands in a collapsed
    block is drawn as that block.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._children: dict[str, dict[str, None]] = {}
        for name in network:
            self.add(name)

    def add(self, name: str) -> None:
        """Note a node and the blocks around it."""
        while name:
            siblings = self._children.setdefault(parent(name), {})
            if name in siblings:
                return
            siblings[name] = None
            name = parent(name)

    def remove(self, name: str) -> None:
        """Forget a node, and the blocks that have become empty."""
        while name:
            block = parent(name)
            siblings = self._children.get(block, {})
            siblings.pop(name, None)
            if siblings:
                return
            self._children.pop(block, None)
            name = block

    def __contains__(self, name: object) -> bool:
        return name in self._network or self.is_block(name)

    def is_block(self, name: object) -> bool:
        """Whether any node stands inside ``name``."""
        return bool(name) and name in self._children

    def is_frame(self, name: str) -> bool:
        """Whether ``name`` is a block that shows what is inside it."""
        return self.is_block(name) and not self._network.block(name).collapsed

    def children(self, block: str = "") -> tuple[str, ...]:
        """The entries that stand directly in a block, in the order they came in."""
        return tuple(self._children.get(block, ()))

    def members(self, name: str) -> Iterator[str]:
        """The nodes in a block at any depth; a node is its own only member."""
        if not self.is_block(name):
            yield name
        for child in self._children.get(name, ()):
            yield from self.members(child)

    def entries(self, block: str = "") -> Iterator[str]:
        """All nodes and blocks inside a block, drawn or not."""
        for child in self._children.get(block, ()):
            yield child
            yield from self.entries(child)

    def drawn(self, block: str = "") -> Iterator[str]:
        """The entries drawn inside a block, outer before inner."""
        for child in self.children(block):
            yield child
            if self.is_frame(child):
                yield from self.drawn(child)

    def drawn_as(self, name: str) -> str:
        """The entry that stands for ``name`` on the canvas: itself, or the outermost collapsed block around it."""
        collapsed = (prefix for prefix in prefixes(name) if self._network.block(prefix).collapsed)
        return next(collapsed, name)

    def is_drawn(self, name: str) -> bool:
        """Whether an entry stands on the canvas itself."""
        return name in self and self.drawn_as(name) == name
