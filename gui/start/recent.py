"""The files opened last."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.files import is_file
from gui.preferences import Preferences

_MOST = 12


class RecentFiles(QObject):
    """Project files, the last opened first; those that are gone are left out."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences

    def paths(self) -> list[Path]:
        """The files that still exist."""
        return [path for path in map(Path, self._preferences.strings("recent")) if is_file(path)]

    def add(self, path: Path) -> None:
        """Put a file first."""
        path = path.resolve()
        others = [other for other in self.paths() if other != path]
        self._preferences.keep_strings("recent", [str(item) for item in [path, *others][:_MOST]])
        self.changed.emit()

    def clear(self) -> None:
        """Forget all of them; the files stay."""
        self._preferences.keep_strings("recent", [])
        self.changed.emit()


def when(moment: datetime, now: datetime) -> str:
    """A day as people say it: "today 14:20", "yesterday", "17 Nov", "3 Mar 2024"."""
    days = (now.date() - moment.date()).days
    if days == 0:
        return f"today {moment:%H:%M}"
    if days == 1:
        return "yesterday"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year}"
