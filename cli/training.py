"""The command that trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import new_place, settings_by_path
from cli.options import FINE, NO, Augment, Data, Json, Recipe, Set, Target, With
from cli.recipes import usual_rate_words
from cli.terminal import answer_event, say

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
    recipe: Recipe = None,
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
    queue: Annotated[
        bool, typer.Option("--queue", help="Queue the run for the window instead, beside the runs of the project.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Train, and keep everything needed to use or repeat it in a run folder; a run is trained afresh unless resumed."""
    from cli.jobs import Asked, jobs_of, queued

    short = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    short |= {"patience": patience, "device": device, "seed": seed}
    values = settings_by_path(settings) | {f"training.{key}": value for key, value in short.items() if value}
    asked = Asked(target, tuple(options or ()), data, recipe, values, tuple(augment or ()), run, resume, cure)
    if queue:
        say(queued(asked))
    else:
        raise typer.Exit(_train_all(jobs_of(asked), values, as_json=as_json))


def _train_all(jobs: Sequence[Job], values: Mapping[str, str], *, as_json: bool) -> int:
    """Train one after another; what fails leaves the others their turn, a stop does not. ``values`` were typed."""
    from engine.training.events import Finished

    if words := usual_rate_words(jobs[0].training.project.training, values):
        say(words)
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
