"""Moving the files of images into folders of other classes, in a thread, and back again, in a later session too."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.errors import LayerloomError
from engine.files import readable
from engine.words import counted, thousands
from gui.background import Job, LatestJob
from gui.evaluate.label_rows import Row

if TYPE_CHECKING:
    from engine.data.progress import Progress
    from engine.evaluation.relabelling import Move, Relabelled


class LabelMoves(QObject):
    """What was moved below a folder of images; ``changed`` says that something below is another, or that it failed.

    ``moved`` says where files lie now, by the names that they had when the window read them. ``latest`` is what can be
    moved back, as the folder itself records it, and ``words`` are on the latest work.
    """

    changed = Signal()
    progressed = Signal(str, float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.root: Path | None = None
        self.moved: dict[str, str] = {}
        self.latest: Relabelled | None = None
        self.words = ""
        self._called_off = threading.Event()
        self._looking = LatestJob("Looking for what was moved", self)
        self._moving = LatestJob("Moving files", self)

    @property
    def busy(self) -> bool:
        """Whether files are being moved."""
        return self._moving.running

    def look(self, root: Path | None) -> None:
        """Find out what can be moved back in a folder; None where images are no files."""
        if self.busy:
            return
        self.root, self.latest, self.words = root, None, ""
        if root is not None:
            self._looking.start(lambda _: _latest(root), done=self._know, failed=self._fail)
        self.changed.emit()

    def move(self, root: Path, moves: Sequence[Move]) -> None:
        """Move files below a folder."""
        self._start(root, moves, back=False)

    def move_back(self) -> None:
        """Undo the latest moves."""
        if self.root is not None and self.latest is not None:
            self._start(self.root, self.latest.back, back=True)

    def call_off(self) -> None:
        """Have what is being moved come back; `changed` tells when it has, or that all were moved before."""
        self._called_off.set()

    def close(self) -> None:
        """End the threads: the window closes."""
        self._looking.close()
        self._moving.close()

    def _start(self, root: Path, moves: Sequence[Move], *, back: bool) -> None:
        if self.busy:
            return
        self._looking.cancel()
        self._called_off.clear()
        self.root, self.words = root, ""

        def done(latest: Relabelled | None) -> None:
            self._take(moves, latest, back=back)

        work = _Work(root, tuple(moves), self._called_off)
        self._moving.start(work, done=done, failed=self._fail, progressed=self.progressed.emit)
        self.changed.emit()

    def _take(self, moves: Sequence[Move], latest: Relabelled | None, *, back: bool) -> None:
        self.latest = latest
        moved = counted(len(moves), "file")
        if back:
            places = {move.source for move in moves}
            self.moved = {name: place for name, place in self.moved.items() if place not in places}
            self.words = f"{moved} moved back."
        else:
            self.moved |= dict(moves)
            self.words = f"{moved} moved. Runs trained before know them by their old places: train again."
        self.changed.emit()

    def _know(self, latest: Relabelled | None) -> None:
        self.latest = latest
        self.changed.emit()

    def _fail(self, error: LayerloomError) -> None:
        self.words = str(error)
        self.changed.emit()


class _Work:
    """Moves files in a `Job`, which gets what can be moved back afterwards."""

    def __init__(self, root: Path, moves: Sequence[Move], called_off: threading.Event) -> None:
        self._root, self._moves, self._called_off = root, moves, called_off

    def __call__(self, job: Job) -> Relabelled | None:
        from engine.evaluation.relabelling import relabel

        def listen(progress: Progress) -> bool:
            job.listen(progress)
            return not self._called_off.is_set()

        relabel(self._root, self._moves, progress=listen)
        return _latest(self._root)


def _latest(root: Path) -> Relabelled | None:
    from engine.evaluation.relabelling import last_relabelled

    return last_relabelled(root)


def confirmed(parent: QWidget, ticked: Sequence[Row], root: Path, renamed: Sequence[Move]) -> bool:
    """Ask whether files shall be moved, with how many, from which folder into which, and under which other names."""
    pairs = Counter((readable(one.given), readable(one.target)) for one in ticked)
    lines = [f"{thousands(count)} from {given} to {target}" for (given, target), count in pairs.most_common()]
    if renamed:
        taken = f"{counted(len(renamed), 'name is', 'names are')} taken there"
        first = f"{readable(renamed[0].source)} becomes {readable(renamed[0].target)}"
        lines += ["", f"{taken}: {first}{', and so on' if len(renamed) > 1 else ''}."]
    question = f"Move {counted(len(ticked), 'file')} in {readable(root)}?"
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Move files", question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names may look like tags
    box.setInformativeText("\n".join(lines))
    move = box.addButton(f"Move {counted(len(ticked), 'file')}", QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Leave them", QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is move
