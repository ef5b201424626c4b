"""What can be done about a run that failed, as buttons that do it."""

from __future__ import annotations

from functools import partial

from engine.recipe.recipe import Device
from gui.train.runs.moved_data import CHOOSE_FOLDER, can_have_moved
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.trying import retry
from gui.train.runs.words import RESUME, rate
from gui.widgets.message_bar import Remedy


def remedies(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    """The remedies for a failed run, most likely first; none while another run trains."""
    if run.failure is None or runs.active is not None:
        return ()
    match run.failure.code:
        case "not_finite":
            return _lower_rate(runs, run)
        case "out_of_memory":
            return _less_memory(runs, run)
        case "data" if can_have_moved(run) and run.step:
            return (Remedy(CHOOSE_FOLDER, partial(runs.moved_data.ask, run, partial(runs.continue_run, run))),)
    if run.resumable:
        return (Remedy(RESUME, partial(runs.continue_run, run)),)
    return (Remedy("Try again", partial(retry, runs, run)),)


def _lower_rate(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    lower = _change(run, "learning_rate")
    if lower is None:
        return ()
    return (Remedy(f"Try {rate(lower)} in a new run", partial(retry, runs, run, learning_rate=lower)),)


def _less_memory(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    found = []
    batch = _change(run, "batch_size")
    if batch is not None:
        found.append(Remedy(f"Batch {batch:.0f}", partial(retry, runs, run, batch_size=int(batch))))
    if run.started is not None and not run.started.device.startswith("cpu"):
        found.append(Remedy("Use CPU", partial(retry, runs, run, device=Device.CPU)))
    return tuple(found)


def _change(run: Run, setting: str) -> float | None:
    """The value of a setting that the failure itself suggests."""
    return run.failure.changes.get(setting) if run.failure else None
