"""Whether a project can train: its network, its data and its recipe together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from engine.data.asking import described, known_of, missing_of
from engine.data.normalise import Normalisation
from engine.data.source import COLOURS, DataDescription
from engine.data.warnings import imbalance_warnings, seen_before, small_class_warnings, step_warnings
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.machine.memory import free_bytes
from engine.machine.room import no_room_for
from engine.network import Analysis, Problem, analyse
from engine.project.project import Project
from engine.recipe.recipe import Device
from engine.tasks.setup import Setup

_OF_THE_MACHINE = {"out_of_memory", "no_device"}


def setup_of(
    project: Project,
    analysis: Analysis,
    *,
    description: DataDescription | None = None,
    unreadable: str = "",
    devices: Iterable[Device] = (),
) -> Setup:
    """What is about to train: ``analysis`` is that of the network, ``description`` that of data that had to be read.

    ``unreadable`` says why they could not be. ``devices`` are those of the machine, best first, where they are known.
    """
    found = description or known_of(project.data.source)
    shape = _input_shape(project, analysis)
    return Setup(
        project.network,
        analysis,
        project.data.source,
        project.training,
        classes=len(found.classes) if found else None,
        images=project.data.training_images(found) if found else None,
        validates=bool(found.validation or project.data.split.validation) if found else None,
        devices=tuple(devices),
        free=free_bytes(),
        unreadable=unreadable,
        colour=found.in_colour if found else None,
        warnings=tuple(step_warnings(project.data, seen_before(project.data, found, shape))) if found else (),
        unfit=_unfit(project, shape) if shape else "",
    )


def _input_shape(project: Project, analysis: Analysis) -> Shape | None:
    """The images that the network takes; None where it takes none."""
    shapes = [analysis[name].output for name in project.network.inputs]
    found = shapes[0] if len(shapes) == 1 else None
    return found if found and found.is_map and found.channels in (1, COLOURS) else None


def _unfit(project: Project, shape: Shape) -> str:
    """Why images cannot be brought to ``shape`` as the settings of the data say; "" if they can."""
    settings = project.data
    unmeasured = Normalisation((0.0,) * shape.channels, (1.0,) * shape.channels)
    try:
        stored = settings.stored_at(shape)
        settings.normalise.of(shape.channels, lambda: unmeasured)
    except LayerloomError as error:
        return str(error)
    return no_room_for(project.training.batch_size, stored, free=free_bytes()) if stored != shape else ""


class Described(NamedTuple):
    """What the data of a project hold, or why they are ``unreadable``; neither where none are chosen."""

    description: DataDescription | None
    unreadable: str = ""


def problems_of(project: Project, described: Described | None = None) -> tuple[Problem, ...]:
    """Everything that a training of ``project`` would be refused for, and what is merely wasteful.

    ``described`` saves reading the data.
    """
    description, unreadable = described or describe(project)
    analysis, cpu = analyse(project.network), (Device.CPU,)
    setup = setup_of(project, analysis, description=description, unreadable=unreadable, devices=cpu)
    problems = project.task.problems(setup)
    if project.training.device is not Device.CPU and any(problem.code in _OF_THE_MACHINE for problem in problems):
        from engine.machine.devices import available_devices  # loads torch, which takes seconds

        problems = project.task.problems(replace(setup, devices=tuple(available_devices())))
    return problems


def describe(project: Project) -> Described:
    """What the data hold, or why they cannot be read."""
    source = project.data.source
    if missing_of(source):
        return Described(None)
    try:
        return Described(known_of(source) or described(source))
    except LayerloomError as error:
        return Described(None, str(error))


def data_problems(project: Project, found: DataDescription | None) -> tuple[Problem, ...]:
    """What there is to say of the sizes of the classes, as far as the description of the data tells."""
    if found is None:
        return ()
    settings, loss, seen = project.data, project.training.loss, seen_before(project.data, found)
    unlike = imbalance_warnings(settings, seen, class_weights=loss == loss.with_class_weights())
    warnings = (*unlike, *small_class_warnings(settings, seen))
    return tuple(Problem(one.code, one.severity, "", one.message) for one in warnings)
