"""Pens, brushes and fonts of the canvas, made once a theme."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen, QPixmap, QTransform

from engine.layers import Family
from gui.draw.canvas.model.detail import Detail
from gui.style.appearance import appearance
from gui.style.theme import BLOCK_ICON, FAMILY_ICONS

ICON_SIZE = 14
_SMALL_LABEL = 0.9  # a label in screen px against one at 100 %


class CanvasFont(QFont):
    """A font that knows how far its letters rise above their baseline, in px."""

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self.ascent = QFontMetricsF(font).ascent()


class Fonts(NamedTuple):
    """The faces of the canvas, in px at 100 %."""

    title: CanvasFont
    small: CanvasFont
    strong: CanvasFont
    mono: CanvasFont
    tiny_title: CanvasFont
    screen_title: CanvasFont
    screen_mono: CanvasFont


class Paints:
    """Everything a canvas painter takes from the theme in force."""

    def __init__(self) -> None:
        look = appearance()
        self.theme = look.theme
        self.fonts = Fonts(
            CanvasFont(look.font(13, weight=600)),
            CanvasFont(look.font(11)),
            CanvasFont(look.font(11, weight=600)),
            CanvasFont(look.font(11, mono=True)),
            CanvasFont(look.font(10, weight=600)),
            CanvasFont(look.font(11, weight=600)),
            CanvasFont(look.font(10, mono=True)),
        )
        self._pens: dict[tuple[str, float, tuple[float, ...]], QPen] = {}
        self._brushes: dict[tuple[str, float], QBrush] = {}
        self._icons: dict[tuple[str, str, int], QPixmap] = {}

    def colour(self, token: str, alpha: float = 1.0) -> QColor:
        """A token's colour, more or less transparent."""
        colour = appearance().colour(token)
        colour.setAlphaF(alpha)
        return colour

    def pen(self, token: str, width: float = 1.0, dash: tuple[float, ...] = (), alpha: float = 1.0) -> QPen:
        """A cosmetic pen in a token's colour; ``dash`` in px."""
        key = (token, width, (*dash, alpha))
        if key not in self._pens:
            pen = QPen(self.colour(token, alpha), width)
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if dash:
                pen.setDashPattern([length / width for length in dash])
            self._pens[key] = pen
        return self._pens[key]

    def brush(self, token: str, alpha: float = 1.0) -> QBrush:
        """A brush in a token's colour."""
        key = (token, alpha)
        if key not in self._brushes:
            self._brushes[key] = QBrush(self.colour(token, alpha))
        return self._brushes[key]

    def family(self, family: Family | None) -> QColor:
        """The colour of a layer family; the accent for blocks."""
        return QColor(self.theme.families[family] if family else self.theme.accent)

    def family_brush(self, family: Family | None, alpha: float = 1.0) -> QBrush:
        """A brush in a family's colour."""
        key = (family or "block", alpha)
        if key not in self._brushes:
            colour = self.family(family)
            colour.setAlphaF(alpha)
            self._brushes[key] = QBrush(colour)
        return self._brushes[key]

    def icon(self, name: str, token: str, pixels: int) -> QPixmap:
        """An icon in a token's colour, drawn for ``pixels`` device pixels."""
        key = (name, token, pixels)
        if key not in self._icons:
            self._icons[key] = appearance().icon(name, token).pixmap(QSize(pixels, pixels), 1.0)
        return self._icons[key]


_made: dict[str, Paints] = {}


def paints() -> Paints:
    """The paints of the theme in force."""
    theme = appearance().theme
    if theme.name not in _made:
        _made[theme.name] = Paints()
    return _made[theme.name]


def icon_name(family: Family | None) -> str:
    """The icon of a layer family, or of blocks."""
    return FAMILY_ICONS[family] if family else BLOCK_ICON


class Look:
    """What all items of one canvas read while they paint; owned by the scene."""

    def __init__(self) -> None:
        self.paints = paints()
        self.detail = Detail.FULL
        self.zoom = 1.0
        self.ratio = 1.0  # device pixels a px
        self.overview_changed: Callable[[], None] = _nothing  # called when something looks different in the overview

    @property
    def zoomed_out(self) -> bool:
        """Whether one overview stands in for nodes and wires."""
        return self.detail < Detail.TITLES

    @property
    def label_scale(self) -> float:
        """How large a wire's label is against 100 %, in steps: zoomed out it keeps its size on the screen."""
        return 1.0 if self.detail is Detail.FULL else math.ceil(4 * _SMALL_LABEL / self.zoom) / 4

    def icon(self, name: str, token: str = "muted") -> QPixmap:
        """An icon of 14 px at the zoom in force, sharp at any device ratio."""
        pixels = max(4, round(ICON_SIZE * self.zoom * self.ratio))
        return self.paints.icon(name, token, pixels)


def _nothing() -> None:
    """Before there is an overview nobody needs to know."""


def on_screen(transform: QTransform, x: float, y: float) -> QTransform:
    """A transform at 100 % whose origin is a point of the scene, on a whole pixel so that text stays sharp."""
    point = transform.map(QPointF(x, y))
    return QTransform.fromTranslate(round(point.x()), round(point.y()))
