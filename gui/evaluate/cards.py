"""Images of an evaluation as cards, as many as there are, of which only those in view are read and painted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from engine.errors import LayerloomError
from engine.words import counted, thousands
from gui.style.appearance import appearance
from gui.widgets.steady import steady_viewport
from gui.widgets.tile_pictures import Thumbnails, TilePictures, paint_picture

USUAL = 104
GAP, LABEL, MARGIN = 10, 24, 12
_INSIDE = Qt.AlignmentFlag.AlignVCenter
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


@dataclass(frozen=True, slots=True)
class Card:
    """An image by its position, what stands below it left and right, and what is told of it in full."""

    position: int
    left: str
    right: str = ""
    about: str = ""


class CardGrid(QAbstractScrollArea):
    """Cards in rows: a click or an arrow key makes one the current, Enter or a double click asks by ``opened``.

    Signals carry positions. ``pictures`` read in a thread; `close_job` ends it.
    """

    opened = Signal(int)
    moved = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None, *, usual: int = USUAL) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.usual = usual  # px of a card, about
        self.pictures = TilePictures(self)
        self.cards: Sequence[Card] = ()
        self.trouble = ""  # why no image can be read
        self._at = 0
        self.pictures.read.connect(self.viewport().update)
        self.pictures.died.connect(self._give_up)
        appearance().changed.connect(self.viewport().update)

    def close_job(self) -> None:
        """End the thread: the window closes."""
        self.pictures.close()

    def show_cards(self, images: Thumbnails | None, cards: Sequence[Card]) -> None:
        """Show other images; the first is the current one."""
        self.pictures.show_listing(images)
        self.cards, self._at, self.trouble = cards, 0, ""
        self._fit()
        self.verticalScrollBar().setValue(0)
        self._describe()

    @property
    def current(self) -> Card | None:
        """The card that a button beside the grid is for."""
        return self.cards[self._at] if self._at < len(self.cards) else None

    @property
    def columns(self) -> int:
        """How many stand in a row: one more than fit where that makes them little smaller.

        Where there is room for all, they are fewer and up to twice as large.
        """
        usual, height = max(1, round(self._room / (self.usual + GAP))), self.viewport().height()
        fewest = math.ceil(self._room / (2 * self.usual + GAP))
        return next((few for few in range(fewest, usual) if self._height_of(few) <= height), usual)

    def _height_of(self, columns: int) -> int:
        """The height of all cards in so many columns, px."""
        return math.ceil(len(self.cards) / columns) * (self._room // columns + LABEL)

    @property
    def side(self) -> int:
        """The edge of a picture, px."""
        return min(2 * self.usual, self._room // self.columns - GAP)

    @property
    def _room(self) -> int:
        return max(USUAL, steady_viewport(self).width() - 2 * MARGIN + GAP)

    @property
    def _pitch(self) -> int:
        return self.side + LABEL + GAP

    def area_of(self, index: int) -> QRect:
        """Where a card stands in the view now, words included."""
        row, column = divmod(index, self.columns)
        top = row * self._pitch + 1 - self.verticalScrollBar().value()
        return QRect(MARGIN + column * (self.side + GAP), top, self.side, self.side + LABEL)

    def in_view(self) -> range:
        """The cards that can be seen at least in part."""
        top = self.verticalScrollBar().value()
        first = top // self._pitch * self.columns
        last = ((top + self.viewport().height() - 1) // self._pitch + 1) * self.columns
        return range(min(first, len(self.cards)), min(last, len(self.cards)))

    def index_at(self, point: QPoint) -> int | None:
        """The card at a point of the view."""
        return next((index for index in self.in_view() if self.area_of(index).contains(point)), None)

    def move_to(self, index: int) -> None:
        """Make another card the current one."""
        if self.cards:
            self._at = min(max(index, 0), len(self.cards) - 1)
            self._bring_into_view()
            self._describe()
            self.moved.emit(self.cards[self._at].position)

    def _give_up(self, error: LayerloomError) -> None:
        self.trouble = str(error)
        self.setAccessibleDescription(self.trouble)
        self.viewport().update()

    def _fit(self) -> None:
        rows = -(-len(self.cards) // self.columns)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, rows * self._pitch - height))
        bar.setPageStep(height)
        bar.setSingleStep(self._pitch // 3)
        self.viewport().update()

    def _bring_into_view(self) -> None:
        bar, area = self.verticalScrollBar(), self.area_of(self._at).adjusted(0, -1, 0, GAP)
        if area.top() < 0:
            bar.setValue(bar.value() + area.top())
        elif area.bottom() > self.viewport().height():
            bar.setValue(bar.value() + min(area.bottom() - self.viewport().height(), area.top()))
        self.viewport().update()

    def _describe(self) -> None:
        card = self.current
        place = f", {thousands(self._at + 1)} of {counted(len(self.cards), 'image')}"
        self.setAccessibleDescription(f"{card.about}{place}" if card else "no images")

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.in_view()
        edge = round(self.side * self.devicePixelRatioF())
        self.pictures.want((self.cards[index].position for index in shown), edge)
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), appearance().colour("panel"))
            for index in shown:
                self._paint_card(painter, self.area_of(index), self.cards[index], current=index == self._at)
            if self.trouble:
                self._paint_trouble(painter)

    def _paint_trouble(self, painter: QPainter) -> None:
        look, area = appearance(), self.viewport().rect().adjusted(MARGIN, 0, -MARGIN, 0)
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
        painter.setFont(look.font(12))
        words = painter.boundingRect(area, wrapped, self.trouble)
        painter.fillRect(QRect(0, 0, self.viewport().width(), words.height() + 8), look.colour("panel"))
        painter.setPen(look.colour("err"))
        painter.drawText(area, wrapped, self.trouble)

    def _paint_card(self, painter: QPainter, area: QRect, card: Card, *, current: bool) -> None:
        look, image = appearance(), area.adjusted(0, 0, 0, -LABEL)
        picture = self.pictures.picture(card.position)
        if picture is not None:
            paint_picture(painter, image, picture)
        else:
            painter.fillRect(image, look.colour("canvas"))
        if self.pictures.is_unreadable(card.position):
            look.icon("mdi6.image-broken-variant", "warn").paint(painter, image.adjusted(32, 32, -32, -32))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("accent"), 2) if current else QPen(look.colour("line2"), 1))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if current and self.hasFocus():
            painter.setPen(QPen(look.colour("text"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(area).adjusted(3.5, 3.5, -3.5, -3.5), 3, 3)
        words = QRect(area.left() + 6, image.bottom() + 1, area.width() - 12, LABEL)
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("muted"))
        painter.drawText(words, _INSIDE | Qt.AlignmentFlag.AlignRight, card.right)
        words.setRight(words.right() - painter.fontMetrics().horizontalAdvance(card.right) - 4)
        painter.setPen(look.colour("text"))
        left = painter.fontMetrics().elidedText(card.left, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, _INSIDE | Qt.AlignmentFlag.AlignLeft, left)

    # Hands and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if index is not None:
            self.move_to(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if index is not None:
            self.opened.emit(self.cards[index].position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, card = Qt.Key(event.key()), self.current
        page = max(1, self.viewport().height() // self._pitch) * self.columns
        jumps = {Qt.Key.Key_Home: -len(self.cards), Qt.Key.Key_End: len(self.cards)}
        jumps |= {Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        jumps |= {arrow: across + down * self.columns for arrow, (across, down) in _STEPS.items()}
        if card is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in jumps:
            self.move_to(self._at + jumps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(card.position)
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.index_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if index is None else self.cards[index].about, self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
