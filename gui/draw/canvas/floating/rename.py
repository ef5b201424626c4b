"""Renaming in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark


class RenameField(QLineEdit):
    """A field over the title of a node or block. Enter renames, Esc leaves the name, an impossible name says why."""

    refused = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget, rename: Callable[[str, str], str]) -> None:
        super().__init__(parent)
        self._rename = rename
        self._name = ""
        self.setAccessibleName("New name")
        self.setFont(appearance().font(13, weight=600))
        self.textEdited.connect(self._clear_error)
        self.hide()

    def open_over(self, rect: QRect, name: str, text: str) -> None:
        """Edit the last part of ``name`` in a rectangle of the parent."""
        self._name = name
        self.setText(text)
        self.setGeometry(rect)
        self._clear_error()
        self.show()
        self.raise_()
        self.setFocus()
        self.selectAll()

    def close_up(self) -> None:
        """Leave the name as it is."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_up()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_up()

    def _commit(self) -> None:
        reason = self._rename(self._name, self.text().strip())
        if reason:
            mark(self, "state", "error")
            self.setToolTip(reason)
            self.refused.emit(reason)
        else:
            self.close_up()

    def _clear_error(self) -> None:
        mark(self, "state", "")
        self.setToolTip("")
