"""The values that an analysis gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.layers import Formula, Layer, Shape
from engine.network.problems import Problem, Severity, of_severity
from engine.network.receptive_field import ReceptiveField


class State(StrEnum):
    """How sure a node's output shape is."""

    KNOWN = "known"
    ASSUMED = "assumed"  # the shape that the first fix of a problem here or above would give
    BLOCKED = "blocked"  # no shape can be assumed


@dataclass(frozen=True, slots=True)
class NodeAnalysis:
    """All that is derived for one node. Counts are for one image; ``inputs`` and ``output`` without batch axis.

    ``sources`` are the names of the nodes that feed it, in port order; ``layer`` is what works here: a layer that
    has a partner is paired with it, and its input there is what the partner reads.
    """

    state: State
    layer: Layer
    inputs: tuple[Shape | None, ...] = ()
    output: Shape | None = None
    parameters: int = 0
    trainable_parameters: int = 0
    multiply_adds: int = 0
    receptive_field: ReceptiveField | None = None
    problem: Problem | None = None  # the error reported here, if any
    sources: tuple[str, ...] = ()
    bypassed: bool = False

    @property
    def trainable_weights(self) -> int:
        """Learned values in it that are neither biases, nor scales, nor shifts; 0 while it is frozen."""
        return self.layer.weight_count(*self.inputs) if self.trainable_parameters and self.complete else 0

    @property
    def activation_elements(self) -> int:
        """Values in the output of one image."""
        return self.output.elements if self.output else 0

    @property
    def complete(self) -> bool:
        """Whether every input that is connected has a shape."""
        return None not in self.inputs

    @property
    def counted(self) -> bool:
        """Whether its cost is known: what it gives is not merely assumed here."""
        return self.output is not None and self.problem is None

    def summary(self) -> str:
        """The key settings in one line, as far as the inputs tell."""
        return self.layer.summary(*self.inputs) if self.complete else self.layer.summary()

    def explain(self) -> list[Formula]:
        """The arithmetic of the layer, or nothing while it is bypassed, has an error or lacks an input."""
        waits = self.state is State.BLOCKED or len(self.inputs) < len(self.layer.input_ports)
        if self.bypassed or self.problem or waits:
            return []
        return self.layer.explain(*self.inputs)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis of one state of a network; never changes afterwards."""

    nodes: dict[str, NodeAnalysis]  # in topological order
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> NodeAnalysis:
        return self.nodes[name]

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The problems that block training: errors, and what is not drawn yet."""
        return tuple(problem for problem in self.problems if problem.severity.blocks)

    @property
    def ok(self) -> bool:
        """Whether the network can be compiled and trained."""
        return not self.blocking

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems of what is drawn that block training."""
        return of_severity(self.problems, Severity.ERROR)

    @property
    def unfinished(self) -> tuple[Problem, ...]:
        """What is not drawn yet and blocks training."""
        return of_severity(self.problems, Severity.UNFINISHED)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not block training."""
        return of_severity(self.problems, Severity.WARNING)

    @property
    def parameters(self) -> int:
        """Learned values in all nodes."""
        return sum(node.parameters for node in self.nodes.values())

    @property
    def trainable_parameters(self) -> int:
        """Learned values in nodes that are not frozen."""
        return sum(node.trainable_parameters for node in self.nodes.values())

    @property
    def trainable_weights(self) -> int:
        """Those of them that are neither biases, nor scales, nor shifts."""
        return sum(node.trainable_weights for node in self.nodes.values())

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds for one image; convolutions and matrix products only."""
        return sum(node.multiply_adds for node in self.nodes.values())

    def activation_bytes(self, batch: int = 1, bytes_per_value: int = 4) -> int:
        """Bytes of all node outputs at a batch size."""
        return batch * bytes_per_value * sum(node.activation_elements for node in self.nodes.values())
