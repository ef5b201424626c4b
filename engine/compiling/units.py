"""The blocks of a drawing as pieces that can each run on their own: what becomes a class.

A block runs on its own if nothing outside it stands between two of its nodes. Blocks that cannot (their nodes
alternate with others, or only some of them run in evaluation) are dissolved: their nodes run as part of the piece
around them, under the same names.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

from engine.compiling.plan import Plan, Step
from engine.layers import Call, Shape


@dataclass(frozen=True, slots=True)
class Operation:
    """One node that calls something, on the values of other operations or inputs."""

    path: str
    call: Call
    reads: tuple[str, ...]
    shape: Shape
    training_only: bool

    @property
    def gives(self) -> tuple[str, ...]:
        """Names of the values that come out."""
        return (self.path,)


@dataclass(frozen=True, slots=True)
class Unit:
    """A block that runs as one piece: ``items`` in order, from values ``reads`` to values ``gives``."""

    path: str
    items: tuple[Operation | Unit, ...]
    reads: tuple[str, ...]
    gives: tuple[str, ...]

    @property
    def training_only(self) -> bool:
        """Whether it runs in training mode only; the whole network never does, even where only that needs a call."""
        return bool(self.path) and all(item.training_only for item in self.items)

    @property
    def is_chain(self) -> bool:
        """Whether it is numbered modules in a row, each reading only the one before: an ``nn.Sequential``."""
        if not self.items:  # a network of which nothing but inputs can run
            return False
        sources = [self.reads, *(item.gives for item in self.items[:-1])]
        return (
            len(self.reads) == 1
            and self.gives == self.items[-1].gives
            and all(item.reads == source and len(source) == 1 for item, source in zip(self.items, sources, strict=True))
            and all(_is_numbered_module(item, self.path) for item in self.items)
        )


def _is_numbered_module(item: Operation | Unit, around: str) -> bool:
    number = item.path.removeprefix(f"{around}.")
    return number.isdigit() and (isinstance(item, Unit) or item.call.is_module)


def units_of(plan: Plan) -> Unit:
    """The whole network as one unit of units."""
    real = resolved(plan)
    operations = {
        step.node: Operation(
            step.node, step.call, tuple(real[source] for source in step.sources), step.shape, step.training_only
        )
        for step in plan.steps.values()
        if step.call is not None
    }
    readers: dict[str, set[str]] = defaultdict(set)
    for operation in operations.values():
        for source in operation.reads:
            readers[source].add(operation.path)
    for output in plan.outputs:
        readers[real[output]].add("")  # the world outside
    items = _Outline(list(operations), readers).unit("", list(operations.values())).items
    return Unit("", items, plan.inputs, tuple(dict.fromkeys(real[output] for output in plan.outputs)))


def resolved(plan: Plan) -> dict[str, str]:
    """For each step the operation or input whose value it has: itself, unless it hands its input on."""
    real: dict[str, str] = {}
    for step in plan.steps.values():
        real[step.node] = real[step.sources[0]] if _hands_on(step) else step.node
    return real


def _hands_on(step: Step) -> bool:
    return step.call is None and bool(step.sources)


class _Outline:
    """Sorts operations into units, knowing who reads what."""

    def __init__(self, order: list[str], readers: dict[str, set[str]]) -> None:
        self._place = {path: index for index, path in enumerate(order)}
        self._readers = readers

    def unit(self, path: str, operations: list[Operation]) -> Unit:
        items = tuple(
            members[0] if members[0].path == child else self.unit(child, members)
            for child, members in self._pieces(path, operations)
        )
        inside = {operation.path for operation in operations}
        reads = dict.fromkeys(value for item in items for value in item.reads if value not in inside)
        gives = [value for item in items for value in item.gives if not self._readers[value] <= inside]
        return Unit(path, items, tuple(reads), tuple(gives))

    def _pieces(self, path: str, operations: list[Operation]) -> list[tuple[str, list[Operation]]]:
        """What stands directly in a block, in an order in which it can run; blocks that cannot are dissolved."""
        pieces = dict(self._children(path, operations))
        while True:
            order = self._order(pieces)
            if order is not None:
                return [(child, pieces[child]) for child in order]
            for child in self._tangled(pieces):
                pieces |= self._children(child, pieces.pop(child))

    def _children(self, path: str, operations: list[Operation]) -> Iterable[tuple[str, list[Operation]]]:
        depth = path.count(".") + 1 if path else 0
        children: dict[str, list[Operation]] = {}
        for operation in operations:
            child = ".".join(operation.path.split(".")[: depth + 1])
            children.setdefault(child, []).append(operation)
        for child, members in children.items():
            if members[0].path == child or _can_be_unit(members):
                yield child, members
            else:
                yield from self._children(child, members)

    def _order(self, pieces: dict[str, list[Operation]]) -> list[str] | None:
        """Pieces sorted so that each comes after what it reads, else by the drawing; None if they go in circles."""
        sources = self._sources(pieces)
        waiting = {child: len(needed) for child, needed in sources.items()}
        followers: dict[str, list[str]] = defaultdict(list)
        for child, needed in sources.items():
            for source in needed:
                followers[source].append(child)
        ready = [(self._place[pieces[child][0].path], child) for child, count in waiting.items() if not count]
        heapq.heapify(ready)
        order: list[str] = []
        while ready:
            _, child = heapq.heappop(ready)
            order.append(child)
            for follower in followers[child]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    heapq.heappush(ready, (self._place[pieces[follower][0].path], follower))
        return order if len(order) == len(pieces) else None

    def _tangled(self, pieces: dict[str, list[Operation]]) -> list[str]:
        """The blocks that lie on a circle of pieces."""
        graph = nx.DiGraph((source, child) for child, needed in self._sources(pieces).items() for source in needed)
        circles = [circle for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
        return [child for circle in circles for child in circle if pieces[child][0].path != child]

    def _sources(self, pieces: dict[str, list[Operation]]) -> dict[str, set[str]]:
        """For each piece the pieces that it reads from."""
        owner = {operation.path: child for child, members in pieces.items() for operation in members}
        return {
            child: {owner[value] for operation in members for value in operation.reads if value in owner} - {child}
            for child, members in pieces.items()
        }


def _can_be_unit(members: list[Operation]) -> bool:
    has_module = any(operation.call.is_module for operation in members)
    return has_module and len({operation.training_only for operation in members}) == 1


def relative(path: str, around: str) -> str:
    """The path of a node as the block ``around`` it sees it."""
    return path.removeprefix(f"{around}.") if around else path


def is_attribute(name: str) -> bool:
    """Whether every part of a path can be written with dots in Python."""
    return all(part.isidentifier() for part in name.split("."))
