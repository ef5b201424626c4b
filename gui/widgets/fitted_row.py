"""A row that leaves out what is needed least where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

_MAY_NEED_MORE = (QEvent.Type.LayoutRequest, QEvent.Type.Show)


class FittedRow(QWidget):
    """Shows the first of its levels that has room; who derives from it says what each of them shows.

    It fits itself when it is resized and when its words need more than before; `fit` also takes back what is left out.
    """

    levels = 1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = 0  # px, when it was fitted last

    def show_level(self, level: int) -> None:
        """Show everything at level 0, and less at each further one."""
        raise NotImplementedError

    def needed_width(self) -> int:
        """What it shows now needs so many px."""
        return self.minimumSizeHint().width()

    def fit(self) -> None:
        """Leave out as little as the width allows."""
        for level in range(self.levels):
            self.show_level(level)
            for part in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                part.updateGeometry()  # what the layout remembers of its width is from before
            self._needed = self.needed_width()
            if self._needed <= self.width():
                return

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        resized, asked = event.type() == QEvent.Type.Resize, event.type() in _MAY_NEED_MORE
        if resized or (asked and self.needed_width() > self._needed):
            self.fit()
        return done
