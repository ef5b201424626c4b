"""The whole network in a corner, with the part in view as a frame that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.view import CanvasView
from gui.style.appearance import appearance

SIZE = QSize(192, 116)
_MARGIN = 8.0


class Minimap(QWidget):
    """Family colours, red dots for errors; a press or drag brings that part into view."""

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self._picture: QPixmap | None = None
        self.setFixedSize(SIZE)
        self.setAccessibleName("Map of the network")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        view.moved.connect(self.update)
        view.zoomed.connect(self.update)
        view.canvas_scene.settled.connect(self._redraw)
        appearance().changed.connect(self._redraw)

    def all_in_view(self) -> bool:
        """Whether the map would show nothing new."""
        bounds = self._bounds()
        return bounds.isEmpty() or self._view.shown().contains(bounds)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            if self._picture is None:
                self._picture = self._drawn()
            painter.drawPixmap(0, 0, self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("text"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inside = QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5)
            painter.drawRoundedRect(self._on_map(self._view.shown()).intersected(inside), 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._look_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_at(event.position())

    def _look_at(self, point: QPointF) -> None:
        scale, corner = self._scale()
        self._view.look_at((point - corner) / scale + self._bounds().topLeft())

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def _drawn(self) -> QPixmap:
        """Everything but the frame of the view, kept until the network changes."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        look = appearance()
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("line"))
            painter.setBrush(look.colour("panel"))
            painter.drawRoundedRect(QRectF(0.5, 0.5, SIZE.width() - 1, SIZE.height() - 1), 6, 6)
            self._draw_items(painter)
        return picture

    def _draw_items(self, painter: QPainter) -> None:
        scene = self._view.canvas_scene
        paints, wrong = scene.look.paints, []
        frames = [item for item in scene.nodes.values() if isinstance(item, FrameItem)]
        scale, corner = self._scale()
        corner -= self._bounds().topLeft() * scale
        for item in (*frames, *(item for item in scene.nodes.values() if not isinstance(item, FrameItem))):
            left, top = corner.x() + item.box.left * scale, corner.y() + item.box.top * scale
            box = QRectF(left, top, item.box.width * scale, item.box.height * scale)
            if isinstance(item, FrameItem):
                painter.setPen(paints.pen("line2"))
                painter.setBrush(paints.brush("accent", 0.05))
                painter.drawRect(box)
            else:
                painter.fillRect(
                    box.adjusted(0, 0, 0, max(0.0, 1.5 - box.height())), paints.family_brush(item.face.family)
                )
                if item.face.error:
                    wrong.append(box.topRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(paints.brush("err"))
        for corner in wrong:
            painter.drawEllipse(corner, 3, 3)

    def _bounds(self) -> QRectF:
        box = self._view.canvas_scene.geometry.bounds()
        return QRectF(box.left, box.top, box.width, box.height) if box else QRectF()

    def _scale(self) -> tuple[float, QPointF]:
        """Map px a scene px, and where the top left corner of everything stands on the map."""
        bounds = self._bounds()
        width, height = SIZE.width() - 2 * _MARGIN, SIZE.height() - 2 * _MARGIN
        scale = min(width / max(bounds.width(), 1.0), height / max(bounds.height(), 1.0), 0.25)
        used = QPointF(bounds.width() * scale, bounds.height() * scale)
        return scale, QPointF((SIZE.width() - used.x()) / 2, (SIZE.height() - used.y()) / 2)

    def _on_map(self, rect: QRectF) -> QRectF:
        scale, corner = self._scale()
        top_left = (rect.topLeft() - self._bounds().topLeft()) * scale + corner
        return QRectF(top_left, rect.size() * scale)
