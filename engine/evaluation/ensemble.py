"""Several runs on the same images: the mean of what they say, and what each says alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import torch

from engine.data.loaded import LoadedData
from engine.data.looks import Looks
from engine.data.progress import Listener
from engine.data.source import Source
from engine.evaluation.alike import require_alike, require_same_parts
from engine.evaluation.evaluating import answers_of, predictions_of
from engine.project import Project
from engine.recipe.recipe import Device
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.tasks import Answers
from engine.tasks.evaluation import Evaluation
from engine.tasks.heads import heads_of


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Runs evaluated together: the ``evaluation`` of their mean, those of the ``members``, and what it was made of.

    ``answers`` are those of the mean, ``data`` and ``project`` those of the first run.
    """

    evaluation: Evaluation
    members: tuple[Evaluation, ...]
    answers: Answers
    data: LoadedData
    project: Project


def evaluate_together(
    runs: Sequence[RunFolder],
    split: str = "test",
    *,
    moved_to: Source | None = None,
    data: LoadedData | None = None,
    device: Device = Device.AUTO,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> Together:
    """Evaluate the mean of the probabilities of several runs on the images of a part, and each run alone.

    ``data`` of the first run saves loading them again. ``looks`` is how each image is looked at, as the runs say if
    left out. Raises `LayerloomError` where they do not share classes, parts, normalisation and the kind of loss.
    """
    projects = [run.project() for run in runs]
    require_alike(runs)
    data = data or load_run_data(runs[0], moved_to=moved_to, looks=looks, progress=progress)
    loaded = [data]
    for run in runs[1:]:
        same = _sees_the_same(run, runs[0])
        loaded.append(data if same else load_run_data(run, moved_to=moved_to, looks=looks, progress=progress))
    require_same_parts(runs, loaded, split)
    several = [
        answers_of(run, split, data=own, device=device, looks=looks, progress=progress)
        for run, own in zip(runs, loaded, strict=True)
    ]
    several = _of_common_images(several)
    first = projects[0]
    mean = _mean_of(several, first)
    members = [project.task.evaluate(one, project.training) for project, one in zip(projects, several, strict=True)]
    found = first.task.evaluate(mean, first.training)
    return Together(found, tuple(members), mean, data, first)


def _mean_of(several: Sequence[Answers], project: Project) -> Answers:
    """What stands for all of them: outputs that mean the mean of what theirs mean."""
    given = heads_of(project.network).gives_probabilities(project.training.loss)
    if len(several) == 1:
        return several[0]
    outputs = [torch.from_numpy(answers.outputs) for answers in several]
    mean = project.task.averaged(outputs, loss=project.training.loss, probabilities=given)
    return replace(several[0], outputs=mean.numpy(), predictions=predictions_of(project, mean))


def _of_common_images(several: Sequence[Answers]) -> list[Answers]:
    """The same for those images alone that every run could read."""
    common = reduce(np.intersect1d, (answers.positions for answers in several))
    rows = [np.isin(answers.positions, common) for answers in several]
    return [
        replace(one, outputs=one.outputs[kept], predictions=one.predictions[kept], positions=one.positions[kept])
        for one, kept in zip(several, rows, strict=True)
    ]


def _sees_the_same(run: RunFolder, first: RunFolder) -> bool:
    """Whether two runs get the very same images, so that they need not be loaded once more."""
    given = [
        (one.parts, one.project().data, one.record.input_shape, one.record.mean, one.record.std, one.record.scaling)
        for one in (run, first)
    ]
    return given[0] == given[1] and run.record.colours == first.record.colours and run.parts is not None
