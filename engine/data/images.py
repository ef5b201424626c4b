"""Image files and arrays, brought to the shape that a network takes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import LayerloomError
from engine.layers.shape import Shape

Pixels = NDArray[np.uint8]
"""Pixel values 0 to 255: ``(C, H, W)`` for one image, ``(N, C, H, W)`` for several."""

# All that Pillow raises for files that are damaged, of no image format, or too large to be meant.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)

_MODES = {1: "L", 3: "RGB"}


class UnreadableImageError(LayerloomError):
    """The file holds no image that can be read; ``reason`` says why: "it is empty"."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{Path(path).name or Path(path).absolute()} could not be read: {reason}.")
        self.reason = reason


def read_image(path: Path | str, shape: Shape) -> Pixels:
    """The image in a file as ``(C, H, W)``: turned upright as its EXIF data say, made grey or RGB, resized bilinearly.

    ``shape`` has 1 or 3 channels. Transparent parts become white. Raises `UnreadableImageError`.
    """
    try:
        with Image.open(path) as image:
            image.draft(_MODES[shape.channels], (shape.width, shape.height))  # JPEG: decodes no more than is needed
            return _to_pixels(image, shape)
    except _DAMAGED as error:
        raise UnreadableImageError(path, _reason(Path(path), error)) from error


def check_image(path: Path) -> str:
    """Why the file at ``path`` is surely no image, "" if its beginning looks like one; does not decode it."""
    try:
        with Image.open(path):
            return ""
    except _DAMAGED as error:
        return _reason(path, error)


def fit(pixels: Pixels, shape: Shape) -> Pixels:
    """One image ``(C, H, W)`` brought to ``shape``: channels repeated or mixed to grey, sizes resized bilinearly."""
    if pixels.shape == tuple(shape):
        return pixels
    image = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    return _to_pixels(image, shape)


def _to_pixels(image: Image.Image, shape: Shape) -> Pixels:
    upright = ImageOps.exif_transpose(image)
    resized = _plain(upright, _MODES[shape.channels]).resize((shape.width, shape.height), Image.Resampling.BILINEAR)
    pixels = np.array(resized, dtype=np.uint8)
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _plain(image: Image.Image, mode: str) -> Image.Image:
    """The image in ``mode``, L or RGB, whatever it came in."""
    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(_to_8_bits(np.asarray(image)))
    elif image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        image = Image.new("RGBA", image.size, "white")
        image.alpha_composite(with_alpha)
    return image.convert(mode)


def _to_8_bits(values: NDArray[np.generic]) -> Pixels:
    """Deep grey values on 0 to 255: 16-bit integers by their full range, floats in 0 to 1 by theirs."""
    wide = np.nan_to_num(values.astype(np.float64))
    if values.dtype.kind == "f" and wide.max(initial=0) <= 1:
        wide = wide * 255
    elif values.dtype.itemsize == 2 or wide.max(initial=0) > 255:
        wide = wide / 257
    return wide.round().clip(0, 255).astype(np.uint8)


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, PermissionError):
        return "it may not be opened"
    if path.is_file() and path.stat().st_size == 0:
        return "it is empty"
    if isinstance(error, UnidentifiedImageError):
        return "it holds no known image format"
    return "it is damaged"
