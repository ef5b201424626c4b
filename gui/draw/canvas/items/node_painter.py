"""How a node or collapsed block looks at each level of detail."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QStaticText

from engine.network import State
from gui.draw.canvas.items.paints import ICON_SIZE, CanvasFont, icon_name, on_screen
from gui.draw.canvas.model.detail import Detail
from gui.draw.canvas.model.faces import SAME_SHAPE
from gui.draw.canvas.model.geometry import PORT_RADIUS, RADIUS, STACK

if TYPE_CHECKING:
    from gui.draw.canvas.items.node_item import NodeItem

STRIPE = 5.0
_HEAD = 2  # letters that a cut name begins with
_NAMES = {"title", "screen"}  # keys of texts that are names
_TEXT_LEFT = 32.0
_TEXT_RIGHT = 10.0
_KIND_GAP = 3.0  # at least, between the kind of a slim node and what stands at its right
_ANY = 10_000.0  # px; room enough for any text


def paint_full(painter: QPainter, item: NodeItem) -> None:
    """Everything, at 80 % and more."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    _fade(painter, item)
    _rings(painter, item)
    _body(painter, item)
    _texts(painter, item)
    _ports(painter, item)
    _badge(painter, item)


def paint_titles(painter: QPainter, item: NodeItem) -> None:
    """Stripe, title and shape, at 45–80 %; text keeps its size on screen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    _fade(painter, item)
    _rings(painter, item)
    _body(painter, item)
    _badge(painter, item)
    _screen_texts(painter, item)


def paint_boxes(painter: QPainter, item: NodeItem) -> None:
    """A box in the family's colour, at 20–45 %; titles on blocks only."""
    paint_bars(painter, item)
    if item.face.family is None:
        look, box = item.look, item.box
        text = static_text(item, "screen", item.face.title, look.paints.fonts.screen_title, box.width * look.zoom - 8)
        painter.setWorldTransform(on_screen(painter.worldTransform(), box.width / 2, box.height / 2))
        painter.setPen(look.paints.pen("canvas"))
        painter.setFont(look.paints.fonts.screen_title)
        painter.drawStaticText(QPointF(-text.size().width() / 2, -text.size().height() / 2), text)


def paint_bars(painter: QPainter, item: NodeItem) -> None:
    """A bar in the family's colour, below 20 %."""
    look, face, box = item.look, item.face, item.box
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    alpha = 0.3 if face.bypassed or item.faded else 0.85
    rect = QRectF(0, 0, box.width, box.height)
    painter.fillRect(rect, look.paints.family_brush(face.family, alpha))
    if face.error or item.selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(look.paints.pen("err" if face.error else "text", 2))
        painter.drawRect(rect)
    if item.selected:
        painter.setPen(look.paints.pen("accent", 2))
        margin = 4 / look.zoom
        painter.drawRect(rect.adjusted(-margin, -margin, margin, margin))


PAINTERS = {
    Detail.FULL: paint_full,
    Detail.TITLES: paint_titles,
    Detail.BOXES: paint_boxes,
    Detail.BARS: paint_bars,
}


def _fade(painter: QPainter, item: NodeItem) -> None:
    painter.setOpacity(0.35 if item.faded else 0.65 if item.face.bypassed else 1.0)


def _rings(painter: QPainter, item: NodeItem) -> None:
    """The selection's outer ring and the ring of the keyboard focus."""
    if not (item.selected or item.focused):
        return
    rect, look = QRectF(0, 0, item.box.width, item.box.height), item.look
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if item.selected:
        painter.setPen(look.paints.pen("accent", 4 * min(look.zoom, 2), alpha=0.28))
        painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
    if item.focused:
        painter.setPen(look.paints.pen("accent", 1, (3, 3)))
        painter.drawRoundedRect(rect.adjusted(-6, -6, 6, 6), RADIUS + 6, RADIUS + 6)


def _body(painter: QPainter, item: NodeItem) -> None:
    """Box, border and stripe; a block lies on two more."""
    paints, face, box = item.look.paints, item.face, item.box
    rect = QRectF(0.5, 0.5, box.width - 1, box.height - 1)
    fill = "hover" if item.hovered else "canvas" if face.looks_open else "raised"
    if face.family is None:
        painter.setPen(paints.pen("line2"))
        painter.setBrush(paints.brush("raised"))
        for offset in (2 * STACK, STACK):
            painter.drawRoundedRect(rect.translated(offset, offset), RADIUS, RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paints.brush(fill))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    painter.setBrush(paints.family_brush(face.family))
    painter.drawPath(_stripe(box.height))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_border(item))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    if face.bypassed:
        painter.setPen(paints.pen("muted", 1, (4, 3)))
        painter.drawPath(_detour(box.width, box.height))


