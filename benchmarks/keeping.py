"""What a run costs that is kept on disk: the share of checkpoints in an epoch of digits, and what 300 epochs grow."""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from torch import nn

from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from engine.runs.preparing import prepare
from engine.runs.run_writer import RunWriter
from engine.training.events import EpochDone, Event
from engine.training.keeping import Checkpoint
from engine.training.loop import train
from templates import build

EPOCHS = 300
_SETTLED = 20  # epochs, after which nothing shall grow any more
T = TypeVar("T")


class _TimedWriter:
    """A writer that counts the seconds it takes."""

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self.seconds = 0.0

    @property
    def place(self) -> Path:
        return self._writer.place

    def log(self, event: Event) -> None:
        self._timed(lambda: self._writer.log(event))

    def save_position(self, checkpoint: Checkpoint) -> None:
        self._timed(lambda: self._writer.save_position(checkpoint))

    def save_epoch(self, model: nn.Module, epoch: int, *, best: bool) -> None:
        self._timed(lambda: self._writer.save_epoch(model, epoch, best=best))

    def _timed(self, write: Callable[[], T]) -> None:
        began = time.perf_counter()
        write()
        self.seconds += time.perf_counter() - began


def run() -> dict[str, Any]:
    """``share`` is the median share of an epoch that is spent on the disk, with LeNet-5 on 1 257 digits."""
    return measured(EPOCHS)


def measured(epochs: int) -> dict[str, Any]:
    """Train so many epochs; memory and seconds are compared with those after the first 20, or a third."""
    settled = min(_SETTLED, epochs // 3)
    recipe = Recipe(epochs=epochs, device=Device.CPU)
    project = Project(build("lenet5"), training=recipe)
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(project)
        writer = _TimedWriter(
            RunWriter.create(Path(folder), project=project, record=prepared.record, data=prepared.data)
        )
        kept, whole, memory = [], [], 0
        before = time.perf_counter()
        for event in train(prepared.model, prepared.data, recipe, heads=prepared.heads, run=writer):
            if isinstance(event, EpochDone):
                now = time.perf_counter()
                kept.append(writer.seconds)
                whole.append(now - before)
                before, writer.seconds = now, 0.0
                memory = _memory() if event.epoch == settled else memory
        files = list(Path(folder).rglob("*"))
        metrics = (Path(folder) / "metrics.jsonl").stat().st_size
    return {
        "share": statistics.median(one / other for one, other in zip(kept, whole, strict=True)),
        "epoch_ms": 1000 * statistics.median(whole),
        "slower_at_the_end": statistics.median(whole[-settled:]) / statistics.median(whole[:settled]),
        "keeping_slower_at_the_end": statistics.median(kept[-settled:]) / statistics.median(kept[:settled]),
        "memory_grown_mb": (_memory() - memory) / 1e6,
        "metrics_bytes_an_epoch": metrics / epochs,
        "files": len(files),
        "epochs": epochs,
    }


def _memory() -> int:
    """The most memory that this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak
