"""A few words beside the mouse while something is dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.style.appearance import appearance

_AWAY = QPointF(16, 18)
_WIDEST = 320


class Hint(QLabel):
    """Floats over the view; it takes no mouse events."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("hint")
        self.setMaximumWidth(_WIDEST)
        self.hide()

    def say(self, text: str, point: QPointF, token: str = "muted") -> None:
        """Show ``text`` beside a viewport point, or nothing if there is nothing to say."""
        if not text:
            self.hide()
            return
        theme = appearance().theme
        self.setFont(appearance().font(11))
        self.setStyleSheet(
            f"background: {theme.raised}; color: {getattr(theme, token)}; border: 1px solid {theme.line2};"
            "border-radius: 4px; padding: 3px 7px;"
        )
        self.setText(text)
        self.setWordWrap(False)
        self.adjustSize()
        if self.width() >= _WIDEST:
            self.setWordWrap(True)
            self.resize(_WIDEST, self.heightForWidth(_WIDEST))
        place = (point + _AWAY).toPoint()
        rect = self._over.rect()
        place.setX(max(4, min(place.x(), rect.width() - self.width() - 4)))
        place.setY(max(4, min(place.y(), rect.height() - self.height() - 4)))
        self.move(place)
        self.show()
        self.raise_()
