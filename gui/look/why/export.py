"""Explanations as figures: what is shown, over lines that say what it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from engine.errors import LayerloomError
from engine.files import save_whole
from engine.words import number_text
from gui.look.why import words
from gui.look.why.cards import paint_curve, paint_method
from gui.look.why.painting import paint_ramp
from gui.look.why.why import Why
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap

_SIDE, _GAP, _HEAD, _CHART = 215, 12, 36, 96
_LEGEND, _LINE = 26, 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a figure holds: ``all_methods`` or the selected one; and whether legend, settings and sanity check."""

    all_methods: bool = True
    legend: bool = True
    settings: bool = True
    sanity: bool = False


def caption(why: Why, sheet: Sheet) -> list[str]:
    """What a figure shows: network, run, epoch, layer, class and methods, a line each."""
    look = why.look
    run = f"run {look.run.number}, epoch {look.epoch}" if look.run and look.trained else "untrained"
    number = why.number
    named = "" if number is None else f"class {why.name_of(number)}"
    score = "" if why.score is None else f"score {number_text(why.score, 2)} before the softmax"
    of = ", ".join(why.kinds[place].title for place in _places(why, sheet))
    lines = [of, " · ".join(filter(None, (look.network.name, run, f"layer {look.node}", named, score)))]
    return lines + [_settings(why, place) for place in _places(why, sheet)] if sheet.settings else lines


def _settings(why: Why, place: int) -> str:
    """How a method was asked."""
    asked = why.cards()[place]
    view, shown = asked.view, why.shown(asked)
    left_out = {view.class_setting}
    values = {name: value for name, value in view.model_dump().items() if name not in {*left_out, "name"}}
    known = ", ".join(f"{name} {value}" for name, value in values.items() if value is not None)
    said = known or words.subtitle(why.kinds[place], why, shown)
    return f"{view.title}: {said}"


def _places(why: Why, sheet: Sheet) -> list[int]:
    return list(range(len(why.kinds))) if sheet.all_methods else [why.selected]


def painted(why: Why, sheet: Sheet, *, scale: int = 2, lines: tuple[str, ...] = ()) -> QImage:
    """The picture of a figure, ``scale`` times as fine as on the screen, on white with ``lines`` below it."""
    places = _places(why, sheet)
    check = _CHART if sheet.sanity and why.sanity else 0
    below = (_LEGEND if sheet.legend else 0) + _LINE * len(lines) + (8 if lines else 0)
    width = max(len(places) * (_SIDE + _GAP) - _GAP, *(_wide(line) for line in lines), 0)
    size = QSize(width, _HEAD + _SIDE + check + below)
    image = QImage(size * scale, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.scale(scale, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, place in enumerate(places):
            _paint_method(painter, why, place, at * (_SIDE + _GAP), check=bool(check))
        top = _HEAD + _SIDE + check
        if sheet.legend:
            _paint_legend(painter, top + 8)
            top += _LEGEND
        _write(painter, lines, top + 8, size.width())
    return image


def _wide(line: str) -> int:
    from PySide6.QtGui import QFontMetrics

    return QFontMetrics(appearance().font(11)).horizontalAdvance(line) + 4


def _paint_method(painter: QPainter, why: Why, place: int, left: int, *, check: bool) -> None:
    kind, shown = why.kinds[place], why.shown(why.cards()[place])
    painter.setPen(_INK)
    painter.setFont(appearance().font(13, weight=600))
    painter.drawText(QRect(left, 0, _SIDE, 16), Qt.AlignmentFlag.AlignLeft, kind.title)
    painter.setPen(_QUIET)
    painter.setFont(appearance().font(11))
    painter.drawText(QRect(left, 16, _SIDE, 16), Qt.AlignmentFlag.AlignLeft, words.subtitle(kind, why, shown))
    paint_method(painter, QRect(left, _HEAD, _SIDE, _SIDE), why, place)
    if check:
        area = QRect(left, _HEAD + _SIDE + 8, 120, 62)
        paint_curve(painter, area, why.curve(place), why.layers)
        painter.setPen(_INK)
        painter.setFont(appearance().font(11))
        said, _ = words.verdict(why.curve(place))
        painter.drawText(QRect(left, area.bottom() + 4, _SIDE, 16), Qt.AlignmentFlag.AlignLeft, said)


def _paint_legend(painter: QPainter, top: int) -> None:
    painter.setFont(appearance().font(11))
    painter.setPen(_QUIET)
    painter.drawText(QRect(0, top, 12, 14), Qt.AlignmentFlag.AlignVCenter, "0")
    paint_ramp(painter, QRect(14, top + 2, 112, 10), ColourMap.MAGMA)
    painter.drawText(QRect(134, top, 400, 14), Qt.AlignmentFlag.AlignVCenter, "strongest, each map its own")


def _write(painter: QPainter, lines: tuple[str, ...], top: int, width: int) -> None:
    for number, line in enumerate(lines):
        painter.setFont(appearance().font(11))
        painter.setPen(_QUIET if number else _INK)
        painter.drawText(QRectF(0, top + number * _LINE, width, _LINE), Qt.AlignmentFlag.AlignVCenter, line)


def write(why: Why, sheet: Sheet, path: Path) -> None:
    """Write a figure; raises `LayerloomError` if there is nothing to show yet, or it cannot be written."""
    from engine.inspection.figures import figure, require_picture

    require_picture(path)
    if not any(why.shown(why.cards()[place]) for place in _places(why, sheet)):
        raise LayerloomError("There is nothing to export yet: draw a digit or open an image.")
    lines = tuple(caption(why, sheet))
    is_png = path.suffix.lower() in ("", ".png")
    picture = array_of(painted(why, sheet, lines=lines if is_png else ()))
    save_whole(path, figure(picture, lines, path.suffix))


def array_of(image: QImage) -> NDArray[np.uint8]:
    """An image in colours as ``(H, W, 3)``."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


_INK, _QUIET = QColor(Qt.GlobalColor.black), QColor(Qt.GlobalColor.darkGray)
