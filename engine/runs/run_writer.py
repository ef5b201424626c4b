"""Writing the folder that a run leaves behind."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

from torch import nn

from engine.data.loaded import LoadedData
from engine.data.parts import Parts
from engine.files import remove_leftovers, write_whole
from engine.project import Project, save_project
from engine.runs.checkpoints import link_or_copy, save_checkpoint, save_weights
from engine.runs.record import RunRecord
from engine.runs.run_folder import RunFolder
from engine.training.events import (
    EpochDone,
    Event,
    Failed,
    Finished,
    HealthMeasured,
    Preparing,
    RateChanged,
    StepDone,
    to_json,
)
from engine.training.keeping import Checkpoint
from engine.training.position import Position

_DISK_BUDGET = 2 * 2**30  # bytes of weights kept for looking back; older epochs are thinned out beyond it
_MOST_EPOCHS = 512
_HELD_BACK = 0.25  # seconds
_STEPS_LOGGED = 2000  # about this many steps are logged each time the run's length multiplies by e


class RunWriter:
    """Keeps one run on disk. Each method raises ``OSError`` when there is no room; what was kept stays whole."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._began = time.monotonic()
        self._logged = self._began
        self._written = self._began
        self._unwritten: list[Event] = []
        self._left_out: dict[type[Event], Event] = {}  # the latest of each kind, since one of its kind was logged

    @property
    def place(self) -> Path:
        """The folder of the run."""
        return self.folder.path

    @classmethod
    def create(cls, path: Path, *, project: Project, record: RunRecord, data: LoadedData) -> RunWriter:
        """Begin a run in the folder at ``path``; raises `LayerloomError` or ``OSError`` if it cannot be written.

        ``run.json`` comes last: with it the run is there and can go on, without it another one can begin.
        """
        (path / "checkpoints").mkdir(exist_ok=True)
        remove_leftovers(path)
        files = [path / name for name in ("project.loom", "parts.json", "fingerprints.json")]
        first, second, third = files
        third.unlink(missing_ok=True)  # of one that came no further
        try:
            save_project(project, first)
            write_whole(second, _text(data.parts).encode())
            if data.fingerprints:
                marks = dict(zip(map(str, data.names), data.fingerprints, strict=True))
                write_whole(third, json.dumps(marks, indent=0).encode())
            write_whole(path / "run.json", (record.model_dump_json(indent=2) + "\n").encode())
        except BaseException:
            for made in files:
                made.unlink(missing_ok=True)
            (path / "checkpoints").rmdir()
            raise
        return cls(RunFolder(path))

    @classmethod
    def resume(cls, folder: RunFolder, *, project: Project, position: Position) -> RunWriter:
        """Go on with a run from ``position``, with ``project``'s settings; what came after it is forgotten."""
        folder.remove_leftovers()
        kept = [json.dumps(to_json(event)) + "\n" for event in folder.events() if _is_before(event, position)]
        save_project(project, folder.project_file)
        write_whole(folder.metrics_file, "".join(kept).encode())
        for epoch in folder.kept_epochs():
            if epoch >= position.epoch:
                folder.checkpoint(epoch).unlink()
        best = folder.checkpoint(position.best_epoch or 0)
        if best.exists():  # the program may have ended between a better epoch's weights and its position
            link_or_copy(best, folder.checkpoint("best"))
        return cls(folder)

    def log(self, event: Event) -> None:
        """Add an event to the metrics; most steps of a long run are left out, as its file would outgrow its weights.

        The last step of each epoch is there, and at the end the last health: what is said of the run then stays so.
        Steps and health are written several at once, as a file takes long to open; none goes on from between two.
        """
        if isinstance(event, Preparing):
            return
        if isinstance(event, StepDone | HealthMeasured) and not self._is_due():
            self._left_out[type(event)] = event
            return
        if isinstance(event, RateChanged):
            self._note(event)
        self._unwritten += (*self._caught_up(event), event)
        if not isinstance(event, StepDone | HealthMeasured) or time.monotonic() - self._written >= _HELD_BACK:
            self._write()

    def _write(self) -> None:
        events, self._unwritten = self._unwritten, []
        self._written = time.monotonic()
        with self.folder.metrics_file.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(to_json(event)) + "\n" for event in events)

    def _note(self, change: RateChanged) -> None:
        """Keep another learning rate in the recipe, so that the run can go on and be repeated with it."""
        project = self.folder.project()
        training = project.training.with_rate(change.step, change.learning_rate)
        if training != project.training:
            save_project(replace(project, training=training), self.folder.project_file)

    def _caught_up(self, event: Event) -> list[Event]:
        """What was left out and has to stand before an event."""
        match event:
            case StepDone() | HealthMeasured():
                self._left_out.pop(type(event), None)
                return []
            case EpochDone():
                kinds: tuple[type[Event], ...] = (StepDone,)
            case Finished() | Failed():
                kinds = (StepDone, HealthMeasured)
            case _:
                return []
        return [self._left_out.pop(kind) for kind in kinds if kind in self._left_out]

    def save_position(self, checkpoint: Checkpoint) -> None:
        """Keep all that is needed to go on from here."""
        save_checkpoint(self.folder.checkpoint("last"), checkpoint)

    def save_epoch(self, model: nn.Module, epoch: int, *, best: bool) -> None:
        """Keep the weights after an epoch, and as the best ones if they are."""
        path = self.folder.checkpoint(epoch)
        save_weights(path, model)
        if best:
            link_or_copy(path, self.folder.checkpoint("best"))
        self._thin_out(epoch, path.stat().st_size)

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now - self._logged < (now - self._began) / _STEPS_LOGGED:
            return False
        self._logged = now
        return True

    def _thin_out(self, newest: int, size: int) -> None:
        """Keep every epoch, or every 2nd, 4th, 8th … of a long run or a large network, and the newest."""
        most = max(2, min(_MOST_EPOCHS, _DISK_BUDGET // max(size, 1)))
        spacing = 1
        while newest // spacing > most:
            spacing *= 2
        for epoch in self.folder.kept_epochs():
            if epoch % spacing and epoch != newest:
                self.folder.checkpoint(epoch).unlink()


def _text(parts: Parts) -> str:
    """One line a part, so that the file can be read and changed by hand."""
    lines = (f"  {json.dumps(part)}: {json.dumps(names)}" for part, names in parts.to_json().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _is_before(event: Event, position: Position) -> bool:
    match event:
        case Finished() | Failed():
            return False
        case StepDone(step=step) | HealthMeasured(step=step) | RateChanged(step=step):
            return step <= position.step
        case EpochDone(epoch=epoch):
            return epoch < position.epoch
    return True
