"""What every panel shares: it follows the document, once an event, and only while it can be seen."""

from __future__ import annotations

from typing import ClassVar, Self

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from gui.document import Document
from gui.guard import Guard
from gui.registry.panels import Tab
from gui.registry.session import Session
from gui.style.appearance import appearance


class Panel(QWidget):
    """A view of the document. Subclasses implement `refresh`, and nothing is remembered that the project has.

    Those that stand in the docks say in ``tab`` where, and are registered in `PANELS`.

    A change only notes that the panel is stale; it refreshes when the event loop is next idle, or when it is
    next shown. An error in a refresh is told and leaves the panel as it was; the next change tries again.
    """

    tab: ClassVar[Tab]

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._stale = True
        self._guard = Guard()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._refresh_if_seen)
        document.analysed.connect(self.invalidate)
        document.replaced.connect(self.invalidate)
        document.settings_changed.connect(self.invalidate)
        document.selection_changed.connect(self.invalidate)
        appearance().changed.connect(self.retheme)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.document)

    def refresh(self) -> None:
        """Show the document as it is now; repaints only what differs."""
        raise NotImplementedError

    def retheme(self) -> None:
        """Take icons and colours from the theme in force."""
        self.invalidate()

    def invalidate(self) -> None:
        """Note that what is shown may be out of date."""
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def refresh_now(self) -> None:
        """Refresh at once if stale, for callers that need the panel's answer now."""
        self._timer.stop()
        self._stale = False
        self._guard.run(self.refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_if_seen()

    def _refresh_if_seen(self) -> None:
        if self._stale and self.isVisible():
            self.refresh_now()
