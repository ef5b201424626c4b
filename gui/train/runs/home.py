"""Where the runs of a document are: they follow it to another file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import LayerloomError
from gui.background import LatestJob
from gui.document import Document
from gui.train.runs import places


class Home(QObject):
    """``place`` is the folder that the runs are in, ``left_behind`` says that some stay with another file.

    They move by `follow` alone, to where they belonged at the last `look`: runs of a document that is closed stay.

    ``changed`` says that runs are to be read from there, ``failed`` why they could not be moved.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self.place = self._belongs = places.runs_folder(document)
        self.left_behind = ""
        self._left: dict[Path, None] = {}  # where runs stay behind, in the order in which they were left
        self._job = LatestJob("Moving the runs", self)

    @property
    def moving(self) -> bool:
        """Whether runs are on their way."""
        return self._job.running

    def begin_anew(self) -> None:
        """Another document is open."""
        self._job.cancel()
        self.place = self._belongs = places.runs_folder(self._document)
        self._left, self.left_behind = {}, ""

    def look(self) -> None:
        """See where the runs belong: the document may have another file."""
        self._belongs = places.runs_folder(self._document)

    def follow(self) -> None:
        """Follow the document to its file; runs of a project saved for the first time go along."""
        source, target = self.place, self._belongs
        if source == target:
            return
        self.place = target
        if places.is_of_unsaved(source) and not places.is_of_unsaved(target) and places.numbers(source):
            self._job.start(
                lambda _: places.move_runs(source, target),
                done=lambda _: self.changed.emit(),
                failed=partial(self._stay, source),
            )
        else:
            self._leave(source)
            self.changed.emit()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._job.close()

    def _leave(self, source: Path) -> None:
        """Say what stays behind there and where it did before, until the project is saved there again."""
        self._left = {place: None for place in (*self._left, source) if place != self.place}
        words = (places.left_behind_words(place, self.place) for place in self._left)
        self.left_behind = "\n".join(filter(None, words))

    def _stay(self, source: Path, error: LayerloomError) -> None:
        """Go on where the runs were; they are moved when the project is saved the next time."""
        self.place = source
        self.changed.emit()
        self.failed.emit(str(error))
