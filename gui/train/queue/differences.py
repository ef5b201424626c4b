"""In which settings the entries of the queue differ, as a table with a column each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.recipe.changes import Compared, compared, in_brief
from engine.runs.queue import Entry
from gui.style.appearance import appearance
from gui.train.runs.differences import NO_MATTER, WORDS

_ROW, _TITLE, _LEAST = 28, 84, 42
_SURFACE = 4  # px around a marked value
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def differences(entries: Sequence[Entry]) -> tuple[Compared, ...]:
    """Every setting of training and data, with what it is in each entry."""
    if not entries:
        return ()
    parts = ([entry.project.training for entry in entries], [entry.project.data for entry in entries])
    return tuple(
        _told_apart(row)
        for part in parts
        for row in compared(part, words=WORDS, say=in_brief)
        if row.path not in NO_MATTER
    )


def _told_apart(row: Compared) -> Compared:
    """The same with unlike values of the same words counted: "1 step", "1 step (2)"."""
    firsts: dict[str, list[int]] = {}
    told = []
    for words, place in zip(row.words, row.alike, strict=True):
        same_words = firsts.setdefault(words, [])
        if place not in same_words:
            same_words.append(place)
        count = same_words.index(place) + 1
        told.append(f"{words} ({count})" if count > 1 else words)
    return replace(row, words=tuple(told))


@dataclass(frozen=True, slots=True)
class Column:
    """The number at the head of a column, and whether it is what the others are compared with."""

    number: int
    is_reference: bool = False


class DifferencesTable(QWidget):
    """Settings below each other, runs beside each other; values unlike those of the reference are marked and bold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Differences")
        self.columns: tuple[Column, ...] = ()
        self.rows: tuple[Compared, ...] = ()
        appearance().changed.connect(self.update)

    def show_rows(self, columns: Sequence[Column], rows: Sequence[Compared]) -> None:
        """Show these settings of runs of these numbers."""
        if (self.columns, self.rows) == (tuple(columns), tuple(rows)):
            return
        self.columns, self.rows = tuple(columns), tuple(rows)
        self.setAccessibleDescription(". ".join(self._spoken(row) for row in self.rows))
        self.setMinimumWidth(_TITLE + _LEAST * len(self.columns))
        self._tell_cut()
        self.updateGeometry()
        self.update()

    def marked(self, row: Compared, place: int) -> bool:
        """Whether a value is unlike that of the reference."""
        return row.words[place] != row.words[self._reference]

    def sizeHint(self) -> QSize:
        return QSize(_TITLE + _LEAST * len(self.columns), _ROW * (len(self.rows) + 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_cut()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = appearance()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, column in enumerate(self.columns):
                painter.setFont(look.font(12, mono=True, weight=600 if column.is_reference else 400))
                painter.setPen(look.colour("text" if column.is_reference else "muted"))
                painter.drawText(self._cell(0, place), _RIGHT, str(column.number))
            for line, row in enumerate(self.rows, 1):
                for place, words in enumerate(row.words):
                    self._draw_value(painter, self._cell(line, place), words, marked=self.marked(row, place))
            self._draw_titles(painter)

    def _draw_titles(self, painter: QPainter) -> None:
        """Draw the first column where it is in view, over values that are scrolled away, and the lines."""
        look, left = appearance(), max(0, -self.x())
        painter.fillRect(QRect(left, 0, self._title_width, self.height()), look.colour("panel"))
        painter.setFont(look.font(12))
        for line, title in enumerate(("Setting", *(row.title for row in self.rows))):
            painter.setPen(look.colour("text" if line else "muted"))
            area = QRect(left, line * _ROW, self._title_width, _ROW)
            painter.drawText(area, _LEFT, self._fitted(title, self._title_width, mono=False))
            painter.setPen(look.colour("line"))
            if line:
                painter.drawLine(0, line * _ROW, self.width(), line * _ROW)

    def _draw_value(self, painter: QPainter, cell: QRect, words: str, *, marked: bool) -> None:
        look = appearance()
        text = self._fitted(words, cell.width() - _SURFACE * (2 if marked else 1), mono=True)
        font = look.font(11, mono=True, weight=700 if marked else 400)
        if marked:
            width = QFontMetrics(font).horizontalAdvance(text)
            surface = QRectF(cell.right() - width - 2 * _SURFACE + 1, cell.top() + 5, width + 2 * _SURFACE, _ROW - 9)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("sel"))
            painter.drawRoundedRect(surface, 4, 4)
            cell = cell.adjusted(0, 0, -_SURFACE, 0)
        painter.setFont(font)
        painter.setPen(look.colour("text" if marked else "muted"))
        painter.drawText(cell, _RIGHT, text)

    @property
    def _reference(self) -> int:
        return next((place for place, column in enumerate(self.columns) if column.is_reference), 0)

    @property
    def _title_width(self) -> int:
        """Long titles get what narrow columns leave."""
        return max(_TITLE, self.width() - 56 * len(self.columns)) - 6

    def _cell(self, line: int, place: int) -> QRect:
        left = self._title_width + 6
        width = (self.width() - left) / max(1, len(self.columns))
        return QRectF(left + place * width, line * _ROW, width, _ROW).toRect()

    def _fitted(self, text: str, room: int, *, mono: bool) -> str:
        metrics = QFontMetrics(appearance().font(11 if mono else 12, mono=mono, weight=700 if mono else 400))
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _tell_cut(self) -> None:
        """Let the tooltip have what there is too little room for."""
        room = self._cell(0, 0).width() - 2 * _SURFACE
        cut = [
            self._spoken(row)
            for row in self.rows
            if self._fitted(row.title, self._title_width, mono=False) != row.title
            or any(self._fitted(words, room, mono=True) != words for words in row.words)
        ]
        self.setToolTip("\n".join(cut))

    def _spoken(self, row: Compared) -> str:
        values = zip(self.columns, row.words, strict=True)
        return f"{row.title}: {', '.join(f'run {column.number} {words}' for column, words in values)}"
