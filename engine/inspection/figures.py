"""Results as files: PNG, SVG or PDF, which say what they show."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from engine.data.images import Pixels
from engine.errors import LayerloomError
from engine.inspection.explaining.evidence import Evidence
from engine.inspection.explaining.places import name_of
from engine.inspection.pictures import Picture, overlay, picture
from engine.inspection.results import Result
from engine.inspection.views import View
from engine.words import number_text

if TYPE_CHECKING:
    from engine.inspection.lens import Lens

_MARGIN, _LINE, _SIZE = 12, 18, 13  # px
_LETTER = 0.62  # of the size: how wide a letter is at most, on the mean of a line

Caption = Sequence[str]
"""Lines that say what is shown; in a PNG they are its description."""


def require_picture(file: Path) -> None:
    """Raise `LayerloomError` for a file that is none of the kinds that a figure can be; without an ending it is PNG."""
    if file.suffix.lower() not in SUFFIXES:
        raise LayerloomError(f"A figure is PNG, SVG or PDF, but {file} ends in {file.suffix}.")


def shown(result: Result, pixels: Pixels | None = None) -> Picture:
    """The picture of a result, evidence over its image; raises `LayerloomError` if there is none of its type."""
    return overlay(result, pixels) if isinstance(result, Evidence) else picture(result)


def caption(lens: Lens, view: View, node: str, result: Result, *, of: Sequence[str] = ()) -> list[str]:
    """What a figure shows: the view, the layer and the class; the network and what it is ``of``: its run, its epoch."""
    first = f"{view.title} of {node}" if node else view.title
    weights = () if lens.trained else ("untrained",)
    if not isinstance(result, Evidence):
        return [first, " · ".join((lens.network.name, *of, *weights)), *result.lines]
    asked = result.explained
    name, score = name_of(lens, asked.number), number_text(asked.score, 2)
    if asked.against is not None:
        other = name_of(lens, asked.against)
        name, score = f"{name} against {other}", f"{score} and {number_text(asked.against_score, 2)}"
    return [
        f"{first} for {name}",
        " · ".join((lens.network.name, *of, *weights, f"score {score} before the softmax")),
        *result.lines,
    ]


def figure(picture: Picture, caption: Caption, suffix: str) -> bytes:
    """The content of a file of that ``suffix``, one of `SUFFIXES`."""
    return SUFFIXES[suffix.lower()](Image.fromarray(picture), caption)


def _png(image: Image.Image, caption: Caption) -> bytes:
    described = PngImagePlugin.PngInfo()
    if caption:
        described.add_itxt("Description", "\n".join(caption))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=described)
    return buffer.getvalue()


def _svg(image: Image.Image, caption: Caption) -> bytes:
    width, height = _sheet(image, caption)
    data = base64.b64encode(_png(image, ())).decode()
    first = 2 * _MARGIN + image.height + _SIZE
    words = "".join(
        f'<text x="{_MARGIN}" y="{first + number * _LINE}" fill="{ink}">{escape(line)}</text>\n'
        for number, (line, ink) in enumerate(zip(caption, _inks(caption), strict=True))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="Inter, system-ui, sans-serif" font-size="{_SIZE}">\n'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
        f'<image x="{_MARGIN}" y="{_MARGIN}" width="{image.width}" height="{image.height}" '
        f'href="data:image/png;base64,{data}"/>\n{words}</svg>\n'
    ).encode()


def _pdf(image: Image.Image, caption: Caption) -> bytes:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    width, height = _sheet(image, caption)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    canvas.setTitle(caption[0] if caption else "Layerloom")
    left, bottom = _MARGIN, height - _MARGIN - image.height
    canvas.drawImage(ImageReader(image), left, bottom, image.width, image.height)
    canvas.setFont(_registered_font(), _SIZE)
    for number, (line, ink) in enumerate(zip(caption, _inks(caption), strict=True)):
        canvas.setFillColor(HexColor(ink))
        canvas.drawString(left, bottom - _MARGIN - _SIZE - number * _LINE, line)
    canvas.save()
    return buffer.getvalue()


@cache
def _registered_font() -> str:
    """The font of the program, with the letters that Latin scripts have."""
    from importlib.resources import files

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    file = files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"
    pdfmetrics.registerFont(TTFont("Inter", str(file)))
    return "Inter"


def _sheet(image: Image.Image, caption: Caption) -> tuple[int, int]:
    """Width and height of a picture with its lines below it."""
    widest = max((int(len(line) * _SIZE * _LETTER) for line in caption), default=0)
    words = _MARGIN + len(caption) * _LINE if caption else 0
    return 2 * _MARGIN + max(image.width, widest), 2 * _MARGIN + image.height + words


def _inks(caption: Caption) -> list[str]:
    return ["#1a1f2b", *["#4b5563"] * (len(caption) - 1)] if caption else []


SUFFIXES: Mapping[str, Callable[[Image.Image, Caption], bytes]] = {"": _png, ".png": _png, ".svg": _svg, ".pdf": _pdf}
