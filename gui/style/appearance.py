"""The look in force: which theme, which fonts, and icons drawn in its colours.

There is one for the application, as there is one palette: `appearance()`. Painters read ``appearance().theme`` when
they paint; widgets that keep coloured things rebuild them on ``changed``.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import fontpkg_inter
import fontpkg_jetbrains_mono
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon

from engine.families import Family
from gui.style import icons
from gui.style.theme import DARK, LIGHT, Theme

_WEIGHT_AXIS = QFont.Tag("wght")


class ThemeChoice(StrEnum):
    """What View > Theme offers."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Appearance(QObject):
    """Theme, fonts and icons of the whole application."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice = ThemeChoice.SYSTEM
        self.theme = self._wanted()  # the colours in force
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[int, int, bool], QFont] = {}
        self._inter = _load_font(fontpkg_inter.ROOT, "Inter[opsz,wght].ttf")
        self._mono = _load_font(fontpkg_jetbrains_mono.ROOT, "JetBrainsMono[wght].ttf")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system or fix a theme."""
        if choice is not self.choice:
            self.choice = choice
            self._take_theme()

    def colour(self, token: str) -> QColor:
        """A token's colour: ``colour("muted")``."""
        if token not in self._colours:
            self._colours[token] = QColor(getattr(self.theme, token))
        return QColor(self._colours[token])

    def family(self, family: Family) -> QColor:
        """The colour of a layer family."""
        return QColor(self.theme.families[family])

    def font(self, size: int = 13, *, weight: int = 400, mono: bool = False) -> QFont:
        """Inter, or JetBrains Mono, in px at 100 %; weights 400, 500, 600."""
        key = (size, weight, mono)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(size, weight=weight, mono=mono)
        return QFont(self._fonts[key])

    def icon(self, name: str, token: str = "muted") -> QIcon:
        """A Material Design icon in a token's colour: ``icon("mdi6.play")``."""
        return icons.icon(name, getattr(self.theme, token))

    def _make_font(self, size: int, *, weight: int, mono: bool) -> QFont:
        font = QFont(self._mono if mono else self._inter)
        font.setPixelSize(size)
        font.setWeight(QFont.Weight(weight))
        # A variable font that Qt loads from a file has no named weights on Linux: its axis must be set.
        font.setVariableAxis(_WEIGHT_AXIS, weight)
        return font

    def _wanted(self) -> Theme:
        """The colours that the choice asks for now."""
        if self.choice is ThemeChoice.SYSTEM:
            light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
            return LIGHT if light else DARK
        return DARK if self.choice is ThemeChoice.DARK else LIGHT

    def _take_theme(self) -> None:
        self.theme = self._wanted()
        self._colours.clear()
        self.changed.emit()

    def _follow_system(self) -> None:
        if self.choice is ThemeChoice.SYSTEM:
            self._take_theme()


@cache
def appearance() -> Appearance:
    """The application's look; needs a QApplication."""
    return Appearance()


def _load_font(root: Path, file: str) -> str:
    """Load a font file and return its family, or the system's family if that fails."""
    index = QFontDatabase.addApplicationFont(str(root / "files" / file))
    families = QFontDatabase.applicationFontFamilies(index)
    return families[0] if families else QGuiApplication.font().family()
