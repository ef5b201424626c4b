"""Shape inference: working out one node from those above it, and passing on what changed."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, MutableMapping
from dataclasses import replace
from typing import Any

from engine.layers import Layer, Shape
from engine.layers.reading import reads_of
from engine.network import receptive_field
from engine.network.cases import Case
from engine.network.fixes import verified_fixes
from engine.network.measuring import Measure, measure
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.partners import (
    may_be_partner,
    names_partner,
    partner_edge,
    partner_words,
    reads,
    working_layer,
)
from engine.network.parts import Edge, Node
from engine.network.problems import Problem, Severity
from engine.network.receptive_field import ReceptiveField
from engine.network.results import NodeAnalysis, State

Known = MutableMapping[str, NodeAnalysis]


def propagate(network: Network, known: Known, dirty: Iterable[str], *, past_problems: bool = True) -> int:
    """Bring ``known`` up to date from the dirty nodes down, until nothing changes; return how many were visited.

    Where it shall not go ``past_problems``, it ends at nodes that had a problem and still have one.
    """
    queue = [(network.place(name), name) for name in dirty]
    heapq.heapify(queue)
    waiting = {name for _, name in queue}
    visited = 0
    while queue:
        _, name = heapq.heappop(queue)
        waiting.discard(name)
        visited += 1
        before, after = known.get(name), infer(network, known, name)
        known[name] = after
        if before and before.problem and after.problem and not past_problems:
            continue
        differs = before is None or _differs_below(before, after)
        for edge in network.outgoing(name):
            concerned = differs or names_partner(network, edge)  # partners share settings and what they read
            if concerned and edge.target not in waiting:
                waiting.add(edge.target)
                heapq.heappush(queue, (network.place(edge.target), edge.target))
    return visited


def _differs_below(before: NodeAnalysis, after: NodeAnalysis) -> bool:
    """Whether anything changed on which the nodes below depend: fixes there also read what flows in here."""
    return (
        before.inputs != after.inputs
        or before.output != after.output
        or before.state is not after.state
        or before.receptive_field != after.receptive_field
    )


def infer(network: Network, known: Known, name: str) -> NodeAnalysis:
    """What follows for one node from what is known of those that feed it."""
    node, edges = network[name], network.incoming(name)
    sources = tuple(edge.source for edge in edges)
    above = [known[source] for source in sources]
    inputs = tuple(known[read].output if read else None for read in reads(network, name))
    shapes = tuple(shape for shape in inputs if shape is not None)
    fields = [other.receptive_field for other in above]
    layer = working_layer(network, name)
    common: dict[str, Any] = {"layer": layer, "inputs": inputs, "sources": sources, "bypassed": node.bypassed}
    if len(edges) < _needed_inputs(node):
        return _with_problem(_input_missing(network, name, node.layer, edges, shapes), common, fields)
    naming = None if node.bypassed else partner_edge(network, name)
    if naming and not may_be_partner(network, naming):
        return _with_problem(Case(network, name, _wrong_partner(network, naming), shapes), common, fields)
    if len(shapes) < len(inputs) or (naming and known[naming.source].problem):
        return NodeAnalysis(State.BLOCKED, **common)
    found = Measure(shapes[0]) if node.bypassed else measure(layer, shapes)
    if found.output is None:
        above_them = {source: known[source].inputs for source in sources}
        case = replace(_mismatch(network, name, found, edges, shapes), above=above_them)
        return _with_problem(case, common, fields)
    certain = all(other.state is State.KNOWN for other in above)
    return NodeAnalysis(
        State.KNOWN if certain else State.ASSUMED,
        output=found.output,
        parameters=found.parameters,
        trainable_parameters=0 if node.frozen else found.parameters,
        multiply_adds=found.multiply_adds,
        receptive_field=_field(node, fields, found),
        **common,
    )


def _needed_inputs(node: Node) -> int:
    if node.bypassed:
        return 1
    return 2 if node.layer.variadic else len(node.layer.input_ports)


def _input_missing(
    network: Network, name: str, layer: Layer, edges: tuple[Edge, ...], shapes: tuple[Shape, ...]
) -> Case:
    port = network.free_port(name) or ""
    if not edges:
        message = f"{short_name(name)} has no input."
    elif layer.variadic:
        message = f"{layer.title} needs two or more inputs, but {short_name(name)} has one."
    else:
        message = f"{short_name(name)} needs {len(layer.input_ports)} inputs, but '{port}' has none."
    named = layer.partner and layer.partner.port == port
    what = f"a {layer.partner.layer.title.lower()}" if layer.partner and named else "an output"
    hint = f"Connect {what} to {short_name(name)}, or remove it."
    short = f"needs {2 if layer.variadic else len(layer.input_ports)} inputs" if edges else "no input"
    problem = Problem("input_missing", Severity.UNFINISHED, name, message, hint, short, port)
    return Case(network, name, problem, shapes)


def _wrong_partner(network: Network, edge: Edge) -> Problem:
    """Why the node that an edge names cannot be what its target works with."""
    node, partner = network[edge.source], network.layer(edge.target).partner
    assert partner is not None
    kind = partner.layer.title.lower()
    reason = "is bypassed" if isinstance(node.layer, partner.layer) else f"({node.layer.title}) is none"
    message = f"{short_name(edge.target)} takes its {edge.port} from a {kind}, but {partner_words(edge)} {reason}."
    hint = f"Let the wire into '{edge.port}' come from the {kind} that this layer undoes."
    return Problem("wrong_partner", Severity.ERROR, edge.target, message, hint, f"needs a {kind}", edge.port)


def _mismatch(network: Network, name: str, found: Measure, edges: tuple[Edge, ...], shapes: tuple[Shape, ...]) -> Case:
    error = found.mismatch
    assert error is not None
    message = error.sentence(f"{short_name(edges[0].source)} gives") if edges else error.what
    problem = Problem(error.code, Severity.ERROR, name, message, error.hint, error.short, error.port)
    return Case(network, name, problem, shapes, error.suggestions)


def _with_problem(case: Case, common: dict[str, Any], fields: list[ReceptiveField | None]) -> NodeAnalysis:
    """Report a problem here; what follows goes on with the shape that its first fix would give."""
    fixes = verified_fixes(case)
    output = fixes[0].assumed if fixes else None
    field = None
    if output and len(fields) == len(case.shapes):
        fed = zip(case.edges, case.shapes, strict=True)  # a wire that names a partner brings no value of the partner's
        taken = [None if names_partner(case.network, edge) else reads_of(None, shape, output) for edge, shape in fed]
        field = receptive_field.of_output(fields, taken)
    return NodeAnalysis(
        State.ASSUMED if output else State.BLOCKED,
        output=output,
        problem=replace(case.problem, fixes=fixes),
        receptive_field=field,
        **common,
    )


def _field(node: Node, fields: list[ReceptiveField | None], found: Measure) -> ReceptiveField | None:
    assert found.output is not None
    if not fields:
        return receptive_field.of_input(found.output)
    if node.bypassed:
        return fields[0]
    return receptive_field.of_output(fields, found.reads)
