"""Layered drawing of one frame: ranks by longest path, lanes by branch (after Sugiyama, Tagawa & Toda 1981).

Everything here is in terms of *along* the flow and *across* it, so that one code draws both directions.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Pair = tuple[str, str]
LONGEST_STACK = 12  # rows; no column may break beside a stack


@dataclass(frozen=True, slots=True)
class Item:
    """A node or block to be placed: its extents, where its main wire runs across, and how many nodes it holds."""

    along: float
    across: float
    axis: float
    weight: int = 1


@dataclass
class Chain:
    """A path that is drawn straight; ``first`` to ``last`` are the rows it keeps free for itself and its wires."""

    names: list[str]
    first: int = 0
    last: int = 0
    merges: bool = False  # some of its outputs go on in this frame
    lane: int = 0


@dataclass
class Layering:
    """Rows of items and the place of each across the flow, measured from the main path's axis to its axis."""

    rows: list[list[str]] = field(default_factory=list)
    axes: dict[str, float] = field(default_factory=dict)
    crossings: list[int] = field(default_factory=list)  # edges that cross below each row
    passed: set[int] = field(default_factory=set)  # rows that a wire passes by
    stacks: list[Chain] = field(default_factory=list)  # side paths that need not keep to the rows beside them


def in_order(names: Sequence[str], edges: Iterable[Pair]) -> list[str]:
    """Names in topological order, else as given; where blocks depend on each other in a ring, as given."""
    index = {name: i for i, name in enumerate(names)}
    targets: defaultdict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(names, 0)
    for source, target in edges:
        targets[source].append(target)
        waiting[target] += 1
    ready = [(index[name], name) for name in names if not waiting[name]]
    rest = iter(names)
    found: dict[str, None] = {}
    while len(found) < len(names):
        name = heapq.heappop(ready)[1] if ready else next(name for name in rest if name not in found)
        if name in found:
            continue
        found[name] = None
        for target in targets[name]:
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(ready, (index[target], target))
    return list(found)


