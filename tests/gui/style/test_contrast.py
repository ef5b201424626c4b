"""Every pair of tokens that stands on top of each other can be read (WCAG 2)."""

import re

import numpy as np
import pytest
from PySide6.QtGui import QColor

from engine.layers import Family
from gui.style.colour_maps import ColourMap, ink_on, table
from gui.style.theme import COLOURS, DARK, LIGHT, Theme

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)

TEXT_PAIRS = {
    "text": "window panel canvas raised field hover sel warn_bg",
    "muted": "window panel canvas raised field hover sel",
    "faint": "panel raised canvas",
    "link": "panel raised canvas sel",
    "err": "window panel raised canvas",
    "err_text": "err_bg",
    "warn": "window panel raised canvas warn_bg",
    "ok": "window panel raised canvas ok_bg",
    "on_primary": "primary",
}
SIGN_PAIRS = {
    "wire": "panel canvas raised field",
    "accent": "panel canvas raised field window",
    "err": "err_bg field",
    "frozen": "raised panel canvas",
    "trainable": "raised panel canvas",
}


def luminance(colour: str) -> float:
    values = [int(part, 16) / 255 for part in re.findall("..", colour[1:])]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@THEMES
@pytest.mark.parametrize("token", TEXT_PAIRS)
def test_text_reaches_4_5(theme: Theme, token: str):
    for surface in TEXT_PAIRS[token].split():
        assert contrast(getattr(theme, token), getattr(theme, surface)) >= 4.5, surface


@THEMES
@pytest.mark.parametrize("token", SIGN_PAIRS)
def test_signs_reach_3(theme: Theme, token: str):
    for surface in SIGN_PAIRS[token].split():
        assert contrast(getattr(theme, token), getattr(theme, surface)) >= 3.0, surface


@THEMES
@pytest.mark.parametrize("family", Family)
def test_families_show_on_a_node(theme: Theme, family: Family):
    assert contrast(theme.families[family], theme.raised) >= 3.0


@THEMES
def test_curves_show_on_a_panel(theme: Theme):
    for colour in theme.runs:
        assert contrast(colour, theme.panel) >= 3.0


@THEMES
def test_every_token_is_a_colour(theme: Theme):
    assert all(re.fullmatch("#[0-9A-F]{6}", getattr(theme, name)) for name in COLOURS)


def test_numbers_on_coloured_cells_reach_4_5():
    """On every shade from an empty cell to a full one, and in every colour map."""
    mixes = [
        (np.array(QColor(theme.raised).getRgb()[:3]) * (1 - share) + np.array(QColor(full).getRgb()[:3]) * share)
        for theme in (DARK, LIGHT)
        for full in (theme.primary, theme.trainable)
        for share in np.linspace(0.15, 1, 40)
    ]
    maps = [QColor.fromRgba(colour).getRgb()[:3] for colours in ColourMap for colour in table(colours)]
    for shade in [*mixes, *maps]:
        back = QColor(*(round(float(part)) for part in shade))
        assert contrast(back.name(), QColor(ink_on(back)).name()) >= 4.5, back.name()
