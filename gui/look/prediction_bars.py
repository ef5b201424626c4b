"""The most likely classes of one image, as bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.appearance import appearance

ROW = 26
MOST = 5


class PredictionBars(QWidget):
    """Up to five classes with their probabilities, the likeliest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, float]] = []
        self.setAccessibleName("Prediction")
        appearance().changed.connect(self.update)

    @property
    def rows(self) -> list[tuple[str, float]]:
        """Class names and probabilities as shown."""
        return list(self._rows)

    def show_probabilities(self, probabilities: NDArray[np.float32] | None, classes: Sequence[str]) -> None:
        """Show probabilities ``(N,)``, or nothing; classes without a name go by their number."""
        values = np.zeros(0, np.float32) if probabilities is None else np.nan_to_num(probabilities)
        order = np.argsort(-values, kind="stable")[:MOST]
        self._rows = [(classes[i] if i < len(classes) else str(i), float(values[i])) for i in order]
        self.setAccessibleDescription(", ".join(f"{name} {100 * value:.1f} %" for name, value in self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW * MOST)

    minimumSizeHint = sizeHint  # noqa: N815

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._rows:
            self._paint_nothing(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = min(96, max((self._width(name, first=True) for name, _ in self._rows), default=0)) + 12
        for place, (name, value) in enumerate(self._rows):
            self._paint_row(painter, QRect(0, place * ROW, self.width(), ROW), name=name, value=value, names=names)

    def _width(self, text: str, *, first: bool) -> int:
        return QFontMetrics(appearance().font(12, weight=600 if first else 400)).horizontalAdvance(text)

    def _paint_row(self, painter: QPainter, area: QRect, *, name: str, value: float, names: int) -> None:
        look = appearance()
        first = area.top() == 0
        painter.setFont(look.font(12, weight=600 if first else 400))
        painter.setPen(look.colour("text" if first else "muted"))
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names - 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(look.font(12, mono=True))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{100 * value:.1f} %")
        track = QRectF(names, area.center().y() - 4, area.width() - names - 64, 9)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("hover"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(look.colour("accent" if first else "wire"))
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(2.0, track.width() * value), 9), 2, 2)

    def _paint_nothing(self, painter: QPainter) -> None:
        painter.setPen(appearance().colour("faint"))
        painter.setFont(appearance().font(12))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop, "Draw a digit or open an image.")
