"""What nodes, blocks and wires say, as plain values: items repaint when theirs differs from before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from engine.layers import Family, Layer, Shape, ShapeMismatch
from engine.network import Analysis, Edge, Network, NodeAnalysis, Problem, State
from engine.network.names import block_name, short_name
from engine.network.partners import names_partner
from engine.words import counted, known_part, shape_text, si
from gui.draw.canvas.model.outline import Outline

SAME_SHAPE = "same shape"


@dataclass(frozen=True, slots=True)
class Face:
    """The text and the state of a node or block; ``family`` is None for a block."""

    title: str
    family: Family | None
    shape: str = ""
    kind: str = ""  # beside the title of a slim node
    detail: str = ""
    cost: str = ""
    slim: bool = False
    state: State = State.KNOWN
    error: bool = False
    unfinished: bool = False
    warning: bool = False
    frozen: bool = False
    bypassed: bool = False

    @property
    def looks_open(self) -> bool:
        """Whether it waits for what is not drawn, or not mended, yet: dotted and muted."""
        return (self.unfinished or self.state is State.BLOCKED) and not self.error


class WireState(StrEnum):
    """How sure the value on a wire is."""

    KNOWN = "known"
    MISMATCH = "mismatch"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WireFace:
    """The label of a wire and its state; ``changes`` if the value has another shape than what its node got.

    A wire that ``names`` a node says what for, beside the port that takes it.
    """

    label: str
    state: WireState
    changes: bool = True
    names: bool = False


def kind_of(layer: Layer) -> str:
    """The layer's title inside a sentence: "batch norm", but "ReLU"."""
    title = layer.title
    return title if title[1:] != title[1:].lower() else title[:1].lower() + title[1:]


def _kind_beside(title: str, layer: Layer, detail: str) -> str:
    """What stands beside the title of a slim node: its kind, or its settings if the title says the kind already."""
    kind = kind_of(layer)
    return detail if title.casefold().startswith(kind.casefold()) and detail.casefold() != kind.casefold() else kind


