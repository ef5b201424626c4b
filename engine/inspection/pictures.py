"""Results as pictures, by the type of the result: in grey, but evidence and what has the colours of an image."""

from __future__ import annotations

import math
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.data.images import Pixels
from engine.errors import LayerloomError
from engine.inspection.colours import magma, signed
from engine.inspection.explaining.evidence import Evidence
from engine.inspection.results import (
    Heat,
    Kernels,
    Maps,
    Maximised,
    Patches,
    Points,
    Projection,
    Ranking,
    Result,
    Steps,
)
from engine.inspection.units.cutting import GREY, cut

_GAP = 1  # pixels of a map between two maps, before enlarging
_EDGE = 96  # px that a map is enlarged to at least
_BACKGROUND = 255
_COLOURS = 3
_EVIDENCE = 224  # px that evidence is enlarged to at least
_OPACITY = 0.62  # of evidence over an image
_FAINT = 0.25  # of an image under evidence that has two colours
_BAR, _ROW = 240, 8  # px: the longest bar, and the row of each
_SIDE, _EDGE_ROOM = 800, 16  # px: a picture of points, and what is free around them

Picture = NDArray[np.uint8]
"""Grey values, ``(H, W)``, or colours, ``(H, W, 3)``."""


@singledispatch
def picture(result: Result) -> Picture:
    """How a result looks; register a function for another type."""
    raise LayerloomError(f"There is no picture of {type(result).__name__}, only its numbers.")


@picture.register
def _(result: Maps) -> Picture:
    return sheet(result.values)


@picture.register
def _(result: Heat) -> Picture:
    return sheet(result.values[None])


@picture.register
def _(result: Kernels) -> Picture:
    """All on one scale around 0, which is the middle grey."""
    tiles = result.tiles
    largest = float(np.abs(tiles).max(initial=0.0)) or 1.0
    return _tiled(((tiles / largest + 1) * 127.5).round().astype(np.uint8))


@picture.register
def _(result: Steps) -> Picture:
    """A row for each input map: patch, kernel and products, each from its least to its largest value."""
    grids = [grid for page in result.pages for grid in (page.patch, page.kernel, page.products)]
    return _tiled(_stretched(np.stack(grids)), columns=3)


@picture.register
def _(result: Evidence) -> Picture:
    return overlay(result)


def overlay(evidence: Evidence, pixels: Pixels | None = None, *, opacity: float = _OPACITY) -> Picture:
    """What speaks for a class in colours, over the image ``(C, H, W)`` if that is given.

    Each goes from 0 to its own 99.5th percentile. Where two classes are compared, red speaks for the first one and blue
    for the other, over a faint image.
    """
    two = evidence.explained.against is not None
    strongest = (float(np.percentile(np.abs(evidence.finite), 99.5)) if two else evidence.strongest) or 1.0
    colours = signed(evidence.finite / strongest) if two else magma(evidence.strength / strongest)
    if pixels is not None:
        shown = pixels if len(pixels) == 3 else pixels[:1].repeat(3, axis=0)
        image = np.moveaxis(shown, 0, -1).astype(np.float64)
        share = 1 - _FAINT if two else opacity
        colours = share * colours + (1 - share) * image
    scale = max(1, round(_EVIDENCE / max(evidence.values.shape)))
    small: Picture = colours.round().astype(np.uint8)
    return small.repeat(scale, axis=0).repeat(scale, axis=1)


@picture.register
def _(result: Patches) -> Picture:
    """A sheet of three by three for each unit; what was projected back stands on its right."""
    sheets = _sheets(_pixels(result.values))
    if result.projected is None:
        return _coloured(sheets, edge=3 * _EDGE)
    back = _sheets(np.stack([_signed(one) for one in result.projected]))
    return _coloured(np.concatenate([sheets, back], axis=3), edge=6 * _EDGE)


@picture.register
def _(result: Projection) -> Picture:
    """What the unit saw of the image; grey is 0."""
    return _coloured(_signed(cut(result.values, result.seen, result.seen.size, outside=0))[None])


@picture.register
def _(result: Maximised) -> Picture:
    """What the unit sees of the picture."""
    return _coloured(_pixels(cut(result.values, result.seen, result.seen.size, outside=GREY))[None])


def _pixels(values: NDArray[np.floating]) -> Picture:
    """Pixels from 0 to 1 in whole numbers."""
    grey: Picture = (values.clip(0, 1) * 255).round().astype(np.uint8)
    return grey


def _signed(values: NDArray[np.float32]) -> Picture:
    """Values around 0, which is the middle grey, up to the largest that is finite."""
    there = np.where(np.isfinite(values), values, 0)
    return _pixels((there / (np.abs(there).max(initial=0.0) or 1.0) + 1) / 2)


