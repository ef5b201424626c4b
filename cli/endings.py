"""How a training begins and ends, as the command line tells it."""

from __future__ import annotations

import shlex
from pathlib import Path

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
    if not advice.cure.values:
        return f"{words} In the window, Train has a button that tries it in a new run."
    values = " ".join(f"--with {name}={value}" for name, value in advice.cure.values.items())
    return f"{words} Try it: python main.py train {shlex.quote(str(path))} {values}"


def from_scratch(run: Path) -> str:
    """What training the project of a run anew means, and how to go on with its weights instead."""
    return (
        f"This trains the project of {run} once more in a new run, from initial weights: nothing it has learned is "
        f"used. To go on with its weights: {_resume(run)} --epochs N"
    )


def _resume(run: Path) -> str:
    return f"python main.py train {shlex.quote(str(run))} --resume"
