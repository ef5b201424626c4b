"""The command that trains."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import augmentation, new_place, pairs, settings_by_path
from cli.options import FINE, NO, Augment, Data, Json, Recipe, Set, Target, With
from cli.recipes import preset_called, usual_rate_words
from cli.terminal import answer_event, say
from engine.errors import LayerloomError

if TYPE_CHECKING:
    from engine.project import Project


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
            metavar="DIR", help="The run folder; runs/NAME-1, NAME-2 … if left out.", parser=partial(new_place, "--run")
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run where it stopped.")] = False,
    as_json: Json = False,
) -> None:
    """Train, and keep everything needed to use or repeat it in a run folder; a run is trained afresh unless resumed."""
    from cli.endings import from_scratch
    from engine.runs.run_folder import RunFolder, free_for_run, next_run_folder
    from templates.targets import can_train, load_target

    if resume and run is None:
        if can_train(target):
            raise LayerloomError("Which run shall go on? Give its folder as --run.")
        run = Path(target)
    short = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    short |= {"patience": patience, "device": device, "seed": seed}
    values = {f"training.{key}": value for key, value in short.items() if value}
    values = settings_by_path(settings) | values
    if resume and recipe:
        raise LayerloomError("A resumed run keeps its recipe: leave out --recipe; --with changes single settings.")
    if resume and augment:
        raise LayerloomError("A resumed run keeps its augmentation: leave out --augment.")
    if resume:
        project = _resumed(str(run), values, moved_to=data, options=options)
    else:
        preset = preset_called(recipe)
        project = load_target(target, pairs(options), data=data, fit_classes=True, values=values, preset=preset)
        if augment:
            project.data = project.data.model_copy(update={"steps": augmentation(augment)})
        if RunFolder.is_run(target):
            say(from_scratch(Path(target)))
    if words := usual_rate_words(project.training, values):
        say(words)
    path = run or next_run_folder(Path("runs"), project.network.name)
    raise typer.Exit(_train(project, path if resume else free_for_run(path), resume=resume, as_json=as_json))


def _resumed(run: str, values: Mapping[str, str], *, moved_to: str, options: list[str] | None) -> Project:
    """The project of a run that goes on, with other training settings; refuses what cannot be changed any more."""
    from engine.project import with_values
    from templates.targets import open_run

    if options:
        raise LayerloomError("A resumed run keeps its network: leave out --set.")
    before = open_run(run).project()
    if moved_to and not before.data.source.takes_folder:
        raise LayerloomError("A resumed run keeps its data: leave out --data.")
    project = with_values(before, values)
    if project.data != before.data.model_copy(update={"workers": project.data.workers}):
        path = next(path for path in values if path.startswith("data."))
        raise LayerloomError(f"A resumed run keeps its data: leave out --with {path}.")
    if moved_to:
        project.data = project.data.from_source(project.data.source.moved_to(Path(moved_to)))
    return project


def _train(project: Project, path: Path, *, resume: bool, as_json: bool) -> int:
    from cli.endings import ending
    from cli.progress_bar import ProgressBar
    from cli.signals import stopping_on_signals
    from engine.runs.session import run_project
    from engine.training.control import Control
    from engine.training.events import Finished

    control = Control()
    with stopping_on_signals(control), ProgressBar() as progress:
        listener = progress.listener(lambda: not control.stopped)
        for event in run_project(project, path, control=control, progress=listener, resume=resume):
            if as_json:
                answer_event(event)
            else:
                progress.show(event)
    say(ending(event, path))
    return FINE if isinstance(event, Finished) and not event.stopped else NO
