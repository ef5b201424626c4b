"""Text on one line or a few that ends in … where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """A label that may be narrower than its text; the tooltip then has all of it. It is always ``lines`` high."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, lines: int = 1, end: bool = True) -> None:
        """``end`` says that the end is left out, where there is no room, and not the middle."""
        super().__init__(text, parent)
        self._lines = lines
        self._mode = Qt.TextElideMode.ElideRight if end else Qt.TextElideMode.ElideMiddle
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        more = (self._lines - 1) * self.fontMetrics().lineSpacing()
        return super().sizeHint() + QSize(0, more)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            area = self.contentsRect()
            rows = self._rows(area.width())
            self.setToolTip("" if "".join(rows) == self.text() else self.text())
            if len(rows) == 1 < self._lines:
                area.setHeight(self.fontMetrics().lineSpacing())
            text = "\n".join(row.rstrip() for row in rows)
            self.style().drawItemText(
                painter, area, int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
            )

    def _rows(self, width: int) -> list[str]:
        """The text broken at words into at most so many lines, the last one shortened if need be."""
        text, rows = self.text(), list[str]()
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        start = 0
        while len(rows) < self._lines - 1 and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, 0))
            rows.append(text[start : start + line.textLength()])
            start += line.textLength()
        layout.endLayout()
        if start < len(text):
            rows.append(self.fontMetrics().elidedText(text[start:], self._mode, width))
        return rows
