"""Images of more than 8 bits: grey of 16 or 32 bits or floats as Pillow opens them, and colours of 16 bits."""

from __future__ import annotations

import numpy as np
from PIL import ExifTags, Image
from PIL.ImageFile import ImageFile

from engine.data.intensity import Scaling, Values
from engine.data.tiff_files import is_unsigned
from engine.data.wide_values import Layers, wide_reader

_OPAQUE = 255


class NoValuesError(ValueError):
    """All that an image holds is NaN or infinite."""


def is_deep(image: ImageFile) -> bool:
    """Whether an image that is not decoded yet has values of more than 8 bits, all of which can be read."""
    return image.mode.startswith(("I", "F")) or wide_reader(image) is not None


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


def _layers(image: ImageFile) -> Layers:
    if reader := wide_reader(image):
        return reader.read(image)
    values = np.asarray(image)
    if image.format == "PPM" and image.mode == "I":  # of 16 bits, brought to all of them
        values = values.astype(np.uint16)
    if is_unsigned(image):
        values = values.view(np.uint32)
    clear = image.info.get("transparency")  # the value that stands for nothing, in PNG
    return values, None if clear is None else np.where(values == clear, 0, _OPAQUE).astype(np.uint8)
