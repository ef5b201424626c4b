"""A table of figures whose rows are chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QWidget

from gui.style.style import TABLE_ROW

_MOST, _NARROW = 4, 5  # a column takes a quarter of the table at the most, one of a fixed width a fifth


class RowTable(QTableWidget):
    """The column ``wide`` takes what the others leave; a text that has no room is shortened in its middle."""

    def __init__(self, name: str, heads: Sequence[str], *, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(0, len(heads), parent)
        self._fixed: dict[int, int] = {}  # the widths of columns, px
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(heads))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)  # so that a long word is shortened, not put on a line that nobody sees
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setResizeContentsPrecision(200)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)

    def fix_width(self, column: int, width: int) -> None:
        """Let a column always be so wide, px, but for a table that is too narrow for it."""
        self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self._fixed[column] = width

    def resizeEvent(self, event: QResizeEvent) -> None:
        for column, width in self._fixed.items():
            self.horizontalHeader().resizeSection(column, min(width, self.viewport().width() // _NARROW))
        super().resizeEvent(event)

    def sizeHintForColumn(self, column: int) -> int:
        return min(super().sizeHintForColumn(column), self.viewport().width() // _MOST)
