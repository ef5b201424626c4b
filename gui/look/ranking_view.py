"""Units by what is lost without each: a row each, which can be switched off."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from engine.data.part_words import SPOKEN
from engine.inspection.results import Ranking
from engine.words import counted
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel

ROW = 24
_NAME, _FIGURES = 72, 176  # px
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class RankingView(QWidget):
    """The ranking, and a button for the unit that is current; ``wanted`` carries the one that shall be off."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about, self.rows, self.off = ElidedLabel(), _Rows(), QPushButton()
        role(self.about, "label")
        mark(self.off, "scale", "small")
        note = QLabel("Each unit is switched off by itself; the one that is missed most stands first.")
        note.setWordWrap(True)
        role(note, "caption")
        head = layouts.row(None, self.about, self.off, spacing=8)
        head.setStretch(0, 1)
        self.area = layouts.scrolling(self.rows)
        column = layouts.column(self, head, note, spacing=8)
        column.addWidget(self.area, 1)
        self.off.clicked.connect(lambda: self.wanted.emit(self.rows.current))
        self.rows.activated.connect(self.wanted)
        self.rows.selected.connect(self._show_current)

    def show_ranking(self, ranking: Ranking) -> None:
        """Show another ranking."""
        metric = ranking.metric
        on = counted(ranking.images, f"{SPOKEN[ranking.part]} image")
        self.about.setText(f"{metric.title} {metric.text(ranking.before)} with all units of {ranking.node}, on {on}")
        self.rows.show_ranking(ranking)
        self._show_current()

    def _show_current(self) -> None:
        self.off.setText(f"Switch off unit {self.rows.current}")
        area = self.rows.area_of(self.rows.current)
        self.area.ensureVisible(area.center().x(), area.center().y(), 0, ROW)


class _Rows(QWidget):
    """The rows, painted; ``selected`` tells of a click or an arrow key, ``activated`` of a double click or Enter."""

    selected = Signal()
    activated = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Units by what is lost without each")
        self.current = 0
        self._ranking: Ranking | None = None
        self._order: tuple[int, ...] = ()
        appearance().changed.connect(self.update)

    def show_ranking(self, ranking: Ranking) -> None:
        same = self._ranking is not None and self._ranking.node == ranking.node
        self._ranking, self._order = ranking, ranking.order
        if not same or self.current >= len(self._order):
            self.current = self._order[0]
        self._describe()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, ROW * len(self._order))

    def area_of(self, unit: int) -> QRect:
        """Where the row of a unit stands."""
        place = self._order.index(unit) if unit in self._order else 0
        return QRect(0, place * ROW, self.width(), ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ranking is None:
            return
        most = max(map(abs, self._ranking.falls)) or 1.0
        with QPainter(self) as painter:
            for unit in self._order:
                if (area := self.area_of(unit)).intersects(event.rect()):
                    self._paint(painter, area, unit, most)

    def _paint(self, painter: QPainter, area: QRect, unit: int, most: float) -> None:
        ranking, look, current = self._ranking, appearance(), unit == self.current
        assert ranking is not None  # it has rows
        fall = ranking.falls[unit]
        if current:
            painter.fillRect(area, look.colour("sel"))
        painter.setFont(look.font(12, weight=600 if current else 400))
        painter.setPen(look.colour("text"))
        painter.drawText(area.adjusted(8, 0, 0, 0), _LEFT, f"Unit {unit}")
        track = QRectF(_NAME, area.center().y() - 4, max(0, area.width() - _NAME - _FIGURES), 9)
        length = track.width() * abs(fall) / most
        painter.fillRect(track, look.colour("hover"))
        bar = QRectF(track.left(), track.top(), length, 9)
        painter.fillRect(bar, look.colour("accent" if fall > 0 else "ok"))
        painter.setFont(look.font(11, mono=True))
        painter.drawText(area.adjusted(0, 0, -8, 0), _RIGHT, self._words(unit))

    def _words(self, unit: int) -> str:
        """The figure without a unit, and how it differs: "97.4 %  −1.1 points"."""
        assert self._ranking is not None
        metric, value = self._ranking.metric, self._ranking.values[unit]
        return f"{metric.text(value)}  {metric.difference(value - self._ranking.before)}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // ROW
        if 0 <= place < len(self._order):
            self._choose(self._order[place])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.activated.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.current)
        elif step is None or not self._order:
            super().keyPressEvent(event)
        else:
            place = self._order.index(self.current) + step
            self._choose(self._order[min(max(place, 0), len(self._order) - 1)])

    def _choose(self, unit: int) -> None:
        self.current = unit
        self._describe()
        self.update()
        self.selected.emit()

    def _describe(self) -> None:
        self.setAccessibleDescription(f"Unit {self.current}: {self._words(self.current)}")
