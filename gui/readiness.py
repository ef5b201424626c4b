"""Whether the network as drawn can train on the chosen data, and what to do if it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from engine.data.catalogue import CATALOGUE, FOLDER
from engine.layers import Layer
from engine.network import Network, analyse
from engine.words import counted, path
from gui.document import Document

_WIDTHS = ("out_features", "out_channels", "classes")
"""Settings that decide how many scores a layer gives."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why training cannot start, in one sentence, and perhaps the edit that would clear the way."""

    text: str
    fix_label: str = ""
    fix: Callable[[Network], object] | None = None


def obstacle(document: Document, *, folder_classes: int | None = None) -> Obstacle | None:
    """What blocks training now, or None. ``folder_classes`` counts the classes of an image folder, if known."""
    network, analysis = document.network, document.analysis
    if not len(network):
        return Obstacle("There is no network to train: draw one or open a template.")
    if analysis.errors:
        nodes = dict.fromkeys(path(problem.node) for problem in analysis.errors if problem.node)
        where = f": {', '.join(nodes)}" if nodes else ""
        verb = "blocks" if len(analysis.errors) == 1 else "block"
        return Obstacle(f"{counted(len(analysis.errors), 'error')} {verb} training{where}.")
    if len(network.inputs) != 1:
        return Obstacle(f"Training feeds one input, the network has {len(network.inputs)}.")
    if not network.outputs:
        return Obstacle("The network has no output: connect an Output to its last layer.")
    if not analysis.trainable_parameters:
        return Obstacle("The network has nothing to learn: no layer has trainable parameters.")
    return _data_obstacle(document, folder_classes)


def _data_obstacle(document: Document, folder_classes: int | None) -> Obstacle | None:
    data = document.project.data
    if data.name == FOLDER and not data.folder:
        return Obstacle("No image folder is chosen: choose one with a sub-folder for each class.")
    known = CATALOGUE.get(data.name)
    classes, title = (len(known.classes), known.title) if known else (folder_classes, "the folder")
    for name in document.network.outputs:
        shape = document.analysis[name].output
        if classes is not None and shape is not None and shape.elements != classes:
            text = (
                f"{path(name).capitalize()} gives {counted(shape.elements, 'class', 'classes')}, {title} has {classes}."
            )
            return _with_fix(text, document.network, name, classes)
    return None


def _with_fix(text: str, network: Network, output: str, classes: int) -> Obstacle:
    """The obstacle with the edit of the last layer that gives the right number of classes, tried on a copy."""
    for name in _upstream(network, output):
        layer = network.layer(name)
        field = next((field for field in _WIDTHS if field in type(layer).model_fields), None)
        if field is None:
            continue
        after = layer.with_settings(**{field: classes})
        trial = network.copy()
        trial.set_layer(name, after)
        shape = analyse(trial)[output].output
        if shape is not None and shape.elements == classes:
            return Obstacle(text, f"Set {path(name)} to {classes}", partial(_set_layer, name, after))
        break
    return Obstacle(text)


def _set_layer(name: str, layer: Layer, network: Network) -> None:
    network.set_layer(name, layer)


def _upstream(network: Network, name: str) -> Iterator[str]:
    """The nodes before ``name`` along first inputs."""
    while incoming := network.incoming(name):
        name = incoming[0].source
        yield name
