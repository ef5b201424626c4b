"""Fixes that reach beyond a node and its wires: they are tried on the network itself, in rehearsal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
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
from engine.network.shape_inference import propagate
from engine.network.trials import Trials, goes_well_below

Known = Mapping[str, NodeAnalysis]


def all_fixes(network: Network, known: MutableMapping[str, NodeAnalysis], problem: Problem) -> tuple[Fix, ...]:
    """All fixes of a problem, the simplest first; ``known`` then goes on with the shape that the first one gives.

    What only sets a number of a layer further up leads if it makes nothing wrong. Then come the fixes at the node, its
    own settings before layers in its wires; then wires from elsewhere. What removes comes last. Beside the first, only
    those stay with whose shape nothing further down breaks.
    """
    name = problem.node
    settings = _tried(network, known, name, _match_channels(known, problem))
    if settings.sound:
        _assume(network, known, name, settings.sound[0].assumed)
    assumed = known[name].output
    near = [
        fix
        for fix in (*settings.sound, *problem.fixes)
        if fix.assumed == assumed or goes_well_below(network, known, name, fix.assumed)
    ]
    others = (settings, _tried(network, known, name, _name_another(network, problem)), _fed(network, known, problem))
    further = [fix for trials in others for fix in trials.offered if fix not in settings.sound]
    return tuple(sorted((*near, *further), key=lambda fix: fix.removes))


def _assume(network: Network, known: MutableMapping[str, NodeAnalysis], name: str, output: Shape | None) -> None:
    """Go on below a node with a problem as if it gave this shape."""
    if output != known[name].output:
        known[name] = replace(known[name], output=output, state=State.ASSUMED)
        propagate(network, known, [edge.target for edge in network.outgoing(name)])


def _tried(network: Network, known: Known, name: str, fixes: Iterable[Fix]) -> Trials:
    """Fixes of one edit, tried."""
    trials = Trials(network, known, name)
    trials.add(fixes, at_once=1)
    return trials


def _fed(network: Network, known: Known, problem: Problem) -> Trials:
    """The first ways to feed the node that are sound, tried."""
    trials = Trials(network, known, problem.node)
    for fixes in (*feeding(network, known, problem), _new_partner(network, problem)):
        if not trials.sound:
            trials.add(fixes)
    return trials


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
