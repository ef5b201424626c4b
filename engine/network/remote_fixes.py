"""Fixes that reach beyond a node and its wires: they are tried on the network itself, in rehearsal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from functools import partial
from itertools import chain

from engine.layers import Shape
from engine.network.connecting import feed, feeding
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import partner_edge, partner_words
from engine.network.parts import Edge
from engine.network.path_fixes import against_most, matching
from engine.network.problems import Fix, Problem
from engine.network.projecting import projecting
from engine.network.results import NodeAnalysis, State
from engine.network.shape_inference import propagate
from engine.network.trials import Trials, goes_well_below

Known = Mapping[str, NodeAnalysis]


def all_fixes(network: Network, known: MutableMapping[str, NodeAnalysis], problem: Problem) -> tuple[Fix, ...]:
    """All fixes of a problem, the simplest first; ``known`` then goes on with the shape that the first one gives.

    Where that shape would make something wrong further down, which is not reached by any mistake so far, it goes on
    with none. What has no shape, as nothing feeds it, keeps none.

    What only sets numbers of layers further up leads if it makes nothing wrong. Then come the fixes at the node, its
    own settings before layers in its wires; then wires from elsewhere. What removes comes last. Beside the first, only
    those stay with whose shape nothing further down breaks.

    Of two paths with other widths that one is set which is the odd one out: which leaves more wrong further down or, if
    neither does, whose width less of the network has. Where this is the width of an image, which no setting changes,
    the image is given the other width by a layer in its wire.
    """
    name = problem.node
    settings = _tried(network, known, name, matching(network, known, problem))
    leading = settings.sound if _leads(known, name, settings) else []
    if leading:
        _assume(network, known, name, leading[0].assumed)
    assumed = known[name].output
    near = [
        fix
        for fix in (*leading, *problem.fixes)
        if fix.assumed == assumed or goes_well_below(network, known, name, fix.assumed)
    ]
    others = (settings, _tried(network, known, name, _name_another(network, problem)), _fed(network, known, problem))
    further = [fix for trials in others for fix in trials.offered if fix not in leading]
    fixes = tuple(sorted((*near, *further), key=lambda fix: fix.removes))
    if fixes and assumed and fixes[0].assumed != assumed:
        first = fixes[0].assumed
        _assume(network, known, name, first if goes_well_below(network, known, name, first) else None)
    return fixes


def _leads(known: Known, name: str, settings: Trials) -> bool:
    """Whether what sets numbers comes before the fixes at the node, with whose first shape ``known`` goes on."""
    if not settings.sound:
        return False
    left = sum(node.problem is not None for node in known.values()) - 1
    return settings.left[0] < left or not against_most(known, name, settings.sound[0].assumed)


def _assume(network: Network, known: MutableMapping[str, NodeAnalysis], name: str, output: Shape | None) -> None:
    """Go on below a node with a problem as if it gave this shape, or none."""
    if output != known[name].output:
        node = known[name]
        alike = output and node.output and output[1:] == node.output[1:]
        field = node.receptive_field if alike else None
        known[name] = replace(
            node, output=output, state=State.ASSUMED if output else State.BLOCKED, receptive_field=field
        )
        propagate(network, known, [edge.target for edge in network.outgoing(name)])


def _tried(network: Network, known: Known, name: str, fixes: Iterable[Fix]) -> Trials:
    """Fixes of one edit, tried."""
    trials = Trials(network, known, name)
    trials.add(fixes, at_once=1)
    return trials


def _fed(network: Network, known: Known, problem: Problem) -> Trials:
    """The first ways to feed the node that are sound, tried."""
    trials = Trials(network, known, problem.node)
    loose, others = feeding(network, known, problem)
    for fixes in (loose, chain(projecting(network, known, problem), others), _new_partner(network, problem)):
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
