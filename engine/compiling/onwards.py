"""What follows from other values of one node, without working out again what leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, fx

from engine.compiling.changing import Changed, changed_network
from engine.compiling.taps import evaluating, upstream
from engine.network import Network


class Onwards:
    """A compiled network in two: up to a node, and from there to another, which other values of the first can change.

    ``change`` is what `changed_network` takes, for the whole network. It shares its modules with it, and runs in
    evaluation mode as `engine.compiling.taps.Tapped` does.
    """

    def __init__(
        self, module: fx.GraphModule, network: Network, node: str, end: str, *, change: Changed | None = None
    ) -> None:
        def apart(name: str, value: Tensor) -> Tensor:
            value = change(name, value) if change else value
            return torch.clone(value) if name == node else value  # no other node shares its value then

        split = changed_network(module, network, apart)
        graph: fx.Graph = getattr(split, "training_graph", split.graph)
        by_name = {one.name: one for one in graph.nodes}
        start, last = (by_name[split.meta["values"][name]] for name in (node, end))
        after, needed = _after(graph, start), upstream([last])
        inner = [one for one in graph.nodes if one in after & needed and one is not start]
        read = dict.fromkeys(source for one in inner for source in one.all_input_nodes if source not in after)
        constants = [one for one in read if one.op == "get_attr"]
        passed = [one for one in read if one not in constants]
        if last not in after:
            passed.append(last)
        self._before = fx.GraphModule(split, _head(graph, [start, *passed]))
        self._onwards = fx.GraphModule(split, _tail([start, *passed], constants, inner, last))

    def begin(self, images: Tensor) -> tuple[Tensor, ...]:
        """The values of the node for a batch of images, and whatever else leads on, beside it."""
        with evaluating(self._before):
            values: tuple[Tensor, ...] = self._before(images)
        return values

    def end(self, values: Tensor, *beside: Tensor) -> Tensor:
        """What the other node gives with these values of the first, which may be overwritten."""
        with evaluating(self._onwards):
            found: Tensor = self._onwards(values, *(one.clone() for one in beside))
        return found


def _after(graph: fx.Graph, start: fx.Node) -> set[fx.Node]:
    """A node and all that depends on it."""
    after = {start}
    for node in graph.nodes:  # in the order they run
        if not after.isdisjoint(node.all_input_nodes):
            after.add(node)
    return after


def _head(graph: fx.Graph, wanted: Sequence[fx.Node]) -> fx.Graph:
    head, needed = fx.Graph(), upstream(wanted)
    copies: dict[fx.Node, fx.Node] = {}
    for node in graph.nodes:
        if node in needed or node.op == "placeholder":
            copies[node] = head.node_copy(node, copies.__getitem__)
    head.output(tuple(copies[node] for node in wanted))
    return head


def _tail(given: Iterable[fx.Node], constants: Iterable[fx.Node], inner: Iterable[fx.Node], last: fx.Node) -> fx.Graph:
    tail = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    for node in given:
        copies[node] = tail.placeholder(f"given_{node.name}")
    for node in (*constants, *inner):
        copies[node] = tail.node_copy(node, copies.__getitem__)
    tail.output(copies[last])
    return tail
