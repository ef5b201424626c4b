"""What both networks cost, as pairs of bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.network.comparison import QUANTITIES, Comparison
from engine.network.comparison_words import TITLES, amount_text, ratio_text
from gui.compare.letter import LETTERS, side_colour
from gui.style.appearance import appearance

ROW = 30
_NAME, _FIGURE, _RATIO, _GAP = 136, 104, 84, 12
_COSTS = ("parameters", "trainable_parameters", "multiply_adds", "activation_bytes")
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class TotalsView(QWidget):
    """One row a quantity: A's figure, two bars to one scale, B's figure, and B over A."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comparison: Comparison | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Totals of both networks")
        appearance().changed.connect(self.update)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the totals of a comparison."""
        self.comparison = comparison
        self.setAccessibleDescription(". ".join(" ".join(texts) for texts in self.texts()))
        self.update()

    def texts(self) -> list[tuple[str, str, str, str]]:
        """Each row as it is written: name, A, B, ratio."""
        found = self.comparison
        if found is None:
            return []
        return [
            (TITLES[key], amount_text(found.a, key), amount_text(found.b, key), ratio_text(found.ratio(key)))
            for key in QUANTITIES
        ]

    def sizeHint(self) -> QSize:
        return QSize(640, ROW * (len(QUANTITIES) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.comparison is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_head(painter, self.comparison)
            for place, (quantity, texts) in enumerate(zip(QUANTITIES, self.texts(), strict=True), start=1):
                row = QRectF(0, place * ROW, self.width(), ROW)
                self._paint_texts(painter, row, quantity=quantity, texts=texts)
                self._paint_bars(painter, row, quantity=quantity)

    def _paint_head(self, painter: QPainter, found: Comparison) -> None:
        look = appearance()
        painter.setFont(look.font(12, weight=600))
        painter.setPen(look.colour("text"))
        left, right = self._bars_area(QRectF(0, 0, self.width(), ROW))
        half = (self.width() - _RATIO - _NAME) / 2 - _GAP
        for text, area, side in (
            (f"A  {found.a.name}", QRectF(left - _GAP - _FIGURE, 0, half, ROW), _LEFT),
            (f"B  {found.b.name}", QRectF(right + _GAP + _FIGURE - half, 0, half, ROW), _RIGHT),
        ):
            painter.drawText(area, side, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(half)))
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        painter.drawText(QRectF(self.width() - _RATIO, 0, _RATIO, ROW), _RIGHT, "B / A")

    def _paint_texts(self, painter: QPainter, row: QRectF, *, quantity: str, texts: tuple[str, str, str, str]) -> None:
        look, (left, right) = appearance(), self._bars_area(row)
        name, a, b, ratio = texts
        painter.setPen(look.colour("line"))
        painter.drawLine(row.topLeft(), row.topRight())
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        painter.drawText(row, _LEFT, name)
        painter.setFont(look.font(12, mono=True))
        painter.setPen(look.colour("text"))
        painter.drawText(QRectF(left - _GAP - _FIGURE, row.top(), _FIGURE, ROW), _LEFT, a)
        painter.drawText(QRectF(right + _GAP, row.top(), _FIGURE, ROW), _RIGHT, b)
        painter.setFont(look.font(12, weight=600, mono=True))
        painter.setPen(look.colour(self._ratio_token(quantity)))
        painter.drawText(QRectF(row.right() - _RATIO, row.top(), _RATIO, ROW), _RIGHT, ratio)

    def _paint_bars(self, painter: QPainter, row: QRectF, *, quantity: str) -> None:
        assert self.comparison is not None
        left, right = self._bars_area(row)
        amounts = (self.comparison.a.amount(quantity), self.comparison.b.amount(quantity))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, (letter, amount) in enumerate(zip(LETTERS, amounts, strict=True)):
            track = QRectF(left, row.center().y() - 8 + 9 * place, right - left, 7)
            painter.setBrush(appearance().colour("hover"))
            painter.drawRoundedRect(track, 2, 2)
            if amount:
                track.setWidth(max(2.0, track.width() * amount / max(amounts)))
                painter.setBrush(side_colour(letter))
                painter.drawRoundedRect(track, 2, 2)

    def _bars_area(self, row: QRectF) -> tuple[float, float]:
        return _NAME + _FIGURE + _GAP, row.right() - _RATIO - _FIGURE - 2 * _GAP

    def _ratio_token(self, quantity: str) -> str:
        """Less cost is good, more is not; of the rest nothing is said."""
        assert self.comparison is not None
        ratio = self.comparison.ratio(quantity)
        if quantity not in _COSTS or ratio is None or ratio == 1:
            return "text"
        return "ok" if ratio < 1 else "warn"
