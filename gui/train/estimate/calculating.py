"""A training as something to estimate, and what is calculated of it; done in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.data.source import DataDescription
from engine.project import Project
from gui.background import Job

if TYPE_CHECKING:
    from engine.training.estimate import Estimate, Estimator
    from engine.training.pace import Images


class Question(NamedTuple):
    """A training: a project that does not change any more, and what its data hold, if that is known."""

    project: Project
    description: DataDescription | None


class Answer(NamedTuple):
    """What ``estimator`` has calculated; the next question about the same network goes to it."""

    estimator: Estimator
    calculated: Estimate
    images: Images | None


def answered(question: Question, estimator: Estimator | None, _: Job) -> Answer:
    """Answer a question, with the estimator of its network if there is one; raises `LayerloomError`."""
    from engine.runs.runner import threads_beside_a_window, use_threads
    from engine.training.estimate import Estimator
    from engine.training.pace import Images

    use_threads(threads_beside_a_window())  # as a run has them
    project, description = question
    estimator = estimator or Estimator(project.network)
    images = Images.of(project.data, description) if description else None
    return Answer(estimator, estimator.estimate(project.training, images), images)
