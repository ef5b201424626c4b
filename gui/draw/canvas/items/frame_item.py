"""An expanded block: a frame with a header around what stands in it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.network.geometry import HEADER
from engine.network.names import prefixes
from gui.draw.canvas.items.node_item import NodeItem
from gui.draw.canvas.items.node_painter import draw_text, static_text
from gui.draw.canvas.items.paints import Look, on_screen
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.geometry import FRAME_RADIUS, PORT_RADIUS

_SMALLEST_HEADER = 10.0  # px on screen below which a title has no room in it
_TITLE_LEFT = 34.0
_EDGE = 4.0  # px across an edge that words keep clear of
_WIRE_ROOM = 7.0  # px from a wire through the header to a word beside it
_TITLE_ROOM = 160.0  # px at 100 % above a frame, where its title stands when the header is too low


class FrameItem(NodeItem):
    """A frame is pressed by its header; its inside belongs to the canvas."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__(name, look)
        self.setZValue(len(prefixes(name)))
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)  # large, and quick to draw
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(0, -_TITLE_ROOM, 0, 0)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(0, 0, self.box.width, HEADER))
        return path

    def solids(self) -> tuple[QRectF, ...]:
        left, top, width, height = self.box.left, self.box.top, self.box.width, self.box.height
        return (
            QRectF(left, top, width, HEADER),
            *(QRectF(x - _EDGE / 2, top, _EDGE, height) for x in (left, left + width)),
            QRectF(left, top + height - _EDGE / 2, width, _EDGE),
        )

    def chevron_at(self, x: float, y: float) -> bool:
        """Whether a point, from the top left corner, lies on the sign that collapses the block."""
        return 0 <= x < 32 and 0 <= y < HEADER

    def menu_at(self, x: float, y: float) -> bool:
        """Whether a point, from the top left corner, lies on the three dots."""
        return self.box.width - 32 < x <= self.box.width and 0 <= y < HEADER

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setOpacity(0.35 if self.faded else 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.look.detail >= Detail.TITLES)
        self._paint_frame(painter)
        if self.look.detail is Detail.FULL:
            self._paint_header(painter)
            self._paint_gates(painter)
        else:
            self._paint_small(painter)

    def _paint_frame(self, painter: QPainter) -> None:
        paints = self.look.paints
        rect = QRectF(0.5, 0.5, self.box.width - 1, self.box.height - 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.selected:
            painter.setPen(paints.pen("accent", 4, alpha=0.28))
            painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), FRAME_RADIUS + 3, FRAME_RADIUS + 3)
        if self.focused:
            painter.setPen(paints.pen("accent", 1, (3, 3)))
            painter.drawRoundedRect(rect.adjusted(-6, -6, 6, 6), FRAME_RADIUS + 6, FRAME_RADIUS + 6)
        painter.setBrush(paints.brush("accent", 0.05))
        highlighted = self.selected or self.welcome
        token = "accent" if highlighted else "muted" if self.hovered else "line2"
        painter.setPen(paints.pen(token, 2 if highlighted else 1))
        painter.drawRoundedRect(rect, FRAME_RADIUS, FRAME_RADIUS)

    def _paint_header(self, painter: QPainter) -> None:
        paints, face, width = self.look.paints, self.face, self.box.width
        fonts = paints.fonts
        painter.setPen(paints.pen("line"))
        painter.drawLine(QPointF(1, HEADER), QPointF(width - 1, HEADER))
        self._paint_icon(painter, "mdi6.chevron-down", 14)
        self._paint_icon(painter, "mdi6.dots-vertical", width - 26)
        shape = static_text(self, "shape", face.shape, fonts.mono, width / 2)
        shape_left = width - 36 - shape.size().width()
        painter.setPen(paints.pen("text"))
        draw_text(painter, shape, fonts.mono, shape_left, 20)
        spans = self._spans(_TITLE_LEFT, shape_left - 8)
        title = static_text(self, "title", face.title, fonts.title, spans[0][1] - spans[0][0])
        draw_text(painter, title, fonts.title, spans[0][0], 20)
        spans[0] = (spans[0][0] + title.size().width() + 8, spans[0][1])
        painter.setPen(paints.pen("muted"))
        detail = f"{face.detail} · {face.cost}" if face.cost else face.detail
        left, right = max(spans, key=lambda span: span[1] - span[0])
        draw_text(painter, static_text(self, "kind", detail, fonts.small, right - left), fonts.small, left, 20)

    def _spans(self, left: float, right: float) -> list[tuple[float, float]]:
        """The parts of the header between ``left`` and ``right`` that no wire into the block runs through."""
        gates = sorted(port.x for port in self.ports if port.y == HEADER and left < port.x < right)
        starts, ends = [left, *(x + _WIRE_ROOM for x in gates)], [*(x - _WIRE_ROOM for x in gates), right]
        return list(zip(starts, ends, strict=True))

    def _paint_icon(self, painter: QPainter, name: str, left: float) -> None:
        pixmap = self.look.icon(name, "text" if self.hovered else "muted")
        painter.drawPixmap(QRectF(left, (HEADER - 14) / 2, 14, 14), pixmap, QRectF(pixmap.rect()))

    def _paint_gates(self, painter: QPainter) -> None:
        paints = self.look.paints
        painter.setBrush(paints.brush("canvas"))
        painter.setPen(paints.pen("wire", 1.5))
        for port in self.ports:
            painter.drawEllipse(QPointF(port.x, port.y), PORT_RADIUS, PORT_RADIUS)

    def _paint_small(self, painter: QPainter) -> None:
        """Without a header wires go through, and the title is in screen px."""
        painter.setPen(self.look.paints.pen("wire"))
        for port in self.ports:
            if port.y == HEADER:
                painter.drawLine(QPointF(port.x, 0), QPointF(port.x, HEADER))
        look, header = self.look, HEADER * self.look.zoom
        fits, outermost = header >= _SMALLEST_HEADER, "." not in self.name
        if fits or outermost:
            font = look.paints.fonts.screen_title if header > _SMALLEST_HEADER + 2 else look.paints.fonts.tiny_title
            end = self._spans(0.0, self.box.width)[0][1]
            text = static_text(self, "screen", self.face.title, font, end * look.zoom - 10)
            painter.setWorldTransform(on_screen(painter.worldTransform(), 0, 0))
            painter.setPen(look.paints.pen("text" if look.detail is Detail.TITLES else "muted"))
            draw_text(painter, text, font, 6 if fits else 0, header / 2 + 4 if fits else -4)
