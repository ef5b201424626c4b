"""What a network takes one image for, as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.tasks import Reading
from engine.words import signed_text
from gui.style.appearance import appearance

ROW = 26
MOST = 5
_INVITATION = "Draw a digit or open an image."


class PredictionBars(QWidget):
    """Up to five readings of a prediction; those that are shares with a bar, and with a mark where they were before.

    Classes can be chosen, by a click, or by arrow keys and Enter: ``chosen`` carries their numbers.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Reading, ...] = ()
        self._before: Mapping[str, float] = {}
        self._numbers: tuple[int, ...] = ()
        self._at = 0  # the row with the keyboard
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.instead = _INVITATION
        self.setAccessibleName("Prediction")
        appearance().changed.connect(self.update)

    @property
    def rows(self) -> list[tuple[str, float]]:
        """Names and values as shown."""
        return [(reading.name, reading.value) for reading in self._rows]

    def show_readings(
        self,
        readings: Sequence[Reading],
        *,
        before: Sequence[Reading] = (),
        instead: str = _INVITATION,
        numbers: Sequence[int] = (),
    ) -> None:
        """Show the first readings of a prediction, and what they were ``before``; or ``instead`` of any a sentence.

        ``numbers`` are those of the classes that they are of, if they are of classes.
        """
        self._numbers = tuple(numbers[:MOST])
        self._at = min(self._at, max(0, len(self._numbers) - 1))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._numbers else Qt.CursorShape.ArrowCursor)
        self._rows, self.instead = tuple(readings[:MOST]), instead
        self._before = {row.name: row.value for row in before}
        lines = [self._line(row) for row in self._rows]
        self.setAccessibleDescription(", ".join(lines) or instead)
        self.setToolTip("\n".join(lines))  # names may have no room
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW * MOST)

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if not self._rows:
                self._paint_nothing(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            longest = max((self._width(row.name, first=True) for row in self._rows), default=0)
            names = min(self.width() // 3, longest) + 12
            for place, row in enumerate(self._rows):
                area = QRect(0, place * ROW, self.width(), ROW)
                self._paint_row(painter, area, row=row, names=names)
                if self._numbers and self.hasFocus() and place == self._at:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(appearance().colour("accent"), 1))
                    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 1.5, -0.5, -1.5), 3, 3)

    def _line(self, row: Reading) -> str:
        was = self._before.get(row.name)
        return f"{row.name} {_words(row)}" + ("" if was is None else f", was {_words(replace(row, value=was))}")

    def _width(self, text: str, *, first: bool) -> int:
        return QFontMetrics(appearance().font(12, weight=600 if first else 400)).horizontalAdvance(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().y()) // ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._at)
        elif step is not None and self._numbers:
            self._at = min(max(self._at + step, 0), len(self._numbers) - 1)
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._numbers):
            self._at = row
            self.chosen.emit(self._numbers[row])

    def _paint_row(self, painter: QPainter, area: QRect, *, row: Reading, names: int) -> None:
        look = appearance()
        first = area.top() == 0
        painter.setFont(look.font(12, weight=600 if first else 400))
        painter.setPen(look.colour("text" if first else "muted"))
        text = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideMiddle, names - 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(look.font(12, mono=True))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, _words(row))
        if not row.is_share:
            return
        track = QRectF(names, area.center().y() - 4, area.width() - names - 64, 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("hover"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(look.colour("accent" if first else "wire"))
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(2.0, track.width() * row.value), 9), 2, 2)
        if row.name in self._before:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("text"), 1, Qt.PenStyle.DashLine))
            was = max(2.0, track.width() * self._before[row.name])
            painter.drawRect(QRectF(track.left(), track.top() - 3, was, 15))

    def _paint_nothing(self, painter: QPainter) -> None:
        painter.setPen(appearance().colour("faint"))
        painter.setFont(appearance().font(12))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.instead)


def _words(row: Reading) -> str:
    return f"{100 * row.value:.1f} %" if row.is_share else signed_text(f"{row.value:.4g}")
