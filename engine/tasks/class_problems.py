"""Where a network does not tell the classes of its data apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.layers import Layer, Shape
from engine.layers.input_output import Output
from engine.network.names import leaf
from engine.network.network import Network
from engine.network.problems import Fix, Problem, Severity
from engine.network.results import Analysis
from engine.words import counted, thousands


def class_problems(analysis: Analysis, classes: int | None, *, data: str) -> Iterator[Problem]:
    """Problems of training this network on images of ``classes`` classes, None where that is not known yet.

    ``data`` names them: "the folder".
    """
    for name, node in analysis.nodes.items():
        if not isinstance(node.layer, Output) or node.output is None:
            continue
        title = leaf(name)[0].upper() + leaf(name)[1:]
        if not node.output.is_vector:
            wanted = "one score a class" if classes is None else f"a vector of {counted(classes, 'class', 'classes')}"
            message = f"{title} gives {node.output} maps, but {data} needs {wanted}."
            hint = "Flatten, or a global average pool and a Linear, make scores of maps."
            yield Problem("output_not_vector", Severity.ERROR, name, message, hint, "not a vector")
        elif classes is not None and node.output.channels != classes:
            given = counted(node.output.channels, "class", "classes")
            message = f"{title} gives {given}, {data} has {thousands(classes)}."
            hint = f"Set the last layer before {name} to {classes} features."
            fixes = _set_classes(analysis, node.sources[0], classes)
            yield Problem("classes_differ", Severity.ERROR, name, message, hint, "classes differ", fixes=fixes)


def _set_classes(analysis: Analysis, name: str, classes: int) -> tuple[Fix, ...]:
    """Set the layer that decides how many scores the output gets, looking up through those that keep the shape."""
    while True:
        node = analysis[name]
        if setting := node.layer.width_setting:
            fix = Fix(
                f"Set {leaf(name)} to {classes}",
                f"{leaf(name)} then gives one score for each class.",
                partial(_set, name=name, settings={setting: classes}),
                Shape(classes),
            )
            return (fix,)
        if len(node.sources) != 1 or not node.output or node.inputs[0] is None:
            return ()
        if node.inputs[0].channels != node.output.channels:
            return ()
        name = node.sources[0]


def _set(network: Network, *, name: str, settings: dict[str, int]) -> None:
    layer: Layer = network.layer(name).with_settings(**settings)
    network.set_layer(name, layer)
