"""What runs, in which order: the torch-free half of compiling, shared by the compiler and the source export."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from engine.layers import Call, Layer, Shape
from engine.layers.input_output import Output
from engine.network import Analysis, Network, State, analyse, names
from engine.network.partners import reads


@dataclass(frozen=True, slots=True)
class Step:
    """What one node does: ``call`` on the outputs of the nodes ``sources``.

    Without a call it is an input (no sources), or it hands its only input on: an output, a bypassed node, a final
    activation that is left out.
    """

    node: str
    call: Call | None
    sources: tuple[str, ...]
    shape: Shape
    frozen: bool = False
    training_only: bool = False  # only auxiliary outputs depend on it


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps that lead to an output, every step after its sources; and the ends of the network."""

    steps: dict[str, Step]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    auxiliary: frozenset[str]

    def outputs_in(self, *, training: bool) -> tuple[str, ...]:
        """The outputs that a forward pass gives: auxiliary ones in training mode only."""
        if training or self.auxiliary.issuperset(self.outputs):
            return self.outputs
        return tuple(name for name in self.outputs if name not in self.auxiliary)


def plan(network: Network, *, analysis: Analysis | None = None, left_out: Collection[str] = ()) -> Plan:
    """The steps of everything that can run and leads to an output.

    Without outputs, or with errors elsewhere, it is everything that can run: the code of a half-drawn network.
    ``analysis`` must be current, and is made if left out. The nodes ``left_out`` hand their input on.
    """
    analysis = analysis or analyse(network)
    steps = _runnable(network, analysis, left_out=left_out)
    outputs = tuple(name for name in network.outputs if name in steps)
    if analysis.ok and outputs:
        needed = _upstream(steps, outputs)
        steps = {name: step for name, step in steps.items() if name in needed}
    return _marked(network, steps, _ends(steps))


def final_layers(network: Network, wanted: Callable[[Layer], bool]) -> tuple[str, ...]:
    """The nodes with ``wanted`` layers whose only way out is an output.

    What hands its input on in evaluation (an identity, dropout, a bypassed node) may stand between.
    """
    ends = dict.fromkeys(value_behind(network, name) for name in network.outputs)
    return tuple(name for name in ends if name and wanted(network.layer(name)) and _only_goes_out(network, name))


def final_softmaxes(network: Network) -> tuple[str, ...]:
    """The `final_layers` that are softmaxes, which a loss that takes logits applies itself."""
    return final_layers(network, lambda layer: layer.gives_probabilities)


def value_behind(network: Network, name: str) -> str:
    """The node whose value the node ``name`` reads, beyond those that hand it on; "" where there is none."""
    while edge := next(iter(network.incoming(name)), None):
        name = edge.source
        if not _hands_on(network, name):
            return name
    return ""


def _hands_on(network: Network, name: str) -> bool:
    return network[name].bypassed or network.layer(name).hands_on


def _only_goes_out(network: Network, name: str) -> bool:
    """Whether outputs alone read a node's value, at once or as it is handed on."""
    waiting = [name]
    while waiting:
        for edge in network.outgoing(waiting.pop()):
            if _hands_on(network, edge.target):
                waiting.append(edge.target)
            elif not isinstance(network.layer(edge.target), Output):
                return False
    return True


def frozen_parts(steps: Plan) -> list[str]:
    """The fewest blocks and nodes that hold exactly the frozen modules."""
    modules = [step for step in steps.steps.values() if step.call is not None and step.call.is_module]
    training = {prefix for step in modules if not step.frozen for prefix in names.prefixes(step.node)}
    chosen = (
        next((prefix for prefix in names.prefixes(step.node) if prefix not in training), step.node)
        for step in modules
        if step.frozen
    )
    return list(dict.fromkeys(chosen))


def _runnable(network: Network, analysis: Analysis, *, left_out: Collection[str]) -> dict[str, Step]:
    """A step for each node whose own shape and whose sources are known."""
    steps: dict[str, Step] = {}
    for name, derived in analysis.nodes.items():
        node = network[name]
        sources = tuple(source for source in reads(network, name) if source)
        if derived.state is not State.KNOWN or derived.output is None or not all(s in steps for s in sources):
            continue
        passes_on = node.bypassed or name in left_out
        call = None if passes_on else derived.layer.call(*derived.inputs)
        steps[name] = Step(name, call, sources[:1] if call is None else sources, derived.output, node.frozen)
    return steps


def _marked(network: Network, steps: dict[str, Step], outputs: tuple[str, ...]) -> Plan:
    """The plan of ``steps``, with what only auxiliary outputs need marked as training only."""
    auxiliary = frozenset(name for name in outputs if _is_auxiliary(network.layer(name)))
    always = _upstream(steps, [name for name in outputs if name not in auxiliary] or outputs)
    marked = {name: replace(step, training_only=True) for name, step in steps.items() if name not in always}
    inputs = tuple(name for name, step in steps.items() if not step.sources)
    return Plan({**steps, **marked}, inputs, outputs, auxiliary)


def _is_auxiliary(layer: Layer) -> bool:
    return isinstance(layer, Output) and layer.auxiliary


def _upstream(steps: dict[str, Step], ends: Iterable[str]) -> set[str]:
    """The ends and every step that they depend on."""
    needed: set[str] = set()
    waiting = list(ends)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += steps[name].sources
    return needed


def _ends(steps: dict[str, Step]) -> tuple[str, ...]:
    """The steps that no other step reads."""
    read = {source for step in steps.values() for source in step.sources}
    return tuple(name for name in steps if name not in read)
