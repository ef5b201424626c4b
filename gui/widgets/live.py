"""What the views of runs share: they draw at a run's own beat, and nothing while they cannot be seen."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget


class LiveWidget(QWidget):
    """A widget whose `refresh` runs when asked for by `invalidate`, or once it is next shown."""

    _stale = True

    def refresh(self) -> None:
        """Show what is there now."""
        raise NotImplementedError

    def invalidate(self) -> None:
        """Refresh now, or when next shown."""
        self._stale = True
        if self.isVisible():
            self._stale = False
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()
