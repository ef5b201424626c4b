"""A report as a PDF file, in the fonts of the program."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache, singledispatch
from html import escape
from importlib.resources import files
from typing import Any

from reportlab.graphics import shapes as drawn
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Image,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)

from engine.evaluation.report.blocks import (
    Block,
    Charts,
    Commands,
    Facts,
    Photo,
    Photos,
    Report,
    Table,
    Words,
    short,
    shown,
)
from engine.evaluation.report.drawing import COLOURS, Bar, Drawing, Label, Shape, Stroke

_FONT, _CODE = "Inter", "JetBrains Mono"
_FILES = {
    _FONT: ("fontpkg_inter", "Inter[opsz,wght].ttf"),
    _CODE: ("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf"),
}
_MARGIN, _PADDING = 16 * mm, 6  # of a page, and of the frame on it
_WIDTH = A4[0] - 2 * (_MARGIN + _PADDING)
_INK = {name: HexColor(light) for name, (light, _) in COLOURS.items()}
_GAP = 14  # between columns
_LABEL = 18  # letters that a label has room for, where some stand there by their numbers
_PHOTOS_A_ROW, _PHOTO = 5, 30 * mm
_EVERY = ((0, 0), (-1, -1))  # cells of a table
_CLOSE = [
    ("LEFTPADDING", *_EVERY, 0),
    ("TOPPADDING", *_EVERY, 1.5),
    ("BOTTOMPADDING", *_EVERY, 1.5),
    ("VALIGN", *_EVERY, "TOP"),
]
_LINES = [("LINEBELOW", *_EVERY, 0.4, _INK["line"])]


def pdf(report: Report) -> bytes:
    """The file's content; letters that its fonts lack stand there by their numbers."""
    for name in _FILES:
        _font(name)
    story: list[Flowable] = [_paragraph(report.title, _style(18, 23)), _paragraph(report.subtitle, _MUTED)]
    for section in report.sections:
        story += [Spacer(0, 14), CondPageBreak(_room(section.blocks)), _paragraph(section.title, _style(13, 20))]
        for block in section.blocks:
            story += [*_block(block), Spacer(0, 6)]
    content = io.BytesIO()
    document = SimpleDocTemplate(
        content,
        pagesize=A4,
        title=shown(report.title),
        author="Layerloom",
        lang="en",
        invariant=1,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
    )
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return content.getvalue()


def _room(blocks: Sequence[Block]) -> float:
    """How much of a page a section needs, so that its title does not end it."""
    kinds = {type(block) for block in blocks[:2]}  # a sentence may stand before what it is about
    return float((120 if Charts in kinds else 75 if Photos in kinds else 40) * mm)


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, 8)
    canvas.setFillColor(_INK["muted"])
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, str(document.page))


@cache
def _font(name: str) -> TTFont:
    package, file = _FILES[name]
    font = TTFont(name, str(files(package) / "files" / file))
    pdfmetrics.registerFont(font)
    return font


def _style(size: float, leading: float, ink: str = "text", **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"{size} {ink}", fontName=_FONT, fontSize=size, leading=leading, textColor=_INK[ink], **more)


_BODY, _MUTED, _CELL = _style(9.5, 13.5), _style(9, 13, "muted"), _style(8.5, 11)
_NUMBER = _style(8.5, 11, alignment=2)
_NOTE = _style(9.5, 13.5, leftIndent=10)
_PLAIN = [("FONT", *_EVERY, _FONT, _CELL.fontSize, _CELL.leading), ("TEXTCOLOR", *_EVERY, _INK["text"])]
_MONO = ParagraphStyle("code", _CELL, fontName=_CODE, fontSize=8, backColor=_INK["soft"], borderPadding=5, leftIndent=5)
_SMALL = _style(7.5, 9.5)
for _each in (_BODY, _CELL, _NUMBER, _MONO, _SMALL):
    _each.splitLongWords = 1


def _legible(text: str, font: str) -> str:
    """A text as the font can write it."""
    known = _font(font).face.charToGlyph
    return "".join(letter if ord(letter) in known else f"[U+{ord(letter):04X}]" for letter in shown(text))


def _paragraph(text: str, style: ParagraphStyle = _BODY) -> Paragraph:
    return Paragraph(escape(_legible(text, style.fontName), quote=False), style)


def _table(rows: Sequence[Sequence[Any]], *, lines: Sequence[Any] = (), **options: Any) -> LongTable:
    return LongTable(rows, style=[*_CLOSE, *lines], hAlign="LEFT", **options)


@singledispatch
def _block(block: Block) -> list[Flowable]:
    raise TypeError(f"{type(block).__name__} is no block of a report")


@_block.register
def _(block: Words) -> list[Flowable]:
    return [_paragraph(f"Note: {block.text}", _NOTE) if block.note else _paragraph(block.text)]


@_block.register
def _(block: Commands) -> list[Flowable]:
    lines = (_paragraph(line, _MONO) for line in block.lines)
    return [_paragraph(block.text), Spacer(0, 6), *(part for line in lines for part in (line, Spacer(0, 8)))]


