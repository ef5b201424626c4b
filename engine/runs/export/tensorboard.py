"""Runs as event files, as TensorBoard reads them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.errors import LayerloomError
from engine.files import reason_of
from engine.runs.export.history import History, histories_of
from engine.runs.run_folder import RunFolder


def write_tensorboard(runs: Iterable[RunFolder], folder: Path) -> list[Path]:
    """Write the figures of each run into a folder of its own in ``folder``, which takes its name; those folders.

    Figures of epochs stand at the update that the epoch ended with. A run that was written there before is replaced.
    Raises `LayerloomError` for a run that cannot be read, or a folder that cannot be written.
    """
    histories = histories_of(runs)
    try:
        return [_write(history, folder / history.name) for history in histories]
    except OSError as error:
        raise LayerloomError(f"{folder} cannot be written: {reason_of(error)}.") from error


def _write(history: History, folder: Path) -> Path:
    from tensorboardX import SummaryWriter  # nobody else waits for it

    for before in folder.glob("events.out.tfevents.*"):
        before.unlink()
    with SummaryWriter(str(folder)) as writer:
        for one in history.scalars:
            writer.add_scalar(one.tag, one.value, one.step, walltime=history.began + one.seconds)
    return folder
