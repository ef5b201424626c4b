"""What can be done about a run that failed, as buttons that do it."""

from __future__ import annotations

from functools import partial

from engine.recipe.recipe import Device
from gui.train.runs.moved_data import CHOOSE_FOLDER, can_have_moved
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.trying import queue_retry, retry
from gui.train.runs.words import QUEUE_IT, RESUME, rate
from gui.widgets.message_bar import Remedy


def remedies(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    """The remedies for a failed run, most likely first; while another run trains, only to queue one."""
    if run.failure is None:
        return ()
    now, queued = _found(runs, run)
    return (*(now if runs.active is None else ()), *queued)


def _found(runs: Runs, run: Run) -> tuple[list[Remedy], list[Remedy]]:
    """What can be begun at once, and what can be queued."""
    match run.failure.code if run.failure else "":
        case "not_finite":
            return _lower_rate(runs, run)
        case "out_of_memory":
            return _less_memory(runs, run)
        case "data" if can_have_moved(run) and run.step:
            return [Remedy(CHOOSE_FOLDER, partial(runs.moved_data.ask, run, partial(runs.continue_run, run)))], []
    if run.resumable:
        return [Remedy(RESUME, partial(runs.continue_run, run))], []
    return [Remedy("Try again", partial(retry, runs, run))], []


def _lower_rate(runs: Runs, run: Run) -> tuple[list[Remedy], list[Remedy]]:
    lower = _change(run, "learning_rate")
    if lower is None:
        return [], []
    now = Remedy(f"Try {rate(lower)} in a new run", partial(retry, runs, run, learning_rate=lower))
    return [now], [_in_queue(runs, run, f"Try {rate(lower)}", learning_rate=lower)]


def _less_memory(runs: Runs, run: Run) -> tuple[list[Remedy], list[Remedy]]:
    now, queued = [], []
    batch = _change(run, "batch_size")
    if batch is not None:
        label = f"Batch {batch:.0f}"
        now.append(Remedy(label, partial(retry, runs, run, batch_size=int(batch))))
        queued.append(_in_queue(runs, run, label, batch_size=int(batch)))
    if run.started is not None and not run.started.device.startswith("cpu"):
        now.append(Remedy("Use CPU", partial(retry, runs, run, device=Device.CPU)))
    return now, queued


def _in_queue(runs: Runs, run: Run, name: str, **changes: object) -> Remedy:
    return Remedy(QUEUE_IT, partial(queue_retry, runs, run, name, **changes))


def _change(run: Run, setting: str) -> float | None:
    """The value of a setting that the failure itself suggests."""
    return run.failure.changes.get(setting) if run.failure else None
