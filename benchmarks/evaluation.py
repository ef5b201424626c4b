"""Evaluating against a bare forward loop, 50 000 predictions browsed, and a matrix of 1 000 classes painted."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.timing import compared, milliseconds
from benchmarks.training import Case, cases, noise
from engine.compiling import compile_network
from engine.data.loaded import LoadedData
from engine.evaluation.evaluating import BATCH, predictions_of, run_split
from engine.project import Project
from engine.tasks import Answers
from engine.tasks.class_evaluation import Predictions, summarise

ROUNDS = 9
IMAGES, CLASSES, PAGE = 50_000, 100, 60
GOAL, GOAL_MS = 1.1, 50
_NETWORKS = ("lenet5_64", "fashion_cnn_128", "resnet18_128")


def run() -> dict[str, Any]:
    """``ratio`` is the most of all: the time of an evaluation, figures included, over that of a bare forward loop.

    One thread, and only the time it is busy; both take turns.
    """
    torch.set_num_threads(1)
    found = {name: measured(cases()[name], rounds=ROUNDS) for name in _NETWORKS}
    return {
        "ratio": max(one["ratio"] for one in found.values()),
        "goal": GOAL,
        "cases": found,
        "predictions_ms": browsing(predictions(IMAGES, CLASSES)),
        "predictions_goal_ms": GOAL_MS,
        "images": IMAGES,
        "matrix": painting(),
    }


def painting() -> dict[str, float]:
    """What `benchmarks.matrix` measures: the ms in which 1 000 classes are painted first, and once more."""
    from benchmarks import matrix

    return {**matrix.painted(), "goal_ms": 1000 * matrix.FRAME}


def measured(case: Case, *, rounds: int) -> dict[str, Any]:
    """Both on one network and its images, and µs an image."""
    data, project = noise(case), Project(case.network)
    model = compile_network(case.network, logits=True, seed=0).eval()
    ours, bare, ratio = compared(
        lambda: _evaluate(model, data, project), lambda: _forward(model, data), rounds=rounds + rounds % 2
    )
    images = len(data.train)
    return {
        "ratio": round(ratio, 3),
        "image_us": round(1e6 * ours / images, 1),
        "bare_us": round(1e6 * bare / images, 1),
        "images": images,
    }


def _evaluate(model: nn.Module, data: LoadedData, project: Project) -> None:
    outputs, positions = run_split(model, data.train, project=project, device=torch.device("cpu"))
    meant = predictions_of(project, torch.from_numpy(outputs))
    answers = Answers("train", data.classes, outputs, meant, positions, data.train.targets.values)
    project.task.evaluate(answers, project.training)


@torch.no_grad()
def _forward(model: nn.Module, data: LoadedData) -> None:
    """The images in batches through the network, and nothing else."""
    pixels = data.train.stored.read(torch.arange(len(data.train)))
    mean, std = (torch.tensor(one).view(1, -1, 1, 1) * 255 for one in (data.normalisation.mean, data.normalisation.std))
    for batch in torch.split(pixels, BATCH):
        model((batch.float() - mean) / std)


def predictions(images: int, classes: int) -> Predictions:
    """Answers at random."""
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.full(classes, 0.1), images)
    labels = random.integers(0, classes, images)
    return summarise("test", tuple(map(str, range(classes))), probabilities=probabilities, labels=labels).predictions


def browsing(found: Predictions) -> dict[str, float]:
    """The ms in which the first page comes: of all by loss, of the mistakes, of a class, and of a cell."""
    return {
        "sort": milliseconds(lambda: found.chosen(by="loss")[:PAGE]),
        "filter": milliseconds(lambda: found.chosen(right=False, by="loss")[:PAGE]),
        "class": milliseconds(lambda: found.chosen(true=1)[:PAGE]),
        "cell": milliseconds(lambda: found.in_cell(1, 2)[:PAGE]),
    }
