"""Where a network does not tell the classes of its data apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.layers import Layer, Shape
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.input_output import Output
from engine.layers.linear import Linear
from engine.layers.reshaping import Flatten
from engine.network.edits import insert_on_edge
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.parts import Edge
from engine.network.problems import Fix, Problem, Severity
from engine.network.results import Analysis, NodeAnalysis
from engine.recipe.loss import LOSSES, Loss
from engine.words import counted, thousands


def class_problems(analysis: Analysis, classes: int | None, *, data: str, loss: Loss) -> Iterator[Problem]:
    """Problems of training this network with ``loss`` on images of ``classes`` classes, None while that is not known.

    ``data`` names them: "the folder".
    """
    for name, node in analysis.nodes.items():
        if not isinstance(node.layer, Output) or node.output is None:
            continue
        title = short_name(name)[0].upper() + short_name(name)[1:]
        if not node.output.is_vector:
            wanted = "one score a class" if classes is None else f"a vector of {counted(classes, 'class', 'classes')}"
            message = f"{title} gives {node.output} maps, but {data} needs {wanted}."
            hint = "Flatten, or a global average pool and a Linear, make scores of maps."
            fixes: tuple[Fix, ...] = (_make_scores(Edge(node.sources[0], name), classes or None),)
            yield Problem("output_not_vector", Severity.ERROR, name, message, hint, "not a vector", fixes=fixes)
        elif classes is not None and node.output.channels not in loss.outputs_for(classes):
            message = f"{title} gives {_told_apart(node.output.channels, loss)}, {data} has {thousands(classes)}."
            hint = f"Set the last layer before {short_name(name)} to {counted(classes, 'feature')}{_or(classes, node)}."
            fixes = tuple(_give_classes(analysis, name, classes)) if classes else ()  # a damaged record names none
            yield Problem("classes_differ", Severity.ERROR, name, message, hint, "classes differ", fixes=fixes)


def _told_apart(outputs: int, loss: Loss) -> str:
    if outputs == 1 and loss.one_output:
        return "one score, which tells 2 classes apart"
    return counted(outputs, "class", "classes")


def _or(classes: int, node: NodeAnalysis) -> str:
    """The losses that would take one output as it is."""
    fitting = [kind.title for kind in LOSSES.values() if kind().outputs_for(classes)[0] == 1]
    single = classes == 2 and node.output is not None and node.output.channels == 1
    return f", or choose {' or '.join(fitting)} as the loss" if single and fitting else ""


def _make_scores(edge: Edge, classes: int | None) -> Fix:
    """Put into the wire of an output what makes a score a class of its maps, or a vector while no classes are known."""
    layers: tuple[Layer, ...] = (GlobalAvgPool(), Flatten())
    if classes is None:
        return Fix(
            "Insert global average pool", "Each map becomes its mean.", partial(_insert, edge=edge, layers=layers)
        )
    effect = "Each map becomes its mean, and a fully connected layer gives a score a class."
    edit = partial(_insert, edge=edge, layers=(*layers, Linear(out_features=classes)))
    return Fix(f"Average and insert Linear {thousands(classes)}", effect, edit, Shape(classes))


def _give_classes(analysis: Analysis, output: str, classes: int) -> Iterator[Fix]:
    """Set the layer that decides how many scores an output gets, or insert one before those that keep their number."""
    edge = Edge(analysis[output].sources[0], output)
    name = edge.source
    while (node := analysis[name]) and not node.layer.width_setting:
        above = node.inputs[0] if len(node.sources) == 1 else None
        if above is None or not node.output or above.channels != node.output.channels:
            break
        if above.is_vector:
            edge = Edge(node.sources[0], name)
        name = node.sources[0]
    said = thousands(classes)
    if setting := node.layer.width_setting:
        effect = f"{short_name(name)} then gives one score for each class."
        edit = partial(_set, name=name, settings={setting: classes})
        yield Fix(f"Set {short_name(name)} to {said}", effect, edit, Shape(classes))
    effect = "A fully connected layer then gives one score for each class."
    insert = partial(_insert, edge=edge, layers=(Linear(out_features=classes),))
    yield Fix(f"Insert Linear {said}", effect, insert, Shape(classes))


def _insert(network: Network, *, edge: Edge, layers: tuple[Layer, ...]) -> None:
    """Put layers, the first above the others, into the first wire between two nodes."""
    wire = next(other for other in network.incoming(edge.target) if other.source == edge.source)
    for layer in layers:
        wire = wire._replace(source=insert_on_edge(network, layer, wire))


def _set(network: Network, *, name: str, settings: dict[str, int]) -> None:
    network.set_layer(name, network.layer(name).with_settings(**settings))
