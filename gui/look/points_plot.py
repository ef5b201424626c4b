"""Images as points in a plane: moved, enlarged, pointed at and chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.inspection.results import Points
from gui.look.class_marks import SIZE, mark_of, ring
from gui.style.appearance import appearance

_ROOM = 20.0  # px around the points
_CATCH = 14.0  # px from a point within which the pointer finds it
_NEAREST, _FARTHEST = 60.0, 0.5
_WHEEL = 1.0015  # of what a notch is divided into


class PointsPlot(QWidget):
    """Points ``(N, 2)`` by their classes; those that are not ``kept`` are faint.

    ``pointed`` carries the index of the point below the pointer, or reached by arrow keys; -1 for none. ``chosen`` is
    one that was clicked, or Enter. All points are painted once for each move, 10 000 in 50 ms (one busy core).
    """

    pointed = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Images as points")
        self.current = -1
        self.kept: NDArray[np.bool_] = np.zeros(0, bool)
        self._points: Points | None = None
        self._unit: NDArray[np.float64] = np.zeros((0, 2))  # about the middle, from above, on one scale
        self._extent = np.ones(2)
        self._zoom, self._shift = 1.0, np.zeros(2)
        self._pressed: QPointF | None = None
        self._moved = False
        self._picture: QPixmap | None = None
        appearance().changed.connect(self._repaint)

    def sizeHint(self) -> QSize:
        return QSize(500, 400)

    def show_points(self, points: Points) -> None:
        """Show other points, all of them in view."""
        self._points, self.current = points, -1
        values = points.values.astype(np.float64)
        low, high = values.min(axis=0), values.max(axis=0)
        self._extent = np.maximum(high - low, 1e-9 * (abs(high - low).max() or 1.0))
        self._unit = (values - (low + high) / 2) * (1, -1)
        self.kept = np.ones(len(values), bool)
        self.fit()

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Let some points ``(N,)`` stand out, and the others be faint."""
        self.kept = kept
        if self.current >= 0 and not kept[self.current]:
            self._point(-1)
        self._repaint()

    def fit(self) -> None:
        """Bring all points into view."""
        self._zoom, self._shift = 1.0, np.zeros(2)
        self._repaint()

    @property
    def places(self) -> NDArray[np.float64]:
        """Where the points stand, px ``(N, 2)``."""
        return self._middle + (self._unit * self._scale + self._shift) * self._zoom

    @property
    def _middle(self) -> NDArray[np.float64]:
        return np.array([self.width() / 2, self.height() / 2])

    @property
    def _scale(self) -> float:
        """Px for 1 on either axis where all points are in view."""
        room = np.array([self.width() - 2 * _ROOM, self.height() - 2 * _ROOM]).clip(min=1)
        return float((room / self._extent).min())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None or self._picture.deviceIndependentSize().toSize() != self.size():
            self._picture = self._painted()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)
            if self.current >= 0:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                x, y = self.places[self.current]
                painter.setPen(QPen(appearance().colour("accent"), 2))
                painter.drawEllipse(QRectF(x - 10, y - 10, 20, 20))

    def _painted(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(appearance().colour("canvas"))
        if self._points is None:
            return picture
        labels, wrong, places = self._points.labels, self._points.wrong, self.places
        seen = (places > -SIZE).all(axis=1) & (places < (self.width() + SIZE, self.height() + SIZE)).all(axis=1)
        with QPainter(picture) as painter:
            for kept, opacity in ((False, 0.16), (True, 1.0)):  # what stands out lies above
                painter.setOpacity(opacity)
                wanted = seen & (self.kept == kept)
                for label in np.unique(labels[wanted]):
                    self._paint_marks(painter, places[wanted & (labels == label)], mark_of(int(label), scale=scale))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for x, y in places[seen & self.kept & wrong]:
                ring(painter, QPointF(x, y))
        return picture

    def _paint_marks(self, painter: QPainter, places: NDArray[np.float64], mark: QPixmap) -> None:
        for x, y in (places - SIZE / 2).tolist():
            painter.drawPixmap(QPointF(x, y), mark)

    def _repaint(self) -> None:
        self._picture = None
        self.update()

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = _WHEEL ** event.angleDelta().y()
        self._enlarge(factor, np.array([event.position().x(), event.position().y()]))
        event.accept()

    def _enlarge(self, factor: float, about: NDArray[np.float64]) -> None:
        """Enlarge about a point of the widget, which stays where it is."""
        zoom = min(max(self._zoom * factor, _FARTHEST), _NEAREST)
        away = about - self._middle
        self._shift += away / zoom - away / self._zoom
        self._zoom = zoom
        self._repaint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._point(self.at(event.position()))
            return
        away = event.position() - self._pressed
        if self._moved or away.manhattanLength() >= QApplication.startDragDistance():
            self._shift += (away.x() / self._zoom, away.y() / self._zoom)
            self._pressed, self._moved = event.position(), True
            self._repaint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and not self._moved
        self._pressed = None
        index = self.at(event.position())
        if clicked and index >= 0:
            self._point(index)
            self.chosen.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.at(event.position()) < 0:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        way = ways.get(Qt.Key(event.key()))
        if way is not None:
            self._point(self._next(np.array(way)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.chosen.emit(self.current)
        elif event.text() in ("+", "-"):
            self._enlarge(1.25 if event.text() == "+" else 0.8, self._middle)
        elif event.text() == "0":
            self.fit()
        else:
            super().keyPressEvent(event)

    def at(self, point: QPointF) -> int:
        """The nearest point that stands out at a place of the widget; -1 if none is near."""
        if not self.kept.any():
            return -1
        away = np.hypot(*(self.places - (point.x(), point.y())).T)
        nearest = int(np.where(self.kept, away, np.inf).argmin())
        return nearest if away[nearest] <= _CATCH else -1

    def _next(self, way: NDArray[np.int64]) -> int:
        """The nearest point that lies that way of the current one; the first one there is to begin with."""
        if self.current < 0:
            return int(self.kept.argmax()) if self.kept.any() else -1
        away = self.places - self.places[self.current]
        along, aside = away @ way, np.abs(away @ way[::-1])
        cost = np.where(self.kept & (along > 0.5), along + 2 * aside, np.inf)
        return int(cost.argmin()) if np.isfinite(cost).any() else self.current

    def _point(self, index: int) -> None:
        if index != self.current:
            self.current = index
            self.update()
            self.pointed.emit(index)
