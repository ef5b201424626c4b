"""Tiles in rows, as many as there are images, of which only those in view are painted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from engine.data.listing import Listing
from engine.words import thousands
from gui.data.shown import Places, moved
from gui.style.appearance import appearance
from gui.widgets.steady import steady_viewport
from gui.widgets.tile_pictures import TilePictures, paint_picture

SMALLEST, USUAL, LARGEST = 48, 81, 160  # px of a tile
GAP, LABEL, BETWEEN = 7, 18, 9  # px between columns, of a label, between rows
MARGIN, ABOVE = 16, 10
_BADGE = 18
_AROUND_SIGN = 0.32  # of a tile, at each side of the sign that it cannot be read
_NUMBER_FROM = 72  # px of a tile from which there is room for a name and a number
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_MARKS = Qt.KeyboardModifier.ControlModifier


class Grid(QAbstractScrollArea):
    """A tile an image, with its class and number below and a badge where it is marked.

    Arrow keys move, Enter or a double click asks by ``opened`` for the large view, Space or Ctrl+click by ``toggled``
    for a mark. ``menu_wanted`` tells of a context menu; the current image is ``current``, None where there is none.
    """

    opened = Signal(int)
    toggled = Signal(int)
    moved = Signal(int)  # to another image
    menu_wanted = Signal(int, QPoint)

    def __init__(self, pictures: TilePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Images")
        self.pictures = pictures
        self.edge = USUAL
        self._listing: Listing | None = None
        self._places: Places = np.empty(0, np.int64)
        self._marked: dict[int, int] = {}
        self._at = 0  # which of the places is current
        pictures.read.connect(self.viewport().update)
        appearance().changed.connect(self.viewport().update)

    # What is shown

    def show_places(self, listing: Listing | None, places: Places, *, renewed: Listing | None = None) -> None:
        """Show some images of a listing; the current one stays, if it is among them.

        ``renewed`` is an earlier listing of the same data set.
        """
        shown, before = self._listing, None
        same = listing is shown and np.array_equal(places, self._places)
        if listing and shown and shown in (listing, renewed) and self.current is not None:
            before = next(iter(moved((self.current,), shown, listing)), None)
        self._listing, self._places = listing, places
        self.pictures.show_listing(listing)
        if same:
            return
        found = np.flatnonzero(places == before) if before is not None else np.empty(0, np.int64)
        self._at = int(found[0]) if len(found) else 0
        self._fit()
        self.verticalScrollBar().setValue(0)
        if len(found):
            self._bring_into_view()
        self._describe()

    def show_marked(self, marked: Sequence[int]) -> None:
        """Show which images are marked, by the numbers of their badges."""
        self._marked = {place: number for number, place in enumerate(marked, 1)}
        self._describe()
        self.viewport().update()

    def show_edge(self, edge: int) -> None:
        """Show tiles of another size, the current one where it is."""
        self.edge = edge
        self._fit()
        self._bring_into_view()

    @property
    def current(self) -> int | None:
        """The place of the current image in the listing."""
        return int(self._places[self._at]) if self._at < len(self._places) else None

    @property
    def columns(self) -> int:
        """How many tiles stand in a row: one more than fit where that makes them little smaller."""
        return max(1, round(self._room / (self.edge + GAP)))

    @property
    def side(self) -> int:
        """The edge of a tile, px: as chosen, or a little less for one more column."""
        return min(self.edge, self._room // self.columns - GAP)

    @property
    def _room(self) -> int:
        return max(SMALLEST + GAP, steady_viewport(self).width() - 2 * MARGIN + GAP)

    @property
    def _pitch(self) -> int:
        return self.side + LABEL + BETWEEN

    def area_of(self, index: int) -> QRect:
        """Where the picture of a tile stands in the view now."""
        row, column = divmod(index, self.columns)
        top = ABOVE + row * self._pitch - self.verticalScrollBar().value()
        return QRect(MARGIN + column * (self.side + GAP), top, self.side, self.side)

    def index_at(self, point: QPoint) -> int | None:
        """The tile at a point of the view."""
        column, beside = divmod(point.x() - MARGIN, self.side + GAP)
        row, below = divmod(point.y() - ABOVE + self.verticalScrollBar().value(), self._pitch)
        index = row * self.columns + column
        on_tile = 0 <= column < self.columns and beside < self.side and row >= 0 and below < self.side + LABEL
        return index if on_tile and index < len(self._places) else None

    def in_view(self) -> range:
        """The tiles that can be seen at least in part."""
        top = self.verticalScrollBar().value() - ABOVE
        first = max(0, top // self._pitch) * self.columns
        last = (max(0, top + self.viewport().height() - 1) // self._pitch + 1) * self.columns
        return range(min(first, len(self._places)), min(last, len(self._places)))

    def move_to(self, index: int) -> None:
        """Make another tile the current one."""
        if not len(self._places):
            return
        self._at = min(max(index, 0), len(self._places) - 1)
        self._bring_into_view()
        self._describe()
        self.moved.emit(self._places[self._at])

    def step(self, steps: int) -> None:
        """Go some tiles on or back."""
        self.move_to(self._at + steps)

    def _fit(self) -> None:
        rows = -(-len(self._places) // self.columns)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, rows * self._pitch + ABOVE - height))
        bar.setPageStep(height)
        bar.setSingleStep(self._pitch // 3)
        self.viewport().update()

    def _bring_into_view(self) -> None:
        bar, area = self.verticalScrollBar(), self.area_of(self._at).adjusted(0, -ABOVE, 0, LABEL + BETWEEN)
        if area.top() < 0:
            bar.setValue(bar.value() + area.top())
        elif area.bottom() > self.viewport().height():
            bar.setValue(bar.value() + min(area.bottom() - self.viewport().height(), area.top()))
        self.viewport().update()

    def _describe(self) -> None:
        """Say what is current: "rust 456, marked 5, 12 of 3 242"."""
        place = self.current
        if place is None or self._listing is None:
            self.setAccessibleDescription("no images")
            return
        marked = f", marked {self._marked[place]}" if place in self._marked else ""
        words = f"{self._listing.caption(place)}{marked}, {thousands(self._at + 1)} of {thousands(len(self._places))}"
        self.setAccessibleDescription(words)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.in_view()
        ratio = self.devicePixelRatioF()
        self.pictures.want((int(self._places[index]) for index in shown), round(self.side * ratio))
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), appearance().colour("canvas"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in shown:
                self._paint_tile(painter, index)

    def _paint_tile(self, painter: QPainter, index: int) -> None:
        look, place, area = appearance(), int(self._places[index]), self.area_of(index)
        picture = self.pictures.picture(place)
        if picture is not None:
            paint_picture(painter, area, picture)
        else:
            painter.fillRect(area, look.colour("line"))
        if self.pictures.is_unreadable(place):
            inset = round(area.width() * _AROUND_SIGN)
            look.icon("mdi6.image-broken-variant", "warn").paint(painter, area.adjusted(inset, inset, -inset, -inset))
        marked, current = place in self._marked, index == self._at
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if marked:
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 3, 3)
            _paint_badge(painter, area, self._marked[place])
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if current and self.hasFocus():
            painter.setPen(QPen(look.colour("text"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(area.adjusted(-3, -3, 3, 3), 4, 4)
        elif current and not marked:
            painter.setPen(QPen(look.colour("wire"), 1))
            painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), 3, 3)
        self._paint_label(painter, area, place, strong=marked or current)

    def _paint_label(self, painter: QPainter, area: QRect, place: int, *, strong: bool) -> None:
        assert self._listing is not None  # there are places
        look, number = appearance(), thousands(int(self._listing.numbers[place]))
        label = QRect(area.left(), area.bottom() + 1, area.width(), LABEL)
        name = self._listing.label(place) or number
        if self.side >= _NUMBER_FROM and name != number:
            painter.setFont(look.font(11, mono=True))
            painter.setPen(look.colour("muted"))
            painter.drawText(label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
            label.setRight(label.right() - painter.fontMetrics().horizontalAdvance(number) - 4)
        painter.setFont(look.font(11, weight=600 if strong else 400))
        painter.setPen(look.colour("text"))
        words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, label.width())
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    # Hands and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if index is None:
            return
        self.move_to(index)
        if event.button() == Qt.MouseButton.LeftButton and event.modifiers() & _MARKS:
            self.toggled.emit(int(self._places[index]))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if event.modifiers() & _MARKS:
            self.mousePressEvent(event)
        elif index is not None:
            self.opened.emit(int(self._places[index]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.current
        if place is None:
            return
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        point = self.viewport().mapToGlobal(self.area_of(self._at).center()) if by_key else event.globalPos()
        self.menu_wanted.emit(place, point)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, place = Qt.Key(event.key()), self.current
        page = max(1, self.viewport().height() // self._pitch) * self.columns
        jumps = {Qt.Key.Key_Home: -len(self._places), Qt.Key.Key_End: len(self._places)}
        jumps |= {Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        jumps |= {arrow: across + down * self.columns for arrow, (across, down) in _STEPS.items()}
        if place is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key in jumps:
            self.step(jumps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(place)
        elif key == Qt.Key.Key_Space:
            self.toggled.emit(place)
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.index_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if index is None else self._tip(int(self._places[index])), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, place: int) -> str:
        assert self._listing is not None  # there are places
        return f"{self._listing.caption(place)}\n{self._listing.names[place]}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _paint_badge(painter: QPainter, area: QRect, number: int) -> None:
    look, badge = appearance(), QRectF(area.left() + 3, area.top() + 3, _BADGE, _BADGE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("primary"))
    painter.drawEllipse(badge)
    painter.setFont(look.font(11, weight=600))
    painter.setPen(look.colour("on_primary"))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(number))
