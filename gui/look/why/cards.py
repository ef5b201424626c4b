"""The methods side by side: what each says of the image, and whether it is to be trusted."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from engine.inspection.explaining.evidence import Evidence, Occluded
from engine.inspection.explaining.sanity import LOW, Curve
from gui.look.why import painting, words
from gui.look.why.why import Why, methods
from gui.style.appearance import appearance

GAP, PAD = 12, 12
_HEAD, _CHECK = 42, 116  # px: above the picture, and below it
_THUMBNAIL, _CHART = 68, 62
_LEAST = 150  # px: the smallest picture
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_TOP = Qt.AlignmentFlag.AlignTop
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class MethodCard(QWidget):
    """One method; a click selects it, a double click enlarges it, the button at its top chooses another method."""

    clicked = Signal()
    opened = Signal()

    def __init__(self, why: Why, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why, self._place = why, place
        self.side = 0  # px of the picture
        self.focused = False  # whether the row has the keyboard
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.menu = QMenu(self)
        self.more = QToolButton(self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self.menu)
        self.more.setFixedSize(22, 22)
        self.more.setStyleSheet("QToolButton { border: none; } QToolButton::menu-indicator { image: none; }")
        self.menu.aboutToShow.connect(self._fill)
        appearance().changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow what there is to see."""
        kind = self._why.kinds[self._place]
        self.more.setIcon(appearance().icon("mdi6.dots-vertical"))
        self.more.setAccessibleName(f"Another method in place of {kind.title}")
        self.more.setToolTip(f"Another method in place of {kind.title}")
        self.setAccessibleName(words.spoken(self._why, self._place))
        self.setToolTip(f"{kind.title}: {kind.help()}")
        self.update()

    @property
    def picture(self) -> QRect:
        """Where the picture stands."""
        return QRect((self.width() - self.side) // 2, _HEAD, self.side, self.side)

    def _fill(self) -> None:
        self.menu.clear()
        here = self._why.kinds[self._place]
        for kind in methods():
            action = self.menu.addAction(kind.title)
            action.setCheckable(True)
            action.setChecked(kind is here)
            action.triggered.connect(partial(self._why.replace_method, self._place, kind))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.more.move(self.width() - 28, 8)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        why, look = self._why, appearance()
        selected = why.selected == self._place
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.colour("accent" if selected else "line2"), 2 if selected else 1))
            painter.setBrush(look.colour("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
            self._paint_head(painter)
            paint_method(painter, self.picture, why, self._place)
            if why.sanity:
                self._paint_check(painter)
            if selected and self.focused:
                painter.setPen(QPen(look.colour("text"), 1, Qt.PenStyle.DashLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 6, 6)

    def _paint_head(self, painter: QPainter) -> None:
        why, look = self._why, appearance()
        kind, shown = why.kinds[self._place], why.shown(why.cards()[self._place])
        time = words.duration(shown.seconds) if shown and shown.whole else ""
        room = QRect(PAD, 7, self.width() - PAD - 30, 16)
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("muted"))
        painter.drawText(QRect(PAD, 23, self.width() - 2 * PAD, 14), _RIGHT, time)
        wide = painter.fontMetrics().horizontalAdvance(time) + 6 if time else 0
        painter.setFont(look.font(11))
        below = QRect(PAD, 23, self.width() - 2 * PAD - wide, 14)
        middle = Qt.TextElideMode.ElideMiddle
        said = painter.fontMetrics().elidedText(words.subtitle(kind, why, shown), middle, below.width())
        painter.drawText(below, _LEFT, said)
        painter.setFont(look.font(13, weight=600))
        painter.setPen(look.colour("text"))
        painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(kind.title, middle, room.width()))

    def _paint_check(self, painter: QPainter) -> None:
        look, curve = appearance(), self._why.curve(self._place)
        top = self.height() - _CHECK
        painter.setPen(look.colour("line"))
        painter.drawLine(PAD, top, self.width() - PAD, top)
        small = min(_THUMBNAIL, self.width() - 2 * PAD - 60)
        thumbnail = QRect(PAD, top + 10, small, small)
        self._paint_thumbnail(painter, thumbnail, curve)
        chart = QRect(thumbnail.right() + 11, top + 10, 0, _CHART)
        chart.setRight(self.width() - PAD)
        paint_curve(painter, chart, curve, self._why.layers)
        said, good = words.verdict(curve)
        token = {True: "ok", False: "warn", None: "muted"}[good]
        icon = {True: "mdi6.check-circle", False: "mdi6.alert", None: "mdi6.timer-sand"}[good]
        look.icon(icon, token).paint(painter, QRect(PAD, self.height() - 26, 14, 14))
        painter.setPen(look.colour(token))
        painter.setFont(look.font(11))
        room = QRect(PAD + 20, self.height() - 28, self.width() - 2 * PAD - 18, 18)
        painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_thumbnail(self, painter: QPainter, area: QRect, curve: Curve | None) -> None:
        """What the method says of the network that has forgotten."""
        why = self._why
        evidence = why.evidence(why.cards()[self._place])
        if curve is None or curve.heat is None or evidence is None or why.base is None:
            painter.fillRect(area, appearance().colour("canvas"))
            return
        forgotten = Evidence(curve.heat, evidence.explained, by_size=evidence.by_size)
        smooth = painting.is_smooth(evidence, why.enlarge == "smooth")
        heat = painting.heat_of(forgotten)
        painting.paint_heat(painter, area, painting.grey_of(why.base.pixels), heat, why.opacity, smooth=smooth)


class CardsRow(QWidget):
    """The cards beside each other, with the keyboard: Left and Right select, Enter enlarges, Menu chooses another."""

    opened = Signal()
    left = Signal()  # Down: to what stands below

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = why
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Methods")
        self.cards = [MethodCard(why, place, self) for place in range(len(why.kinds))]
        for place, card in enumerate(self.cards):
            card.clicked.connect(partial(self._click, place))
            card.opened.connect(self.opened)
        why.changed.connect(self.refresh)
        why.chosen.connect(self.refresh)

    def fit(self, width: int, tallest: int) -> None:
        """Be as high as pictures need that fit a ``width``, which may be less than is there, at most ``tallest``."""
        count = len(self.cards)
        each = (width - GAP * (count - 1)) // count
        side = min(each - 2 * PAD, max(tallest, _LEAST))
        height = _HEAD + side + 12 + (_CHECK if self._why.sanity else 0)
        self.setFixedHeight(height)
        for card in self.cards:
            card.side = side
            card.update()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Stand beside each other in all the width that is there."""
        each = (self.width() - GAP * (len(self.cards) - 1)) // len(self.cards)
        for place, card in enumerate(self.cards):
            card.setGeometry(place * (each + GAP), 0, each, self.height())

    def refresh(self) -> None:
        """Follow what there is to see."""
        for card in self.cards:
            card.focused = self.hasFocus()
            card.refresh()
        self.setAccessibleDescription(words.spoken(self._why, self._why.selected))

    def _click(self, place: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._why.select(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._why.select(self._why.selected + _STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key is Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def paint_method(painter: QPainter, area: QRect, why: Why, place: int) -> None:
    """What a method says over its image; the image alone, or the sentence why there is nothing, until it does."""
    shown = why.shown(why.cards()[place])
    refused = why.refused(why.cards()[place])
    pixels = shown.pixels if shown else why.look.shown
    if pixels is None:
        painter.fillRect(area, appearance().colour("canvas"))
        return
    evidence = shown.evidence if shown else None
    smooth = painting.is_smooth(evidence, why.enlarge == "smooth")
    heat = painting.heat_of(evidence) if evidence else None
    if isinstance(evidence, Occluded) and evidence.done < 1:  # the rows below were not tried yet
        painting.paint_heat(painter, area, painting.grey_of(pixels), None, why.opacity)
        painter.setClipRect(area.adjusted(0, 0, 0, round((evidence.done - 1) * area.height())))
    painting.paint_heat(painter, area, painting.grey_of(pixels), heat, why.opacity, smooth=smooth)
    painter.setClipping(False)
    if refused or evidence is None:
        _paint_words(painter, area, refused.sentence if refused else "…")


def _paint_words(painter: QPainter, area: QRect, sentence: str) -> None:
    look, wrapped = appearance(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
    painter.setFont(look.font(12))
    inner = area.adjusted(8, 8, -8, -8)
    box = painter.boundingRect(inner, wrapped, sentence).adjusted(-6, -4, 6, 4)
    painter.fillRect(box, look.colour("raised"))
    painter.setPen(look.colour("text"))
    painter.drawText(inner, wrapped, sentence)


def paint_curve(painter: QPainter, area: QRect, curve: Curve | None, layers: int) -> None:
    """The rank correlation by layers that were drawn anew: a ring where it is judged, dotted where that is enough."""
    look = appearance()
    painter.setFont(look.font(10))
    painter.setPen(look.colour("muted"))
    fits = painter.fontMetrics().horizontalAdvance("rank correlation") <= area.width()
    painter.drawText(area, _TOP | Qt.AlignmentFlag.AlignLeft, "rank correlation" if fits else "rank corr.")
    plot = QRectF(area).adjusted(0, 16, 0, -14)
    below = QRectF(area.left(), area.bottom() - 12, area.width(), 13)
    painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
    painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{layers} layers" if layers else "layers")
    at = partial(_point, plot, max(layers, 1))
    painter.setPen(QPen(look.colour("line2"), 1))
    painter.drawLine(at(0, 0.0), at(max(layers, 1), 0.0))
    painter.setPen(QPen(look.colour("line2"), 1, Qt.PenStyle.DotLine))
    painter.drawLine(at(0, LOW), at(max(layers, 1), LOW))
    known = [(number, value) for number, value in enumerate(curve.correlations if curve else ()) if np.isfinite(value)]
    colour = look.colour("warn" if curve is not None and curve.notices is False else "accent")
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([at(*one) for one in known]))
    if curve is not None and curve.judged is not None:
        painter.setBrush(look.colour("panel"))
        painter.drawEllipse(at(curve.judged_at, curve.judged), 3, 3)


def _point(plot: QRectF, layers: int, number: int, value: float) -> QPointF:
    """Where a correlation, −0.5 to 1, stands in a chart."""
    height = (1 - max(-0.5, value)) / 1.5
    return QPointF(plot.left() + plot.width() * number / layers, plot.top() + plot.height() * height)
