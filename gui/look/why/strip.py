"""Grad-CAM at every convolution, from input to output."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.look.why import painting, words
from gui.look.why.why import Why
from gui.style.appearance import appearance

SIDE, GAP, _LINE = 61, 3, 13
_CENTRED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class EverywhereStrip(QScrollArea):
    """The maps of a class in a row, each with the share of the image that holds half of its heat."""

    up = Signal()
    chosen = Signal(str)

    def __init__(self, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.row = _Row(why)
        self.row.chosen.connect(self._choose)
        self.row.up.connect(self.up)
        self.setWidget(self.row)
        why.changed.connect(self.refresh)
        why.chosen.connect(self.refresh)

    def refresh(self) -> None:
        """Follow what there is to see."""
        self.row.refresh()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Have room for a scroll bar only where there is one."""
        bar = self.horizontalScrollBar().sizeHint().height() if self.row.width() > self.width() else 0
        self.setFixedHeight(self.row.height() + bar)

    def _choose(self, node: str) -> None:
        self.chosen.emit(node)
        area = self.row.area_of(node)
        self.ensureVisible(area.center().x(), 0, SIDE, 0)


class _Row(QWidget):
    chosen = Signal(str)
    up = Signal()

    def __init__(self, why: Why) -> None:
        super().__init__()
        self._why = why
        self.nodes: list[str] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Grad-CAM at every convolution")
        appearance().changed.connect(self.update)

    def refresh(self) -> None:
        maps, node = self._why.maps, self._why.look.node
        self.nodes = list(maps) or self.nodes
        self.setFixedSize(max(1, len(self.nodes) * (SIDE + GAP) - GAP), SIDE + self.words_height)
        lines = (
            f"{words.layer_text(name)}, half of it in {words.share(found)} of the image" for name, found in maps.items()
        )
        self.setToolTip("\n".join(lines))
        found = maps.get(node)
        self.setAccessibleDescription(f"{node}, {words.share(found)}" if found else node)
        self.update()

    @property
    def words_height(self) -> int:
        """How high the words below the maps are: blocks have a line where there are some."""
        return _LINE * (3 if any("." in node for node in self.nodes) else 2) + 3

    def area_of(self, node: str) -> QRect:
        """Where the map of a convolution stands."""
        place = self.nodes.index(node) if node in self.nodes else 0
        return QRect(1 + place * (SIDE + GAP), 2, SIDE - 2, SIDE - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for node in self.nodes:
                if self.area_of(node).adjusted(0, 0, 0, self.words_height).intersects(event.rect()):
                    self._paint(painter, node)

    def _paint(self, painter: QPainter, node: str) -> None:
        why, look, area = self._why, appearance(), self.area_of(node)
        found, pixels = why.maps.get(node), why.look.shown
        current = node == why.look.node
        if pixels is not None:
            smooth = why.enlarge == "smooth"
            heat = painting.heat_of(found) if found else None
            painting.paint_heat(painter, area, painting.grey_of(pixels), heat, why.opacity, smooth=smooth)
        if current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(area), 3, 3)
        if current and self.hasFocus():
            painter.setPen(QPen(look.colour("text"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(area.adjusted(3, 3, -4, -4))
        *blocks, name = node.split(".")
        lines = [" › ".join(blocks), name, words.share(found) if found else "…"][-(self.words_height // _LINE) :]
        for number, line in enumerate(lines):
            place = QRect(area.left() - 1, area.bottom() + 3 + _LINE * number, SIDE, _LINE)
            painter.setFont(
                look.font(10, weight=600 if current and line == name else 400, mono=number == len(lines) - 1)
            )
            painter.setPen(look.colour("text" if current else "muted"))
            short = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, _CENTRED, short)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for node in self.nodes:
            if self.area_of(node).adjusted(0, 0, 0, self.words_height).contains(event.position().toPoint()):
                self.chosen.emit(node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, node = Qt.Key(event.key()), self._why.look.node
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        if key is Qt.Key.Key_Up:
            self.up.emit()
        elif step is not None and self.nodes:
            at = self.nodes.index(node) + step if node in self.nodes else 0
            self.chosen.emit(self.nodes[min(max(at, 0), len(self.nodes) - 1)])
        else:
            super().keyPressEvent(event)
