"""Routes of all links, kept current: after a change only the links that it can concern are routed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from gui.draw.canvas.model.boxes import Box, Space, around
from gui.draw.canvas.model.geometry import Geometry
from gui.draw.canvas.model.lanes import Lanes, Span
from gui.draw.canvas.model.links import Kind, Link, Terminal, Wiring
from gui.draw.canvas.model.ports import Ports
from gui.draw.canvas.model.routing import STUB, Route, Side, Spot, is_straight, route

_LABEL_ROOM = 22.0  # a fan-out leaves this much of the trunk for its label
_LABEL_WIDTH = 80.0  # the same for one that runs to the right


@dataclass(frozen=True)
class Course:
    """How a link runs; ``dot`` is where it leaves a trunk that others share, drawn by the trunk's link."""

    corners: Route
    side: Side
    dot: Spot | None = None
    branch: bool = False  # leaves a trunk that says already what it carries
    rightwards: bool = False  # the network runs to the right, else down
    folded: bool = False  # goes back up to another column, so its label belongs on a horizontal part

    @cached_property
    def box(self) -> Box:
        """The box around all corners."""
        xs, ys = zip(*self.corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @cached_property
    def parts(self) -> tuple[Box, ...]:
        """Its straight parts, as boxes that are no wider than a line."""
        return tuple(
            Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)) for (x1, y1), (x2, y2) in pairwise(self.corners)
        )


class Router:
    """The course of every link."""

    def __init__(self, geometry: Geometry, wiring: Wiring) -> None:
        self._geometry = geometry
        self._wiring = wiring
        self._lanes = Lanes()
        self.courses: dict[Link, Course] = {}

    def forget(self, links: Iterable[Link]) -> None:
        """Drop links that are no longer drawn."""
        for link in links:
            self.courses.pop(link, None)

    def around(self, entries: Iterable[str]) -> set[Link]:
        """Links that a move of these entries can bend: their own, and those they share something with."""
        return self.sharing({link for name in entries for link in self._wiring.at.get(name, ())})

    def sharing(self, links: set[Link]) -> set[Link]:
        """Links together with those that use the same gates, trunk or input ports."""
        wiring = self._wiring
        gates = {t.entry for link in links for t in link if t.kind in (Kind.GATE_IN, Kind.GATE_OUT)}
        links = links | {link for name in gates for link in wiring.at.get(name, ())}
        trunk = {other for link in links for other in wiring.starting.get(link.start, ())}
        met = {other for link in links if link.end.kind is Kind.IN for other in wiring.into(link.end.entry)}
        return links | trunk | met

    def crossing(self, boxes: Iterable[tuple[str, Box]]) -> set[Link]:
        """Links of a block whose course touches boxes that came or went there."""
        by_block: defaultdict[str, list[Box]] = defaultdict(list)
        for block, box in boxes:
            by_block[block].append(box.grown(1, 1, 1, 1))
        return {link for block, moved in by_block.items() for link in self._meeting(block, moved)}

    def _meeting(self, block: str, boxes: list[Box]) -> Iterator[Link]:
        """Links of a block whose course meets any of some boxes."""
        space, whole = Space(), around(boxes)
        for index, box in enumerate(boxes):
            space.put(str(index), box)
        for link in self._wiring.inside.get(block, ()):
            course = self.courses.get(link)
            if course and whole and course.box.overlaps(whole) and space.within(course.box):
                yield link

    def reroute(self, links: Iterable[Link], *, lanes: bool = True) -> set[Link]:
        """Route links again; returns those whose course changed. A drag leaves the ``lanes`` of others as they are."""
        ports, links = Ports(self._geometry, self._wiring), set(links)
        if lanes:
            links |= self._assign_lanes({link.start for link in links}, ports)
        starts = {link.start for link in links}
        drops = {start: self._drop(start, ports) for start in starts}
        changed: set[Link] = set()
        for start in starts:
            for link, course in self._from(start, ports, drops[start]):
                if self.courses.get(link) != course:
                    self.courses[link] = course
                    changed.add(link)
        return changed

    def _drop(self, start: Terminal, ports: Ports) -> float:
        """How far below a port its links part: just above what stands straight below."""
        links = self._wiring.starting[start]
        if len(links) < 2:
            return STUB
        spot = ports.start(start)
        straight = [self._straight_height(link, spot, ports) for link in links]
        height = max(straight)
        needed = _LABEL_WIDTH if ports.flowing.rightwards else _LABEL_ROOM
        return max(needed, height - STUB) if height > needed + 2 else STUB

    def _straight_height(self, link: Link, spot: Spot, ports: Ports) -> float:
        goal = ports.goal(link.end)
        return goal.y - spot.y if is_straight(spot, goal, ports.flowing.obstacles(link.container)) else 0.0

    def _from(self, start: Terminal, ports: Ports, drop: float) -> list[tuple[Link, Course]]:
        """The courses from one terminal; the first runs the whole trunk, the others leave it at the dot."""
        spot, lane, flowing = ports.start(start), self._lanes[start], ports.flowing
        links = list(self._wiring.starting[start])
        routes = {}
        for link in links:
            obstacles = flowing.obstacles(link.container)
            routes[link] = route(spot, ports.goal(link.end), obstacles, drop=drop, lane=lane, fan=len(links) > 1)
        links.sort(key=lambda link: (len(routes[link]), routes[link][-1].y, link))
        dot = Spot(spot.x, spot.y + drop) if len(links) > 1 else None
        trunk = max(routes[links[0]][1].y, spot.y)
        return [
            (
                link,
                Course(
                    flowing.on_screen(
                        _leaving(routes[link], dot) if index and dot and trunk >= dot.y else routes[link]
                    ),
                    ports.goal(link.end).side,
                    flowing.spot(dot) if dot and not index else None,
                    branch=bool(index and dot),
                    rightwards=flowing.rightwards,
                    folded=routes[link][-1].y < spot.y,
                ),
            )
            for index, link in enumerate(links)
        ]

    def _assign_lanes(self, starts: Iterable[Terminal], ports: Ports) -> set[Link]:
        """Give values that run side by side lanes of their own; returns links whose lane changed.

        Short spans choose first, so that they lie inside long ones.
        """
        spans = {start: span for start in starts if (span := self._span(start, ports))}
        for start in starts:
            self._lanes.drop(start)
        changed: set[Link] = set()
        for start, span in sorted(spans.items(), key=lambda item: item[1].bottom - item[1].top):
            if self._lanes.take(start, span):
                changed |= set(self._wiring.starting.get(start, ()))
        return changed

    def _span(self, start: Terminal, ports: Ports) -> Span | None:
        """The heights between which a value runs beside its column, if it does."""
        links = self._wiring.starting.get(start, ())
        goals = [goal for link in links if (goal := ports.goal(link.end)).side is not Side.TOP]
        if not goals:
            return None
        spot, block = ports.start(start), next(iter(links)).container
        return Span(block, spot.x, spot.y, max(goal.y for goal in goals))


def _leaving(corners: Route, dot: Spot) -> Route:
    """A route that starts at ``dot`` and not at the port above it."""
    rest = corners[1:]
    return (dot, *(rest[1:] if rest[0] == dot and len(rest) > 1 else rest))