class Layerer:
    """Puts connected items into ranks and lanes."""

    def __init__(self, names: Sequence[str], edges: Iterable[Pair], items: Mapping[str, Item], *, fed: bool) -> None:
        edges = set(edges)
        self.names = in_order(names, sorted(edges))
        self.items = items
        self.fed = fed  # whether items without a source here get their input from outside the frame
        order = {name: i for i, name in enumerate(self.names)}
        self.targets: dict[str, list[str]] = {name: [] for name in names}
        self.sources: dict[str, list[str]] = {name: [] for name in names}
        for source, target in sorted(edges, key=lambda edge: (order[edge[0]], order[edge[1]])):
            if order[source] < order[target]:
                self.targets[source].append(target)
                self.sources[target].append(source)
        self.order = order
        self.ranks = self._longest_paths()

    def layering(self, *, lane_gap: float, grid: int) -> Layering:
        """Ranks, lanes and axes of all items."""
        chains = self._chains()
        for chain in chains[1:]:
            self._settle(chain)
        self._close_ranks()
        for chain in chains:
            self._reserve(chain)
        _assign_lanes(chains[1:])
        result = Layering([[] for _ in range(max(self.ranks.values()) + 1)])
        for name in self.names:
            result.rows[self.ranks[name]].append(name)
        result.axes.update(dict.fromkeys(chains[0].names, 0))
        for band in self._bands(chains):
            self._place(band, result, lane_gap=lane_gap, grid=grid)
        self._count_crossings(result)
        return result

    def _longest_paths(self) -> dict[str, int]:
        ranks: dict[str, int] = {}
        for name in self.names:
            ranks[name] = max((ranks[source] + 1 for source in self.sources[name]), default=0)
        return ranks

    def _chains(self) -> list[Chain]:
        """The longest path first, then what branches off it, each followed as far as it goes."""
        depth: dict[str, int] = {}
        for name in reversed(self.names):
            ahead = max((depth[target] for target in self.targets[name]), default=0)
            depth[name] = self.items[name].weight + ahead
        starts = sorted(self.names, key=lambda name: (-depth[name], self.order[name]))[:1] + self.names
        taken: set[str] = set()
        return [Chain(self._follow(start, depth, taken)) for start in starts if start not in taken]

    def _follow(self, start: str, depth: Mapping[str, int], taken: set[str]) -> list[str]:
        path = [start]
        taken.add(start)
        while ahead := [target for target in self.targets[path[-1]] if target not in taken]:
            path.append(max(ahead, key=lambda name: (depth[name], -self.order[name])))
            taken.add(path[-1])
        return path

    def _settle(self, chain: Chain) -> None:
        """Move a side path to the middle of the rows it has, or down to where it joins if nothing feeds it."""
        members = set(chain.names)
        room = [
            self.ranks[target] - self.ranks[name] - 1
            for name in chain.names
            for target in self.targets[name]
            if target not in members
        ]
        chain.merges = bool(room)
        slack = min(room, default=0)
        shift = slack // 2 if self.fed or self.sources[chain.names[0]] else slack
        for name in chain.names:
            self.ranks[name] += shift

    def _close_ranks(self) -> None:
        """Leave no rank empty: side paths that moved may have been alone in theirs."""
        place = {rank: index for index, rank in enumerate(sorted(set(self.ranks.values())))}
        self.ranks = {name: place[rank] for name, rank in self.ranks.items()}

    def _reserve(self, chain: Chain) -> None:
        head, tail = chain.names[0], chain.names[-1]
        above = max((self.ranks[source] + 1 for source in self.sources[head]), default=0 if self.fed else None)
        below = min((self.ranks[target] - 1 for target in self.targets[tail]), default=None)
        chain.first = self.ranks[head] if above is None else above
        chain.last = self.ranks[tail] if below is None else below

    def _bands(self, chains: Sequence[Chain]) -> list[list[Chain]]:
        """Side chains whose rows overlap, each band led by the part of the main path beside them."""
        main, last, bands = chains[0], -1, list[list[Chain]]()
        for chain in sorted(chains[1:], key=lambda chain: chain.first):
            if chain.first > last:
                bands.append([])
            bands[-1].append(chain)
            last = max(last, chain.last)
        for band in bands:
            first, last = band[0].first, max(chain.last for chain in band)
            band.insert(0, Chain([name for name in main.names if first <= self.ranks[name] <= last]))
        return bands

    def _place(self, band: list[Chain], result: Layering, *, lane_gap: float, grid: int) -> None:
        """Give every item of a band its axis: the main path straight, or all branches around it if they are equals."""
        main, sides = band[0], band[1:]
        lanes: dict[int, list[str]] = defaultdict(list)
        for chain in band:
            lanes[chain.lane] += chain.names
        centred = bool(sides) and _are_equals(main, sides)
        if not centred:
            result.stacks += [chain for chain in sides if chain.last - chain.first < LONGEST_STACK]
        order = sorted(lanes, key=lambda lane: self.order[lanes[lane][0]]) if centred else sorted(lanes)
        axes: dict[int, float] = {}
        edge: float | None = None
        for lane in order:
            items = [self.items[name] for name in lanes[lane]]
            left = max((item.axis for item in items), default=0)
            axes[lane] = 0 if edge is None else grid * -(-(edge + lane_gap + left) // grid)
            edge = axes[lane] + max((item.across - item.axis for item in items), default=0)
        shift = grid * round((axes[order[0]] + axes[order[-1]]) / 2 / grid) if centred else 0
        for lane, names in lanes.items():
            result.axes.update(dict.fromkeys(names, axes[lane] - shift))

    def _count_crossings(self, result: Layering) -> None:
        steps = [0] * (len(result.rows) + 1)
        for source, targets in self.targets.items():
            for target in targets:
                steps[self.ranks[source]] += 1
                steps[self.ranks[target]] -= 1
                if self.ranks[target] - self.ranks[source] > 1 and result.axes[source] == result.axes[target]:
                    result.passed.update(range(self.ranks[source], self.ranks[target] + 1))
        total = 0
        for step in steps[:-1]:
            total += step
            result.crossings.append(total)


def _are_equals(main: Chain, sides: Sequence[Chain]) -> bool:
    """Whether branches are drawn around the axis, and not as a main path with shortcuts at its right."""
    if not all(chain.merges for chain in sides):
        return False
    lanes = {chain.lane for chain in sides}
    return len(lanes) > 1 or (len(sides) == 1 and len(sides[0].names) == len(main.names))


def _assign_lanes(sides: Sequence[Chain]) -> None:
    """The nearest lane right of the main path whose rows are free; short chains choose first."""
    lanes: defaultdict[int, list[Chain]] = defaultdict(list)
    for chain in sorted(sides, key=lambda chain: chain.last - chain.first):
        chain.lane = next(
            lane
            for lane in itertools.count(1)
            if all(chain.last < other.first or other.last < chain.first for other in lanes[lane])
        )
        lanes[chain.lane].append(chain)
