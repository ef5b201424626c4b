"""What stops a training, in words: memory, disk, a choice that fails, whatever nobody expected."""

from __future__ import annotations

import re
from pathlib import Path

import torch

from engine.choices import ChoiceFailedError
from engine.errors import LayerloomError
from engine.files import is_folder
from engine.log import crash_words
from engine.training.events import Failed
from engine.training.keeping import NotKeptError

_ASKED = re.compile(r"tried to allocate ([\d.]+) ?(bytes|[KMGT]i?B)", re.IGNORECASE)
_UNITS = {"bytes": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
_GIGABYTE = 1e9


def failure_of(error: Exception, *, device: torch.device, batch_size: int) -> Failed:
    """How a training ends that met an error; the traceback of one that nobody expected goes to the log file."""
    if isinstance(error, NotKeptError):
        return not_saved(error.reason, error.place)
    cause = error.__cause__ if isinstance(error, ChoiceFailedError) else error
    if is_out_of_memory(cause):
        return out_of_memory(cause, device=device, batch_size=batch_size)
    if isinstance(error, ChoiceFailedError):
        return Failed("crashed", str(error), "Train without it, or with another.")
    if isinstance(error, LayerloomError):
        return Failed("data", str(error))
    return Failed("crashed", crash_words("Training", error))


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether torch or Python could not get memory: CUDA, MPS or the CPU's."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and ("out of memory" in str(error) or "can't allocate memory" in str(error))
    )


def out_of_memory(error: BaseException | None, *, device: torch.device, batch_size: int) -> Failed:
    """Say that memory is full, with the bytes that were asked for where they are known."""
    asked = _ASKED.search(str(error))
    need = f"batch {batch_size} does not fit"
    if asked:
        size = float(asked[1]) * _UNITS.get(asked[2].lower(), 1)
        need = f"batch {batch_size} needed {size / _GIGABYTE:.1f} GB more"
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return _full(f"GPU memory is full: {need}, {free / _GIGABYTE:.1f} GB are free.", batch_size)
    return _full(f"Memory is full: {need}.", batch_size)


def _full(message: str, batch_size: int) -> Failed:
    if batch_size == 1:
        return Failed("out_of_memory", message, "Try a smaller input or fewer maps.")
    half = batch_size // 2
    return Failed("out_of_memory", message, f"Try a batch of {half}.", changes={"batch_size": half})


def not_read(which: str) -> Failed:
    """Say that images are gone that were there when training began: "None of the validation images"."""
    return Failed(
        "data",
        f"{which} can be read any more.",
        "See that their folder is where it was, then resume: the epochs before are kept.",
    )


def not_saved(error: OSError, place: Path) -> Failed:
    """Say that a run could not be kept in its folder: there is no room, or the folder is gone."""
    if not is_folder(place):
        return Failed(
            "removed", f"The run's folder {place} was removed while it trained.", "Its weights are lost: train again."
        )
    return Failed(
        "disk",
        f"The run could not be saved in {place}: {error.strerror or error}.",
        "Free some space or choose another folder; what was saved before is whole.",
    )
