"""Whether the network as drawn can train on the chosen data, and what to do if it cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.data.catalogue import CATALOGUE, FOLDER
from engine.network import Network
from engine.tasks.data_check import check_data
from engine.words import counted, path_text
from gui.document import Document


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
        nodes = dict.fromkeys(path_text(problem.node) for problem in analysis.errors if problem.node)
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
    problem = None if classes is None else next(check_data(document.analysis, classes, data=title), None)
    if problem is None:
        return None
    if not problem.fixes:
        return Obstacle(problem.message)
    return Obstacle(problem.message, problem.fixes[0].label, problem.fixes[0].edit)
