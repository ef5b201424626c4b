"""A report as one HTML file that needs nothing beside it: no script, no address, light and dark, ready to print."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import singledispatch
from html import escape

from engine.evaluation.report.blocks import (
    Block,
    Chart,
    Charts,
    Commands,
    Facts,
    Photos,
    Report,
    Section,
    Table,
    Words,
    shown,
)
from engine.evaluation.report.drawing import COLOURS, Bar, Drawing, Label, Shape, Stroke

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
<header><h1>{title}</h1><p class="muted">{subtitle}</p>
<nav aria-label="Sections"><ul>{links}</ul></nav></header>
{sections}
</main>
</body>
</html>
"""

_STYLE = """
body { margin: 0; background: var(--paper); color: var(--text);
  font: 15px/1.5 system-ui, "Segoe UI", Inter, sans-serif }
main { max-width: 1040px; margin: 0 auto; padding: 24px 20px 64px }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere }
h2 { font-size: 19px; margin: 36px 0 10px; padding-top: 10px; border-top: 1px solid var(--line) }
p { max-width: 72ch; margin: 8px 0; overflow-wrap: anywhere }
a { color: var(--right) }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 12px 0 0; padding: 0 }
.muted, caption, figcaption, dt { color: var(--muted) }
.note { border-left: 3px solid var(--wrong); padding-left: 12px }
.note::before { content: "Note: "; font-weight: 600 }
dl { display: grid; grid-template-columns: minmax(9em, max-content) 1fr; gap: 2px 24px; margin: 8px 0 }
dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate }
.wide { overflow-x: auto; margin: 14px 0 }
.wide:focus-visible { outline: 2px solid var(--right) }
table { border-collapse: collapse; min-width: min(100%, 34em); font-variant-numeric: tabular-nums }
caption { text-align: left; padding-bottom: 6px }
th, td { text-align: left; font-weight: 400; padding: 3px 18px 3px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; min-width: 8em; max-width: 34em; unicode-bidi: isolate }
thead th { font-weight: 600; overflow-wrap: normal }
.number { text-align: right; white-space: nowrap; min-width: 0 }
thead .number { white-space: normal }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px;
  margin: 6px 0 14px;
  white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, "JetBrains Mono", Consolas, monospace }
figure { margin: 0 }
.charts { display: flex; flex-wrap: wrap; gap: 20px 40px; margin: 14px 0 }
.charts figure { max-width: 100% }
.charts figcaption { max-width: 46ch; margin-bottom: 6px }
.charts figure:not(:only-child) figcaption { min-height: 4.5em }
svg { max-width: 100%; height: auto; font-family: inherit }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 18px 16px; margin: 14px 0 }
.photos img { display: block; width: 100%; max-width: 150px; aspect-ratio: 1; object-fit: contain;
  background: var(--soft); border: 1px solid var(--line); border-radius: 4px; image-rendering: pixelated }
.photos figcaption { font-size: 13px; line-height: 1.4; margin-top: 5px; color: var(--text); overflow-wrap: anywhere }
.photos figcaption span { display: block; unicode-bidi: isolate }
.photos figcaption span + span { color: var(--muted) }
@media (max-width: 640px) { dl { grid-template-columns: 1fr } dd { margin-bottom: 6px } }
@page { margin: 16mm 14mm }
@media print {
  body { font-size: 10.5pt } main { max-width: none; padding: 0 } nav { display: none }
  h2 { break-after: avoid } figure, tr, dl > *, pre { break-inside: avoid } thead { display: table-header-group }
  .wide { overflow: visible } .charts { gap: 12px } .charts figure:not(:only-child) { width: 48% }
}
"""


def html(report: Report) -> str:
    """The file's text."""
    titles = [_text(section.title) for section in report.sections]
    links = "".join(f'<li><a href="#s{number}">{title}</a></li>' for number, title in enumerate(titles, 1))
    sections = "\n".join(_section(number, section) for number, section in enumerate(report.sections, 1))
    return _PAGE.format(
        title=_text(report.title),
        subtitle=_text(report.subtitle),
        style=f"{_variables()}{_STYLE}".strip(),
        links=links,
        sections=sections,
    )


