"""A report as a PDF file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import singledispatch
from html import escape
from typing import Any

from reportlab.graphics import shapes as drawn
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
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
from engine.evaluation.report.letters import CODE, TEXT, embedded, runs, width_of

_MARGIN, _PADDING = 16 * mm, 6  # of a page, and of the frame on it
_WIDTH = A4[0] - 2 * (_MARGIN + _PADDING)
_INK = {name: HexColor(light) for name, (light, _) in COLOURS.items()}
_GAP = 14  # between columns
_NUMBERS = 0.8  # of the width of a page, that columns of numbers may take for the sake of their titles
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
    """The file's content."""
    for name in (TEXT, CODE):
        embedded(name)
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
    canvas.setFont(TEXT, 8)
    canvas.setFillColor(_INK["muted"])
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, str(document.page))


def _style(size: float, leading: float, ink: str = "text", **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"{size} {ink}", fontName=TEXT, fontSize=size, leading=leading, textColor=_INK[ink], **more)


_BODY, _MUTED, _CELL = _style(9.5, 13.5), _style(9, 13, "muted"), _style(8.5, 11)
_NUMBER = _style(8.5, 11, alignment=2)
_NOTE = _style(9.5, 13.5, leftIndent=10)
_PLAIN = [("FONT", *_EVERY, TEXT, _CELL.fontSize, _CELL.leading), ("TEXTCOLOR", *_EVERY, _INK["text"])]
_MONO = ParagraphStyle("code", _CELL, fontName=CODE, fontSize=8, backColor=_INK["soft"], borderPadding=5, leftIndent=5)
_SMALL = _style(7.5, 9.5)
for _each in (_BODY, _CELL, _NUMBER, _MONO, _SMALL):
    _each.splitLongWords = 1


def _paragraph(text: str, style: ParagraphStyle = _BODY) -> Paragraph:
    marked = (
        f'<font name="{font}">{escape(letters, quote=False)}</font>' for font, letters in runs(text, style.fontName)
    )
    return Paragraph("".join(marked), style)


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
    """A text that fits into a line of one font as it is, which is ten times as fast."""
    found = runs(text, TEXT)
    plain = [letters for font, letters in found if font == TEXT]
    fits = len(plain) == len(found) <= 1 and _width_of(text) <= width - _GAP / 2
    return "".join(plain) if fits else _paragraph(text, style)


def _widths(block: Table) -> list[float]:
    """Columns of numbers as wide as these, and as words of their titles if there is room; the others share the rest."""
    columns = list(zip(*block.rows, strict=True)) or [()] * len(block.titles)
    cells = [max(map(_width_of, column), default=0.0) + _GAP for column in columns]
    titles = [max(map(_width_of, title.split() or [""])) + _GAP for title in block.titles]
    least, more = cells[block.numbers_from :], titles[block.numbers_from :]
    wishes = [max(0.0, title - cell) for cell, title in zip(least, more, strict=True)]
    granted = min(1.0, max(0.0, _WIDTH * _NUMBERS - sum(least)) / (sum(wishes) or 1.0))
    numbers = [cell + granted * wish for cell, wish in zip(least, wishes, strict=True)]
    whole = map(_width_of, block.titles[: block.numbers_from])
    words = [min(max(cell, title + _GAP), _WIDTH / 2) for cell, title in zip(cells, whole, strict=False)]
    shrunk = min(1.0, (_WIDTH - sum(numbers)) / sum(words))
    return [*(width * shrunk for width in words), *numbers]


def _width_of(cell: str) -> float:
    return width_of(cell, TEXT, _CELL.fontSize)


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
    found, size = runs(shape.text, TEXT), shape.size
    if all(font == TEXT for font, _ in found):  # numbers of letters may stand there
        found = [(TEXT, short("".join(letters for _, letters in found), max(len(shape.text), _LABEL)))]
    wide = [stringWidth(letters, font, size) for font, letters in found]
    before = {"start": 0.0, "middle": -sum(wide) / 2, "end": -sum(wide)}[shape.anchor]
    strings = [
        drawn.String(before + sum(wide[:place]), 0, letters, fontName=font, fontSize=size, fillColor=_INK[shape.ink])
        for place, (font, letters) in enumerate(found)
    ]
    turn = (0, -1, -1, 0) if shape.turned else (1, 0, 0, -1)
    return drawn.Group(*strings, transform=(*turn, shape.x, shape.y))