def _border(item: NodeItem) -> QPen:
    paints, face = item.look.paints, item.face
    if item.dashed:
        return paints.pen("link", 1, (4, 3))
    if face.error:
        return paints.pen("err", 2)
    if item.selected:
        return paints.pen("accent", 2)
    if item.welcome:
        return paints.pen("ok", 2 if item.aimed else 1)
    if face.frozen:
        return paints.pen("frozen", 1, (4, 3))
    if face.looks_open:
        return paints.pen("wire", 1, (2, 3))
    return paints.pen("muted" if item.hovered else "line2")


@cache
def _stripe(height: float) -> QPainterPath:
    """The left edge, 5 px wide, inside the rounded border."""
    box, stripe = QPainterPath(), QPainterPath()
    box.addRoundedRect(QRectF(0.5, 0.5, 4 * RADIUS, height - 1), RADIUS, RADIUS)
    stripe.addRect(QRectF(0.5, 0.5, STRIPE, height - 1))
    return box.intersected(stripe)


@cache
def _detour(width: float, height: float) -> QPainterPath:
    """The dashed way around a bypassed node."""
    path = QPainterPath(QPointF(width / 2, 0))
    path.cubicTo(QPointF(width + 44, 0), QPointF(width + 44, height), QPointF(width / 2, height))  # bulges 8 px out
    return path


def _texts(painter: QPainter, item: NodeItem) -> None:
    paints, face, box = item.look.paints, item.face, item.box
    fonts = paints.fonts
    baseline = box.height / 2 + 4.5 if face.slim and not (item.mark and item.mark.strip) else 19.0
    _icon(painter, item, baseline - 11)
    right_font = fonts.strong if face.error else fonts.small if face.slim else fonts.mono
    shape = static_text(item, "shape", _right_words(item), right_font, box.width - _TEXT_LEFT - 50)
    shape_left = box.width - _TEXT_RIGHT - shape.size().width()
    painter.setPen(paints.pen(_shape_token(item)))
    draw_text(painter, shape, right_font, shape_left, baseline)
    title = static_text(item, "title", face.title, fonts.title, shape_left - _TEXT_LEFT - 6)
    painter.setPen(paints.pen("muted" if face.looks_open else "text"))
    draw_text(painter, title, fonts.title, _TEXT_LEFT, baseline)
    if face.bypassed:
        painter.drawLine(
            QPointF(_TEXT_LEFT, baseline - 4.5), QPointF(_TEXT_LEFT + title.size().width(), baseline - 4.5)
        )
    painter.setPen(paints.pen("muted"))
    if face.kind:
        left = _TEXT_LEFT + title.size().width() + 8
        available = shape_left - left - (ICON_SIZE + 12 if face.frozen else _KIND_GAP if shape.text() else 0)
        kind = static_text(item, "kind", face.kind, fonts.small, available)
        draw_text(painter, kind, fonts.small, left, baseline)
    if face.detail and not face.slim:
        available = box.width - _TEXT_LEFT - (28 if face.family is None or face.frozen else _TEXT_RIGHT)
        detail = static_text(item, "detail", face.detail, fonts.small, available)
        draw_text(painter, detail, fonts.small, _TEXT_LEFT, 37)
    if face.cost and not (item.mark and item.mark.strip):
        painter.setPen(paints.pen("faint"))
        cost = static_text(item, "cost", face.cost, fonts.small, box.width - _TEXT_LEFT - _TEXT_RIGHT)
        draw_text(painter, cost, fonts.small, _TEXT_LEFT, 54)
    _corner_icon(painter, item, shape_left)


def _right_words(item: NodeItem) -> str:
    """The shape; "same shape" gives way to a kind that would have no room beside it."""
    fonts, face = item.look.paints.fonts, item.face
    if not face.kind or face.shape != SAME_SHAPE:
        return face.shape
    words = (("title", fonts.title), ("kind", fonts.small), ("shape", fonts.small))
    widths = [static_text(item, f"{key}, whole", getattr(face, key), font, _ANY).size().width() for key, font in words]
    return face.shape if sum(widths) + _TEXT_LEFT + 8 + _KIND_GAP + _TEXT_RIGHT <= item.box.width else ""


def _shape_token(item: NodeItem) -> str:
    face = item.face
    if face.error:
        return "err"
    if face.slim or face.bypassed:
        return "faint"
    return "text" if face.state is State.KNOWN and not face.unfinished else "muted"


def _icon(painter: QPainter, item: NodeItem, top: float) -> None:
    pixmap = item.look.icon(icon_name(item.face.family))
    painter.drawPixmap(QRectF(13, top, ICON_SIZE, ICON_SIZE), pixmap, QRectF(pixmap.rect()))


