"""What an edit touched, collected while it happens and worked off once it is whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.network import Block, Edge, Network
from engine.network.changes import (
    BlockChanged,
    Change,
    EdgeAdded,
    EdgeRemoved,
    NodeAdded,
    NodeChanged,
    NodeRemoved,
    NodeRenamed,
)


@dataclass
class Touched:
    """Names of nodes that came, went or were renamed; nodes and blocks that changed; blocks that opened or closed."""

    structural: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    toggled: set[str] = field(default_factory=set)
    edges: set[Edge] = field(default_factory=set)


class Pending:
    """Listens to one network. It holds names only, so an edit costs nothing here until the canvas takes them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._touched = Touched()
        network.changed.connect(self._note)

    def take(self) -> Touched:
        """All that was touched since the last call."""
        touched, self._touched = self._touched, Touched()
        return touched

    def close(self) -> None:
        """Stop listening."""
        self._network.changed.disconnect(self._note)

    def _note(self, change: Change) -> None:
        touched = self._touched
        match change:
            case NodeAdded(name) | NodeRemoved(name):
                touched.structural.add(name)
            case NodeRenamed(before, after):
                touched.structural |= {before, after}
            case NodeChanged(name):
                touched.changed.add(name)
            case EdgeAdded(edge) | EdgeRemoved(edge):
                touched.edges.add(edge)
            case BlockChanged(prefix, before, after):
                touched.changed.add(prefix)
                if (before or Block()).collapsed != (after or Block()).collapsed:
                    touched.toggled.add(prefix)
