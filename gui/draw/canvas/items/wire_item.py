"""One drawn link: an orthogonal wire with rounded corners and its shape on a pill."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import chain, count, pairwise, takewhile

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QStaticText,
)
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.draw.canvas.items.paints import Look, on_screen
from gui.draw.canvas.model.boxes import Box
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.faces import WireFace, WireState
from gui.draw.canvas.model.links import Link
from gui.draw.canvas.model.router import Course
from gui.draw.canvas.model.routing import CLEAR, Route, Side, Spot

Z_WIRE = 100.0
Z_HIGHLIGHTED = 150.0
_Z_OVER_NODES = 300.0
CORNER = 8.0
DOT = 4.0
_PILL = 16.0
_REACH = 6.0  # a press this near hits the wire
_ROOM = 28.0  # px of a vertical part that a label needs
_SLACK = 16.0  # px that the ends of a label may lie over its wire's ports
_LETTER = 6.6  # width of a mono letter at 11 px
_WITHIN = 0.35  # of a straight part, that a label is from its middle at most
_NEAR = (0.0, 4.0, 8.0, 12.0)  # px from the middle of a part to the first places for a label
_STEP = 16.0  # px from each further place to the next
_BEFORE_END = 24.0  # from a label at the end of a wire to the port


class WireItem(QGraphicsItem):
    """Draws a `Course` in scene coordinates."""

    def __init__(self, link: Link, look: Look) -> None:
        super().__init__()
        self.link = link
        self.look = look
        self.face = WireFace("", WireState.KNOWN)
        self.course = Course((Spot(0, 0), Spot(0, 0)), Side.TOP)
        self.hovered = self.selected = self.faded = self.aimed = False
        self._path: QPainterPath | None = None
        self._shape: QPainterPath | None = None
        self._label: QStaticText | None = None
        self._label_font: QFont | None = None
        self.label_box = QRectF()  # the pill of the label
        self._bounds = QRectF()
        self._quiet = False  # its label would lie on a line that it shares, or on something else
        self.setZValue(Z_WIRE)

    def show_face(self, face: WireFace) -> None:
        """Carry another label or state."""
        if face != self.face:
            self.prepareGeometryChange()
            self.face = face
            self._label = None
            self._measure()

    def run(self, course: Course) -> None:
        """Run along another course."""
        self.prepareGeometryChange()
        self.course = course
        self._path = self._shape = None
        self._update_z()
        self._measure()

    def _update_z(self) -> None:
        """A trunk lies over its branches: its label stands where their lines run too.

        A label without room lies over what is in its way while the mouse asks for it.
        """
        asked = self.hovered and self._quiet
        level = _Z_OVER_NODES if asked else Z_HIGHLIGHTED if self.highlighted else Z_WIRE
        self.setZValue(level + bool(self.course.dot))

    @property
    def says(self) -> bool:
        """Whether its label is drawn where there is room for any, or the mouse asks for it."""
        return bool(self.face.label) and (self.hovered or not self._quiet)

    @property
    def highlighted(self) -> bool:
        """Whether it stands out: hovered, aimed at, selected or on the path of the selection."""
        return self.hovered or self.selected or self.aimed

    def set_state(self, **flags: bool) -> None:
        """Change some of ``hovered``, ``selected``, ``aimed`` (a drop would go here) and ``faded``."""
        if any(getattr(self, key) != value for key, value in flags.items()):
            for key, value in flags.items():
                setattr(self, key, value)
            self._update_z()
            self.update()
            self.look.overview_changed()

    def _measure(self) -> None:
        width = _width(self.face)
        self._quiet = not self._has_room(width)
        self.label_box = _pill(label_place(self.course, width, at_end=self.face.names), width)
        self._span()

    def _has_room(self, width: float) -> bool:
        known = self.face.state is WireState.KNOWN and not self.face.names
        return not known or has_room(self.course, width)

    def _span(self) -> None:
        """Span the line and the label."""
        box = self.course.box
        line = QRectF(box.left, box.top, box.width, box.height).adjusted(-6, -6, 6, 6)
        self._bounds = line.united(self.label_box.adjusted(-2, -2, 2, 2))
        self.update()
        self.look.overview_changed()

    def extent(self) -> Box:
        """The box around the line and the label that is drawn at it."""
        label, line = self.drawn_label(1.0), self.course.box
        return line if label is None else line.joined(Box(label.left(), label.top(), label.right(), label.bottom()))

    def drawn_label(self, scale: float) -> QRectF | None:
        """What its label takes, drawn ``scale`` times as large; None if it has no place."""
        return _scaled(self.label_box, scale) if self.face.label and not self._quiet else None

    def stand_clear(self, is_free: Callable[[QRectF], bool], scale: float) -> QRectF | None:
        """Put the label, drawn ``scale`` times as large, where it is clear; what it takes, None if it is hidden."""
        width = _width(self.face)
        if not self.face.label or not self._has_room(width):
            return None
        usual = label_place(self.course, width, at_end=self.face.names)
        boxes = (_pill(place, width) for place in (usual, *other_places(self.course, width * scale)))
        found = next((box for box in boxes if is_free(_scaled(box, scale))), None)
        if found != self.label_box or (found is None) != self._quiet:
            self.prepareGeometryChange()
            self._quiet = found is None
            self.label_box = found or _pill(usual, width)
            self._update_z()
            self._span()
        return self.drawn_label(scale)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        if self._shape is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * _REACH)
            self._shape = stroker.createStroke(_lines(self.course.corners))
        return self._shape

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        detail = self.look.detail
        if detail is Detail.BARS and self.course.side is not Side.TOP and not self.highlighted:
            return
        painter.setOpacity(0.3 if self.faded else 1.0)
        painter.setPen(self._pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if detail is Detail.FULL:
            self._paint_full(painter)
        else:
            self._paint_small(painter)

    def _paint_full(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self._path is None:
            self._path = rounded(self.course.corners)
        painter.drawPath(self._path)
        self._paint_dot(painter)
        if self.says:
            self._paint_label(painter)
        elif self.face.state is WireState.MISMATCH:
            self._paint_trouble(painter)

    def _paint_small(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        corners = self.course.corners
        if len(corners) == 2:
            painter.drawLine(QLineF(*corners[0], *corners[1]))
        else:
            painter.drawPolyline([QPointF(*corner) for corner in corners])
        wrong, titles = self.face.state is WireState.MISMATCH, self.look.detail is Detail.TITLES
        if titles and self.says and (wrong or self.highlighted or self.face.changes):
            self._paint_screen_label(painter)
        elif wrong:
            self._paint_trouble(painter)

    def _pen(self) -> QPen:
        paints, state = self.look.paints, self.face.state
        if state is WireState.MISMATCH:
            return paints.pen("err", 2)
        width = 1.5 if self.look.detail is Detail.FULL else 1
        if self.highlighted:
            return paints.pen("accent", 2)
        return paints.pen("wire", width, (4, 4) if state in (WireState.ASSUMED, WireState.UNKNOWN) else ())

    def _paint_dot(self, painter: QPainter) -> None:
        if self.course.dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.look.paints.brush("accent" if self.highlighted else "wire"))
            painter.drawEllipse(QPointF(*self.course.dot), DOT, DOT)

    def _paint_label(self, painter: QPainter) -> None:
        text, box = self._text(self.look.paints.fonts.mono), self.label_box
        self._paint_pill(painter, box)
        left = box.center().x() - text.size().width() / 2
        painter.setFont(self.look.paints.fonts.mono)
        painter.drawStaticText(QPointF(left, round(box.center().y() - text.size().height() / 2)), text)

    def _paint_pill(self, painter: QPainter, box: QRectF) -> None:
        paints, wrong = self.look.paints, self.face.state is WireState.MISMATCH
        painter.setPen(paints.pen("err") if wrong else paints.pen("accent") if self.aimed else Qt.PenStyle.NoPen)
        painter.setBrush(paints.brush("err_bg" if wrong else "canvas"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        quiet = self.face.state in (WireState.ASSUMED, WireState.UNKNOWN)
        usual = "faint" if quiet else "muted"
        painter.setPen(paints.pen("err_text" if wrong else "link" if self.highlighted else usual))

    def _paint_screen_label(self, painter: QPainter) -> None:
        """The label in screen px."""
        centre, font = self.label_box.center(), self.look.paints.fonts.screen_mono
        painter.setWorldTransform(on_screen(painter.worldTransform(), centre.x(), centre.y()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        text = self._text(font)
        width = QFontMetricsF(font).horizontalAdvance(self.face.label)
        self._paint_pill(painter, QRectF(-width / 2 - 5, -7, width + 10, 14))
        painter.setFont(font)
        painter.drawStaticText(QPointF(-width / 2, -round(text.size().height() / 2)), text)

    def _paint_trouble(self, painter: QPainter) -> None:
        """A red dot of 4 px on screen."""
        radius = 4 / self.look.zoom
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.paints.brush("err"))
        painter.drawEllipse(self.label_box.center(), radius, radius)

    def _text(self, font: QFont) -> QStaticText:
        if self._label is None or self._label_font is not font:
            self._label = QStaticText(self.face.label)
            self._label.setTextFormat(Qt.TextFormat.PlainText)
            self._label.prepare(font=font)
            self._label_font = font
        return self._label


def label_place(course: Course, width: float, *, at_end: bool = False) -> Spot:
    """The middle of the longest straight part; of a wire to another column, of a horizontal part that has room.

    On a trunk the label stands above the dot where the others leave. ``at_end`` it stands in the lane, just before
    the port at the side.
    """
    parts = own_part(course, width) or sorted(pairwise(course.corners), key=_length, reverse=True)
    if course.dot and len(parts) == 1:
        parts = [(course.corners[0], course.dot)]
    level = (part for part in parts if part[0].y == part[1].y and _length(part) >= width)
    start, end = next(level, parts[0]) if course.folded else parts[0]
    at_end = at_end and course.side is not Side.TOP and len(course.corners) > 2
    if at_end:
        start, end = course.corners[-3:-1]
    x, y = (start.x + end.x) / 2, (start.y + end.y) / 2
    if at_end and abs(end.y - y) > _BEFORE_END:
        y = end.y - math.copysign(_BEFORE_END, end.y - start.y)
    if course.side is not Side.TOP and start.x == end.x:
        beyond = max(0.0, width / 2 - CLEAR + 2)  # a wide label in a lane must not run under the nodes beside it
        x += beyond if course.side is Side.RIGHT else -beyond
    return Spot(x, y)


def other_places(course: Course, width: float) -> list[Spot]:
    """Where else a label may stand on its wire: along the straight parts with room for it, the longest first."""
    parts = own_part(course, width) if course.branch else sorted(pairwise(course.corners), key=_length, reverse=True)
    roomy = [part for part in parts if _length(part) >= (_ROOM if part[0].x == part[1].x else width)]
    return [
        Spot(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
        for start, end in roomy
        for share in _shares(_length((start, end)))
    ]


def _shares(length: float) -> Iterator[float]:
    """Where on a straight part a label may stand: from its middle outwards, not at its very ends."""
    for offset in takewhile(lambda offset: offset <= _WITHIN * length, chain(_NEAR, count(_STEP, _STEP))):
        yield 0.5 - offset / length
        yield 0.5 + offset / length


def has_room(course: Course, width: float) -> bool:
    """Whether a label stands clear: not on a line that is shared, nor longer than a wire to the right."""
    if course.branch:
        return bool(own_part(course, width))
    return not course.rightwards or max(map(_length, pairwise(course.corners))) >= width - _SLACK


def own_part(course: Course, width: float) -> list[tuple[Spot, Spot]]:
    """The longest part of a branch beyond the line that it shares with others, if a label has room there."""
    if not course.branch:
        return []
    fixed = 1 if course.rightwards else 0  # the coordinate that stays along the flow; what is shared runs across it
    whole = enumerate(pairwise(course.corners))
    parts = [(start, end) for index, (start, end) in whole if index or start[fixed] == end[fixed]]
    roomy = [part for part in parts if _length(part) >= (_ROOM if part[0].x == part[1].x else width)]
    return sorted(roomy, key=_length, reverse=True)


def _width(face: WireFace) -> float:
    return _LETTER * len(face.label) + 12


def _pill(middle: Spot, width: float) -> QRectF:
    return QRectF(middle.x - width / 2, middle.y - _PILL / 2, width, _PILL)


def _scaled(box: QRectF, scale: float) -> QRectF:
    """A box made larger about its middle."""
    width, height = box.width() * (scale - 1) / 2, box.height() * (scale - 1) / 2
    return box.adjusted(-width, -height, width, height)


def _length(part: tuple[Spot, Spot]) -> float:
    return abs(part[1].x - part[0].x) + abs(part[1].y - part[0].y)


def _lines(corners: Route) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    return path


def rounded(corners: Route, radius: float = CORNER) -> QPainterPath:
    """A path through all corners, each turned with ``radius``, or less where a part is short."""
    path = QPainterPath(QPointF(*corners[0]))
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        turn = min(radius, _length((before, corner)) / 2, _length((corner, after)) / 2)
        path.lineTo(_towards(corner, before, turn))
        path.quadTo(QPointF(*corner), _towards(corner, after, turn))
    path.lineTo(QPointF(*corners[-1]))
    return path


def _towards(point: Spot, other: Spot, distance: float) -> QPointF:
    length = _length((point, other)) or 1.0
    share = distance / length
    return QPointF(point.x + (other.x - point.x) * share, point.y + (other.y - point.y) * share)
