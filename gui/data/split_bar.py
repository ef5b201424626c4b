"""The parts of a data set in one bar, each in a colour of its own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.data.part_words import SPOKEN
from gui.style.appearance import appearance

PARTS = tuple(SPOKEN)
"""The parts by their names in settings and files, training first."""

_COLOURS = dict(zip(PARTS, (0, 2, 1), strict=True))  # of the colours of runs, which are told apart by everybody


class SplitBar(QWidget):
    """The parts side by side, each as long as it has images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[int] = []
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Parts")
        appearance().changed.connect(self.update)

    def show_shares(self, counts: list[int]) -> None:
        """Show how many images each part has."""
        self._counts = counts
        spoken = (f"{SPOKEN[part]} {count}" for part, count in zip(PARTS, counts, strict=True))
        self.setAccessibleDescription(", ".join(spoken))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        total, left, gap = sum(self._counts), 0.0, 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            if not total:
                painter.setBrush(appearance().colour("line"))
                painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
                return
            room = self.width() - gap * (sum(map(bool, self._counts)) - 1)
            for part, count in zip(PARTS, self._counts, strict=True):
                if count:
                    width = room * count / total
                    painter.setBrush(colour_of(part))
                    painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 2, 2)
                    left += width + gap


class Swatch(QWidget):
    """The colour of a part, beside its name."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part
        self.setFixedSize(8, 8)
        appearance().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour_of(self._part))
            painter.drawRoundedRect(self.rect(), 2, 2)


def colour_of(part: str) -> QColor:
    """The colour of a part, in this workspace."""
    return QColor(appearance().theme.runs[_COLOURS[part]])
