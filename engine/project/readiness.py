"""Whether a project can train: its network, its data and its recipe together."""

from __future__ import annotations

from engine.data.source import DataDescription
from engine.errors import LayerloomError
from engine.machine.memory import free_bytes
from engine.network import Analysis, Problem, Severity, analyse
from engine.project.project import Project
from engine.tasks.setup import Setup


def setup_of(project: Project, analysis: Analysis, *, classes: int | None = None) -> Setup:
    """What is about to train; ``analysis`` is that of the network, ``classes`` those of data that were read."""
    source = project.data.source
    known = source.known
    found = len(known.classes) if known else classes
    return Setup(project.network, analysis, source, project.training, classes=found, device=project.training.device)


def problems_of(project: Project) -> tuple[Problem, ...]:
    """Everything that a training of ``project`` would be refused for, and what is merely wasteful; reads the data."""
    analysis, source = analyse(project.network), project.data.source
    setup = setup_of(project, analysis)
    description, unreadable = _described(project)
    if description is not None:
        setup = Setup(
            project.network,
            analysis,
            source,
            project.training,
            classes=len(description.classes),
            images=description.images,
            device=project.training.device,
            free=free_bytes(),
        )
    return (*project.task.problems(setup), *unreadable)


def _described(project: Project) -> tuple[DataDescription | None, tuple[Problem, ...]]:
    source = project.data.source
    if source.missing:
        return None, ()
    try:
        return source.known or source.describe(), ()
    except LayerloomError as error:
        return None, (Problem("data", Severity.ERROR, "", str(error)),)
