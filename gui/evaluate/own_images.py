"""What the run in view says of images of the user's own."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QTableWidgetItem, QWidget

from engine.data.image_names import images_at
from engine.data.listing import FilePictures, thumbnail
from engine.files import readable
from engine.words import counted, thousands
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.dots import VALUE, DotDelegate
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.page import GAP, MARGIN, splitter
from gui.evaluate.row_table import RowTable
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.offer import Offer, OfferButton

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.evaluation.predicting import Prediction

_HEADS = ("Image", "Says", "Probability (%)", "Then")
_SAYS, _SHARE, _THEN = 1, 2, 3
_TOP, _AT_ONCE = 3, 32  # readings of an image, and images between two chances to call it off


@dataclass(frozen=True, slots=True)
class Said:
    """What a run says of each image; ``labelled`` are folders, called like its classes, in the one that was chosen."""

    predictions: list[Prediction]
    labelled: tuple[str, ...] = ()


class OwnImages(QWidget):
    """A row a file that was dropped or chosen, with the reason where it has no answer.

    ``opened`` asks to look inside with a file.
    """

    opened = Signal(object)  # the path

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluator = evaluator
        self.said: Answer[Said] = Answer("Predicting", self)
        self.places: tuple[Path, ...] = ()
        self.heading, self.score = ElidedLabel(), OfferButton()
        self.table = RowTable("Your images", _HEADS, wide=0)
        self.images = CardGrid("The image", usual=220)
        role(self.heading, "heading")
        self.table.fix_width(_SHARE, 150)
        self.table.setItemDelegateForColumn(_SHARE, DotDelegate(self.table, strong=True))
        self._lay_out()
        self.said.changed.connect(self._show)
        appearance().changed.connect(self._show)
        self.table.itemSelectionChanged.connect(self._show_image)
        self.table.itemActivated.connect(self._open)
        self.images.opened.connect(self._open)
        evaluator.changed.connect(self._ask_again)

    def close_jobs(self) -> None:
        """End the threads: the window closes."""
        self.said.close()
        self.images.close_job()

    def ask(self, places: Sequence[Path]) -> None:
        """Ask the run in view of files, and of all images in folders."""
        self.places = tuple(places)
        run, wanted, looks = self._evaluator.run, self.places, self._evaluator.looks
        if run is not None and places:
            folder = run.folder
            self.said.ask(self._question, lambda job: _said(folder, wanted, looks, job))

    def forget(self) -> None:
        """Know of no files any more."""
        self.places = ()
        self.said.forget()

    @property
    def _question(self) -> Hashable:
        run = self._evaluator.run
        return run and (run.folder, len(run.epochs), self.places, self._evaluator.looks)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_again()

    def _ask_again(self) -> None:
        """Let the run in view answer as it is by now; out of sight that waits until it is seen.

        What failed or was called off is asked for by hand alone.
        """
        if self.isVisible() and self._evaluator.ready and self._question != self.said.key:
            self.ask(self.places)

    def _lay_out(self) -> None:
        left, right = QFrame(), QFrame()
        for card in (left, right):
            role(card, "card")
        head = layouts.row(None, self.heading, self.score, spacing=8)
        head.setStretch(0, 1)
        column = layouts.column(left, head, AnswerBar(self.said, "Predicting"), self.table, spacing=8)
        column.setContentsMargins(10, 10, 10, 10)
        column.setStretch(2, 1)
        layouts.column(right, self.images).setContentsMargins(0, 12, 0, 8)
        parts = splitter(Qt.Orientation.Horizontal, left, right, shares=(3, 1))
        layouts.column(self, parts).setContentsMargins(MARGIN, GAP, MARGIN, GAP)

    def _show(self) -> None:
        found, run = self._found, self._evaluator.run
        lost = sum(bool(one.error) for one in found)
        words = f"{counted(len(found), 'image')} of your own" if found else "Your own images"
        seen = f", by run {run.number}" if run else ""
        self.heading.setText(f"{words}{seen}{f'; {thousands(lost)} without an answer' if lost else ''}")
        self.score.show_offer(self._offer())
        self.table.clearSpans()
        self.table.setRowCount(len(found))
        for row, one in enumerate(found):
            self._write(row, one)
        answered = next((row for row, one in enumerate(found) if not one.error), None)
        if answered is not None:
            self.table.selectRow(answered)
        self._show_image()

    def _shown(self, image: Path) -> str:
        """An image by its path below the folder that was chosen."""
        above = next((place for place in self.places if place != image and image.is_relative_to(place)), image.parent)
        return readable(image.relative_to(above).as_posix())

    @property
    def _found(self) -> list[Prediction]:
        return self.said.value.predictions if self.said.value is not None else []

    def _offer(self) -> Offer | None:
        """To hold what is said of a folder against the names of the folders in it."""
        said = self.said.value
        if said is None or not said.labelled:
            return None
        folder, count = self.places[0], counted(len(said.labelled), "class folder")
        about = (
            f"Take the names of the folders in {readable(folder)} for the true classes, and evaluate the run on them"
        )
        return Offer(f"Score against its {count}", partial(self._evaluator.choose_own, folder), about)

    def _write(self, row: int, one: Prediction) -> None:
        first, *then = one.readings or (None,)
        share = 100 * first.value if first is not None else 0.0
        rest = ", ".join(f"{reading.name} {100 * reading.value:.1f} %" for reading in then if reading is not None)
        texts = (self._shown(one.image), readable(first.name) if first else one.error, f"{share:.1f}", readable(rest))
        for column, text in enumerate(texts if first is not None else texts[:2]):
            item = QTableWidgetItem(text)
            item.setToolTip(str(one.image) if column == 0 else text)
            if first is None and column == _SAYS:
                item.setForeground(appearance().colour("err"))
                item.setIcon(appearance().icon("mdi6.alert-circle", "err"))
            if column == _SHARE and first is not None:
                item.setData(VALUE, first.value)
            self.table.setItem(row, column, item)
        if first is None:
            self.table.setSpan(row, _SAYS, 1, len(_HEADS) - _SAYS)

    def _show_image(self) -> None:
        found, row = self._found, self.table.currentRow()
        if not 0 <= row < len(found) or found[row].error:
            self.images.show_cards(None, ())
            return
        one = found[row]
        about = f"{one.image.name}: {one.readings[0].name}"
        card = Card(0, one.readings[0].name, f"{100 * one.readings[0].value:.0f} %", about)
        self.images.show_cards(_File(one.image), [card])

    def _open(self, _: Any) -> None:
        found, row = self._found, self.table.currentRow()
        if 0 <= row < len(found) and not found[row].error:
            self.opened.emit(found[row].image)


class _File:
    """An image file, for a card."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def thumbnail(self, place: int, edge: int) -> Pixels:
        """The image, of which there is one."""
        return thumbnail(FilePictures([self._path]), place, edge)


def _said(folder: Path, places: Sequence[Path], looks: Any, job: Job) -> Said:
    from engine.errors import LayerloomError
    from engine.evaluation.predicting import predict
    from engine.runs.own_images import class_folders
    from engine.runs.run_folder import RunFolder

    files = [file for place in places for file in images_at(place)]
    if not files:
        raise LayerloomError("There is no image among what was chosen: drop image files, or a folder with some.")
    run = RunFolder(folder)
    found: list[Prediction] = []
    for begin in range(0, len(files), _AT_ONCE):
        job.report(f"Predicting {counted(len(files), 'image')}", begin / len(files))
        found += predict(run, files[begin : begin + _AT_ONCE], top=_TOP, looks=looks)
    alone = places[0] if len(places) == 1 and places[0].is_dir() else None
    return Said(found, class_folders(run, alone) if alone else ())