class Faces:
    """Makes faces from a network and its analysis."""

    def __init__(self, network: Network, analysis: Analysis, outline: Outline) -> None:
        self._network = network
        self._analysis = analysis
        self._outline = outline
        self._problems: dict[str, Problem] = {}
        for problem in (*analysis.warnings, *analysis.unfinished, *analysis.errors):
            self._problems[problem.node] = problem
        self._warned = {problem.node for problem in analysis.warnings}
        self._unfinished = {problem.node for problem in analysis.unfinished}
        self._wrong = {problem.node for problem in analysis.errors}

    @property
    def problem_nodes(self) -> frozenset[str]:
        """Nodes with a problem."""
        return frozenset(self._problems)

    def of(self, name: str, *, values: Iterable[str] = ()) -> Face:
        """The face of an entry; ``values`` are the nodes whose outputs leave it, if it is a block."""
        return self._of_block(name, tuple(values)) if self._outline.is_block(name) else self._of_node(name)

    def _of_node(self, name: str) -> Face:
        node, found = self._network[name], self._analysis.nodes.get(name)
        layer = node.layer
        detail = found.summary() if found else layer.summary()
        return Face(
            short_name(name),
            layer.family,
            self._shape_of(name, layer, found),
            kind=_kind_beside(short_name(name), layer, detail) if layer.keeps_shape else "",
            detail=detail,
            slim=layer.keeps_shape,
            state=found.state if found else State.BLOCKED,
            error=name in self._wrong,
            unfinished=name in self._unfinished,
            warning=name in self._warned,
            frozen=node.frozen,
            bypassed=node.bypassed,
        )

    def _shape_of(self, name: str, layer: Layer, found: NodeAnalysis | None) -> str:
        if self._network[name].bypassed:
            return "bypassed"
        if name in self._wrong or name in self._unfinished:
            return self._problems[name].short or "error"
        if found is None or found.output is None:
            return "blocked"
        return SAME_SHAPE if layer.keeps_shape else str(found.output)

    def _of_block(self, name: str, values: tuple[str, ...]) -> Face:
        members = list(self._outline.members(name))
        found = [node for member in members if (node := self._analysis.nodes.get(member))]
        last = self._analysis.nodes.get(max(values or self._ends(members), key=self._network.order))
        output = last.output if last else None
        parameters, macs = sum(node.parameters for node in found), sum(node.multiply_adds for node in found)
        known = len(found) == len(members) and all(node.counted for node in found)
        wrong = [member for member in members if member in self._wrong]
        return Face(
            block_name(name),
            None,
            "blocked" if output is None else str(output),
            detail=self.block_kind(name),
            cost=f"{known_part(si(parameters), known=known, value=parameters)} params · "
            f"{known_part(si(macs), known=known, value=macs)} MACs",
            state=last.state if last else State.BLOCKED,
            error=bool(wrong),
            unfinished=any(member in self._unfinished for member in members),
            warning=any(member in self._warned for member in members),
            frozen=all(self._network[member].frozen for member in members),
            bypassed=all(self._network[member].bypassed for member in members),
        )

    def _ends(self, members: list[str]) -> list[str]:
        """The nodes of a block that feed no other of it; not the last in order, which hangs on what is outside."""
        inside = set(members)
        return [name for name in members if not any(e.target in inside for e in self._network.outgoing(name))]

    def block_kind(self, name: str) -> str:
        """What a block is made of: "2 × BasicBlock", or "12 layers"."""
        own = self._network.block(name).kind
        kinds = Counter(kind for child in self._outline.children(name) if (kind := self._network.block(child).kind))
        made_of = ", ".join(f"{count} × {kind}" for kind, count in sorted(kinds.items()))
        return own or made_of or counted(sum(1 for _ in self._outline.members(name)), "layer")

    # Wires

    def of_wire(self, edges: Iterable[Edge]) -> WireFace:
        """The face of the link that draws ``edges``, which carry one value; wrong only if it is wrong for all.

        Where they carry none, as they only name a node, it says what for: "switches".
        """
        edges = sorted(edges, key=lambda edge: (self._network.order(edge.target), edge.port))  # however they came about
        problems = [self._mismatch(edge) for edge in edges]
        if problems[0] is not None and all(problems):
            return WireFace(self._mismatch_label(edges[0], problems[0]), WireState.MISMATCH)
        face = self._of_value(edges[0].source)
        return replace(face, label=edges[0].port, names=True) if self._name_a_node(edges) else face

    def _name_a_node(self, edges: Iterable[Edge]) -> bool:
        return all(names_partner(self._network, edge) for edge in edges)

    def _of_value(self, source: str) -> WireFace:
        found = self._analysis.nodes.get(source)
        if found is None or found.output is None:
            return WireFace("?", WireState.UNKNOWN)
        changes = found.output not in found.inputs
        if found.state is State.ASSUMED:
            return WireFace(f"{found.output} assumed", WireState.ASSUMED, changes)
        return WireFace(str(found.output), WireState.KNOWN, changes)

    def _mismatch(self, edge: Edge) -> Problem | None:
        """The error that the value on an edge is the cause of."""
        problem = self._problems.get(edge.target)
        if problem is None or edge.target not in self._wrong or not self._shape_on(edge):
            return None
        if problem.port:
            return problem if problem.port == edge.port else None
        alone = len(self._network.incoming(edge.target)) == 1
        return problem if alone or self._differ(edge, self._leading(edge.target)) else None

    def _leading(self, target: str) -> Edge:
        """The edge into a merge that has the shape, or else the size, which it goes on with; the first if none has."""
        edges, output = self._network.incoming(target), self._analysis.nodes[target].output
        shapes = [(edge, shape) for edge in edges if (shape := self._shape_on(edge)) and output]
        whole = (edge for edge, shape in shapes if shape == output)
        size = (edge for edge, shape in shapes if output and shape[1:] == output[1:])
        return next(chain(whole, size, edges))

    def _differ(self, edge: Edge, leading: Edge) -> bool:
        """Whether an edge, and not the leading one into the same merge, has the shape that does not fit."""
        shape, other = self._shape_on(edge), self._shape_on(leading)
        if shape is None or other is None or leading == edge:
            return False
        try:
            self._network.layer(edge.target).output_shape(other, shape)
        except ShapeMismatch:
            return True
        return False

    def _mismatch_label(self, edge: Edge, problem: Problem) -> str:
        if self._name_a_node([edge]):
            return problem.short
        shape = self._shape_on(edge)
        wanted = self._wanted(edge, problem)
        return f"{shape_text(shape)} ≠ {wanted}" if wanted and wanted != shape else shape_text(shape)

    def _wanted(self, edge: Edge, problem: Problem) -> Shape | None:
        """The shape that would fit: what the other paths give, or the vector that a flattening would."""
        others = [other for other in self._network.incoming(edge.target) if other != edge]
        if others:
            leading = self._leading(edge.target)
            return self._shape_on(leading if leading in others else others[0])
        shape = self._shape_on(edge)
        return Shape(shape.elements) if shape and problem.code == "needs_vector" else None

    def _shape_on(self, edge: Edge) -> Shape | None:
        found = self._analysis.nodes.get(edge.source)
        return found.output if found else None
