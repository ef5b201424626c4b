"""What can be wrong with a drawing as a whole, or is merely wasteful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import partial

from engine.layers import Shape
from engine.layers.input_output import Input, Output
from engine.network.connecting import feed
from engine.network.dead_ends import MOST_OFFERED, add_output, lead_on
from engine.network.edits import add_before
from engine.network.names import short_name
from engine.network.nearness import topmost
from engine.network.network import Network
from engine.network.problems import Fix, Problem, Severity
from engine.network.results import NodeAnalysis
from engine.network.sizes import too_large
from engine.network.trials import Trials
from engine.words import thousands

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
    yield from too_large(network, nodes)
    yield from _useless_biases(network, nodes)


def _no_input(network: Network, nodes: Nodes) -> Problem:
    """One problem for all nodes that would begin at the input; its fix feeds the topmost."""
    start = topmost(network, [name for name, node in nodes.items() if not node.sources])[0]
    shape = Input().output_shape()
    effect = f"Colour images of {shape.height}×{shape.width} then flow into {short_name(start)}."
    trials = Trials(network, nodes, start)
    trials.add([Fix("Add an input", effect, partial(_add_input, start=start, shape=shape))])
    hint = "Add an Input and connect it to the first layer."
    message = "The network has no input."
    return Problem("no_input", Severity.UNFINISHED, "", message, hint, fixes=tuple(trials.offered))


def _add_input(network: Network, *, start: str, shape: Shape) -> None:
    add_before(network, Input(), start)
    feed(network, start, (), beside=shape)


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