def _variables() -> str:
    """The colours of light paper, and those of dark paper where a screen asks for it."""
    light, dark = (" ".join(f"--{name}: {colours[which]};" for name, colours in COLOURS.items()) for which in range(2))
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


def _text(text: str) -> str:
    return escape(shown(text))


def _section(number: int, section: Section) -> str:
    blocks = "\n".join(map(_block, section.blocks))
    return f'<section aria-labelledby="s{number}"><h2 id="s{number}">{_text(section.title)}</h2>\n{blocks}</section>'


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"{type(block).__name__} is no block of a report")


@_block.register
def _(block: Words) -> str:
    kind = ' class="note"' if block.note else ""
    return f"<p{kind}>{_text(block.text)}</p>"


@_block.register
def _(block: Commands) -> str:
    lines = "\n".join(map(_text, block.lines))
    return f"<p>{_text(block.text)}</p><pre>{lines}</pre>"


@_block.register
def _(block: Facts) -> str:
    return f"<dl>{''.join(f'<dt>{_text(name)}</dt><dd>{_text(value)}</dd>' for name, value in block.rows)}</dl>"


@_block.register
def _(block: Table) -> str:
    titles = enumerate(block.titles)
    head = "".join(f'<th scope="col"{_number(place, block)}>{_text(title)}</th>' for place, title in titles)
    rows = "\n".join(_row(row, block) for row in block.rows)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{_text(block.caption)}"><table>'
        f"<caption>{_text(block.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: Sequence[str], table: Table) -> str:
    first, *others = row
    cells = "".join(f"<td{_number(place, table)}>{_text(cell)}</td>" for place, cell in enumerate(others, 1))
    return f'<tr><th scope="row"{_number(0, table)}>{_text(first)}</th>{cells}</tr>'


def _number(place: int, table: Table) -> str:
    return ' class="number"' if place >= table.numbers_from else ""


@_block.register
def _(block: Charts) -> str:
    return f'<div class="charts">{"".join(map(_chart, block.charts))}</div>'


def _chart(chart: Chart) -> str:
    return f"<figure><figcaption>{_text(chart.caption)}</figcaption>{_svg(chart.drawing, chart.words)}</figure>"


@_block.register
def _(block: Photos) -> str:
    figures = []
    for photo in block.photos:
        data = base64.b64encode(photo.png).decode()
        lines = "".join(f"<span>{_text(line)}</span>" for line in photo.lines)
        image = f'<img src="data:image/png;base64,{data}" alt="{_text(photo.words)}">'
        figures.append(f"<figure>{image}<figcaption>{lines}</figcaption></figure>")
    return f'<div class="photos">{"".join(figures)}</div>'


def _svg(drawing: Drawing, words: str) -> str:
    shapes = "".join(map(_shape, drawing.shapes))
    size = f'width="{drawing.width:.0f}" height="{drawing.height:.0f}"'
    box = f'viewBox="0 0 {drawing.width:.1f} {drawing.height:.1f}"'
    return f'<svg {size} {box} role="img" aria-label="{_text(words)}">{shapes}</svg>'


@singledispatch
def _shape(shape: Shape) -> str:
    raise TypeError(f"{type(shape).__name__} is no shape of a drawing")


@_shape.register
def _(shape: Bar) -> str:
    title = f"<title>{_text(shape.words)}</title>" if shape.words else ""
    place = f'x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}"'
    return f'<rect {place} fill="var(--{shape.ink})" fill-opacity="{shape.strength:.3f}">{title}</rect>'


@_shape.register
def _(shape: Stroke) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    dashes = f' stroke-dasharray="{" ".join(f"{dash:g}" for dash in shape.dashes)}"' if shape.dashes else ""
    look = f'fill="none" stroke="var(--{shape.ink})" stroke-width="{shape.width:g}"{dashes}'
    return f'<polyline points="{points}" {look}/>'


@_shape.register
def _(shape: Label) -> str:
    turned = f' transform="rotate(-90 {shape.x:.1f} {shape.y:.1f})"' if shape.turned else ""
    look = f'font-size="{shape.size:g}" fill="var(--{shape.ink})" text-anchor="{shape.anchor}"{turned}'
    return f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" {look}>{_text(shape.text)}</text>'
