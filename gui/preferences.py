"""What the program remembers of its user: theme, panels, recent files. Not part of any project."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from platformdirs import user_config_path
from PySide6.QtCore import QByteArray, QSettings

from engine.files import is_folder
from gui.style.appearance import ThemeChoice

LARGEST_SCALE = 1.5
_CHECK = 4  # bytes
_WHOLE = re.compile("[0-9]{1,6}")  # a million pixels are too many for any window


class Preferences:
    """Small values kept between sessions in one INI file of the user's configuration folder."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or user_config_path("layerloom") / "layerloom.ini"
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        """The theme chosen, or the system's."""
        value = str(self._settings.value("theme", ThemeChoice.SYSTEM))
        return ThemeChoice(value) if value in list(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._settings.setValue("theme", choice.value)

    @property
    def wheel_zooms(self) -> bool:
        """Whether the plain wheel zooms the canvas, for people from node editors."""
        return self._settings.value("wheel_zooms", "false") == "true"

    @wheel_zooms.setter
    def wheel_zooms(self, on: bool) -> None:
        self._settings.setValue("wheel_zooms", "true" if on else "false")

    @property
    def scale(self) -> float:
        """How much larger than designed everything is drawn, 1 to 1.5, as the system's text was last seen."""
        value = self._settings.value("scale")
        try:
            return min(LARGEST_SCALE, max(1.0, float(str(value))))
        except ValueError:
            return 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._settings.setValue("scale", scale)

    @property
    def folder(self) -> Path:
        """Where the last file dialog ended."""
        folder = Path(str(self._settings.value("folder", "")))
        return folder if folder.is_absolute() and is_folder(folder) else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._settings.setValue("folder", str(folder))

    def state(self, key: str) -> QByteArray:
        """What a window part noted of itself under ``key``; empty if nothing, or not as it was written any more.

        Qt goes by whatever stands there, and some damage takes the program down.
        """
        kept = self._bytes(f"checked/{key}")
        if kept is None:
            return QByteArray(self._bytes(f"state/{key}") or b"")  # as version 1 kept it
        check, state = kept[:_CHECK], kept[_CHECK:]
        return QByteArray(state if check == _check(state) else b"")

    def keep_state(self, key: str, state: QByteArray) -> None:
        """Note a window part's own description of itself."""
        written = bytes(state.data())
        self._settings.setValue(f"checked/{key}", QByteArray(_check(written) + written))
        self._settings.remove(f"state/{key}")

    def _bytes(self, key: str) -> bytes | None:
        value = self._settings.value(key)
        return bytes(value.data()) if isinstance(value, QByteArray) else None

    def strings(self, key: str) -> list[str]:
        """A list of texts noted under ``key``."""
        value = self._settings.value(key)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [value] if isinstance(value, str) else []

    def keep_strings(self, key: str, values: list[str]) -> None:
        """Note a list of texts."""
        self._settings.setValue(key, values)

    def values(self, key: str) -> dict[str, int]:
        """Whole numbers from 0 by name, noted under ``key``; a damaged file's other values are passed over."""
        pairs = (text.partition("=") for text in self.strings(key))
        return {name: int(value) for name, _, value in pairs if _WHOLE.fullmatch(value)}

    def keep_values(self, key: str, values: dict[str, int]) -> None:
        """Note whole numbers by name."""
        self.keep_strings(key, [f"{name}={value}" for name, value in values.items()])


def _check(state: bytes) -> bytes:
    return zlib.crc32(state).to_bytes(_CHECK)