@_block.register
def _(block: Facts) -> list[Flowable]:
    rows = [(_paragraph(name, _MUTED), _paragraph(value, _CELL)) for name, value in block.rows]
    return [_table(rows, colWidths=(_WIDTH * 0.3, _WIDTH * 0.7))] if rows else []


@_block.register
def _(block: Table) -> list[Flowable]:
    widths, words = _widths(block), block.numbers_from
    styles = [_CELL] * words + [_NUMBER] * (len(widths) - words)
    rows = [list(map(_cell, row, styles, widths)) for row in (block.titles, *block.rows)]
    numbers = [("ALIGN", (words, 0), (-1, -1), "RIGHT")] if words < len(widths) else []
    table = _table(rows, colWidths=widths, repeatRows=1, lines=[*_LINES, *_PLAIN, *numbers])
    return [_paragraph(block.caption, _MUTED), Spacer(0, 2), table]


def _cell(text: str, style: ParagraphStyle, width: float) -> str | Paragraph:
    """A text that fits into a line as it is, which is ten times as fast."""
    return _legible(text, _FONT) if _width_of(text) <= width - _GAP / 2 else _paragraph(text, style)


def _widths(block: Table) -> list[float]:
    """Columns of numbers as wide as these; those of words share what is left by their longest cells."""
    columns = list(zip(block.titles, *block.rows, strict=True))
    wanted = [max(map(_width_of, column)) + _GAP for column in columns]
    wanted[: block.numbers_from] = [min(width, _WIDTH / 2) for width in wanted[: block.numbers_from]]
    numbers, words = sum(wanted[block.numbers_from :]), sum(wanted[: block.numbers_from])
    shrunk = min(1.0, (_WIDTH - numbers) / words)
    return [width * shrunk if place < block.numbers_from else width for place, width in enumerate(wanted)]


def _width_of(cell: str) -> float:
    return float(stringWidth(_legible(cell, _FONT), _FONT, _CELL.fontSize))


@_block.register
def _(block: Charts) -> list[Flowable]:
    width = _WIDTH / len(block.charts)
    cells = [
        [_paragraph(chart.caption, _MUTED), Spacer(0, 4), _picture(chart.drawing, width)] for chart in block.charts
    ]
    return [_table([cells], colWidths=[width] * len(cells), lines=[("VALIGN", *_EVERY, "BOTTOM")])]


@_block.register
def _(block: Photos) -> list[Flowable]:
    cells = [_photo(photo) for photo in block.photos]
    cells += [[]] * (-len(cells) % _PHOTOS_A_ROW)
    rows = [cells[place : place + _PHOTOS_A_ROW] for place in range(0, len(cells), _PHOTOS_A_ROW)]
    return [_table(rows, colWidths=[_WIDTH / _PHOTOS_A_ROW] * _PHOTOS_A_ROW)] if rows else []


def _photo(photo: Photo) -> list[Flowable]:
    image = Image(io.BytesIO(photo.png), _PHOTO, _PHOTO, kind="proportional", hAlign="LEFT")
    return [image, Spacer(0, 3), *(_paragraph(line, _SMALL) for line in photo.lines), Spacer(0, 4)]


def _picture(drawing: Drawing, width: float) -> drawn.Drawing:
    """The drawing, so wide at most; its y grows upwards."""
    scale = min(0.75, (width - 8) / drawing.width)
    height = drawing.height * scale
    found = drawn.Drawing(drawing.width * scale, height)
    found.add(drawn.Group(*map(_shape, drawing.shapes), transform=(scale, 0, 0, -scale, 0, height)))
    return found


@singledispatch
def _shape(shape: Shape) -> drawn.Shape:
    raise TypeError(f"{type(shape).__name__} is no shape of a drawing")


@_shape.register
def _(shape: Bar) -> drawn.Shape:
    return drawn.Rect(
        shape.x, shape.y, shape.width, shape.height, fillColor=_on_paper(shape.ink, shape.strength), strokeColor=None
    )


def _on_paper(ink: str, strength: float) -> Color:
    paper, colour = _INK["paper"].rgb(), _INK[ink].rgb()
    return Color(*(strength * one + (1 - strength) * other for one, other in zip(colour, paper, strict=True)))


@_shape.register
def _(shape: Stroke) -> drawn.Shape:
    points = [value for point in shape.points for value in point]
    dashes = list(shape.dashes) or None
    return drawn.PolyLine(points, strokeColor=_INK[shape.ink], strokeWidth=shape.width, strokeDashArray=dashes)


@_shape.register
def _(shape: Label) -> drawn.Shape:
    look = {"fontName": _FONT, "fontSize": shape.size, "textAnchor": shape.anchor, "fillColor": _INK[shape.ink]}
    text = drawn.String(0, 0, short(_legible(shape.text, _FONT), max(len(shape.text), _LABEL)), **look)
    turn = (0, -1, -1, 0) if shape.turned else (1, 0, 0, -1)
    return drawn.Group(text, transform=(*turn, shape.x, shape.y))
