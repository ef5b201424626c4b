"""A name that becomes a field when it is clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from gui.style.style import role
from gui.widgets.elided_label import ElidedLabel


class EditableName(QStackedWidget):
    """A click, F2 or Enter edits it; Enter or leaving the field asks for the new name, Esc takes the old one back."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editable = False
        self.name = ""
        self.label = ElidedLabel()
        role(self.label, "title")
        self.field = QLineEdit()
        self.field.setAccessibleName("Name")
        role(self.field, "title")
        self.field.installEventFilter(self)
        self.field.editingFinished.connect(self._finish)
        self.addWidget(self.label)
        self.addWidget(self.field)
        self.setFixedHeight(24)

    def show_name(self, name: str, *, editable: bool) -> None:
        """Show a name; one that is being typed stays."""
        self.editable = editable
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)
        self.setToolTip("Rename (F2)" if editable else "")
        self.setAccessibleName(name)
        self.name = name
        self.label.setText(name)

    def edit(self) -> None:
        """Turn the name into a field with its text selected."""
        if self.editable:
            self.field.setText(self.name)
            self.setCurrentWidget(self.field)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.field.selectAll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.field.setText(self.name)  # leaving the field ends the editing, as Enter does
            self._close()
            return True
        return super().eventFilter(watched, event)

    def _finish(self) -> None:
        """Qt says this on Enter and again as the field loses the focus; the first time counts."""
        if self.currentWidget() is not self.field:
            return
        text = self.field.text().strip()
        self._close()
        if text and text != self.name:
            self.renamed.emit(text)

    def _close(self) -> None:
        had_focus = self.field.hasFocus()
        self.setCurrentWidget(self.label)
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