def _corner_icon(painter: QPainter, item: NodeItem, shape_left: float) -> None:
    """A snowflake on what is frozen, and on a block the sign that it expands."""
    face, right = item.face, item.box.width - _TEXT_RIGHT
    if face.frozen:
        pixmap = item.look.icon("mdi6.snowflake", "frozen")
        left, top = (shape_left - ICON_SIZE - 6, 7.0) if face.slim else (right - ICON_SIZE, 27.0)
        painter.drawPixmap(QRectF(left, top, ICON_SIZE, ICON_SIZE), pixmap, QRectF(pixmap.rect()))
    elif face.family is None:
        pixmap = item.look.icon("mdi6.arrow-expand-all", "text" if item.hovered else "muted")
        painter.drawPixmap(QRectF(right - ICON_SIZE, 26, ICON_SIZE, ICON_SIZE), pixmap, QRectF(pixmap.rect()))


def _ports(painter: QPainter, item: NodeItem) -> None:
    paints = item.look.paints
    painter.setBrush(paints.brush("canvas" if item.face.error else "raised"))
    for port in item.ports:
        aimed = port == item.aimed
        token = "ok" if item.welcome and not port.taken else "wire"
        painter.setPen(paints.pen(token, 2.5 if aimed else 1.5))
        painter.drawEllipse(QPointF(port.x, port.y), PORT_RADIUS + aimed, PORT_RADIUS + aimed)


def _badge(painter: QPainter, item: NodeItem) -> None:
    """ "!" in a disc for an error, in a triangle for a warning, on the top right corner."""
    face, paints = item.face, item.look.paints
    if not (face.error or face.warning):
        return
    centre = QPointF(item.box.width - 1, 0)
    painter.setPen(paints.pen("canvas", 2))
    painter.setBrush(paints.brush("err" if face.error else "warn"))
    if face.error:
        painter.drawEllipse(centre, 8.5, 8.5)
    else:
        painter.drawPolygon(_triangle(centre))
    painter.setBrush(paints.brush("canvas"))
    painter.setPen(Qt.PenStyle.NoPen)
    top = centre.y() - (5 if face.error else 4)
    painter.drawRoundedRect(QRectF(centre.x() - 0.9, top, 1.8, 6), 0.9, 0.9)
    painter.drawEllipse(QPointF(centre.x(), top + 8.6), 1.1, 1.1)


def _triangle(centre: QPointF) -> QPolygonF:
    return QPolygonF([centre + QPointF(0, -9.5), centre + QPointF(10, 8), centre + QPointF(-10, 8)])


def _screen_texts(painter: QPainter, item: NodeItem) -> None:
    """Title and shape in screen px, the shape only where both fit."""
    look, face, box = item.look, item.face, item.box
    paints, width = look.paints, box.width * look.zoom
    fonts = paints.fonts
    painter.setWorldTransform(on_screen(painter.worldTransform(), 0, box.height / 2))
    left = STRIPE * look.zoom + 6
    available = width - left - 6
    title = static_text(item, "screen", face.title, fonts.screen_title, available)
    painter.setPen(paints.pen("muted" if face.looks_open else "text"))
    draw_text(painter, title, fonts.screen_title, left, 4)
    if face.slim and not face.error:
        return
    shape = static_text(item, "screen shape", face.shape, fonts.screen_mono, 1000)
    if title.size().width() + shape.size().width() + 8 <= available:
        painter.setPen(paints.pen("err" if face.error else "muted"))
        draw_text(painter, shape, fonts.screen_mono, width - 6 - shape.size().width(), 4)


def static_text(item: NodeItem, key: str, text: str, font: QFont, available: float) -> QStaticText:
    """The prepared text of an item, elided to ``available`` px; made when first painted."""
    available = round(max(available, 0))
    made = item.texts.get(key)
    if made is not None and made[1] == available:
        return made[0]
    metrics = QFontMetricsF(font)
    short = _short_name if key in _NAMES else _short
    static = QStaticText(short(text, metrics, available))
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    static.prepare(font=font)
    item.texts[key] = (static, available)
    return static


def _short(text: str, metrics: QFontMetricsF, available: float) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, available)


def _short_name(name: str, metrics: QFontMetricsF, available: float) -> str:
    """A name with as much of its end as there is room for: it sets denselayer1 and denselayer12 apart."""
    starts = range(_HEAD + 1, len(name))
    shorter = (name, *(f"{name[:_HEAD]}…{name[start:]}" for start in starts))
    fitting = (words for words in shorter if metrics.horizontalAdvance(words) <= available)
    return next(fitting, "") or _short(name, metrics, available)


def draw_text(painter: QPainter, text: QStaticText, font: CanvasFont, left: float, baseline: float) -> None:
    """Draw a static text so that its letters stand on ``baseline``."""
    painter.setFont(font)
    painter.drawStaticText(QPointF(left, round(baseline - font.ascent)), text)
