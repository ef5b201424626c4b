"""Material Design icons, drawn from the font that qtawesome brings.

Importing qtawesome itself loads every module of Qt and a dozen fonts: a quarter of the time to the first paint.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_SHARE = 0.875  # of an icon's height is its font size: 14 of 16 px


@cache
def icon(name: str, colour: str) -> QIcon:
    """The icon ``mdi6.play`` in a colour, enabled or not; raises ``KeyError`` if there is none of that name."""
    return QIcon(_Glyph(_letters()[name.removeprefix("mdi6.")], QColor(colour)))


def is_known(name: str) -> bool:
    """Whether there is an icon of that name."""
    return name.removeprefix("mdi6.") in _letters()


class _Glyph(QIconEngine):
    """Draws one letter of the icon font."""

    def __init__(self, letter: str, colour: QColor) -> None:
        super().__init__()
        self._letter, self._colour = letter, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_SHARE * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        return pixmap


@cache
def _family() -> str:
    index = QFontDatabase.addApplicationFont(str(_file("*-webfont-[0-9]*.ttf")))
    return QFontDatabase.applicationFontFamilies(index)[0]


@cache
def _letters() -> dict[str, str]:
    """The letter of each icon by its name."""
    codes: dict[str, str] = json.loads(_file("*-charmap-*.json").read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in codes.items()}


def _file(pattern: str) -> Path:
    """A file of the Material Design font; raises ``FileNotFoundError`` without qtawesome."""
    package = find_spec("qtawesome")
    for place in (package and package.submodule_search_locations) or ():
        for file in sorted(Path(place, "fonts").glob(f"materialdesignicons6{pattern}")):
            return file
    raise FileNotFoundError("The icons are missing: install qtawesome.")
