"""What can be wrong with a drawing as a whole, or is merely wasteful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import partial

from engine.layers import Layer
from engine.layers.input_output import Input, Output
from engine.layers.reshaping import Flatten
from engine.network.dead_ends import MOST_OFFERED, add_output, lead_on
from engine.network.edits import add_before
from engine.network.names import short_name
from engine.network.nearness import topmost
from engine.network.network import Network
from engine.network.problems import Fix, Problem, Severity
from engine.network.remote_fixes import harmless
from engine.network.results import NodeAnalysis
from engine.words import memory, thousands

LARGEST_NETWORK = 64 * 2**30  # bytes of weights and activations of one image; beyond it no machine trains it
BYTES = 4  # of a float32

Nodes = Mapping[str, NodeAnalysis]


def check_network(network: Network, nodes: Nodes) -> Iterator[Problem]:
    """Problems that no single node's shapes show."""
    layers = [node.layer for node in nodes.values()]
    used = {source for node in nodes.values() for source in node.sources}
    if layers and not any(isinstance(layer, Input) for layer in layers):
        yield _no_input(network, nodes)
    if layers and not any(isinstance(layer, Output) for layer in layers):
        yield _no_output(nodes, used)
    elif not any(node.problem and node.problem.severity is Severity.UNFINISHED for node in nodes.values()):
        yield from _dead_ends(network, nodes, used)
    yield from _too_large(nodes)
    yield from _useless_biases(network, nodes)


def _no_input(network: Network, nodes: Nodes) -> Problem:
    """One problem for all nodes that would begin at the input."""
    starts = topmost(network, [name for name, node in nodes.items() if not node.sources])
    fixes = [fix for fix in _add_input(starts[0]) if harmless(network, nodes, fix)] if starts else []
    hint = "Add an Input and connect it to the first layer."
    return Problem("no_input", Severity.UNFINISHED, "", "The network has no input.", hint, fixes=tuple(fixes))


def _add_input(start: str) -> Iterator[Fix]:
    def add(network: Network, *layers: Layer) -> None:
        below = start
        for layer in layers:
            below = add_before(network, layer, below)

    effect = f"Colour images of 32×32 then flow into {short_name(start)}"
    yield Fix("Add an input", f"{effect}.", lambda network: add(network, Input()))
    yield Fix("Add an input and Flatten", f"{effect} as vectors.", lambda network: add(network, Flatten(), Input()))


def _no_output(nodes: Nodes, used: Set[str]) -> Problem:
    ends = list(_ends(nodes, used))
    fixes = [add_output(name, nodes[name].output, alone=len(ends) == 1) for name in reversed(ends[-MOST_OFFERED:])]
    hint = "Add an Output after the last layer."
    return Problem("no_output", Severity.UNFINISHED, "", "The network has no output.", hint, fixes=tuple(fixes))


def _dead_ends(network: Network, nodes: Nodes, used: Set[str]) -> Iterator[Problem]:
    for name in _ends(nodes, used):
        message = f"The output of {short_name(name)} goes nowhere."
        hint = "Connect it to a layer, or remove it."
        yield Problem("dead_end", Severity.WARNING, name, message, hint, fixes=tuple(lead_on(network, nodes, name)))


def _ends(nodes: Nodes, used: Set[str]) -> Iterator[str]:
    """Nodes whose output nothing takes."""
    return (name for name, node in nodes.items() if name not in used and node.layer.has_output)


def _too_large(nodes: Nodes) -> Iterator[Problem]:
    def size(node: NodeAnalysis) -> int:
        return BYTES * (node.parameters + node.activation_elements)

    total = sum(size(node) for node in nodes.values())
    if total > LARGEST_NETWORK:
        name = max(nodes, key=lambda name: size(nodes[name]))
        message = f"One image needs {memory(total)}, {memory(size(nodes[name]))} of it in {short_name(name)}."
        hint = f"At most {memory(LARGEST_NETWORK)} can be built: make its input or its output smaller."
        yield Problem("too_large", Severity.ERROR, name, message, hint, "too large")


def _useless_biases(network: Network, nodes: Nodes) -> Iterator[Problem]:
    normed = {n.sources[0]: n.layer for n in nodes.values() if n.layer.subtracts_mean and n.sources}
    for name, norm in normed.items():
        node = nodes[name]
        if node.output is None or getattr(node.layer, "bias", False) is not True or network[name].bypassed:
            continue
        below = [network[edge.target] for edge in network.outgoing(name)]
        if all(other.layer.subtracts_mean and not other.bypassed for other in below):
            title = norm.title
            channels = thousands(node.output.channels)
            message = f"Bias has no effect before {title[0].lower() + title[1:]}; it costs {channels} parameters."
            hint = f"{title} subtracts the mean, so any constant added before it disappears."
            effect = f"{short_name(name)} gives the same without it."
            fix = Fix("Turn bias off", effect, partial(_unbias, name=name), node.output)
            yield Problem("bias_before_norm", Severity.WARNING, name, message, hint, fixes=(fix,))


def _unbias(network: Network, *, name: str) -> None:
    network.set_layer(name, network.layer(name).with_settings(bias=False))
