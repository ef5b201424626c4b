"""A compiled network in which other values stand in place of what some nodes give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from torch import Tensor, fx
from torch.fx.proxy import GraphAppendingTracer

from engine.compiling.graph import assembled
from engine.compiling.plan import plan
from engine.network import Network

Changed: TypeAlias = Callable[[str, Tensor], Tensor]
"""What stands for what a node gives, ``(N, C, H, W)`` or ``(N, F)``, by torch functions that write to none of it."""


def changed_network(module: fx.GraphModule, network: Network, change: Changed) -> fx.GraphModule:
    """The same network over the same modules, of which all that follows a node reads what ``change`` makes of it.

    ``module`` comes from `engine.compiling.compile_network` for ``network``, with nothing left out, and stays as it is:
    its weights are shared, its graph is not. A bypassed node is changed for those alone that read it.
    """
    steps = plan(network)
    parts: dict[str, Any] = {
        step.node: module.get_submodule(step.node)
        for step in steps.steps.values()
        if step.call is not None and step.call.is_module
    }

    def changed(node: str, value: fx.Node) -> fx.Node:
        given: Any = fx.Proxy(value, _Constants(value.graph, parts))
        found: Any = change(node, given)
        return value if found is given else found.node

    return assembled(steps, parts, changed).train(module.training)


class _Constants(GraphAppendingTracer):
    """Writes torch functions into a graph, and the tensors that they take into ``parts``."""

    def __init__(self, graph: fx.Graph, parts: dict[str, Any]) -> None:
        super().__init__(graph)
        self._parts = parts

    def create_arg(self, a: Any) -> Any:
        if not isinstance(a, Tensor):
            return super().create_arg(a)
        name = next((name for name, part in self._parts.items() if part is a), f"constant_{len(self._parts)}")
        self._parts[name] = a
        return self.graph.create_node("get_attr", name, (), {})
