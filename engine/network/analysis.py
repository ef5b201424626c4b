"""What follows from a drawing: shapes, parameters, multiply-adds, memory, receptive field, problems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.layers.input_output import Input
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
from engine.network.checks import check_network
from engine.network.network import Network
from engine.network.problems import Problem
from engine.network.receptive_field import ReceptiveField
from engine.network.remote_fixes import all_fixes
from engine.network.results import Analysis, NodeAnalysis, State
from engine.network.shape_inference import propagate

__all__ = ["Analyser", "Analysis", "NodeAnalysis", "ReceptiveField", "State", "analyse"]


class Analyser:
    """Keeps the analysis of one network current: after an edit it visits only what the edit can have changed.

    It listens to ``network.changed``; `update` brings the analysis up to date. ``visited`` is how many nodes the
    last update looked at, ``changed`` the names whose `NodeAnalysis` differs from before.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.analysis = Analysis({})
        self.visited = 0
        self.changed: frozenset[str] = frozenset()
        self._known: dict[str, NodeAnalysis] = {}
        self._dirty: set[str] = set(network)
        self._touched = True
        network.changed.connect(self._note)

    def update(self) -> Analysis:
        """Bring the analysis up to date and return it."""
        self.visited, self.changed = 0, frozenset()
        if self._touched:
            before = self.analysis.nodes
            dirty = [name for name in self._dirty if name in self.network]
            self.visited = propagate(self.network, self._known, dirty)
            self._dirty.clear()
            self._touched = False
            self.analysis = _whole(self.network, self._known)
            after = self.analysis.nodes
            self.changed = frozenset(
                name for name, node in after.items() if (old := before.get(name)) is not node and old != node
            )
        return self.analysis

    def close(self) -> None:
        """Stop listening to the network."""
        self.network.changed.disconnect(self._note)

    def _note(self, change: Change) -> None:
        """Remember what a change can have an effect on."""
        match change:
            case BlockChanged():
                self._note_places()
                return
            case NodeChanged(name, before, after):
                if replace(before, position=None) == replace(after, position=None):
                    self._note_places()
                    return
                self._dirty.add(name)
                self._recheck(edge.target for edge in self.network.outgoing(name))
            case NodeAdded(name):
                self._dirty.add(name)
            case NodeRemoved(name):
                self._known.pop(name, None)
            case NodeRenamed(before, after):
                self._known.pop(before, None)
                self._dirty.update((after, *(edge.target for edge in self.network.outgoing(after))))
            case EdgeAdded(edge) | EdgeRemoved(edge):
                self._dirty.add(edge.target)
                self._recheck([edge.source])
        self._touched = True

    def _note_places(self) -> None:
        """What is offered to connect depends on where things stand."""
        if self.analysis.unfinished:
            self._touched = True

    def _recheck(self, names: Iterable[str]) -> None:
        """Fixes depend on a node's neighbours: where it has a problem, look again."""
        self._dirty.update(name for name in names if name in self._known and self._known[name].problem)


def analyse(network: Network) -> Analysis:
    """Everything that follows from a network, computed once and whole."""
    known: dict[str, NodeAnalysis] = {}
    propagate(network, known, network)
    return _whole(network, known)


def _whole(network: Network, known: dict[str, NodeAnalysis]) -> Analysis:
    """The analysis of all nodes in topological order, with every problem and all fixes that hold further down."""
    found = {name: known[name] for name in network.topological()}
    has_input = any(isinstance(node.layer, Input) for node in found.values())
    problems: dict[str, Problem] = {}
    for name in found:
        node = found[name]  # all that stands above it has its fixes: they may have changed what it gets
        if node.problem and (node.sources or has_input):  # else the missing input is reported once, for all
            problems[name] = replace(node.problem, fixes=all_fixes(network, found, node.problem))
    nodes = {name: replace(node, problem=problems.get(name)) if node.problem else node for name, node in found.items()}
    return Analysis(nodes, (*problems.values(), *check_network(network, nodes)))
