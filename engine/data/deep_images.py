"""Images of more than 8 bits as Pillow opens them: grey of 16 or 32 bits or floats, and colours of 16 bits."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

from engine.data.intensity import Scaling, Values

_GREY_AND_ALPHA = "LA;16B"  # PNG of 16 bits, of which Pillow keeps the upper 8
_COLOURS = re.compile(r"RGB[AX]?;16[LBN]")  # the same of colours; L, B and N say in which order their two bytes are
_OTHER_BYTE = {"L": "B", "B": "L", "N": "B" if sys.byteorder == "little" else "L"}
_OPAQUE = 255

Arguments = tuple[Any, ...] | str | None
"""What Pillow hands a decoder."""


class NoValuesError(ValueError):
    """All that an image holds is NaN or infinite."""


def is_deep(image: ImageFile) -> bool:
    """Whether an image that is not decoded yet has values of more than 8 bits."""
    return image.mode.startswith(("I", "F")) or _has_deep_alpha(image) or has_deep_colours(image)


def has_deep_colours(image: ImageFile) -> bool:
    """Whether it has colours of 16 bits each."""
    tiles = image.tile if image.format in ("PNG", "TIFF") else ()
    return bool(tiles) and all(_COLOURS.fullmatch(_raw_mode(tile.args)) for tile in tiles)


def visible_values(image: ImageFile) -> Values:
    """The values ``(N,)`` of a deep image wherever it is not wholly transparent."""
    values, alpha = _layers(image)
    return values.ravel() if alpha is None else values[alpha > 0].ravel()


def to_8_bits(image: ImageFile, scaling: Scaling) -> Image.Image:
    """A deep image as L or RGB, or LA or RGBA where it has transparent parts; it keeps its EXIF orientation.

    Raises `NoValuesError` for one without any finite value.
    """
    values, alpha = _layers(image)
    if values.dtype.kind == "f" and not np.isfinite(values).any():
        raise NoValuesError
    plain = Image.fromarray(scaling(values))
    if alpha is not None:
        plain.putalpha(Image.fromarray(alpha))
    orientation = ExifTags.Base.Orientation
    plain.getexif()[orientation] = image.getexif().get(orientation, 1)
    return plain


def _layers(image: ImageFile) -> tuple[Values, NDArray[np.uint8] | None]:
    """Values ``(H, W)`` or ``(H, W, 3)``, and opacity ``(H, W)``; None is opaque everywhere."""
    if has_deep_colours(image):
        return _colours(image)
    if _has_deep_alpha(image):
        both = np.asarray(_as_rgba(image)).view(">u2")
        return both[..., 0], (both[..., 1] >> 8).astype(np.uint8)
    values = np.asarray(image)
    if image.format == "PPM" and image.mode == "I":  # of 16 bits, brought to all of them
        values = values.astype(np.uint16)
    clear = image.info.get("transparency")  # the value that stands for nothing, in PNG
    return values, None if clear is None else np.where(values == clear, 0, _OPAQUE).astype(np.uint8)


def _colours(image: ImageFile) -> tuple[Values, NDArray[np.uint8] | None]:
    """Colours of 16 bits, of which Pillow gives the upper 8, or with their bytes swapped the lower 8."""
    with Image.open(image.filename, formats=(image.format or "",)) as swapped:
        swapped.tile = [tile._replace(args=_swapped(tile.args)) for tile in swapped.tile]
        lower = np.asarray(swapped)[..., :3]
    upper = np.asarray(image)
    values = upper[..., :3].astype(np.uint16)
    values <<= 8
    values |= lower
    if image.mode == "RGBA":
        return values, upper[..., 3]
    clear = image.info.get("transparency")
    if clear is None:
        return values, None
    return values, np.where((values == np.array(clear)).all(axis=2), 0, _OPAQUE).astype(np.uint8)


def _raw_mode(arguments: Arguments) -> str:
    """How a decoder is told that pixels lie in the file: the first of its arguments, or all of them."""
    return str(arguments[0] if isinstance(arguments, tuple) else arguments)


def _swapped(arguments: Arguments) -> Arguments:
    mode = _raw_mode(arguments)
    other = mode[:-1] + _OTHER_BYTE[mode[-1]]
    return (other, *arguments[1:]) if isinstance(arguments, tuple) else other


def _has_deep_alpha(image: ImageFile) -> bool:
    return image.format == "PNG" and bool(image.tile) and image.tile[0].args == _GREY_AND_ALPHA


def _as_rgba(image: ImageFile) -> Image.Image:
    """A PNG of grey and alpha, 16 bits each, opened as RGBA of 8 bits, whose pixels are made of the same four bytes."""
    assert image.fp is not None  # it is not decoded yet
    image.fp.seek(0)
    content = bytearray(image.fp.read())
    content[24:26] = 8, 6  # bit depth and colour type, in the header that bytes 12 to 28 hold
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return Image.open(BytesIO(content), formats=("PNG",))
