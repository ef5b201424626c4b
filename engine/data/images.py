"""Image files and arrays, brought to the shape that a network takes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from engine.data.decode_memory import MOST_BYTES, bytes_once_light, in_turn
from engine.data.deep_images import NoValuesError, is_deep, to_8_bits, visible_values
from engine.data.extents import UNBOUNDED, Bounds, Extent, extent_of
from engine.data.intensity import Scaling, by_kind
from engine.data.png_files import tells_more_after_pixels
from engine.data.tiff_files import in_one_piece, lacks_pixels, outline_of
from engine.data.wide_values import is_narrowed
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.words import memory, thousands

Pixels = NDArray[np.uint8]
"""Pixel values 0 to 255: ``(C, H, W)`` for one image, ``(N, C, H, W)`` for several."""

MOST_PIXELS = 2**27
"""Pixels of the largest image that is decoded: those of the largest cameras, a compressed bomb has more."""

MOST_ON_A_SIDE = 2**18
"""Pixels on a side of the largest image that is decoded: each line costs time and memory, even where none is there."""

MOST_PIECES = 2**16
"""Strips or tiles of the largest TIFF file that is decoded: each takes microseconds before the first pixel is read."""

Image.MAX_IMAGE_PIXELS = None  # Pillow warns or fails without the numbers as values; `MOST_PIXELS` stands for it

# Those that Pillow decodes itself: others start a program (Ghostscript for PostScript), or hold no photograph.
_FORMATS = (
    *("PNG", "JPEG", "BMP", "GIF", "PPM", "TIFF", "WEBP", "AVIF", "JPEG2000", "DIB", "PCX", "DDS", "PSD", "QOI"),
    *("SGI", "SUN", "FITS", "MSP", "XBM", "XPM", "IM", "SPIDER", "TGA"),
)

_MODES = {1: "L", 3: "RGB"}
_DAMAGED = "it is damaged"
_AT_ONCE = 2**20  # pixels laid on white, of which there are copies
_UPRIGHT = 1  # as an EXIF orientation
_LYING = range(5, 9)  # the EXIF orientations in which width and height change places


class UnreadableImageError(LayerloomError):
    """The file holds no image that can be read; ``reason`` says why: "it is empty"."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{Path(path).name or Path(path).absolute()} could not be read: {reason}.")
        self.reason = reason


def read_image(path: Path | str, shape: Shape, *, scaling: Scaling = by_kind) -> Pixels:
    """The image in a file as ``(C, H, W)``: turned upright as its EXIF data say, made grey or RGB, resized bilinearly.

    ``shape`` has 1 or 3 channels; ``scaling`` brings more than 8 bits to 0 to 255. Transparent parts become white.
    Raises `UnreadableImageError`.
    """
    with _opened(path) as image, in_turn(image):
        if is_deep(image):
            return _to_pixels(to_8_bits(image, scaling), shape)
        _draft(image, shape)
        return _to_pixels(image, shape)


def size_of_file(path: Path) -> tuple[int, int]:
    """Height and width of the image in a file, upright; it is not decoded, unless a PNG file may tell its side up last.

    Raises `UnreadableImageError`.
    """
    with _opened(path) as image:
        known = image.format == "PNG" and not tells_more_after_pixels(path)
        told = Image.Image.getexif(image) if known else image.getexif()
        lying = told.get(ExifTags.Base.Orientation) in _LYING
        return (image.width, image.height) if lying else (image.height, image.width)


class FileBits(Enum):
    """How many bits a value has that is read of a file."""

    EIGHT = "8"
    MORE = "more"
    EIGHT_OF_MORE = "8 of more"


def bits_of_file(path: Path) -> FileBits:
    """How many bits are read of the image in a file, as its beginning says; it is not decoded.

    Raises `UnreadableImageError` for what is surely no image.
    """
    with _opened(path) as image:
        if is_deep(image):
            return FileBits.MORE
        return FileBits.EIGHT_OF_MORE if is_narrowed(image) else FileBits.EIGHT


def extent_of_file(path: Path, bounds: Bounds = UNBOUNDED) -> Extent:
    """The extent of what can be seen of an image of more than 8 bits; raises `UnreadableImageError`."""
    with _opened(path) as image, in_turn(image):
        return extent_of(visible_values(image), bounds)


def fit(pixels: Pixels, shape: Shape) -> Pixels:
    """One image ``(C, H, W)`` brought to ``shape``: channels repeated or mixed to grey, sizes resized bilinearly."""
    if pixels.shape == tuple(shape):
        return pixels
    image = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    return _to_pixels(image, shape)


