"""A 2 px bar that moves while something is being done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance

_SHOW_AFTER = 300  # ms; what is done sooner shows nothing
_FRAME = 33  # ms
_ROUND = 36  # frames from one end to the other


class BusyBar(QWidget):
    """Lies over the top edge of its parent; shows itself only when the work takes longer than ``after`` ms."""

    def __init__(self, parent: QWidget, *, after: int = _SHOW_AFTER) -> None:
        super().__init__(parent)
        self._over = parent
        self.setFixedHeight(2)
        self._phase = 0
        self._delay = QTimer(self, singleShot=True, interval=after)
        self._delay.timeout.connect(self._appear)
        self._frames = QTimer(self, interval=_FRAME)
        self._frames.timeout.connect(self._move_on)
        self.hide()

    def set_busy(self, busy: bool) -> None:
        """Begin or end."""
        if busy:
            self._delay.start()
        else:
            self._delay.stop()
            self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        self._frames.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._frames.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            width = self.width() / 4
            left = (self.width() + width) * self._phase / _ROUND - width
            painter.fillRect(QRectF(left, 0, width, 2), appearance().colour("accent"))

    def _appear(self) -> None:
        self.setFixedWidth(self._over.width())
        self.raise_()
        self.show()

    def _move_on(self) -> None:
        self._phase = (self._phase + 1) % _ROUND
        self.update()
