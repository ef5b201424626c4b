"""What the views of runs share: they draw at a run's own beat, and nothing while they cannot be seen."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from gui.guard import Guard


class LiveWidget(QWidget):
    """A widget whose `refresh` runs when asked for by `invalidate`, or once it is next shown.

    An error in it is told and leaves the widget as it was; the next `invalidate` tries again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stale = True
        self._guard = Guard()

    def refresh(self) -> None:
        """Show what is there now."""
        raise NotImplementedError

    def invalidate(self) -> None:
        """Refresh now, or when next shown."""
        self._stale = True
        self._refresh_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh_if_seen()

    def _refresh_if_seen(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self._guard.run(self.refresh)
