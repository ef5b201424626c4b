"""How much memory it takes to decode an image, which a file of a few kilobytes does not show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from PIL import ExifTags
from PIL.ImageFile import ImageFile

from engine.data.deep_images import has_deep_colours, is_deep

MOST_BYTES = 2**30
"""The most that one image may take while it is decoded and made smaller."""

_LARGE = 2**27  # bytes: images beyond are decoded one after the other
_IN_TURN = Lock()

# Bytes a pixel, measured as the most that a process grew by while it read an image of 20 million pixels.
_STORED = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
_STORED_OTHERWISE = 4
_CONVERTED = {True: 1, False: 5}  # by whether it may be used as it is
_DEEP = {1: 10, 2: 6, 4: 8}  # by what is stored: as an array, the array scaled and an image again
_DEEP_COLOURS = 20
_DECODERS = {"JPEG2000": 12, "WEBP": 8, "AVIF": 2}  # those that hold the image in their own way too


def bytes_to_decode(image: ImageFile) -> int:
    """About how many bytes it takes to read an image that is not decoded yet, the copies that are made included."""
    stored = _STORED.get(image.mode, _STORED_OTHERWISE)
    each = stored + _DECODERS.get(image.format or "", 0)
    if has_deep_colours(image):
        each += _DEEP_COLOURS - stored
    elif is_deep(image):
        each += _DEEP[stored]
    else:
        each += _CONVERTED[image.mode == "RGB" and not image.has_transparency_data]
    return image.width * image.height * (each + (stored if _is_turned(image) else 0))


def bytes_once_light(image: ImageFile) -> int:
    """The same after a format that can do so was told to decode half the size, where the whole takes too much."""
    needed = bytes_to_decode(image)
    if needed > MOST_BYTES and image.format == "JPEG2000":
        image.reduce = 1  # type: ignore[method-assign,assignment]  # Pillow's plugin has a setting under this name
        needed //= 4
    return needed


def _is_turned(image: ImageFile) -> bool:
    if image.format == "PNG":  # which decodes all of it to tell the orientation
        return "exif" in image.info
    return bool(image.getexif().get(ExifTags.Base.Orientation, 1) != 1)


@contextmanager
def in_turn(image: ImageFile) -> Iterator[None]:
    """Wait, before a large image is decoded, for others that are: so many threads do not hold as many."""
    if bytes_to_decode(image) <= _LARGE:
        yield
        return
    with _IN_TURN:
        yield
