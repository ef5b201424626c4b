"""Where links leave and enter: bottom centres, top centres, sides, and gates in the edges of frames.

All points are in flow coordinates, in which the network runs down.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.network.geometry import HEADER
from gui.draw.canvas.model.flowing import Flowing
from gui.draw.canvas.model.geometry import Geometry
from gui.draw.canvas.model.links import Kind, Link, Terminal, Wiring
from gui.draw.canvas.model.routing import Goal, Side, Spot

_APART = 24.0  # between two ports on one edge
_LEVEL = 4.0  # what begins so near stands side by side


class Ports:
    """The spots of all terminals for one state of the geometry; made anew for every pass of routing."""

    def __init__(self, geometry: Geometry, wiring: Wiring) -> None:
        self.flowing = Flowing(geometry)
        self._header = 0.0 if self.flowing.rightwards else HEADER  # of a frame, on the way of what enters it
        self._wiring = wiring
        self._goals: dict[str, dict[Terminal, Goal]] = {}
        self._gates: dict[tuple[str, Kind], dict[Terminal, float]] = {}
        self._outs: dict[str, dict[Terminal, float]] = {}

    def start(self, terminal: Terminal) -> Spot:
        """Where links that start at a terminal begin."""
        box = self.flowing.box(terminal.entry)
        if terminal.kind is Kind.OUT:
            return Spot(self._out_x(terminal), box.bottom)
        x = self._gate_x(terminal)
        return Spot(x, box.top + self._header if terminal.kind is Kind.GATE_IN else box.bottom)

    def goal(self, terminal: Terminal) -> Goal:
        """Where links that end at a terminal arrive, and from which side."""
        if terminal.kind is Kind.IN:
            return self._inputs(terminal.entry)[terminal]
        box = self.flowing.box(terminal.entry)
        return Goal(self._gate_x(terminal), box.top if terminal.kind is Kind.GATE_IN else box.bottom)

    def _out_x(self, terminal: Terminal) -> float:
        entry = terminal.entry
        if entry not in self._outs:
            found = {link.start for link in self._wiring.out_of(entry) if link.start.kind is Kind.OUT} | {terminal}
            self._outs[entry] = _spread(sorted(found), self.flowing.box(entry).centre)
        return self._outs[entry][terminal]

    def _gate_x(self, terminal: Terminal) -> float:
        key = (terminal.entry, terminal.kind)
        if key not in self._gates:
            wanted = {gate: self._inner_x(gate) for gate in self._gates_of(*key)}
            self._gates[key] = _kept_apart(wanted)
        return self._gates[key][terminal]

    def _gates_of(self, block: str, kind: Kind) -> list[Terminal]:
        links = self._wiring.at.get(block, ())
        return sorted({t for link in links for t in link if t.entry == block and t.kind is kind})

    def _inner_x(self, gate: Terminal) -> float:
        """A gate stands straight above the first entry that its value reaches, or below the one it comes from.

        Above several that stand side by side it stands in their middle.
        """
        if gate.kind is Kind.GATE_OUT:
            sources = [link.start for link in self._wiring.at[gate.entry] if link.end == gate]
            return self.start(sources[0]).x if sources else self.flowing.box(gate.entry).centre
        ends = sorted(link.end for link in self._wiring.starting.get(gate, ()))  # of equals the same one always
        if not ends:
            return self.flowing.box(gate.entry).centre
        first = min(
            ends, key=lambda end: self.flowing.box(end.entry).top if end.kind is not Kind.GATE_OUT else float("inf")
        )
        if first.kind is not Kind.IN:
            return self._gate_x(first)
        top = self.flowing.box(first.entry).top
        beside = [
            self.flowing.box(e.entry)
            for e in ends
            if e.kind is Kind.IN and self.flowing.box(e.entry).top - top < _LEVEL
        ]
        return (min(box.centre for box in beside) + max(box.centre for box in beside)) / 2

    def _inputs(self, entry: str) -> dict[Terminal, Goal]:
        if entry not in self._goals:
            links = [link for link in self._wiring.into(entry) if link.end.kind is Kind.IN]
            self._goals[entry] = self._enter(entry, links)
        return self._goals[entry]

    def _enter(self, entry: str, links: list[Link]) -> dict[Terminal, Goal]:
        """The main path enters at the top centre, every other link on the side it comes from."""
        box = self.flowing.box(entry)
        links = sorted(links, key=lambda link: (len(link.end.key), link.end.key))  # input2 before input10
        starts = {link.end: self.start(link.start) for link in links}
        main = min(starts, key=lambda end: _detour(starts[end], box.centre, box.top))
        goals = {main: Goal(box.centre, box.top)}
        for side, x in ((Side.LEFT, box.left), (Side.RIGHT, box.right)):
            ends = [end for end, spot in starts.items() if end != main and _side(spot, box.centre) is side]
            ends.sort(key=lambda end: -starts[end].y)
            for index, end in enumerate(ends):
                goals[end] = Goal(x, box.top + box.height * (index + 1) / (len(ends) + 1), side)
        return goals


def _detour(start: Spot, x: float, top: float) -> float:
    """How far from straight above a link comes; from below is worst."""
    height = top - start.y
    return 2 * abs(start.x - x) + (height if height >= 0 else 10_000 - height)


def _side(start: Spot, centre: float) -> Side:
    return Side.LEFT if start.x < centre - 1 else Side.RIGHT


def _spread(terminals: Iterable[Terminal], centre: float) -> dict[Terminal, float]:
    terminals = list(terminals)
    first = centre - _APART * (len(terminals) - 1) / 2
    return {terminal: first + _APART * index for index, terminal in enumerate(terminals)}


def _kept_apart(wanted: dict[Terminal, float]) -> dict[Terminal, float]:
    """Wanted places, each moved right until it is clear of the one before."""
    placed: dict[Terminal, float] = {}
    last = float("-inf")
    for terminal, x in sorted(wanted.items(), key=lambda item: item[1]):
        last = placed[terminal] = max(x, last + _APART)
    return placed
