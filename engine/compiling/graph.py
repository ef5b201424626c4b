"""From the drawing to a `torch.fx.GraphModule`, node by node."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

import torch
from torch import fx, nn

from engine.compiling.in_place import make_in_place
from engine.compiling.modes import NetworkModule, TwoModeGraphModule
from engine.compiling.plan import Plan, Step, final_softmaxes, frozen_parts, plan
from engine.errors import LayerloomError
from engine.layers import Inputs
from engine.network import Analysis, Network, analyse, names
from engine.words import counted

Change: TypeAlias = Callable[[str, fx.Node], fx.Node]
"""What stands for the value of the node of that name."""


def _as_it_is(_: str, value: fx.Node) -> fx.Node:
    return value


def compile_network(
    network: Network,
    *,
    logits: bool = False,
    left_out: Collection[str] = (),
    seed: int | None = None,
    device: str = "cpu",
    reuse_memory: bool = False,
) -> fx.GraphModule:
    """The module that the drawing says: node ``layer1.0.conv1`` has its parameters under ``layer1.0.conv1``.

    It takes one ``(N, C, H, W)`` batch for each input, in order, and gives a tensor where there is one output, or a
    dict by output name where there are more; auxiliary outputs are computed in training mode only. The nodes
    ``left_out`` hand their input on; ``logits`` leaves out a final softmax (`engine.compiling.final_softmaxes` names
    it). Parameters start as torch initialises
    them; the same ``seed`` gives the same, and leaves torch's own random state alone. On ``device`` "meta" nothing
    is allocated. ``reuse_memory`` is for training: `engine.compiling.in_place`. ``module.meta["values"]`` maps
    node names to the names of the fx nodes that compute them. Frozen parts stay in evaluation mode.

    Raises `LayerloomError` with the first problems of a network that has errors.
    """
    analysis = analyse(network)
    _require_sound(network, analysis)
    steps = plan(network, analysis=analysis, left_out=final_softmaxes(network) if logits else left_out)
    with _seeded(seed), torch.device(device):
        root = _module_tree(steps.steps.values())
    module = assembled(steps, root)
    if reuse_memory:
        make_in_place(module)
    return module.train()


def assembled(steps: Plan, root: nn.Module | dict[str, Any], change: Change = _as_it_is) -> fx.GraphModule:
    """The graph module of a plan over the modules of ``root``; ``change`` may put another value in place of a node's.

    What it needs besides has to be in ``root`` when it has been asked about every node.
    """
    training_graph, values = _graph(steps, training=True, change=change)
    module: fx.GraphModule
    if steps.auxiliary:
        evaluation_graph, _ = _graph(steps, training=False, change=change)
        module = TwoModeGraphModule(root, training_graph, evaluation_graph)
    else:
        module = NetworkModule(root, training_graph)
    module.meta["values"] = values
    module.meta["frozen"] = frozen_parts(steps)
    return module


def _require_sound(network: Network, analysis: Analysis) -> None:
    if not network.outputs:
        raise LayerloomError("The network has no output: add an Output after its last layer.")
    errors = analysis.blocking
    if errors:
        left = len(errors) - 2
        more = f" There {'is' if left == 1 else 'are'} {counted(left, 'more problem')}." if left > 0 else ""
        raise LayerloomError(" ".join(_sentence(error.node, error.message) for error in errors[:2]) + more)


def _sentence(node: str, message: str) -> str:
    return f"{node}: {message}" if node else message


@contextmanager
def _seeded(seed: int | None) -> Iterator[None]:
    """Let torch draw from ``seed`` inside; what it draws afterwards is as if nothing had been drawn."""
    if seed is None:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield


def _module_tree(steps: Iterable[Step]) -> nn.Module:
    """The modules of all steps under their dotted names, built in the order they run."""
    root = nn.Module()
    for step in steps:
        if step.call is not None and step.call.is_module:
            module = _resolve(step.call.target)(*step.call.arguments, **step.call.keywords)
            module.requires_grad_(not step.frozen)
            _block(root, names.parent(step.node)).add_module(names.leaf(step.node), module)
    return root


def _block(root: nn.Module, prefix: str) -> nn.Module:
    """The empty module that stands for a block; made with those around it if it is new."""
    if not prefix:
        return root
    around, leaf = _block(root, names.parent(prefix)), names.leaf(prefix)
    if not hasattr(around, leaf):
        around.add_module(leaf, nn.Module())
    return around.get_submodule(leaf)


def _graph(steps: Plan, *, training: bool, change: Change) -> tuple[fx.Graph, dict[str, str]]:
    """The graph of one mode, and the name of the fx node that computes each step."""
    graph = fx.Graph()
    # Numbered, as torch writes an argument's name as it is: "0.x" is none, "torch" would hide torch, a.x and a_x meet.
    inputs = {name: graph.placeholder(f"input_{place}") for place, name in enumerate(steps.inputs)}
    values: dict[str, fx.Node] = {}
    for step in steps.steps.values():
        if training or not step.training_only:
            value = inputs.get(step.node) or _emit(graph, step, [values[source] for source in step.sources])
            values[step.node] = change(step.node, value)
    outputs = {name: values[name] for name in steps.outputs_in(training=training)}
    graph.output(outputs if len(outputs) > 1 else next(iter(outputs.values())))
    return graph, {name: node.name for name, node in values.items()}


def _emit(graph: fx.Graph, step: Step, inputs: list[fx.Node]) -> fx.Node:
    """Add one step to the graph and return the fx node of its value."""
    if step.call is None:
        return inputs[0]
    if step.call.is_module:
        return graph.call_module(step.node, tuple(inputs))
    function, keywords = _resolve(step.call.target), dict(step.call.keywords)

    def call(*arguments: Any) -> fx.Node:
        return graph.create_node("call_function", function, arguments, keywords, name=_identifier(step.node))

    match step.call.inputs:
        case Inputs.SEPARATE:
            return call(*inputs)
        case Inputs.LIST:
            return call(inputs)
        case Inputs.FOLD:
            return functools.reduce(call, inputs)


def _identifier(name: str) -> str:
    return name.replace(".", "_")


@cache
def _resolve(target: str) -> Callable[..., Any]:
    """The class or function at a dotted path: "torch.nn.functional.pad", "engine.modules.rbf.RBFOutput"."""
    module, _, name = target.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
