"""The layers in a row, each with what it makes of the image: a click looks into one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.families import Family
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap, image_of, span_of

CARD = QSize(92, 64)
GAP = 14
PICTURE = 28


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One layer: its node, what is written on it, its family and the values it gives, once they are known."""

    node: str
    title: str
    shape: str
    family: Family | None
    values: NDArray[np.float32] | None = None
    image: QImage | None = None


class LayerStrip(QScrollArea):
    """A row of cards that scrolls sideways; ``chosen`` tells which node was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(CARD.height() + 26)
        self.row = _Row()
        self.row.chosen.connect(self.chosen)
        self.setWidget(self.row)

    def show_cards(self, cards: list[Card], current: str) -> None:
        """Show these layers, ``current`` marked and in view."""
        moved = current != self.row.current
        self.row.show_cards(cards, current)
        if moved:
            area = self.row.area_of(current)
            self.ensureVisible(area.center().x(), 0, CARD.width(), 0)


class _Row(QWidget):
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Layers")
        self.current = ""
        self._cards: list[Card] = []
        self._images: dict[str, QImage] = {}
        appearance().changed.connect(self.update)

    def show_cards(self, cards: list[Card], current: str) -> None:
        self._cards, self.current = cards, current
        self._images = {card.node: image for card in cards if (image := _picture(card)) is not None}
        self.setAccessibleDescription(current)
        self.setFixedSize(max(1, len(cards) * (CARD.width() + GAP) - GAP + 4), CARD.height() + 8)
        self.update()

    def area_of(self, node: str) -> QRect:
        place = next((at for at, card in enumerate(self._cards) if card.node == node), 0)
        return QRect(2 + place * (CARD.width() + GAP), 4, CARD.width(), CARD.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = appearance()
            for place, card in enumerate(self._cards):
                area = self.area_of(card.node)
                if place:
                    painter.setPen(QPen(look.colour("wire"), 1))
                    painter.drawLine(area.left() - GAP, area.center().y(), area.left(), area.center().y())
                if area.intersects(event.rect()):
                    self._paint(painter, card, area)

    def _paint(self, painter: QPainter, card: Card, area: QRect) -> None:
        look = appearance()
        is_current = card.node == self.current
        painter.setPen(QPen(look.colour("accent" if is_current else "line2"), 2 if is_current else 1))
        painter.setBrush(look.colour("raised"))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        stripe = look.family(card.family) if card.family else look.colour("accent")
        painter.fillRect(QRect(area.left() + 2, area.top() + 2, 4, area.height() - 4), stripe)
        picture = QRect(area.left() + 12, area.top() + 6, PICTURE, PICTURE)
        if card.node in self._images:
            painter.drawImage(picture, self._images[card.node])
        elif card.values is not None:
            _paint_bars(
                painter, np.nan_to_num(card.values.ravel()), QRect(picture.topLeft(), QSize(area.width() - 20, PICTURE))
            )
        self._write(painter, area.left() + 12, area.top() + 47, text=card.title, mono=False, is_current=is_current)
        self._write(painter, area.left() + 12, area.top() + 59, text=card.shape, mono=True, is_current=is_current)

    def _write(self, painter: QPainter, x: int, y: int, *, text: str, mono: bool, is_current: bool) -> None:
        look = appearance()
        font = look.font(10 if mono else 11, weight=400 if mono else 600, mono=mono)
        painter.setFont(font)
        painter.setPen(look.colour("muted" if mono else "text"))
        width = CARD.width() - 18
        painter.drawText(x, y, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for card in self._cards:
            if self.area_of(card.node).contains(event.position().toPoint()):
                self.chosen.emit(card.node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        nodes = [card.node for card in self._cards]
        if step is None or self.current not in nodes:
            super().keyPressEvent(event)
            return
        self.chosen.emit(nodes[min(max(nodes.index(self.current) + step, 0), len(nodes) - 1)])


def _picture(card: Card) -> QImage | None:
    """The image a card shows: its own, or the map with the largest value."""
    if card.image is not None:
        return card.image
    if card.values is None or card.values.ndim != 3 or card.values[0].size < 4:
        return None
    strongest = card.values[int(card.values.max(axis=(1, 2)).argmax())]
    return image_of(strongest, ColourMap.VIRIDIS, span_of(strongest))


def _paint_bars(painter: QPainter, values: NDArray[np.float32], area: QRect) -> None:
    """A vector as bars from its smallest value, at most as many as there are columns to draw them in."""
    most = area.width() // 3
    values = values if len(values) <= most else np.array([part.max() for part in np.array_split(values, most)])
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    step = area.width() / max(1, len(values))
    for place, value in enumerate(values):
        height = round(area.height() * (float(value) - low) / (high - low)) if high > low else 0
        bar = QRectF(area.left() + place * step, area.bottom() - height, max(1.0, step - 1), height)
        painter.fillRect(bar, appearance().colour("accent"))
