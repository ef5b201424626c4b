"""Both sheets of a unit, enlarged: the patches, and what was projected back of each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.units.desk import Sheets
from gui.look.units.painting import ACROSS, paint_arrow, paint_sheet, ring, sheet_size, shown_size, tile_area, tile_at
from gui.style.appearance import appearance
from gui.widgets.steady import steady_width

_TITLE, _ARROW = 24, 24  # px


class SheetPair(QWidget):
    """Two sheets of three by three: the patch below the pointer and its pair are ringed.

    ``pointed`` carries the rank of the patch that is ringed; ``chosen`` the one that is clicked, or Enter.
    """

    pointed = Signal(int)
    chosen = Signal(int)

    def __init__(self, tile: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = tile
        self._sheets: Sheets | None = None
        self.current = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Top 9 patches, and projected back")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Click a patch to look at its image")
        appearance().changed.connect(self.update)

    def show_sheets(self, sheets: Sheets | None) -> None:
        """Show the sheets of another unit, or none."""
        if sheets is not self._sheets:
            self._sheets = sheets
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(_TITLE + sheet_size(self.tile))
        self.update()

    @property
    def tile(self) -> int:
        """The edge of a patch, px."""
        room = max(8, min(self._most, ((steady_width(self) - _ARROW) // 2 - ACROSS + 1) // ACROSS))
        if not self._sheets or not self._sheets.patches:
            return room
        first = shown_size(self._sheets.patches[0].size(), QSize(room, room))
        return max(first.width(), first.height())

    @property
    def corners(self) -> tuple[QPoint, QPoint]:
        """Where the sheets begin."""
        edge = sheet_size(self.tile)
        right = min(self.width() - edge, edge + 2 * _ARROW + ACROSS * (self._most - self.tile))
        return QPoint(0, _TITLE), QPoint(right, _TITLE)

    def area_of(self, rank: int) -> QRect:
        """Where a patch stands."""
        return tile_area(self.corners[0], rank, self.tile)

    def sizeHint(self) -> QSize:
        edge = sheet_size(self._most)
        return QSize(2 * edge + 2 * _ARROW, _TITLE + edge)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, sheets = appearance(), self._sheets
        with QPainter(self) as painter:
            painter.setFont(look.font(12, weight=600))
            painter.setPen(look.colour("text"))
            first, second = self.corners
            for corner, words in ((first, f"Top {ACROSS**2} patches"), (second, "Projected back")):
                painter.drawText(corner.x(), corner.y() - 9, words)
            paint_sheet(painter, first, self.tile, sheets.patches if sheets else ())
            paint_sheet(painter, second, self.tile, sheets.projected if sheets else ())
            edge = sheet_size(self.tile)
            paint_arrow(painter, QRect(first.x() + edge, first.y(), second.x() - first.x() - edge, edge))
            if sheets and self.current < len(sheets.patches):
                for corner in self.corners:
                    ring(painter, tile_area(corner, self.current, self.tile))

    def point(self, rank: int) -> None:
        """Ring a patch and its pair."""
        count = len(self._sheets.patches) if self._sheets else 0
        if 0 <= rank < count and rank != self.current:
            self.current = rank
            self.update()
            self.pointed.emit(rank)

    def _rank_at(self, point: QPoint) -> int | None:
        found = (tile_at(corner, self.tile, point) for corner in self.corners)
        return next((rank for rank in found if rank is not None), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        rank = self._rank_at(event.position().toPoint())
        if rank is not None:
            self.point(rank)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        rank = self._rank_at(event.position().toPoint())
        if rank is not None:
            self.point(rank)
            self.chosen.emit(rank)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -ACROSS, Qt.Key.Key_Down: ACROSS}
        key = Qt.Key(event.key())
        if key in steps:
            self.point(self.current + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)
