"""What a range test found, drawn over its chart: bands, lines and points, each with its words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from engine.training.range_result import RangeResult
from engine.words import power_text
from gui.style.appearance import appearance
from gui.train.range_test.plan import Plan

_LINE = 15  # px a line of words
_GAP = 8  # px between a line and its words
_BAND = 0.12  # opacity
_SURFACE = 0.75  # opacity behind words that may stand on a curve
_DASHES, _DOTS = (3.0, 3.0), (1.0, 3.0)

Placing = Callable[[float, float], QPointF]
Words = tuple[str, QFont, QColor]


def draw_marks(
    painter: QPainter, plan: Plan, area: QRectF, place: Placing, *, lines: Callable[[QPainter], None]
) -> None:
    """Bands below the curves, which ``lines`` draws, everything else above them; ``place`` gives px."""
    found = plan.found
    if found is not None:
        _draw_bands(painter, plan, found, area, place)
        _draw_guess(painter, plan, found, area, place)
    _draw_verticals(painter, plan, area, place)
    lines(painter)
    if found is not None and found.lowest is not None:
        _draw_points(painter, plan, found, area, place)
    _write_verticals(painter, plan, area, place)


def write(painter: QPainter, area: QRectF, text: str, colour: QColor, side: Qt.AlignmentFlag) -> None:
    """Words in a colour, in the middle of the height of ``area``."""
    painter.setPen(colour)
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)


def guess_words(found: RangeResult) -> str:
    """The dotted line in words: "ln 8 = 2.08: a guess among 8 classes"; "" without one."""
    if found.guess is None:
        return ""
    logarithm = math.isclose(found.guess, math.log(found.classes), rel_tol=1e-4)
    value = f"ln {found.classes} = {found.guess:.2f}" if logarithm else f"{found.guess:.2f}"
    return f"{value}: a guess among {found.classes} classes"


def _draw_bands(painter: QPainter, plan: Plan, found: RangeResult, area: QRectF, place: Placing) -> None:
    bands = []
    if found.usable is not None:
        bands.append((*found.usable, "ok", ("usable", "range")))
    beside = place(found.suggested or plan.first, 0).x()  # words keep clear of that line
    if found.diverges is not None:
        bands.append((found.diverges, plan.last, "err", ("diverges", f"above {power_text(found.diverges)}")))
    ends = [*(place(first, 0).x() for first, *_ in bands), area.right()][1:]
    for (first, last, token, lines), end in zip(bands, ends, strict=True):
        left, right = place(first, 0).x(), place(min(last, plan.last), 0).x()
        colour = appearance().colour(token)
        words = [(line, appearance().font(11), colour) for line in lines]
        ground = QColor(colour)
        ground.setAlphaF(_BAND)
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), ground)
        fits = max(left, beside) + _GAP + _width(painter, words) <= end
        start = max(left, beside) + _GAP if fits else min(left + _GAP, end - _width(painter, words) - 4)
        band = QRectF(left, area.top(), right - left, area.height())
        start = clear_of(_across(plan, place), start, _width(painter, words), band)
        _say(painter, QPointF(start, area.bottom() - _LINE * len(words) - 8), words, ground=0.0)


def _draw_guess(painter: QPainter, plan: Plan, found: RangeResult, area: QRectF, place: Placing) -> None:
    if found.guess is None:
        return
    y = place(plan.first, found.guess).y()
    _dashed(painter, QPointF(area.left(), y), QPointF(area.right(), y), "muted", _DOTS)
    early = [found.guess, *plan.losses[: len(plan.losses) // 8]]
    highest, lowest = (place(plan.first, min(plan.high, loss)).y() for loss in (max(early), min(early)))
    corner = QPointF(area.left() + _GAP, beside_guess(highest, lowest, area))
    next_line = min(_across(plan, place), default=area.right())
    whole = guess_words(found)
    shorter = [[_small(text)] for text in (whole, whole.partition(" among")[0], whole.partition(":")[0])]
    fits = (words for words in shorter if corner.x() + _width(painter, words) < next_line)
    _say(painter, corner, next(fits, shorter[-1]))


def beside_guess(highest: float, lowest: float, area: QRectF) -> float:
    """The top of the words of the dotted line: above it and the curve, or below where others stand above; px."""
    above = highest - _LINE - 3
    return above if above >= area.top() + 4 + 2 * _LINE else lowest + 3


def _draw_verticals(painter: QPainter, plan: Plan, area: QRectF, place: Placing) -> None:
    for rate, token, dashes, width in _verticals(plan):
        x = place(rate, 0).x()
        if dashes:
            _dashed(painter, QPointF(x, area.top()), QPointF(x, area.bottom()), token, dashes)
        else:
            painter.setPen(QPen(appearance().colour(token), width))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))


def _across(plan: Plan, place: Placing) -> list[float]:
    """Where the upright lines stand; px."""
    return [place(rate, 0).x() for rate, *_ in _verticals(plan)]


def _verticals(plan: Plan) -> list[tuple[float, str, tuple[float, ...], float]]:
    found = plan.found
    lines: list[tuple[float, str, tuple[float, ...], float]] = []
    if plan.first <= plan.now <= plan.last:
        lines.append((plan.now, "text", _DASHES, 1))
    if found is not None and found.suggested is not None:
        lines.append((found.suggested, "accent", (), 1.5))
    return lines


def _write_verticals(painter: QPainter, plan: Plan, area: QRectF, place: Placing) -> None:
    """What the lines are called: the lower rate at the left of its line, the higher at the right, where it has room."""
    found, look = plan.found, appearance()
    suggested = found.suggested if found is not None else None
    if suggested is not None:
        title = f"suggested {power_text(suggested)}"
        if plan.now == suggested:
            title = f"now and {title}"
        words = [(title, look.font(11, weight=600), look.colour("link")), _small("the loss falls fastest here")]
        _beside(painter, place(suggested, 0).x(), words, area, left=suggested < plan.now)
    if plan.first <= plan.now <= plan.last and plan.now != suggested:
        now = (f"now {power_text(plan.now)}", look.font(11), look.colour("text"))
        _beside(painter, place(plan.now, 0).x(), [now], area, left=suggested is not None and plan.now < suggested)


def _beside(painter: QPainter, x: float, words: Sequence[Words], area: QRectF, *, left: bool) -> None:
    width = _width(painter, words)
    fits_left, fits_right = x - _GAP - width >= area.left(), x + _GAP + width <= area.right()
    left = (left and fits_left) or not fits_right
    start = max(area.left(), x - _GAP - width) if left else min(x + _GAP, area.right() - width)
    _say(painter, QPointF(start, area.top() + 4), words)


def _draw_points(painter: QPainter, plan: Plan, found: RangeResult, area: QRectF, place: Placing) -> None:
    accent, look = appearance().colour("accent"), appearance()
    assert found.lowest is not None
    lowest = place(found.lowest, plan.loss_at(found.lowest))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    painter.drawEllipse(lowest, 3, 3)
    words = [_small(f"lowest, {power_text(found.lowest, 2)}")]
    width = _width(painter, words)
    left = clear_of(
        _across(plan, place), min(max(area.left(), lowest.x() - width / 2), area.right() - width), width, area
    )
    below = lowest.y() + 8 + _LINE < area.bottom() - 2 * _LINE - 10  # above the words of the bands
    _say(painter, QPointF(left, lowest.y() + 8 if below else lowest.y() - 10 - _LINE), words)
    if found.suggested is not None:
        painter.setPen(QPen(accent, 2))
        painter.setBrush(look.colour("panel"))
        loss = plan.loss_at(found.suggested)
        painter.drawEllipse(place(found.suggested, plan.smooth[0] if math.isnan(loss) else loss), 4.5, 4.5)


def clear_of(lines: Sequence[float], left: float, width: float, area: QRectF) -> float:
    """Where words of a width can start without a line through them, as near to ``left`` as can be; px."""
    beside = 4
    starts = [left, *(x + beside for x in lines), *(x - beside - width for x in lines)]
    free = (
        start
        for start in starts
        if area.left() <= start <= area.right() - width
        and all(not start - beside < x < start + width + beside for x in lines)
    )
    return min(free, key=lambda start: abs(start - left), default=left)


def _small(text: str) -> Words:
    return text, appearance().font(11), appearance().colour("muted")


def _width(painter: QPainter, words: Sequence[Words]) -> float:
    width = 0
    for text, font, _ in words:
        painter.setFont(font)
        width = max(width, painter.fontMetrics().horizontalAdvance(text))
    return width + 2


def _say(painter: QPainter, corner: QPointF, words: Sequence[Words], *, ground: float = _SURFACE) -> None:
    """Lines of words on a ground of such an opacity; they can be read where all else is faint."""
    faint = painter.opacity() < 1
    painter.save()
    painter.setOpacity(1.0)
    box = QRectF(corner.x(), corner.y(), _width(painter, words), _LINE * len(words))
    surface = appearance().colour("panel")
    surface.setAlphaF(ground)
    painter.fillRect(box.adjusted(-2, 0, 2, 0), surface)
    for index, (text, font, colour) in enumerate(words):
        painter.setFont(font)
        line = QRectF(box.left(), box.top() + index * _LINE, box.width(), _LINE)
        write(painter, line, text, appearance().colour("muted") if faint else colour, Qt.AlignmentFlag.AlignLeft)
    painter.restore()


def _dashed(painter: QPainter, start: QPointF, end: QPointF, token: str, dashes: tuple[float, ...]) -> None:
    pen = QPen(appearance().colour(token), 1)
    pen.setDashPattern(list(dashes))
    painter.setPen(pen)
    painter.drawLine(start, end)
