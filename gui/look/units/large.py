"""The patches of one unit, as large as it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.look.units.desk import Sheets
from gui.look.units.sheet import SheetPair
from gui.look.units.units import Units
from gui.style.style import role
from gui.widgets import layouts

_PATCH = 112  # px
_MARGIN = 20


class LargeUnit(QDialog):
    """Both sheets eight times as large as a patch of 14 px; a click on a patch looks at its image. Escape closes it."""

    def __init__(self, units: Units, sheets: Sheets, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._sheets = sheets
        self.pair, self.said = SheetPair(_PATCH), QLabel()
        self.pair.show_sheets(sheets)
        role(self.said, "label")
        column = layouts.column(self, self.pair, self.said, spacing=12)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.resize(self.pair.sizeHint().width() + 2 * _MARGIN, self.sizeHint().height())
        self.pair.pointed.connect(self._tell)
        self.pair.chosen.connect(units.look_at)
        self.pair.chosen.connect(self.accept)
        units.changed.connect(self.reject)  # what it shows is of other weights or another layer
        self._tell(self.pair.current)
        self.pair.setFocus()

    def _tell(self, rank: int) -> None:
        if 0 <= rank < len(self._sheets.sources):
            self.said.setText(f"Patch {rank + 1}: {self._sheets.sources[rank].words}")
