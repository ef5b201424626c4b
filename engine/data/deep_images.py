"""Images of more than 8 bits as Pillow opens them: grey integers of 16 or 32 bits and floats."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

from engine.data.intensity import Scaling, Values

_GREY_AND_ALPHA = "LA;16B"  # PNG of 16 bits, of which Pillow keeps the upper 8
_OPAQUE = 255


def is_deep(image: ImageFile) -> bool:
    """Whether an image that is not decoded yet has grey values of more than 8 bits."""
    return image.mode.startswith(("I", "F")) or _has_deep_alpha(image)


def visible_values(image: ImageFile) -> Values:
    """The values ``(N,)`` of a deep image wherever it is not wholly transparent."""
    values, alpha = _layers(image)
    return values.ravel() if alpha is None else values[alpha > 0]


def to_8_bits(image: ImageFile, scaling: Scaling) -> Image.Image:
    """A deep image as L, or LA where it has transparent parts; it keeps its EXIF orientation."""
    values, alpha = _layers(image)
    plain = Image.fromarray(scaling(values))
    if alpha is not None:
        plain.putalpha(Image.fromarray(alpha))
    orientation = ExifTags.Base.Orientation
    plain.getexif()[orientation] = image.getexif().get(orientation, 1)
    return plain


def _layers(image: ImageFile) -> tuple[Values, NDArray[np.uint8] | None]:
    """Values and opacity, each ``(H, W)``; None is opaque everywhere."""
    if _has_deep_alpha(image):
        both = np.asarray(_as_rgba(image)).view(">u2")
        return both[..., 0], (both[..., 1] >> 8).astype(np.uint8)
    values = np.asarray(image)
    clear = image.info.get("transparency")  # the value that stands for nothing, in PNG
    return values, None if clear is None else np.where(values == clear, 0, _OPAQUE).astype(np.uint8)


def _has_deep_alpha(image: ImageFile) -> bool:
    return image.format == "PNG" and bool(image.tile) and image.tile[0][3] == _GREY_AND_ALPHA


def _as_rgba(image: ImageFile) -> Image.Image:
    """A PNG of grey and alpha, 16 bits each, opened as RGBA of 8 bits, whose pixels are made of the same four bytes."""
    assert image.fp is not None  # it is not decoded yet
    image.fp.seek(0)
    content = bytearray(image.fp.read())
    content[24:26] = 8, 6  # bit depth and colour type, in the header that bytes 12 to 28 hold
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return Image.open(BytesIO(content), formats=("PNG",))