def _sheets(tiles: Picture) -> Picture:
    """Nine tiles ``(U, 9, C, h, w)`` as one ``(U, C, H, W)`` of three by three."""
    units, count, channels, height, width = tiles.shape
    across = math.isqrt(count)
    cells = np.full((units, count, channels, height + _GAP, width + _GAP), _BACKGROUND, np.uint8)
    cells[..., :height, :width] = tiles
    rows = cells.reshape(units, across, across, channels, height + _GAP, width + _GAP).transpose(0, 3, 1, 4, 2, 5)
    sheets = rows.reshape(units, channels, across * (height + _GAP), across * (width + _GAP))
    return np.pad(sheets, ((0, 0), (0, 0), (0, 2 * _GAP), (0, 2 * _GAP)), constant_values=_BACKGROUND)


def _coloured(tiles: Picture, *, edge: int = 2 * _EDGE) -> Picture:
    """Tiles ``(N, C, h, w)`` side by side: in colour with three channels, else in grey by their mean."""
    if tiles.shape[1] == _COLOURS:
        return np.stack([_tiled(tiles[:, channel], edge=edge) for channel in range(_COLOURS)], axis=-1)
    return _tiled(tiles.mean(axis=1).round().astype(np.uint8), edge=edge)


@picture.register
def _(result: Ranking) -> Picture:
    """A row for each unit, the one that is missed most first: black by how much worse the network is without it."""
    falls = np.array(result.falls)[list(result.order)]
    lengths = (_BAR * falls.clip(min=0) / (falls.max(initial=0.0) or 1.0)).round().astype(int)
    rows = np.where(np.arange(_BAR) < lengths[:, None], 0, _BACKGROUND).astype(np.uint8)
    return np.pad(rows.repeat(_ROW - 2, axis=0).reshape(len(rows), _ROW - 2, _BAR), ((0, 0), (1, 1), (1, 1)),
                  constant_values=_BACKGROUND).reshape(len(rows) * _ROW, _BAR + 2)  # fmt: skip


@picture.register
def _(result: Points) -> Picture:
    """Each image by the number of its class, or as a dot; a ring around those that are taken for another."""
    low, high = result.values.min(axis=0), result.values.max(axis=0)
    places = (result.values - low) / np.where(high > low, high - low, 1)
    image = Image.new("L", (_SIDE, _SIDE), _BACKGROUND)
    draw = ImageDraw.Draw(image)
    marks = zip(places.tolist(), result.labels.tolist(), result.wrong.tolist(), strict=True)
    for (across, up), label, wrong in marks:
        x, y = (_EDGE_ROOM + share * (_SIDE - 2 * _EDGE_ROOM) for share in (across, 1 - up))
        draw.text((x, y), str(label) if label >= 0 else "•", fill=0, anchor="mm")
        if wrong:
            draw.circle((x, y), 8, outline=0)
    return np.asarray(image)


def sheet(maps: NDArray[np.float32]) -> Picture:
    """Maps ``(C, H, W)``, or ``(N,)`` as maps of one value, side by side in rows of about equal length.

    Each map is grey from its own least (black) to its own largest value (white), a vector as one.
    """
    if maps.ndim == 1:
        return _tiled(_stretched(maps[None, :, None]).reshape(-1, 1, 1))
    return _tiled(_stretched(maps))


def _stretched(maps: NDArray[np.floating]) -> Picture:
    """Each of ``(N, H, W)`` over all greys, from its finite values; black where it is the same everywhere, or NaN."""
    values = maps.astype(np.float64)
    finite = np.isfinite(values)
    some = finite.any(axis=(1, 2), keepdims=True)
    low = np.where(some, values.min(axis=(1, 2), keepdims=True, where=finite, initial=np.inf), 0)
    high = np.where(some, values.max(axis=(1, 2), keepdims=True, where=finite, initial=-np.inf), 0)
    inside = np.where(np.isnan(values), low, values).clip(low, high)
    grey: Picture = ((inside - low) / np.where(high > low, high - low, 1) * 255).round().astype(np.uint8)
    return grey


def _tiled(tiles: Picture, *, columns: int = 0, edge: int = _EDGE) -> Picture:
    """Tiles ``(N, H, W)`` side by side, enlarged; a square of them if the number of ``columns`` is left out."""
    count, height, width = tiles.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    cells = np.full((rows * columns, height + _GAP, width + _GAP), _BACKGROUND, dtype=np.uint8)
    cells[:count, :height, :width] = tiles
    wide = cells.reshape(rows, columns, height + _GAP, width + _GAP).transpose(0, 2, 1, 3)
    picture = wide.reshape(rows * (height + _GAP), columns * (width + _GAP))
    scale = max(1, round(edge / max(height, width))) if max(height, width) > 1 else 12
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)