@contextmanager
def _opened(path: Path | str) -> Iterator[ImageFile]:
    """The image in a file, of which the beginning has been read; raises `UnreadableImageError`, also for its use."""
    try:
        _require_file(path)
        _require_few_pieces(path)
        with Image.open(path, formats=_formats()) as opened:
            _require_light(path, opened)
            with in_one_piece(opened) as image:
                _require_whole(path, image)
                yield image
    except (UnreadableImageError, MemoryError):
        raise
    except Exception as error:  # Pillow's decoders raise whatever they stumble over in a damaged file
        raise UnreadableImageError(path, _reason(Path(path), error)) from error


def _require_file(path: Path | str) -> None:
    """Refuse what opening would wait for, or would never end."""
    mode = os.stat(path).st_mode  # noqa: PTH116 - a path may be text here
    if stat.S_ISDIR(mode):
        raise UnreadableImageError(path, "it is a folder")
    if not stat.S_ISREG(mode):
        raise UnreadableImageError(path, "it is a pipe or a device, not a file")


def _require_few_pieces(path: Path | str) -> None:
    """Refuse a TIFF file that it would take long only to open."""
    width, height, pieces = outline_of(path)
    _require_short_sides(path, width, height)
    if pieces > MOST_PIECES:
        most = thousands(MOST_PIECES)
        reason = f"it lies in {thousands(pieces)} strips or tiles, and {most} are the most that can be read"
        raise UnreadableImageError(path, reason)


def _require_short_sides(path: Path | str, width: int, height: int) -> None:
    if (side := max(width, height)) > MOST_ON_A_SIDE:
        which, most = "high" if side == height else "wide", thousands(MOST_ON_A_SIDE)
        reason = f"it is {thousands(side)} pixels {which}, and {most} are the most that can be read"
        raise UnreadableImageError(path, reason)


def _require_light(path: Path | str, image: ImageFile) -> None:
    """Refuse what takes too much memory or time."""
    _require_short_sides(path, *image.size)
    if (pixels := image.width * image.height) > MOST_PIXELS:
        most = thousands(MOST_PIXELS)
        raise UnreadableImageError(path, f"it has {thousands(pixels)} pixels, and {most} are the most that can be read")
    if (needed := bytes_once_light(image)) > MOST_BYTES:
        reason = f"decoding it takes {memory(needed)}, and {memory(MOST_BYTES)} are the most: make it smaller"
        raise UnreadableImageError(path, reason)


def _require_whole(path: Path | str, image: ImageFile) -> None:
    """Refuse what would be black in part, without a word from Pillow."""
    if lacks_pixels(image):
        raise UnreadableImageError(path, _DAMAGED)


@cache
def _formats() -> tuple[str, ...]:
    """Those of the formats that this Pillow knows."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def _draft(image: ImageFile, shape: Shape) -> None:
    """Let JPEG decode no more than is needed."""
    if image.format not in ("JPEG", "MPO"):
        return
    lying = image.getexif().get(ExifTags.Base.Orientation) in _LYING
    image.draft(_MODES[shape.channels], (shape.height, shape.width) if lying else (shape.width, shape.height))


def _to_pixels(image: Image.Image, shape: Shape) -> Pixels:
    image.load()
    turned = image.getexif().get(ExifTags.Base.Orientation, _UPRIGHT) != _UPRIGHT
    upright = ImageOps.exif_transpose(image) if turned else image
    resized = _plain(upright, _MODES[shape.channels]).resize((shape.width, shape.height), Image.Resampling.BILINEAR)
    pixels = np.array(resized, dtype=np.uint8)
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _plain(image: Image.Image, mode: str) -> Image.Image:
    """The image of 8 bits in ``mode``, L or RGB, whatever it came in."""
    if image.mode == "LAB":
        image = _rgb_of_lab(image)
    if not image.has_transparency_data:
        return image if image.mode == mode else image.convert(mode)
    plain = Image.new(mode, image.size)
    rows = max(1, _AT_ONCE // image.width)
    for top in range(0, image.height, rows):
        some = image.crop((0, top, image.width, min(top + rows, image.height))).convert("RGBA")
        paper = Image.new("RGBA", some.size, "white")
        paper.alpha_composite(some)
        plain.paste(paper.convert(mode), (0, top))
    return plain


def _rgb_of_lab(image: Image.Image) -> Image.Image:
    lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    made = ImageCms.profileToProfile(image, lab, rgb, outputMode="RGB")
    assert made is not None  # a new image, as it was not to be changed in place
    return made


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, NoValuesError):
        return "all its values are NaN or infinite"
    if isinstance(error, PermissionError):
        return "it may not be opened"
    if path.is_file() and path.stat().st_size == 0:
        return "it is empty"
    if isinstance(error, UnidentifiedImageError):
        is_tiff = outline_of(path).pieces > 0
        return "its variant of the format is not known" if is_tiff else "it holds no known image format"
    if isinstance(error, NotImplementedError):
        return "its variant of the format is not known"
    return _DAMAGED
