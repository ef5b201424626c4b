"""All of the window as much larger as the system's text is: text, rows and nodes alike.

Qt takes a factor for everything only before it starts, and knows the system's font only afterwards. So what was seen at
one start holds from the next.
"""

from __future__ import annotations

import math
import os

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase, QFontInfo, QGuiApplication

from gui.preferences import LARGEST_SCALE, Preferences

MINIMUM_SIZE = QSize(1100, 700)
_USUAL = 13.0  # px of text that the window is designed for
_NEAR = 15.0  # px up to which a system's text counts as usual
_VARIABLE = "QT_SCALE_FACTOR"  # whoever has set it decides


def prepare_scale(preferences: Preferences) -> None:
    """Let Qt draw as large as the text was at the last start; to be called before there is an application."""
    if preferences.scale > 1:
        os.environ.setdefault(_VARIABLE, f"{preferences.scale:g}")


def note_scale(preferences: Preferences) -> None:
    """Keep in mind how large the system's text is, as far as the screen has room for a window so much larger."""
    text = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).pixelSize()
    screen = QGuiApplication.primaryScreen().availableSize().toSizeF() * _factor()
    limit = min(screen.width() / MINIMUM_SIZE.width(), screen.height() / MINIMUM_SIZE.height())
    preferences.scale = scale_for(text, limit=limit)


def scale_for(text: float, *, limit: float) -> float:
    """The factor for a system whose text is so many px high, in steps of 5 %; 1 is the least, ``limit`` the most."""
    if text <= _NEAR:
        return 1.0
    return max(1.0, min(LARGEST_SCALE, round(20 * text / _USUAL) / 20, math.floor(20 * limit) / 20))


def _factor() -> float:
    """The factor in force."""
    try:
        return float(os.environ.get(_VARIABLE, "1"))
    except ValueError:  # Qt makes nothing of it either
        return 1.0
