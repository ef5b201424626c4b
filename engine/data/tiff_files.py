"""How the pixels of a TIFF file lie in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

_WIDTH, _HEIGHT, _BITS, _FORMAT = 256, 257, 258, 339  # tags
_PLANES, _SEPARATE, _TOGETHER = 284, 2, 1  # a tag, and what it says of a file with a plane for each channel, or without
_PIECES = (273, 279, 324, 325)  # where strips or tiles lie, and how long each is
_UNSIGNED = 1
_MOST_TAGS = 4096


_ORDERS = {b"II": "<", b"MM": ">"}
_WHOLE = {1: "B", 3: "H", 4: "I"}  # whole numbers, by the types of values


class _Form(NamedTuple):
    """How counts and offsets are kept, where the offset of the tags stands, and how long a tag is."""

    number: str
    offset: str
    first: int
    size: int


_FORMS = {42: _Form("H", "I", 4, 12), 43: _Form("Q", "Q", 8, 20)}  # TIFF, and BigTIFF


class Outline(NamedTuple):
    """What a TIFF file says first of its first image, and of how many strips or tiles it is made."""

    width: int = 0
    height: int = 0
    pieces: int = 0


class _Entry(NamedTuple):
    tag: int
    values: int  # how many it has
    value: int  # the first
    at: int  # where the value lies in the file


def outline_of(path: Path | str) -> Outline:
    """The outline of an image, of which Pillow would read all strips first; zeros where it is no TIFF file."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path may be text here, and this is asked for every image
        entries = list(_entries(file))
    values = {entry.tag: entry.value for entry in entries}
    pieces = max((entry.values for entry in entries if entry.tag in _PIECES), default=0)
    return Outline(values.get(_WIDTH, 0), values.get(_HEIGHT, 0), pieces)


def _entries(file: IO[bytes]) -> Iterator[_Entry]:
    """The tags of the first image; none where the file is no TIFF, or ends before them."""
    head = file.read(16)
    order = _ORDERS.get(head[:2], "")
    form = _FORMS.get(struct.unpack_from(f"{order}H", head, 2)[0]) if order and len(head) == 16 else None
    if form is None:
        return
    file.seek(struct.unpack_from(f"{order}{form.offset}", head, form.first)[0])
    counted = file.read(struct.calcsize(form.number))
    if len(counted) < struct.calcsize(form.number):
        return
    start, many = file.tell(), struct.unpack(f"{order}{form.number}", counted)[0]
    content = file.read(form.size * min(many, _MOST_TAGS))
    for place in range(0, len(content) - form.size + 1, form.size):
        tag, kind, count = struct.unpack_from(f"{order}HH{form.offset}", content, place)
        at = place + form.size - struct.calcsize(form.offset)
        (value,) = struct.unpack_from(f"{order}{_WHOLE[kind]}", content, at) if kind in _WHOLE else (0,)
        yield _Entry(tag, count, value, start + at)


def has_planes(image: ImageFile) -> bool:
    """Whether each channel lies apart."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(_PLANES) == _SEPARATE


def is_unsigned(image: ImageFile) -> bool:
    """Whether it has integers of 32 bits without a sign, which Pillow takes for such with one."""
    if not isinstance(image, TiffImageFile) or image.mode != "I":
        return False
    return image.tag_v2.get(_BITS) == (32,) and image.tag_v2.get(_FORMAT, (_UNSIGNED,)) == (_UNSIGNED,)


def in_one_piece(image: ImageFile) -> ImageFile:
    """An image that is not decoded yet; if it has a single channel that lies "apart", opened as what that comes to.

    Pillow would read 16 bits there as 8, and bytes in the wrong order.
    """
    if not has_planes(image) or len(image.getbands()) > 1 or image.fp is None:
        return image
    image.fp.seek(0)
    content = bytearray(image.fp.read())
    order = "<" if content[:2] == b"II" else ">"
    for entry in _entries(BytesIO(content)):
        if entry.tag == _PLANES:
            struct.pack_into(f"{order}H", content, entry.at, _TOGETHER)
    image.close()
    return Image.open(BytesIO(content), formats=("TIFF",))


def lacks_pixels(image: ImageFile) -> bool:
    """Whether less lies in a TIFF file that is not decoded yet than it says: Pillow would leave the rest black."""
    if not isinstance(image, TiffImageFile):
        return False
    given = sum((right - left) * (bottom - top) for left, top, right, bottom in _extents(image))
    return given < image.width * image.height * (len(image.getbands()) if _lies_in_planes(image) else 1)


def _lies_in_planes(image: ImageFile) -> bool:
    return has_planes(image) and all(tile.codec_name == "raw" for tile in image.tile)


def _extents(image: ImageFile) -> list[tuple[int, int, int, int]]:
    return [tile.extents or (0, 0, *image.size) for tile in image.tile]
