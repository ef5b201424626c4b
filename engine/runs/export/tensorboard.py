"""Runs as event files, as TensorBoard reads them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import LayerloomError
from engine.files import reason_of, write_whole
from engine.runs.export.history import History, histories_of
from engine.runs.run_folder import RunFolder

if TYPE_CHECKING:
    from tensorboardX.proto.event_pb2 import Event


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
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"events.out.tfevents.{int(history.began)}.layerloom"
    write_whole(file, b"".join(map(_record, _events(history))))
    for other in folder.glob("events.out.tfevents.*"):
        if other != file:
            other.unlink()
    return folder


def _events(history: History) -> Iterator[Event]:
    from tensorboardX.proto.event_pb2 import Event  # nobody else waits for it
    from tensorboardX.summary import scalar

    yield Event(wall_time=history.began, file_version="brain.Event:2")
    for one in history.scalars:
        yield Event(wall_time=history.began + one.seconds, step=one.step, summary=scalar(one.tag, one.value))


def _record(event: Event) -> bytes:
    """An event with its length and checksums around; the library's own writer leaves a thread where a disk is full."""
    from tensorboardX.record_writer import masked_crc32c

    content = event.SerializeToString()
    length = struct.pack("<Q", len(content))
    checks = [struct.pack("<I", masked_crc32c(part)) for part in (length, content)]
    return b"".join((length, checks[0], content, checks[1]))
