"""A run on images it did not train on."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.data.loaded import LoadedData, Split
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError
from engine.machine.devices import choose_device
from engine.project import Project
from engine.recipe.recipe import Device
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.tasks import Answers
from engine.tasks.evaluation import Evaluation
from engine.tasks.heads import Heads, heads_of
from engine.words import counted, thousands

BATCH = 128


def evaluate(
    run: RunFolder,
    split: str = "test",
    *,
    which: str | int = "best",
    data: LoadedData | None = None,
    device: Device = Device.AUTO,
    progress: Listener | None = None,
) -> Evaluation:
    """Evaluate the "best", "last" or an epoch's weights of a run on its "train", "validation" or "test" images.

    ``data`` saves loading them again. Raises `LayerloomError` when they cannot be had any more, or have changed, and
    when the network gives no number for one of them.
    """
    data = data or load_run_data(run, progress=progress)
    answers = answers_of(run, split, which=which, data=data, device=device, progress=progress)
    project = run.project()
    return project.task.evaluate(answers, project.training)


def answers_of(
    run: RunFolder,
    split: str,
    *,
    which: str | int = "best",
    data: LoadedData,
    device: Device = Device.AUTO,
    progress: Listener | None = None,
) -> Answers:
    """What a run says of the images of one of its parts; raises `LayerloomError` when none of them can be read."""
    images = split_with_images(data, split)
    place = torch.device(choose_device(device).value)
    project = run.project()
    model = run.load_model(which, logits=project.training.loss.takes_scores).to(place)
    outputs, positions = run_split(model, images, heads=heads_of(project.network), device=place, progress=progress)
    numbers = np.isfinite(outputs).reshape(len(outputs), -1).all(axis=1)
    if lost := int((~numbers).sum()):
        given = f"{thousands(lost)} of {counted(len(outputs), 'image')}"
        raise LayerloomError(f"For {given} the network gives NaN or infinity, which says nothing: train it again.")
    meant = predictions_of(project, torch.from_numpy(outputs))
    return Answers(split, run.record.classes, outputs, meant, positions, images.targets.values)


def predictions_of(project: Project, outputs: torch.Tensor) -> NDArray[np.float64]:
    """What main outputs ``(N, …)`` mean, of a model that was loaded as the project's loss takes it."""
    probabilities = heads_of(project.network).gives_probabilities(project.training.loss)
    found: NDArray[np.float64] = project.task.predictions(outputs, probabilities=probabilities).numpy()
    return found


def split_with_images(data: LoadedData, name: str) -> Split:
    """A split that has images; raises `LayerloomError`."""
    if name not in data.splits:
        raise LayerloomError(f"There is no split '{name}': choose train, validation or test.")
    data.require(name)
    return data.splits[name]


@torch.no_grad()
def run_split(
    model: nn.Module, split: Split, *, heads: Heads, device: torch.device, progress: Listener | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The main outputs ``(N, …)`` for the images of a split that could be read, and their positions in it."""
    outputs, places, done = [], [], 0
    for pixels, positions in split.located(BATCH, device=device):
        tell(progress, Progress("Evaluating", done, len(split), "images"))
        outputs.append(heads.main_of(model(pixels)).cpu().double().numpy())
        places.append(positions.numpy())
        done += len(positions)
    if not places:
        raise LayerloomError("None of the images could be read any more.")
    return np.concatenate(outputs), np.concatenate(places)
