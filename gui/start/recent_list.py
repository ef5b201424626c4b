"""The recent files of the start screen, each with a silhouette and one line on its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.log import log_crash
from engine.words import counted
from gui.background import Job, LatestJob
from gui.guard import Guard
from gui.start.recent import RecentFiles, when
from gui.start.silhouette import Silhouette, silhouette
from gui.start.silhouette_view import SilhouetteView
from gui.start.unsaved import Unsaved, unsaved_work
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from engine.network import Network  # the first paint does without it


@dataclass(frozen=True, slots=True)
class _FileSummary:
    """What a file holds, at a glance."""

    state: str
    picture: Silhouette | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the job found: the files at a glance, and what was never saved."""

    files: dict[Path, _FileSummary]
    unsaved: list[tuple[Unsaved, _FileSummary]]


_UNREAD = _FileSummary("Cannot be read", None)


class RecentList(QWidget):
    """Fills when it is shown; once it is painted, files are read in the background, and so is what was never saved."""

    chosen = Signal(Path)
    unsaved_chosen = Signal(object)  # Unsaved

    def __init__(self, recent: RecentFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent = recent
        self._guard = Guard()
        self._reading = LatestJob("Reading the recent files", self)
        self.rows: list[_Row] = []
        self._files: dict[Path, _Row] = {}
        self._unread = False
        self._heading = QLabel("Recent")
        role(self._heading, "heading")
        page = QWidget()
        self._column = layouts.column(page)
        self._column.addStretch(1)
        area = layouts.scrolling(page)
        column = layouts.column(self, spacing=None)
        self._nothing = QLabel("Networks that you save or open appear here.")
        role(self._nothing, "label")
        column.addWidget(self._heading)
        column.addWidget(self._nothing)
        column.addWidget(area, 1)
        recent.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the files there are now."""
        self.stop()
        for row in self.rows:
            row.deleteLater()
        paths = self._recent.paths()
        self._nothing.setVisible(not paths)
        self.rows = [_Row(path.stem, str(path), _day(path)) for path in paths]
        self._files = dict(zip(paths, self.rows, strict=True))
        for index, (path, row) in enumerate(self._files.items()):
            row.chosen.connect(partial(self.chosen.emit, path))
            self._column.insertWidget(index, row)
        self._unread = True
        self.update()

    def stop(self) -> None:
        """Read no more files."""
        self._unread = False
        self._reading.cancel()

    def _read(self) -> None:
        """Read the files, now that the window has been painted."""
        if self._unread:
            self._unread, paths = False, list(self._files)
            self._reading.start(lambda job: _look(paths, job), done=self._show, failed=self._tell_failure)

    def _tell_failure(self, _: LayerloomError) -> None:
        self._show(_Seen(dict.fromkeys(self._files, _UNREAD), []))

    def _show(self, seen: _Seen) -> None:
        for path, row in self._files.items():
            row.show_summary(seen.files[path])
        for index, (work, summary) in enumerate(seen.unsaved):
            row = _Row(work.title, str(work.path or work.title), when(work.when, datetime.now().astimezone()))
            row.chosen.connect(partial(self.unsaved_chosen.emit, work))
            row.show_summary(summary)
            self.rows.insert(index, row)
            self._column.insertWidget(index, row)
        self._nothing.setVisible(not self.rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._guard.run(self.refresh)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._unread:
            QTimer.singleShot(0, self._read)


class _Row(QFrame):
    """One file, or one project that is in none."""

    chosen = Signal()

    def __init__(self, title: str, tip: str, day: str) -> None:
        super().__init__()
        role(self, "recent")
        self.setFixedHeight(56)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tip)
        self.setAccessibleName(title)
        self._picture = SilhouetteView(QSize(44, 36), radius=4)
        self._day = day
        name, self._state = ElidedLabel(title), QLabel(self._day)
        role(name, "heading")
        role(self._state, "caption")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(name)
        words.addWidget(self._state)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addLayout(words, 1)

    def show_summary(self, summary: _FileSummary) -> None:
        self._picture.show_picture(summary.picture)
        self._state.setText(f"{summary.state} · {self._day}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


def _look(paths: list[Path], job: Job) -> _Seen:
    summaries = {}
    for path in paths:
        job.check()
        try:
            summaries[path] = _summary_of(path)
        except Exception as error:  # noqa: BLE001 - what is wrong with one file must not hide the others
            log_crash(f"{path} cannot be summed up", error)
            summaries[path] = _UNREAD
    job.check()
    return _Seen(summaries, [(work, _summary_of_unsaved(work)) for work in unsaved_work()])


def _summary_of(path: Path) -> _FileSummary:
    from engine.project import load_project

    try:
        network = load_project(path).network
    except LayerloomError:
        return _UNREAD
    return _summary(network)


def _summary_of_unsaved(work: Unsaved) -> _FileSummary:
    if work.project is None:
        return _UNREAD
    picture = _summary(work.project.network).picture
    return _FileSummary(f"Not saved · {counted(work.runs, 'run')}" if work.runs else "Not saved", picture)


def _summary(network: Network) -> _FileSummary:
    from engine.network import analyse

    analysis = analyse(network)
    errors, layers = len(analysis.errors), counted(len(network), "layer")
    state = counted(errors, "error") if errors else f"{layers}, unfinished" if analysis.unfinished else layers
    return _FileSummary(state, silhouette(network, analysis))


def _day(path: Path) -> str:
    moment = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    return when(moment, datetime.now().astimezone())
