"""What brings project files of older versions up, version by version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]

_SPLIT = ("validation", "test", "seed")


def _from_version_1(document: Document) -> Document:
    """Choices became objects with their settings, data were split into source and split, the task got a name."""
    document = {**document, "version": 2}
    for part, bring_up in (("training", _training_from_version_1), ("data", _data_from_version_1)):
        if isinstance(document.get(part), dict):
            document[part] = bring_up(document[part])
    return document


def _training_from_version_1(training: Document) -> Document:
    """Momentum stood beside the optimiser, whether or not that had any."""
    training = dict(training)
    momentum = training.pop("momentum", None)
    if training.get("optimiser") == "sgd" and momentum is not None:
        training["optimiser"] = {"name": "sgd", "momentum": momentum}
    return training


def _data_from_version_1(data: Document) -> Document:
    """The name said which source it is; ``folder`` was kept beside it even for a data set."""
    data = dict(data)
    name, folder = data.pop("name", "digits"), data.pop("folder", "")
    source = {"name": name, "path": folder} if name == "folder" else name
    split = {key: data.pop(key) for key in _SPLIT if key in data}
    return {**data, "source": source, "split": split}


def _from_version_2(document: Document) -> Document:
    """Weight decay left nothing out: where there is any, it goes on so."""
    document = {**document, "version": 3}
    training = document.get("training")
    if isinstance(training, dict) and training.get("weight_decay"):
        document["training"] = {"decay_leaves_out": "nothing", **training}
    return document


VERSION = 3
MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _from_version_1, 2: _from_version_2}
"""For each older version, what turns its file into one of the next version."""
