"""How a training begins and ends, as the command line tells it."""

from __future__ import annotations

import shlex
from pathlib import Path

from engine.errors import LayerloomError
from engine.project import Project
from engine.runs.run_advice import advice_on
from engine.runs.run_folder import RunFolder
from engine.training.events import Event, Failed, Finished


def ending(event: Event, path: Path, place: Path) -> str:
    """The last event of a training in words, with where its run is and how to go on with what is in ``place``."""
    match event:
        case Finished(stopped=True):
            return f"Stopped. The run is in {path}; go on with: {_resume(place)}"
        case Finished(early=True, best_epoch=best):
            return f"It ended early: no epoch was better than {best}. The run is in {path}."
        case Failed(message=message, hint=hint):
            return f"{message} {hint} What was learned until then is in {path}."
    return f"The run is in {path}; train longer with: {_resume(place)} --epochs N"


def advised(path: Path) -> str:
    """What to do about a run that did not go well, and how to try it; "" where there is nothing to say."""
    advice = advice_on(RunFolder(path)) if RunFolder.is_run(path) else None
    if advice is None:
        return ""
    words = f"{advice.what} {advice.remedy}"
    if advice.cure is None:
        return words
    again = f"python main.py train {shlex.quote(str(path))} --cure"
    return f"{words} Try {advice.cure.label} in a new run (with --queue later, in the window): {again}"


def cured(target: str, project: Project) -> Project:
    """The project of a run with what its advice says; raises `LayerloomError` where there is nothing to cure."""
    advice = advice_on(RunFolder(target)) if RunFolder.is_run(target) else None
    if advice is None or advice.cure is None:
        why = "there is no advice on it" if RunFolder.is_run(target) else "it is no run"
        raise LayerloomError(f"{target} cannot be trained with a cure: {why}.")
    return advice.cure.applied(project)


def from_scratch(run: Path) -> str:
    """What training the project of a run anew means, and how to go on with its weights instead."""
    return (
        f"This trains the project of {run} once more in a new run, from initial weights: nothing it has learned is "
        f"used. To go on with its weights: {_resume(run)} --epochs N"
    )


def _resume(run: Path) -> str:
    return f"python main.py train {shlex.quote(str(run))} --resume"
