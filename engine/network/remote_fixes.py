"""Fixes that reach beyond a node and its wires: they are tried on the network itself, in rehearsal."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice

from pydantic import ValidationError

from engine.layers import Layer, Shape
from engine.layers.merge import Concat
from engine.network.changes import EdgeAdded, NodeAdded, NodeChanged
from engine.network.edits import connect
from engine.network.names import short_name
from engine.network.nearness import nearest
from engine.network.network import Network
from engine.network.partners import partner_edge, partner_words
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem
from engine.network.results import NodeAnalysis, State
from engine.network.shape_inference import propagate

Known = Mapping[str, NodeAnalysis]
Trial = ChainMap[str, NodeAnalysis]

_MOST_OFFERED = 2  # fixes of one way: who means another draws it
_MOST_TRIED = 8


def all_fixes(network: Network, known: Known, problem: Problem) -> tuple[Fix, ...]:
    """All fixes of a problem: its own as long as nothing further down breaks, then those that reach further.

    The first of its own stays in any case: with its shape the rest was worked out.
    """
    own = [
        fix
        for index, fix in enumerate(problem.fixes)
        if index == 0 or fix.assumed == problem.fixes[0].assumed or _goes_well_below(network, known, problem, fix)
    ]
    free, used = (_connect(network, known, problem, used=used) for used in (False, True))
    ways = (_name_another(network, problem), free, _match_channels(known, problem))
    worked = [fix for way in ways for fix in _working(network, known, problem, way)]
    worked = worked or [*_working(network, known, problem, used)]
    return tuple(sorted((*own, *worked), key=lambda fix: fix.removes))


def _working(network: Network, known: Known, problem: Problem, fixes: Iterator[Fix]) -> Iterator[Fix]:
    """The first few that work, of as many as may be tried while somebody draws."""
    tried = (
        _tried(network, known, problem, fix) or _completed(network, known, problem, fix)
        for fix in islice(fixes, _MOST_TRIED)
    )
    return islice((fix for fix in tried if fix), _MOST_OFFERED)


def _completed(network: Network, known: Known, problem: Problem, fix: Fix) -> Fix | None:
    """A wire with the first fix of what is then wrong at the node: "Connect relu1, insert Flatten"."""
    if problem.code != "input_missing":
        return None
    try:
        then = rehearsed(network, known, fix)[problem.node].problem
    except ValidationError:
        return None
    if then is None or not then.fixes or then.fixes[0].removes:
        return None
    more = then.fixes[0]

    def edit(network: Network) -> None:
        fix.edit(network)
        more.edit(network)

    both = Fix(f"{fix.label}, {more.label[0].lower()}{more.label[1:]}", more.effect, edit)
    return _tried(network, known, problem, both)


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
    before = {(name, node.problem.code) for name, node in known.items() if node.problem}
    after = ((name, node.problem.code) for name, node in trial.maps[0].items() if node.problem)
    return any(problem not in before for problem in after)


def _connect(network: Network, known: Known, problem: Problem, *, used: bool) -> Iterator[Fix]:
    """Connect the nearest outputs that go nowhere yet, or else those that feed others."""
    partner = network.layer(problem.node).partner
    if problem.code != "input_missing" or (partner and problem.port == partner.port):
        return
    beyond = network.downstream(problem.node) | {problem.node, *known[problem.node].sources}
    outputs = (name for name in network.topological() if known[name].output and network.layer(name).has_output)
    fitting = [name for name in outputs if name not in beyond and bool(network.outgoing(name)) is used]
    for name in nearest(network, problem.node, fitting):
        what = "feeds others too" if used else "goes nowhere yet"
        effect = f"{short_name(name)} {what}; its {known[name].output} then flows into {short_name(problem.node)}."
        edit = partial(connect, source=name, target=problem.node, port=problem.port)
        yield Fix(f"Connect {short_name(name)}", effect, edit)


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


def _set(network: Network, *, name: str, layer: Layer, settings: dict[str, int]) -> None:
    network.set_layer(name, layer.with_settings(**settings))
