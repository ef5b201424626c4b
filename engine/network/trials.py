"""Trying fixes on the network itself, in rehearsal: what they settle, and what then shows to be wrong."""

from __future__ import annotations

from bisect import bisect_right
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from pydantic import ValidationError

from engine.layers import Shape
from engine.network.changes import EdgeAdded, NodeAdded, NodeChanged
from engine.network.network import Network
from engine.network.problems import Fix
from engine.network.results import NodeAnalysis, State
from engine.network.shape_inference import propagate

Known = Mapping[str, NodeAnalysis]
Trial = ChainMap[str, NodeAnalysis]

_MOST_OFFERED = 2  # fixes of one way: who means another draws it
_MOST_TRIED = 8  # while somebody draws
_MOST_AT_ONCE = 3  # edits that one fix makes, each because of the one before


class Trials:
    """Fixes of one node that were tried, what they make wrong taken into account.

    ``sound`` make nothing wrong, those first that leave fewest problems: how many in the whole network says ``left``.
    ``uncovering`` settle the problem as well, but let shapes come to nodes that had none and do not fit there. All
    others are left out.
    """

    def __init__(self, network: Network, known: Known, node: str) -> None:
        self.network = network
        self.known = known
        self.node = node
        self.sound: list[Fix] = []
        self.uncovering: list[Fix] = []
        self.left: list[int] = []

    @property
    def offered(self) -> list[Fix]:
        """The first few, sound ones first, and one that uncovers something in any case."""
        return [*self.sound[:_MOST_OFFERED], *self.uncovering[: 1 if self.sound else _MOST_OFFERED]]

    def add(self, fixes: Iterable[Fix], *, at_once: int = _MOST_AT_ONCE) -> None:
        """Try fixes until enough of them are sound.

        Each goes on, up to ``at_once`` edits, with what the node or one that it added then needs.
        """
        for fix in islice(fixes, _MOST_TRIED):
            if len(self.sound) >= _MOST_OFFERED:
                return
            self._try(fix, at_once)

    def _try(self, fix: Fix, at_once: int) -> None:
        for _ in range(at_once):
            try:
                trial = rehearsed(self.network, self.known, fix)
            except ValidationError:  # a setting beyond what is allowed
                return
            added = (name for name in trial.maps[0] if name not in self.known)
            problem = next((found for name in (self.node, *added) if (found := trial[name].problem)), None)
            if problem is None:
                self._sort(replace(fix, assumed=trial[self.node].output), trial)
                return
            more = next((other for other in problem.fixes if not other.removes), None)
            if more is None:
                return
            fix = fix.then(more)

    def _sort(self, fix: Fix, trial: Trial) -> None:
        wrong = list(made_wrong(trial, self.known))
        blocked = not self.known[self.node].complete  # and stays so, whatever else comes in
        if (fix.assumed is None and not blocked) or not all(_was_open(self.known, name) for name in wrong):
            return
        if wrong:
            self.uncovering.append(fix)
            return
        left = sum(node.problem is not None for node in trial.values())
        place = bisect_right(self.left, left)
        self.left.insert(place, left)
        self.sound.insert(place, fix)


def harmless(network: Network, known: Known, fix: Fix) -> bool:
    """Whether a fix makes no error that was not there."""
    return not any(made_wrong(rehearsed(network, known, fix), known))


def goes_well_below(network: Network, known: Known, name: str, output: Shape | None) -> bool:
    """Whether nothing below a node breaks where it gives this shape."""
    node = replace(known[name], output=output, problem=None, receptive_field=None)  # which is of another shape
    trial: Trial = ChainMap({}, {name: node}, dict(known))
    propagate(network, trial, [edge.target for edge in network.outgoing(name)], past_problems=False)
    return not any(made_wrong(trial, known))


def rehearsed(network: Network, known: Known, fix: Fix) -> Trial:
    """What would be known after a fix that adds or changes things; the first map holds what it touches.

    What stands below a node with a problem before and after is not looked at: it only has an assumed shape.
    """
    trial: Trial = ChainMap({}, dict(known))
    with network.rehearsal(places=False) as changes:
        fix.edit(network)
        dirty = {change.name for change in changes if isinstance(change, NodeChanged | NodeAdded)}
        dirty |= {change.edge.target for change in changes if isinstance(change, EdgeAdded)}
        propagate(network, trial, dirty, past_problems=False)
    return trial


def made_wrong(trial: Trial, known: Known) -> Iterator[str]:
    """The nodes that have a problem in a trial which they had not before."""
    for name, node in trial.maps[0].items():
        before = known[name].problem if name in known else None
        if node.problem and (before is None or before.code != node.problem.code):
            yield name


def _was_open(known: Known, name: str) -> bool:
    """Whether a node had no certain shape yet."""
    return name in known and known[name].state is not State.KNOWN
