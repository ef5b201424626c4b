"""What scripts read: networks, problems and layers as JSON values; needs no torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.choices import Choice, Registry
from engine.layers import LAYERS, Layer, Shape
from engine.layers.input_output import Output
from engine.network import Analysis, Network, Problem, Severity


def summary(network: Network, analysis: Analysis, *, batch: int = 1) -> dict[str, Any]:
    """Shapes and cost of every node in topological order. Counts are for one image, bytes for ``batch`` images.

    ``evaluation_multiply_adds`` leaves out what only auxiliary outputs need, as evaluation does.
    """
    resting = _only_for_training(network)
    return {
        "name": network.name,
        "inputs": {name: _sizes(analysis[name].output) for name in network.inputs},
        "outputs": {name: _sizes(analysis[name].output) for name in network.outputs},
        "total_parameters": analysis.parameters,
        "trainable_parameters": analysis.trainable_parameters,
        "multiply_adds": analysis.multiply_adds,
        "evaluation_multiply_adds": analysis.multiply_adds - sum(analysis[name].multiply_adds for name in resting),
        "batch": batch,
        "activation_bytes": analysis.activation_bytes(batch),
        "layers": [_node(network, analysis, name) for name in analysis.nodes],
    }


def _only_for_training(network: Network) -> set[str]:
    """The nodes that only auxiliary outputs depend on; none where all outputs are auxiliary."""
    found: set[str] = set()
    for name in reversed(network.topological()):
        layer, readers = network.layer(name), [edge.target for edge in network.outgoing(name)]
        if (isinstance(layer, Output) and layer.auxiliary) or (readers and found.issuperset(readers)):
            found.add(name)
    return set() if found.issuperset(network.outputs) else found


def _node(network: Network, analysis: Analysis, name: str) -> dict[str, Any]:
    node = analysis[name]
    return {
        "name": name,
        "layer": type(network.layer(name)).__name__,
        "inputs": [_sizes(shape) for shape in node.inputs],
        "output": _sizes(node.output),
        "parameters": node.parameters,
        "multiply_adds": node.multiply_adds,
        "receptive_field": list(node.receptive_field.size) if node.receptive_field else None,
    }


def check(problems: Sequence[Problem]) -> dict[str, Any]:
    """Whether a project can be trained, and what is wrong with it."""
    blocked = any(problem.severity.blocks for problem in problems)
    return {"ok": not blocked, "problems": [_problem(problem) for problem in problems]}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": str(Severity.ERROR if problem.severity.blocks else problem.severity),
        "node": problem.node,
        "message": problem.message,
        "hint": problem.hint,
        "fixes": [{"label": fix.label, "effect": fix.effect} for fix in problem.fixes],
    }


def layers() -> list[dict[str, Any]]:
    """Every layer there is, with the default of each setting."""
    return [
        {
            "name": name,
            "title": layer.title,
            "family": layer.family.value,
            "settings": {key: _default(layer, key) for key in layer.model_fields},
        }
        for name, layer in LAYERS.items()
    ]


def _default(layer: type[Layer], key: str) -> Any:
    field = layer.model_fields[key]
    value = field.get_default(call_default_factory=True)
    return None if field.is_required() else list(value) if isinstance(value, tuple) else value


def _sizes(shape: Shape | None) -> list[int] | None:
    return None if shape is None else list(shape)


def choices(registries: Sequence[Registry[Choice]]) -> dict[str, Any]:
    """Everything that can be chosen, by registry, with the JSON schema of its settings; recipes with a person's own."""
    from engine.recipe.own_presets import OwnPresets
    from engine.recipe.presets import RECIPES

    found = {registry.title: [kind.to_json() for kind in registry.values()] for registry in registries}
    if RECIPES.title in found:
        found[RECIPES.title] += [preset.to_json() for preset in OwnPresets().all()]
    return found
