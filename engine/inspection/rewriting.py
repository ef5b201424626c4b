"""A copy of a compiled network in which some calls run by other rules: how explanations change gradients.

Hooks on modules miss functions, methods and modules that are used twice; a graph lists every call. In the copy nothing
is written over: what worked in place (``nn.ReLU(inplace=True)``, ``F.relu_``, ``x.relu_()``, ``+=``) gives a new value,
which whatever comes later reads. So the same network gives the same arrays however it is written.
"""

from __future__ import annotations

import copy
import inspect
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import torch
from torch import fx, nn
from torch.nn import functional

Target: TypeAlias = Callable[..., Any]
Rule: TypeAlias = Callable[[fx.Node, Target, tuple[Any, ...]], Target | None]
"""Gets a node, what it calls and with which arguments (``node.kwargs`` has the named ones), and answers what is to be
called in its place with the same arguments, or None. What it calls is a module or a function, of a method that of
``torch.Tensor``, and never works in place. Any callable will do, also the ``apply`` of an autograd function."""

_OPERATORS: Mapping[Target, Target] = {
    operator.iadd: operator.add,
    operator.isub: operator.sub,
    operator.imul: operator.mul,
    operator.itruediv: operator.truediv,
}


class Call(NamedTuple):
    """What a node calls, and how; ``in_place`` says that the node itself writes over its first argument."""

    target: Target
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    in_place: bool = False


def rewritten(module: fx.GraphModule, rules: Sequence[Rule]) -> fx.GraphModule:
    """A copy of ``module`` whose calls run by the first of the ``rules`` that answers, or as they did.

    It shares the modules, so it has the current weights, and leaves ``module`` as it is. The names of nodes and
    ``meta`` are the same, so that `Tapped` works on it. A graph within the graph is rewritten too.
    """
    graph, values = fx.Graph(), dict[fx.Node, fx.Node]()
    parts: dict[str, Any] = {}
    for node in complete_graph(module).nodes:
        call = call_of(module, node)
        if call is None:
            values[node] = graph.node_copy(node, values.__getitem__)
        else:
            values[node] = _emit(graph, node, call, _answer(rules, node, call), values, parts)
        if node.op == "get_attr":
            parts[str(node.target)] = operator.attrgetter(str(node.target))(module)
        if call and call.in_place and isinstance(node.args[0], fx.Node):
            _write_over(values, node.args[0], values[node])
    made = fx.GraphModule(parts, graph)
    made.training = module.training
    made.meta = dict(module.meta)
    return made


def complete_graph(module: fx.GraphModule) -> fx.Graph:
    """All that a compiled network can compute, also what only its auxiliary outputs need."""
    graph: fx.Graph = getattr(module, "training_graph", module.graph)
    return graph


def calls(module: fx.GraphModule) -> Iterator[tuple[fx.Node, Call]]:
    """What a graph, and each graph within it, calls, in the order in which it runs."""
    for node in complete_graph(module).nodes:
        call = call_of(module, node)
        if call and isinstance(call.target, fx.GraphModule):
            yield from calls(call.target)
        elif call:
            yield node, call


def call_of(module: fx.GraphModule, node: fx.Node) -> Call | None:
    """What a node calls, as if it did not work in place; None for one that calls nothing."""
    match node.op:
        case "call_module":
            return _of_module(module.get_submodule(str(node.target)), node)
        case "call_method":
            pure = getattr(torch.Tensor, str(node.target)[:-1], None) if _ends_in_place(str(node.target)) else None
            if callable(pure):
                return Call(pure, node.args, dict(node.kwargs), in_place=True)
            return Call(getattr(torch.Tensor, str(node.target)), node.args, dict(node.kwargs))
        case "call_function":
            assert callable(node.target)
            return _of_function(node.target, node)
        case _:
            return None


def _of_module(module: nn.Module, node: fx.Node) -> Call:
    if not getattr(module, "inplace", False):
        return Call(module, node.args, dict(node.kwargs))
    pure = copy.copy(module)  # of its own attributes alone: it has the same weights
    setattr(pure, "inplace", False)  # noqa: B010 - torch declares no attribute of that name
    return Call(pure, node.args, dict(node.kwargs), in_place=True)


def _of_function(function: Target, node: fx.Node) -> Call:
    if function in _OPERATORS:
        return Call(_OPERATORS[function], node.args, dict(node.kwargs), in_place=True)
    name = getattr(function, "__name__", "")
    if _ends_in_place(name):
        pure = getattr(torch, name[:-1], None) or getattr(functional, name[:-1], None)
        return Call(pure or function, node.args, dict(node.kwargs), in_place=pure is not None)
    if not inspect.isfunction(function) or "inplace" not in inspect.signature(function).parameters:
        return Call(function, node.args, dict(node.kwargs))
    given = inspect.signature(function).bind(*node.args, **node.kwargs)  # of torch.nn.functional: "inplace" is the last
    given.apply_defaults()
    in_place = bool(given.arguments.pop("inplace"))
    return Call(function, given.args, given.kwargs, in_place)


def _ends_in_place(name: str) -> bool:
    return name.endswith("_") and not name.endswith("__")


def _answer(rules: Sequence[Rule], node: fx.Node, call: Call) -> Target:
    answers = (rule(node, call.target, call.arguments) for rule in rules)
    target = next((answer for answer in answers if answer is not None), call.target)
    return rewritten(target, rules) if isinstance(target, fx.GraphModule) else target


def _emit(
    graph: fx.Graph,
    node: fx.Node,
    call: Call,
    target: Target,
    values: Mapping[fx.Node, fx.Node],
    parts: dict[str, Any],
) -> fx.Node:
    """The node in the new graph, which calls ``target``; ``parts`` gets the modules that it needs."""
    if target is call.target and not call.in_place:
        if isinstance(target, nn.Module):
            parts[str(node.target)] = target
        return graph.node_copy(node, values.__getitem__)
    name = f"rewritten_{node.name}"
    parts[name] = _Called(target, call.target)
    arguments: Any = fx.node.map_arg(call.arguments, values.__getitem__)
    keywords: Any = fx.node.map_arg(call.keywords, values.__getitem__)
    return graph.create_node("call_module", name, arguments, keywords, name=node.name)


def _write_over(values: dict[fx.Node, fx.Node], old: fx.Node, new: fx.Node) -> None:
    """Let what comes later read ``new`` wherever it would have read the tensor that ``old`` gave."""
    overwritten = values[old]
    for node, value in values.items():
        if value is overwritten:
            values[node] = new


class _Called(nn.Module):
    """Calls ``target``; the module that stood there, if it was one, is kept, as its mode and its weights are in use."""

    def __init__(self, target: Target, before: Target) -> None:
        super().__init__()
        self.target = target
        if isinstance(before, nn.Module):
            self.before = before
        self.training = bool(getattr(before, "training", False))

    def forward(self, *arguments: Any, **keywords: Any) -> Any:
        return self.target(*arguments, **keywords)
