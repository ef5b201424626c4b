"""Fixes that reach beyond a node and its wires: they are tried on the network itself, in rehearsal."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from pydantic import ValidationError

from engine.layers import Layer, Shape
from engine.layers.merge import Concat
from engine.network.changes import EdgeAdded, NodeAdded, NodeChanged
from engine.network.edits import connect
from engine.network.names import leaf
from engine.network.network import Network
from engine.network.partners import partner_edge, partner_words
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem
from engine.network.results import NodeAnalysis
from engine.network.shape_inference import propagate

Known = Mapping[str, NodeAnalysis]
Trial = ChainMap[str, NodeAnalysis]


def all_fixes(network: Network, known: Known, problem: Problem) -> tuple[Fix, ...]:
    """All fixes of a problem: its own as long as nothing further down breaks, then those that reach further.

    The first of its own stays in any case: with its shape the rest was worked out.
    """
    own = [
        fix
        for index, fix in enumerate(problem.fixes)
        if index == 0 or fix.assumed == problem.fixes[0].assumed or _goes_well_below(network, known, problem, fix)
    ]
    reaching = [
        *_name_another(network, problem),
        *_connect(network, known, problem),
        *_match_channels(known, problem),
    ]
    worked = [fix for fix in (_tried(network, known, problem, fix) for fix in reaching) if fix]
    return (*own, *worked)


def _goes_well_below(network: Network, known: Known, problem: Problem, fix: Fix) -> bool:
    node = replace(known[problem.node], output=fix.assumed, problem=None)
    trial: Trial = ChainMap({}, {problem.node: node}, dict(known))
    propagate(network, trial, [edge.target for edge in network.outgoing(problem.node)])
    return not _new_errors(trial, known)


def _tried(network: Network, known: Known, problem: Problem, fix: Fix) -> Fix | None:
    """The fix with the shape it gives, or None if it does not remove the problem or makes another."""
    try:
        trial = rehearsed(network, known, fix)
    except ValidationError:  # a setting beyond what is allowed
        return None
    node = trial[problem.node]
    if node.problem or node.output is None or _new_errors(trial, known):
        return None
    return replace(fix, assumed=node.output)


def harmless(network: Network, known: Known, fix: Fix) -> bool:
    """Whether a fix makes no error that was not there."""
    return not _new_errors(rehearsed(network, known, fix), known)


def rehearsed(network: Network, known: Known, fix: Fix) -> Trial:
    """What would be known after a fix that adds or changes things; the first map holds what it touches."""
    trial: Trial = ChainMap({}, dict(known))
    with network.rehearsal() as changes:
        fix.edit(network)
        dirty = {change.name for change in changes if isinstance(change, NodeChanged | NodeAdded)}
        dirty |= {change.edge.target for change in changes if isinstance(change, EdgeAdded)}
        propagate(network, trial, dirty)
    return trial


def _new_errors(trial: Trial, known: Known) -> bool:
    before = {name for name, node in known.items() if node.problem}
    return any(node.problem and name not in before for name, node in trial.maps[0].items())


def _connect(network: Network, known: Known, problem: Problem) -> Iterator[Fix]:
    """Connect the only output that goes nowhere yet."""
    partner = network.layer(problem.node).partner
    if problem.code != "input_missing" or (partner and problem.port == partner.port):
        return
    below = network.downstream(problem.node) | {problem.node}
    free = [
        name
        for name, node in known.items()
        if node.output and node.layer.has_output and name not in below and not network.outgoing(name)
    ]
    if len(free) == 1:
        effect = f"{leaf(free[0])} goes nowhere yet; its {known[free[0]].output} then flows into {leaf(problem.node)}."
        yield Fix(
            f"Connect {leaf(free[0])}", effect, lambda network: connect(network, free[0], problem.node, problem.port)
        )


def _name_another(network: Network, problem: Problem) -> Iterator[Fix]:
    """Let the wire that names a partner come from another node of its kind, the nearest above first."""
    partner = network.layer(problem.node).partner
    if partner is None or problem.code not in {"input_missing", "wrong_partner", "switches_differ"}:
        return
    below = network.downstream(problem.node)
    for name in reversed(network.topological()):
        if isinstance(network.layer(name), partner.layer) and name not in below:
            edge = Edge(name, problem.node, partner.port)
            label = f"Take the {partner.port} from {partner_words(edge)}"
            effect = f"{leaf(problem.node)} then reads what {leaf(name)} reads."
            yield Fix(label, effect, partial(_name, edge=edge))


def _match_channels(known: Known, problem: Problem) -> Iterator[Fix]:
    """Let the layer that decides another path's channels give as many as the main path, or a max pool, has."""
    node = known[problem.node]
    if problem.code == "switches_differ":
        wanted = known[node.sources[1]].output
    elif problem.code == "inputs_differ" and not isinstance(node.layer, Concat):
        wanted = node.inputs[0]
    else:
        return
    if wanted is None:
        return
    for source, shape in zip(node.sources, node.inputs, strict=True):
        if shape and shape[1:] == wanted[1:] and shape != wanted:
            name = _decides_channels(known, source, shape)
            if name:
                layer = known[name].layer
                effect = f"{leaf(name)} then gives {wanted.channels} in place of {shape.channels}."
                edit = partial(_set, name=name, layer=layer, settings={layer.width_setting: wanted.channels})
                yield Fix(f"Set {leaf(name)} to {wanted.channels}", effect, edit)


def _decides_channels(known: Known, name: str, shape: Shape) -> str:
    """The layer, up one path, whose setting gives the channels of ``shape``; "" if paths meet before."""
    while True:
        node = known[name]
        if node.layer.width_setting and not node.layer.gives_scores:
            return name
        if len(node.sources) != 1 or node.inputs[0] is None or node.inputs[0].channels != shape.channels:
            return ""
        name = node.sources[0]


def _name(network: Network, *, edge: Edge) -> None:
    before = partner_edge(network, edge.target)
    if before:
        network.disconnect(before)
    network.connect(*edge)


def _set(network: Network, *, name: str, layer: Layer, settings: dict[str, int]) -> None:
    network.set_layer(name, layer.with_settings(**settings))
