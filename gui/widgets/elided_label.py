"""Text on one line or a few that has a … where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """A label that may be narrower than its text; the tooltip then has all of it. It is always ``lines`` high.

    ``elide`` says where what has no room is left out.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        lines: int = 1,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self._lines, self._elide = lines, elide
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        more = (self._lines - 1) * self.fontMetrics().lineSpacing()
        return super().sizeHint() + QSize(0, more)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._tell_whole()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            area = self.contentsRect()
            rows = self._rows(area.width())
            if len(rows) == 1 < self._lines:
                area.setHeight(self.fontMetrics().lineSpacing())
            text = "\n".join(row.rstrip() for row in rows)
            self.style().drawItemText(
                painter, area, int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
            )

    def _tell_whole(self) -> None:
        whole = "".join(self._rows(self.contentsRect().width())) == self.text()
        self.setToolTip("" if whole else self.text())

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
            rows.append(self.fontMetrics().elidedText(text[start:], self._elide, width))
        return rows
