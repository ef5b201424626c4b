"""Images whose label may be wrong, a row each, with the class that each shall have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidgetItem, QWidget

from engine.files import readable
from engine.words import number_text
from gui.evaluate.row_table import RowTable

if TYPE_CHECKING:
    from engine.evaluation.label_errors import LabelErrors, Suspect

PUBLISHED = "The labels of a published data set stay as they are: only a folder of images can change."
_HEADS = ("Relabel as", "Image", "Label", "Likely", "Label %", "Likely %", "Margin")
_BOX, _FILE = 0, 1
_TICKED, _NOT = Qt.CheckState.Checked, Qt.CheckState.Unchecked


@dataclass(frozen=True, slots=True)
class Row:
    """An image with the class that its folder says and the one that it likely is, and how probable both are.

    ``chosen`` is the class that a person wants instead of the likely one.
    """

    name: str
    given: str
    likely: str
    given_probability: float
    likely_probability: float
    margin: float
    chosen: str = ""

    @property
    def target(self) -> str:
        """The class that it becomes once its file is moved."""
        return self.chosen or self.likely

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table says, after the box."""
        share = (f"{100 * value:.1f}" for value in (self.given_probability, self.likely_probability))
        names = (readable(name) for name in (self.name, self.given, self.likely))
        return (*names, *share, number_text(100 * self.margin, 1))


def row_of(found: LabelErrors, suspect: Suspect) -> Row:
    """The row of a suspect."""
    classes, name = found.classes, suspect.name
    shares = suspect.given_probability, suspect.likely_probability, suspect.margin
    shown = f"image {name}" if isinstance(name, int) else name
    return Row(shown, classes[suspect.given], classes[suspect.likely], *shares)


class LabelTable(RowTable):
    """Rows with a box each, which the space bar ticks wherever in the row the keyboard is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Suspected labels", _HEADS, wide=_FILE, parent=parent)

    def write(self, row: int, one: Row, *, ticked: bool, can_move: bool, place: str = "") -> None:
        """Write a row; ``place`` is where its file was moved."""
        box = QTableWidgetItem("moved" if place else readable(one.target) if can_move else "")
        why = f"It is {readable(place)} now." if place else PUBLISHED
        box.setToolTip(f"Move this file to {readable(one.target)} with the button below" if can_move else why)
        enabled = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        box.setFlags(enabled | Qt.ItemFlag.ItemIsUserCheckable if can_move else enabled)
        if can_move:
            box.setCheckState(_TICKED if ticked else _NOT)
        self.setItem(row, _BOX, box)
        for column, text in enumerate(one.cells, _FILE):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.setItem(row, column, item)

    def ticked(self, rows: Sequence[Row]) -> list[Row]:
        """Those of its ``rows`` that are ticked."""
        boxes = (self.item(row, _BOX) for row in range(self.rowCount()))
        ticked = [box is not None and box.checkState() is _TICKED for box in boxes]
        return [one for one, wanted in zip(rows, ticked, strict=True) if wanted]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        box = self.item(self.currentRow(), _BOX)
        if event.key() != Qt.Key.Key_Space or box is None or not box.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            super().keyPressEvent(event)
            return
        box.setCheckState(_NOT if box.checkState() is _TICKED else _TICKED)
