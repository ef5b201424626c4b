"""What follows from a drawing: shapes, parameters, multiply-adds, memory, receptive field, problems."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.layers import Shape, ShapeMismatch
from engine.network.network import Network
from engine.network.problems import Problem, Severity


class State(StrEnum):
    """How sure a node's output shape is."""

    KNOWN = "known"
    ASSUMED = "assumed"  # the shape that the first fix of a problem here or above would give
    BLOCKED = "blocked"  # no shape can be assumed


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The part of the input that one value depends on, in input pixels, rows first.

    ``size`` pixels; neighbours in this node's output are ``jump`` input pixels apart; the centre of the first
    value's field lies at ``start`` (0.5 is the middle of the first pixel). Araujo et al., Distill 2019.
    """

    size: tuple[int, int]
    jump: tuple[float, float]
    start: tuple[float, float]


@dataclass(frozen=True, slots=True)
class NodeAnalysis:
    """All that is derived for one node. Counts are for one image; ``inputs`` and ``output`` without batch axis."""

    state: State
    inputs: tuple[Shape | None, ...] = ()
    output: Shape | None = None
    parameters: int = 0
    trainable_parameters: int = 0
    multiply_adds: int = 0
    receptive_field: ReceptiveField | None = None
    problem: Problem | None = None  # the error reported here, if any

    @property
    def activation_elements(self) -> int:
        """Values in the output of one image."""
        return self.output.elements if self.output else 0


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis of one state of a network; never changes afterwards."""

    nodes: dict[str, NodeAnalysis]  # in topological order
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> NodeAnalysis:
        return self.nodes[name]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that block training."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(p for p in self.problems if p.severity is Severity.WARNING)

    @property
    def ok(self) -> bool:
        """Whether the network can be compiled and trained."""
        return not self.errors

    @property
    def parameters(self) -> int:
        """Learned values in all nodes."""
        return sum(node.parameters for node in self.nodes.values())

    @property
    def trainable_parameters(self) -> int:
        """Learned values in nodes that are not frozen."""
        return sum(node.trainable_parameters for node in self.nodes.values())

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds for one image; convolutions and matrix products only."""
        return sum(node.multiply_adds for node in self.nodes.values())

    def activation_bytes(self, batch: int = 1, bytes_per_value: int = 4) -> int:
        """Bytes of all node outputs at a batch size."""
        return batch * bytes_per_value * sum(node.activation_elements for node in self.nodes.values())


class Analyser:
    """Keeps the analysis of one network current: after an edit it visits only what the edit can have changed.

    It listens to ``network.changed``; `update` brings the analysis up to date. ``visited`` is how many nodes the
    last update looked at, ``changed`` the names whose `NodeAnalysis` differs from before.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.analysis = Analysis({})
        self.visited = 0
        self.changed: frozenset[str] = frozenset()

    def update(self) -> Analysis:
        """Bring the analysis up to date and return it."""
        self.analysis = analyse(self.network)
        self.visited, self.changed = len(self.analysis.nodes), frozenset(self.analysis.nodes)
        return self.analysis

    def close(self) -> None:
        """Stop listening to the network."""


def analyse(network: Network) -> Analysis:
    """Everything that follows from a network, computed once and whole."""
    nodes: dict[str, NodeAnalysis] = {}
    problems: list[Problem] = []
    for name in network.topological():
        layer = network.layer(name)
        sources = [nodes[edge.source].output for edge in network.incoming(name)]
        shapes = [shape for shape in sources if shape is not None]
        if len(shapes) < len(sources) or len(sources) < len(layer.input_ports):
            nodes[name] = NodeAnalysis(State.BLOCKED, tuple(sources))
            continue
        try:
            output = layer.output_shape(*shapes)
        except ShapeMismatch as error:
            problem = Problem(error.code, Severity.ERROR, name, error.what, error.hint, error.short)
            problems.append(problem)
            nodes[name] = NodeAnalysis(State.BLOCKED, tuple(sources), problem=problem)
            continue
        parameters = layer.parameter_count(*shapes)
        nodes[name] = NodeAnalysis(
            State.KNOWN, tuple(sources), output, parameters, parameters, layer.multiply_adds(*shapes)
        )
    return Analysis(nodes, tuple(problems))
