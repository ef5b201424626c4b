"""What can be done about a run that failed, as buttons that do it."""

from __future__ import annotations

import re
from functools import partial

from engine.recipe.recipe import Device
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import rate
from gui.widgets.message_bar import Remedy

_LOWER_RATE = re.compile(r"Try ([\d.e-]+) in a new run")
_SMALLER_BATCH = re.compile(r"a batch of (?:at most )?(\d+)")


def remedies(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    """The remedies for a failed run, most likely first; none while another run trains."""
    if run.failure is None or runs.active is not None:
        return ()
    match run.failure.code:
        case "not_finite":
            return _lower_rate(runs, run)
        case "out_of_memory":
            return _less_memory(runs, run)
    if run.resumable:
        return (Remedy("Resume", partial(runs.continue_run, run)),)
    return (Remedy("Try again", partial(runs.retry, run)),)


def _lower_rate(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    named = _LOWER_RATE.search(run.failure.hint if run.failure else "")
    if named is None:
        return ()
    lower = float(named[1])
    return (Remedy(f"Try {rate(lower)} in a new run", partial(runs.retry, run, learning_rate=lower)),)


def _less_memory(runs: Runs, run: Run) -> tuple[Remedy, ...]:
    found = []
    named = _SMALLER_BATCH.search(run.failure.hint if run.failure else "")
    if named is not None:
        found.append(Remedy(f"Batch {named[1]}", partial(runs.retry, run, batch_size=int(named[1]))))
    if run.started is not None and not run.started.device.startswith("cpu"):
        found.append(Remedy("Use CPU", partial(runs.retry, run, device=Device.CPU)))
    return tuple(found)
