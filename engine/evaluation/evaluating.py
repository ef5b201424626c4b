"""A run on images it did not train on."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.data.loaded import LoadedData, Split
from engine.data.looks import Looks
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError
from engine.machine.devices import choose_device
from engine.project import Project
from engine.recipe.recipe import Device
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.tasks import Answers
from engine.tasks.answering import answer
from engine.tasks.evaluation import Evaluation
from engine.tasks.heads import heads_of
from engine.words import counted, thousands

BATCH = 128


def evaluate(
    run: RunFolder,
    split: str = "test",
    *,
    which: str | int = "best",
    data: LoadedData | None = None,
    device: Device = Device.AUTO,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> Evaluation:
    """Evaluate the "best", "last" or an epoch's weights of a run on its "train", "validation" or "test" images.

    ``data`` saves loading them again. ``looks`` is how each image is looked at, as the run says if left out. Raises
    `LayerloomError` when they cannot be had any more, or have changed, and when the network gives no number for one of
    them.
    """
    data = data or load_run_data(run, looks=looks, progress=progress)
    answers = answers_of(run, split, which=which, data=data, device=device, looks=looks, progress=progress)
    project = run.project()
    return project.task.evaluate(answers, project.training)


def answers_of(
    run: RunFolder,
    split: str,
    *,
    which: str | int = "best",
    data: LoadedData,
    device: Device = Device.AUTO,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> Answers:
    """What a run says of the images of one of its parts; raises `LayerloomError` when none of them can be read.

    ``looks`` is how each is looked at, as the data were loaded for if left out.
    """
    images = data.part(split)
    images = images.seen(looks) if looks else images
    place = torch.device(choose_device(device).value)
    project = run.project()
    model = run.load_model(which, logits=True).to(place)
    outputs, positions = run_split(model, images, project=project, device=place, progress=progress)
    numbers = np.isfinite(outputs).reshape(len(outputs), -1).all(axis=1)
    if lost := int((~numbers).sum()):
        given = f"{thousands(lost)} of {counted(len(outputs), 'image')}"
        raise LayerloomError(f"For {given} the network gives NaN or infinity, which says nothing: train it again.")
    meant = predictions_of(project, torch.from_numpy(outputs))
    return Answers(split, run.record.classes, outputs, meant, positions, images.targets.values, images.pipeline.looks)


def predictions_of(project: Project, outputs: torch.Tensor) -> NDArray[np.float64]:
    """What main outputs ``(N, …)`` mean, of a model that was loaded as the project's loss takes it."""
    loss = project.training.loss
    probabilities = heads_of(project.network).gives_probabilities(loss)
    found: NDArray[np.float64] = project.task.predictions(outputs, loss=loss, probabilities=probabilities).numpy()
    return found


@torch.no_grad()
def run_split(
    model: nn.Module, split: Split, *, project: Project, device: torch.device, progress: Listener | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The main outputs ``(N, …)`` for the images of a split that could be read, and their positions in it."""
    outputs, places, done = [], [], 0
    heads, task, loss = heads_of(project.network), project.task, project.training.loss
    for drawn, positions in split.at_test_time(BATCH, device=device, seed=project.training.seed):
        tell(progress, Progress("Evaluating", done, len(split), "images"))
        outputs.append(answer(model, drawn, heads=heads, task=task, loss=loss).cpu().double().numpy())
        places.append(positions.numpy())
        done += len(positions)
    if not places:
        raise LayerloomError("None of the images could be read any more.")
    return np.concatenate(outputs), np.concatenate(places)
