"""A switch: on or off, with a word beside it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.style.appearance import appearance

_WIDTH, _HEIGHT = 28, 16


class Switch(QAbstractButton):
    """Clicked or toggled with Space; ``set_value(None)`` shows that several differ. A ``bare`` one has no words."""

    edited = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None, *, bare: bool = False) -> None:
        super().__init__(parent)
        self._bare = bare
        self.mixed = False
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._click)

    def set_value(self, value: bool | None) -> None:
        """Show on, off, or that several differ."""
        self.mixed = value is None
        self.setChecked(bool(value))
        self.update()

    reset = hold = set_value

    def set_error(self, wrong: bool) -> None:
        """A switch has no refused state."""

    @property
    def words(self) -> str:
        """What stands beside the switch."""
        if self._bare:
            return ""
        return self.text() or ("mixed" if self.mixed else "on" if self.isChecked() else "off")

    def set_bare(self, bare: bool) -> None:
        """Leave the words away, or show them."""
        if bare != self._bare:
            self._bare = bare
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        if self._bare:
            return QSize(_WIDTH + 4, 22)
        return QSize(_WIDTH + 12 + QFontMetrics(appearance().font(11)).horizontalAdvance(self.words), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = appearance().colour
            track = QRectF(2.5, (self.height() - _HEIGHT) / 2 + 0.5, _WIDTH - 1, _HEIGHT - 1)
            on = self.isChecked() and not self.mixed
            painter.setPen(colour("accent" if self.hasFocus() else "primary" if on else "wire"))
            painter.setBrush(colour("primary" if on else "field"))
            painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("on_primary" if on else "muted"))
            left = (
                track.left() + (track.width() - 12) / 2
                if self.mixed
                else track.right() - 13
                if on
                else track.left() + 2
            )
            painter.drawEllipse(QRectF(left, track.top() + 2, 11, 11))
            painter.setFont(appearance().font(11))
            painter.setPen(colour("muted"))
            text = self.rect().adjusted(_WIDTH + 10, 0, 0, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.words)

    def _click(self) -> None:
        self.edited.emit(self.isChecked())
