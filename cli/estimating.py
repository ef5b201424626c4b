"""The command that says what a training will take before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.arguments import settings_by_path
from cli.opening import to_train
from cli.options import FINE, NO, Data, Json, Recipe, Set, Target, With
from cli.terminal import answer, answer_json, answer_table

if TYPE_CHECKING:
    from engine.project import Project
    from engine.training.estimate import Estimate


def estimate(
    target: Target,
    options: Set = None,
    data: Data = "",
    recipe: Recipe = None,
    settings: With = None,
    measure: Annotated[bool, typer.Option("--measure", help="Make some steps, and go by the time they take.")] = False,
    as_json: Json = False,
) -> None:
    """Say what memory training will hold, by part, the largest batch that fits, and how long it will take."""
    from engine.words import memory

    project = to_train(target, options, data=data, recipe=recipe, values=settings_by_path(settings))
    found = _found(project, measure=measure)
    if as_json:
        answer_json(_report(found))
    else:
        rows = [(part.title, part.note, memory(part.bytes)) for part in found.parts]
        total = ("Total", _capacity(found), memory(found.bytes))
        answer_table(("part", "of", "memory"), [*rows, total], numbers_from=2)
        for line in _sentences(found):
            answer(line)
    raise typer.Exit(FINE if found.fits else NO)


def _found(project: Project, *, measure: bool) -> Estimate:
    from engine.project import describe
    from engine.training.estimate import estimate
    from engine.training.pace import Images

    description = describe(project).description
    images = Images.of(project.data, description) if description else None
    found = estimate(project.network, project.training, images)
    if not measure:
        return found
    from cli.progress_bar import ProgressBar
    from cli.signals import stopping_on_signals
    from engine.runs.measuring import measure_steps
    from engine.training.control import Control

    control = Control()
    with stopping_on_signals(control), ProgressBar() as progress:
        steps = measure_steps(project, progress=progress.listener(lambda: not control.stopped))
    return found.at_pace(found.pace.measured(*steps), project.training, images)


def _sentences(found: Estimate) -> Iterator[str]:
    from engine.words import brief, counted, duration, thousands

    if found.holds_all:
        yield f"All {counted(found.largest_batch or 0, 'training image')} fit into one batch that leaves a tenth free."
    elif found.largest_batch is not None:
        yield f"The largest batch that leaves a tenth free: {thousands(found.largest_batch)}."
    about = "" if found.pace.steps else "about "
    known = (
        f"measured over {counted(found.pace.steps, 'step')}" if found.pace.steps else "calculated; --measure makes some"
    )
    yield f"A step takes {about}{brief(found.pace.step)} ({known})."
    if (times := found.times) is not None:
        speed = f"{thousands(round(times.images_a_second))} images/s"
        yield f"An epoch of {counted(times.steps, 'step')} takes {about}{brief(times.epoch)}, {speed}."
        yield f"The run takes at most {about}{duration(times.run)}."


def _capacity(found: Estimate) -> str:
    from engine.words import memory

    return f"of {memory(found.capacity)} on {found.device}" if found.capacity else f"on {found.device}"


def _report(found: Estimate) -> dict[str, Any]:
    times = found.times
    return {
        "device": found.device,
        "batch_size": found.batch_size,
        "parts": [{"name": part.name, "title": part.title, "bytes": part.bytes} for part in found.parts],
        "bytes": found.bytes,
        "capacity": found.capacity,
        "fits": found.fits,
        "largest_batch": found.largest_batch,
        "holds_all": found.holds_all,
        "time": {
            "basis": found.pace.basis,
            "measured_steps": found.pace.steps,
            "step_seconds": found.pace.step,
            "steps_per_epoch": times and times.steps,
            "epoch_seconds": times and times.epoch,
            "run_seconds": times and times.run,
            "images_per_second": times and times.images_a_second,
        },
    }
