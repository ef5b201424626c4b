"""Pages of which one is in front."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget


class Pages(QStackedWidget):
    """A stack that does not hand the keyboard on to the page that comes.

    Qt would put it into the first field there; as with everything that is hidden it goes home instead.
    """

    def setCurrentWidget(self, page: QWidget) -> None:
        before = self.currentWidget()
        if before is not None and before is not page:
            before.hide()  # gives the keyboard away before the other page can get it
        super().setCurrentWidget(page)

    def setCurrentIndex(self, index: int) -> None:
        page = self.widget(index)
        if page is not None:
            self.setCurrentWidget(page)
