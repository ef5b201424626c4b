"""The card of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gui.look.units.painting import (
    paint_arrow,
    paint_hatching,
    paint_image,
    paint_means,
    paint_sheet,
    sheet_size,
    tile_at,
)
from gui.style.appearance import appearance
from gui.style.colour_maps import short

if TYPE_CHECKING:
    from engine.inspection.units.answers import Answers
    from gui.look.units.desk import Sheets

_MARGIN, _HEAD, _GAP, _FOOT = 8, 25, 7, 4
_ARROW, _GIVES = 29, 24  # px between the sheets, and how many of them go before a column does
_WIDEST = 1.3  # times as wide as usual
_LARGE, _SMALL = 86, 56  # px: what a card is about, and what stands beside it
_BARS_APART, _BARS = 10, 60  # px beside the picture, and their height with the names below them


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Where things stand on a card, whose upper sheet or picture is ``large``, the other ones ``small``.

    Patches are what it is about, or the picture that the unit answers to most if it ``maximises``.
    """

    large: int
    small: int
    maximises: bool
    width: int

    @classmethod
    def of(cls, size: float, *, maximises: bool, room: int = 0, gap: int = 0) -> CardLayout:
        """Cards whose patches of 14 px are so many times as large; usual is 2.

        As many as go into ``room`` px beside each other share it, up to a limit.
        """
        large, small = round(_LARGE * size / 2), round(_SMALL * size / 2)
        usual = 2 * _MARGIN + 2 * large + _ARROW
        columns = max(1, (room + gap) // (usual - _GIVES + gap))
        share = (room + gap) // columns - gap
        return cls(large, small, maximises, min(max(share, usual - _GIVES), round(usual * _WIDEST)))

    @property
    def tile(self) -> int:
        """The edge of a patch, px."""
        return ((self.small if self.maximises else self.large) - 2) // 3

    @property
    def size(self) -> QSize:
        """That of a card."""
        return QSize(self.width, _HEAD + self.large + _GAP + self.small + _FOOT)

    @property
    def sheets(self) -> tuple[QPoint, QPoint]:
        """The corners of the two sheets."""
        top = _HEAD + (self.large + _GAP if self.maximises else 0)
        return QPoint(_MARGIN, top), QPoint(self.width - _MARGIN - sheet_size(self.tile), top)

    @property
    def picture(self) -> QRect:
        """Where the picture stands that the unit answers to most."""
        if self.maximises:
            return QRect(_MARGIN, _HEAD, self.large, self.large)
        return QRect(_MARGIN, _HEAD + self.large + _GAP, self.small, self.small)

    @property
    def means(self) -> QRect:
        """Where the bars of the classes stand."""
        left = self.picture.right() + 1 + _BARS_APART
        high = min(_BARS, self.picture.height())
        return QRect(left, self.picture.bottom() + 1 - high, self.width - _MARGIN - left, high)

    def patch_at(self, point: QPoint) -> int | None:
        """The rank of the patch at a point of the card, on either sheet."""
        found = (tile_at(corner, self.tile, point) for corner in self.sheets)
        return next((rank for rank in found if rank is not None), None)


@dataclass(frozen=True, slots=True, eq=False)
class CardFace:
    """What a card shows of a unit: its answers, and the pictures of it that are there."""

    answers: Answers
    unit: int
    useless: str
    sheets: Sheets | None
    picture: QImage | None
    current: bool
    focused: bool


def paint_card(painter: QPainter, area: QRect, face: CardFace, layout: CardLayout) -> None:
    """Paint a card; what is not there yet is a well."""
    answers, unit = face.answers, face.unit
    dead = bool(answers.dead[unit])
    _paint_frame(painter, area, face, dead=dead)
    note = "dead" if dead else "rare" if answers.rare[unit] else ""
    _paint_head(painter, area, f"unit {unit}", f"max {short(float(answers.highest[unit]))}", note)
    if dead:
        _paint_dead(painter, area, (answers.dead_words(unit), face.useless))
        return
    first, second = (area.topLeft() + corner for corner in layout.sheets)
    sheets = face.sheets
    paint_sheet(painter, first, layout.tile, sheets.patches if sheets else ())
    paint_sheet(painter, second, layout.tile, sheets.projected if sheets else ())
    edge = sheet_size(layout.tile)
    paint_arrow(painter, QRect(first.x() + edge, first.y(), second.x() - first.x() - edge, edge))
    picture = layout.picture.translated(area.topLeft())
    if face.picture is not None:
        paint_image(painter, picture, face.picture)
    else:
        painter.fillRect(picture, appearance().colour("canvas"))
    if answers.classes:
        means = layout.means.translated(area.topLeft())
        paint_means(painter, means, answers.class_means[unit], answers.classes, int(answers.best_class[unit]))


def _paint_frame(painter: QPainter, area: QRect, face: CardFace, *, dead: bool) -> None:
    look = appearance()
    painter.setBrush(look.colour("panel" if dead else "raised"))
    style = Qt.PenStyle.DashLine if dead else Qt.PenStyle.SolidLine
    painter.setPen(QPen(look.colour("accent"), 2) if face.current else QPen(look.colour("line2"), 1, style))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    if face.focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("text"), 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(QRectF(area).adjusted(2.5, 2.5, -2.5, -2.5), 4, 4)


def _paint_head(painter: QPainter, area: QRect, name: str, figure: str, note: str) -> None:
    look, middle = appearance(), Qt.AlignmentFlag.AlignVCenter
    head = QRect(area.left() + _MARGIN, area.top() + 1, area.width() - 2 * _MARGIN, _HEAD - 2)
    painter.setFont(look.font(11, weight=600))
    painter.setPen(look.colour("muted" if note == "dead" else "text"))
    painter.drawText(head, middle | Qt.AlignmentFlag.AlignLeft, name)
    if note != "dead":
        painter.setFont(look.font(10, mono=True))
        painter.setPen(look.colour("muted"))
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, figure)
        head.setRight(head.right() - painter.fontMetrics().horizontalAdvance(figure) - _MARGIN)
    if note:
        painter.setFont(look.font(11))
        painter.setPen(look.colour("warn"))
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, note)
        wide = painter.fontMetrics().horizontalAdvance(note)
        look.icon("mdi6.alert", "warn").paint(painter, QRect(head.right() - wide - 17, head.center().y() - 6, 13, 13))


def _paint_dead(painter: QPainter, area: QRect, lines: tuple[str, str]) -> None:
    look = appearance()
    ground = area.adjusted(_MARGIN, _HEAD, -_MARGIN, -_MARGIN)
    paint_hatching(painter, ground)
    for line, token, down in ((lines[0], "text", -10), (lines[1], "muted", 10)):
        painter.setFont(look.font(11))
        painter.setPen(look.colour(token))
        words = ground.translated(0, down)
        wide = painter.fontMetrics().horizontalAdvance(line)
        behind = QRect(0, 0, wide + 8, 18)
        behind.moveCenter(words.center())
        painter.fillRect(behind, look.colour("panel"))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, line)
