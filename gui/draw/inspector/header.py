"""Who is selected: stripe, name, kind and path, and a menu."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from gui.draw.editable_name import EditableName
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets.elided_label import ElidedLabel


class Header(QWidget):
    """The name can be edited where ``editable``; `renamed` carries what was typed."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stripe = QColor()
        self.name = EditableName()
        self.name.renamed.connect(self.renamed)
        self.about = ElidedLabel()
        role(self.about, "caption")
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
        appearance().changed.connect(self._retheme)
        self._retheme()

    def show_name(self, name: str, about: str, *, stripe: QColor, editable: bool) -> None:
        """Show a name with what it is."""
        if name != self.name.name:
            self.show_reason("")
        self.name.show_name(name, editable=editable)
        self.about.setText(about)
        self.stripe = stripe
        self.update()

    def show_reason(self, text: str) -> None:
        """Say why a name is refused; "" when it is not."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.stripe)
            painter.drawRoundedRect(16, 16, 4, 36, 2, 2)

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
