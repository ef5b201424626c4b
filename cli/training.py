"""The command that trains."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import augmentation, new_place, settings_by_path
from cli.opening import to_train
from cli.options import FINE, NO, Augment, Data, Json, Recipe, Set, Target, With
from cli.recipes import usual_rate_words
from cli.terminal import answer_event, say
from engine.errors import LayerloomError

if TYPE_CHECKING:
    from cli.jobs import Job
    from engine.training.events import Event


def train(
    target: Target,
    options: Set = None,
    data: Data = "",
    epochs: Annotated[str, typer.Option(metavar="N")] = "",
    batch_size: Annotated[str, typer.Option(metavar="N")] = "",
    learning_rate: Annotated[str, typer.Option("--lr", metavar="X")] = "",
    patience: Annotated[str, typer.Option(metavar="N", help="Stop after N epochs without a better one.")] = "",
    device: Annotated[str, typer.Option(metavar="auto|cpu|cuda|mps")] = "",
    seed: Annotated[str, typer.Option(metavar="N")] = "",
    recipe: Recipe = "",
    settings: With = None,
    augment: Augment = None,
    run: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder of the run or ensemble; runs/NAME-1, NAME-2 … if left out.",
            parser=partial(new_place, "--run"),
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run where it stopped.")] = False,
    cure: Annotated[bool, typer.Option("--cure", help="Train a run again with what its advice says.")] = False,
    as_json: Json = False,
) -> None:
    """Train, and keep everything needed to use or repeat it in a run folder; a run is trained afresh unless resumed."""
    from cli.endings import cured, from_scratch
    from cli.jobs import new_jobs, resumed
    from engine.runs.run_folder import RunFolder, free_for_run, next_run_folder
    from templates.targets import can_train

    if resume and run is None:
        if can_train(target):
            raise LayerloomError("Which run shall go on? Give its folder as --run.")
        run = Path(target)
    short = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    short |= {"patience": patience, "device": device, "seed": seed}
    values = {f"training.{key}": value for key, value in short.items() if value}
    values = settings_by_path(settings) | values
    if resume and cure:
        raise LayerloomError("A resumed run keeps its network and recipe: leave out --cure or --resume.")
    if resume and recipe:
        raise LayerloomError("A resumed run keeps its recipe: leave out --recipe; --with changes single settings.")
    if resume and augment:
        raise LayerloomError("A resumed run keeps its augmentation: leave out --augment.")
    if resume and run is not None:
        jobs = resumed(run, values, moved_to=data, options=options)
    else:
        project = to_train(target, options, data=data, recipe=recipe, values=values)
        if cure:
            project = cured(target, project)
        if augment:
            project.data = project.data.model_copy(update={"steps": augmentation(augment)})
        if RunFolder.is_run(target):
            say(from_scratch(Path(target)))
        jobs = new_jobs(project, free_for_run(run or next_run_folder(Path("runs"), project.network.name)))
    if words := usual_rate_words(jobs[0].training.project.training, values):
        say(words)
    raise typer.Exit(_train_all(jobs, as_json=as_json))


def _train_all(jobs: Sequence[Job], *, as_json: bool) -> int:
    """Train one after another; what fails leaves the others their turn, a stop does not."""
    from engine.training.events import Finished

    codes = []
    for job in jobs:
        end = _train(job, as_json=as_json)
        stopped = isinstance(end, Finished) and end.stopped
        codes.append(FINE if isinstance(end, Finished) and not stopped else NO)
        if stopped:
            break
    return max(codes)


def _train(job: Job, *, as_json: bool) -> Event:
    from cli.endings import advised, ending
    from cli.progress_bar import ProgressBar
    from cli.signals import stopping_on_signals
    from engine.runs.session import run_project
    from engine.training.control import Control

    control, (project, member) = Control(), job.training
    if member is not None:
        say(f"Run {member.number} of an ensemble of {member.of}, seed {project.training.seed}")
    with stopping_on_signals(control), ProgressBar() as progress:
        listener = progress.listener(lambda: not control.stopped)
        for event in run_project(
            project, job.path, control=control, progress=listener, resume=job.resume, member=member
        ):
            if as_json:
                answer_event(event, member)
            else:
                progress.show(event)
    say(ending(event, job.path, job.place))
    if words := advised(job.path):
        say(words)
    return event
