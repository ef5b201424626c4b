"""A unit after some epochs: its answer projected back, and the picture it answers to most."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.look.units.desk import Then
from gui.look.units.painting import paint_image
from gui.style.appearance import appearance

TILE, _GAP, _LABEL = 44, 4, 18  # px


class EpochRow(QWidget):
    """Two rows of pictures, a column an epoch; ``chosen`` tells which is clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._epochs: tuple[int, ...] = ()
        self._then: dict[int, Then] = {}
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The unit by epoch")
        appearance().changed.connect(self.update)

    def show_epochs(self, epochs: tuple[int, ...], then: Sequence[Then], current: int) -> None:
        """Show these epochs, as far as they are worked out."""
        self._epochs, self._then, self._current = epochs, {one.epoch: one for one in then}, current
        self.setAccessibleDescription(f"Epoch {current}")
        self.update()

    @property
    def _tile(self) -> int:
        return max(12, min(TILE, (self.width() + _GAP) // max(1, len(self._epochs)) - _GAP))

    def sizeHint(self) -> QSize:
        return QSize(300, 2 * TILE + _GAP + _LABEL)

    minimumSizeHint = sizeHint  # noqa: N815

    def area_of(self, place: int) -> QRect:
        """Where the column of an epoch stands."""
        return QRect(place * (self._tile + _GAP), 0, self._tile, 2 * self._tile + _GAP + _LABEL)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tile = appearance(), self._tile
        with QPainter(self) as painter:
            for place, epoch in enumerate(self._epochs):
                column, then, current = self.area_of(place), self._then.get(epoch), epoch == self._current
                for row, image in enumerate((then.projected, then.drawn) if then else (None, None)):
                    area = QRect(column.left(), row * (tile + _GAP), tile, tile)
                    if image is None:
                        painter.fillRect(area, look.colour("canvas"))
                    else:
                        paint_image(painter, area, image)
                painter.setFont(look.font(10, weight=600 if current else 400, mono=True))
                painter.setPen(look.colour("text" if current else "muted"))
                label = QRect(column.left() - 4, column.bottom() - _LABEL + 1, tile + 8, _LABEL)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(epoch))
                if current:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(look.colour("accent"), 2))
                    painter.drawRect(QRect(column.left(), 0, tile - 1, 2 * tile + _GAP - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, epoch in enumerate(self._epochs):
            if self.area_of(place).contains(event.position().toPoint()):
                self.chosen.emit(epoch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._current not in self._epochs:
            super().keyPressEvent(event)
            return
        place = self._epochs.index(self._current) + step
        self.chosen.emit(self._epochs[min(max(place, 0), len(self._epochs) - 1)])
