"""Fixes that reach beyond a node and its wires: they are tried on the network itself, in rehearsal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from engine.layers import Layer, Shape
from engine.layers.merge import Concat
from engine.network.connecting import feed, feeding
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import partner_edge, partner_words
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem
from engine.network.results import NodeAnalysis, State
from engine.network.trials import Trials, goes_well_below

Known = Mapping[str, NodeAnalysis]


def all_fixes(network: Network, known: Known, problem: Problem) -> tuple[Fix, ...]:
    """All fixes of a problem: its own as long as nothing further down breaks, then those that reach further.

    The first of its own stays in any case: with its shape the rest was worked out.
    """
    name, first = problem.node, problem.fixes[:1]
    own = [
        fix
        for fix in problem.fixes
        if fix in first or fix.assumed == first[0].assumed or goes_well_below(network, known, name, fix.assumed)
    ]
    worked = [fix for way in _ways(network, known, problem) for fix in way.offered]
    return tuple(sorted((*own, *worked), key=lambda fix: fix.removes))


def _ways(network: Network, known: Known, problem: Problem) -> Iterator[Trials]:
    """What was tried, one way after the other."""
    for fixes in (_name_another(network, problem), _match_channels(known, problem)):
        trials = Trials(network, known, problem.node)
        trials.add(fixes, at_once=1)
        yield trials
    trials = Trials(network, known, problem.node)
    for fixes in (*feeding(network, known, problem), _new_partner(network, problem)):
        if not trials.sound:
            trials.add(fixes)
    yield trials


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
            effect = f"{short_name(problem.node)} then reads what {short_name(name)} reads."
            yield Fix(label, effect, partial(_name, edge=edge))


def _new_partner(network: Network, problem: Problem) -> Iterator[Fix]:
    """Put the partner that a layer lacks into its wire."""
    name, partner = problem.node, network.layer(problem.node).partner
    naming = partner_edge(network, name)
    if partner and problem.port == partner.port and len(network.incoming(name)) > bool(naming):
        title = partner.layer.title[0].lower() + partner.layer.title[1:]
        effect = f"{short_name(name)} then undoes a {title} that stands before it."
        yield Fix(f"Insert {title}", effect, partial(_insert_partner, name=name))


def _match_channels(known: Known, problem: Problem) -> Iterator[Fix]:
    """Let the layer that decides one path's channels give as many as another path, or a max pool, has.

    First come as many as most of the network has; of equals, the main path changes.
    """
    node = known[problem.node]
    if problem.code == "switches_differ":
        wanted = [known[node.sources[1]].output]
    elif problem.code == "inputs_differ" and not isinstance(node.layer, Concat):
        wanted = list(reversed(dict.fromkeys(node.inputs)))
    else:
        return
    certain = (other.output for other in known.values() if other.state is State.KNOWN)
    usual = Counter(shape.channels for shape in certain if shape)
    shapes = sorted(filter(None, wanted), key=lambda shape: -usual[shape.channels])
    for shape in shapes:
        yield from _all_to(known, node, shape)


def _all_to(known: Known, node: NodeAnalysis, wanted: Shape) -> Iterator[Fix]:
    """One path into a node that gives other channels is set to those of ``wanted``."""
    for source, shape in zip(node.sources, node.inputs, strict=True):
        if shape and shape[1:] == wanted[1:] and shape != wanted:
            name = _decides_channels(known, source, shape)
            if name:
                layer = known[name].layer
                effect = f"{short_name(name)} then gives {wanted.channels} in place of {shape.channels}."
                edit = partial(_set, name=name, layer=layer, settings={layer.width_setting: wanted.channels})
                yield Fix(f"Set {short_name(name)} to {wanted.channels}", effect, edit)


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


def _insert_partner(network: Network, *, name: str) -> None:
    before = partner_edge(network, name)
    if before:
        network.disconnect(before)
    feed(network, name, ())


def _set(network: Network, *, name: str, layer: Layer, settings: dict[str, int]) -> None:
    network.set_layer(name, layer.with_settings(**settings))
