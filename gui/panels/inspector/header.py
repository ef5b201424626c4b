"""Who is selected: stripe, name, kind and path, and a menu."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.appearance import appearance
from gui.style import role


class Header(QWidget):
    """The name can be edited where ``editable``; `renamed` carries what was typed."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stripe = QColor()
        self._name = ""
        self.name = _NameField()
        self.about = QLabel()
        role(self.about, "caption")
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.hide()
        role(self.reason, "error")
        self.menu_button = QToolButton()
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setToolTip("More actions")
        self.menu_button.setAccessibleName("More actions")
        self.menu = QMenu(self.menu_button)
        self.menu_button.setMenu(self.menu)
        self._lay_out()
        self.name.editingFinished.connect(self._rename)
        appearance().changed.connect(self._retheme)
        self._retheme()

    def show_name(self, name: str, about: str, *, stripe: QColor, editable: bool) -> None:
        """Show a name with what it is; a name being typed stays."""
        if name != self._name:
            self._name = name
            self.name.put(name)
            self.show_reason("")
        self.name.setReadOnly(not editable)
        self.name.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)
        self.about.setText(about)
        self.about.setToolTip(about)
        self.stripe = stripe
        self.update()

    def show_reason(self, text: str) -> None:
        """Say why a name is refused; "" when it is not."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.stripe)
        painter.drawRoundedRect(16, 16, 4, 36, 2, 2)

    def _rename(self) -> None:
        text = self.name.text().strip()
        if text and text != self._name:
            self.renamed.emit(text)
        elif not text:
            self.name.put(self._name)

    def _retheme(self) -> None:
        self.menu_button.setIcon(appearance().icon("mdi6.dots-vertical"))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.about)
        words.addWidget(self.reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 12, 12, 12)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignVCenter)


class _NameField(QLineEdit):
    def __init__(self) -> None:
        super().__init__()
        role(self, "title")
        self.setFont(appearance().font(14, weight=600))
        self.setFixedHeight(24)
        self.setAccessibleName("Name")
        self.setToolTip("Name (F2)")
        self._shown = ""

    def put(self, name: str) -> None:
        self._shown = name
        self.setText(name)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put(self._shown)
            self.clearFocus()
        else:
            super().keyPressEvent(event)
