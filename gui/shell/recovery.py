"""After a crash: unsaved work is written aside now and then, and offered at the next start."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path
from PySide6.QtCore import QLockFile, QObject, QTimer

from engine.errors import LayerloomError
from engine.files import write_whole
from engine.log import log_note
from engine.project import Project, load_project, save_project
from gui.background import LatestJob
from gui.document import Document

_EVERY = 20_000  # ms
_PROJECT, _ORIGIN, _LOCK = "project.loom", "origin.json", "lock"


@dataclass(frozen=True, slots=True)
class Rescued:
    """Unsaved work of a window that ended badly: its folder, the project, and the file it came from."""

    folder: Path
    project: Project
    origin: Path | None

    @property
    def title(self) -> str:
        """What to call it."""
        return self.origin.name if self.origin else self.project.network.name

    def forget(self) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Recovery(QObject):
    """Keeps a copy of one window's unsaved work in the state folder; a clean end removes it."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = _root() / uuid.uuid4().hex
        self._lock: QLockFile | None = None
        self._keeping = LatestJob("Keeping unsaved work aside", self)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.keep)
        document.undo_stack.indexChanged.connect(self._begin)

    def keep(self) -> None:
        """Write the unsaved work aside, off the GUI thread; nothing to do if all is saved."""
        if not self._document.modified:
            self._timer.stop()
            return
        if self._keeping.running:
            return
        try:
            self._prepare()
        except OSError:
            return  # without a place to keep it there is no rescue, and nothing else is the worse for it
        project = self._document.project
        copy = Project(project.network.copy(), project.data, project.training, project.view)
        origin = str(self._document.path) if self._document.path else ""
        self._keeping.start(lambda _: _write(self._folder, copy, origin), done=_ignore, failed=_note)

    def end(self, *, keep: bool = False) -> None:
        """The window ends: remove the copy, or leave it to be offered at the next start."""
        self._timer.stop()
        self._keeping.close()
        if self._lock is not None:
            self._lock.unlock()
            if not keep:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _prepare(self) -> None:
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = QLockFile(str(self._folder / _LOCK))
            self._lock.setStaleLockTime(0)  # as long as the process lives
            self._lock.tryLock(0)


def rescued() -> list[Rescued]:
    """The unsaved work of windows that are gone; what cannot be read any more is removed."""
    found = []
    for folder in sorted(_root().glob("*")):
        lock = QLockFile(str(folder / _LOCK))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            continue  # that window is still open
        lock.unlock()
        rescue = _read(folder)
        if rescue is None:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            found.append(rescue)
    return found


def _ignore(_: None) -> None:
    """What was kept needs no word."""


def _note(error: LayerloomError) -> None:
    """It is tried again with the next copy; a sentence every time would only keep people from their work."""
    log_note(str(error))


def _write(folder: Path, project: Project, origin: str) -> None:
    try:
        write_whole(folder / _ORIGIN, json.dumps({"path": origin}).encode())
    except OSError as error:
        raise LayerloomError(f"Unsaved work cannot be kept aside: {error}.") from error
    save_project(project, folder / _PROJECT)


def _read(folder: Path) -> Rescued | None:
    try:
        project = load_project(folder / _PROJECT)
        origin = json.loads((folder / _ORIGIN).read_text(encoding="utf-8"))["path"]
    except (LayerloomError, OSError, ValueError, KeyError):
        return None
    return Rescued(folder, project, Path(origin) if origin else None)


def _root() -> Path:
    return user_state_path("layerloom") / "recovery"
