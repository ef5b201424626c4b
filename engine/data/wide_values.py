"""Files of more than 8 bits that Pillow opens as images of 8: their values read with all bits, where that can be done.

Pillow keeps the upper 8 of 16 bits in PNG and TIFF files, or with their bytes swapped the lower 8; it scales portable
pixmaps, and takes the planes of TIFF files that are not compressed for such of 8 bits.
"""

from __future__ import annotations

import re
import struct
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

from engine.data.intensity import Values
from engine.data.sgi_files import has_sixteen_bits, read_sgi
from engine.data.tiff_files import has_planes

_GREY_AND_ALPHA = "LA;16B"  # PNG of 16 bits, of which Pillow keeps the upper 8
_COLOURS = re.compile(r"RGB[AX]?;16[LBN]")  # the same of colours; L, B and N say in which order their two bytes are
_OTHER_BYTE = {"L": "B", "B": "L", "N": "B" if sys.byteorder == "little" else "L"}
_BITS = 258  # a tag of TIFF
_OPAQUE = 255
_HEADER = 2**20  # bytes in which the formats that are boxes say how deep they are
_CODESTREAM = b"\xff\x4f\xff\x51"  # of JPEG 2000, with the marker of its sizes
_AV1, _HIGH_BIT_DEPTH = b"av1C", 0x40  # of AVIF, in the third byte after the name of the box
_FLOATS = 6  # BC6H, of DDS

Arguments = tuple[Any, ...] | str | None
"""What Pillow hands a decoder."""

Layers = tuple[Values, NDArray[np.uint8] | None]
"""Values ``(H, W)`` or ``(H, W, 3)``, and opacity ``(H, W)``; None is opaque everywhere."""


class WideReader(NamedTuple):
    """Reads all bits of those images that it ``knows`` before they are decoded.

    It takes so many ``bytes_each`` pixel, measured as in `engine.data.decode_memory`.
    """

    knows: Callable[[ImageFile], bool]
    read: Callable[[ImageFile], Layers]
    bytes_each: int


def wide_reader(image: ImageFile) -> WideReader | None:
    """What reads all bits of an image that is not decoded yet, where Pillow would not."""
    return next((reader for reader in _READERS if reader.knows(image)), None) if image.tile else None


def is_narrowed(image: ImageFile) -> bool:
    """Whether an image that is not decoded yet has more bits than can be read of it."""
    if image.mode.startswith(("I", "F")) or not image.tile or wide_reader(image):
        return False
    if image.format == "JPEG2000":
        return _bits_of_jpeg_2000(_header(image)) > 8
    if image.format == "AVIF":
        header = _header(image)
        at = header.find(_AV1)
        return at >= 0 and bool(int.from_bytes(header[at + 6 : at + 7]) & _HIGH_BIT_DEPTH)
    if image.format == "PPM":
        return _most(image) > _OPAQUE
    if image.format == "DDS":
        return image.tile[0].codec_name == "bcn" and _first(image.tile[0].args) == str(_FLOATS)
    return ";16" in _first(image.tile[0].args)


def _header(image: ImageFile) -> bytes:
    assert image.fp is not None  # it is not decoded yet
    place = image.fp.tell()
    image.fp.seek(0)
    content = image.fp.read(_HEADER)
    image.fp.seek(place)
    return content


def _bits_of_jpeg_2000(header: bytes) -> int:
    """The most bits of any component (ISO/IEC 15444-1, A.5.1); 0 where the header does not tell."""
    at = header.find(_CODESTREAM)
    components = int.from_bytes(header[at + 40 : at + 42], "big") if at >= 0 else 0
    precisions = header[at + 42 : at + 42 + 3 * components : 3]
    return max(((one & 0x7F) + 1 for one in precisions), default=0)


def _has_grey_and_alpha(image: ImageFile) -> bool:
    return image.format == "PNG" and image.tile[0].args == _GREY_AND_ALPHA


def _grey_and_alpha(image: ImageFile) -> Layers:
    both = np.asarray(_as_rgba(image)).view(">u2")
    return both[..., 0], (both[..., 1] >> 8).astype(np.uint8)


def _as_rgba(image: ImageFile) -> Image.Image:
    """A PNG of grey and alpha, 16 bits each, opened as RGBA of 8 bits, whose pixels are made of the same four bytes."""
    assert image.fp is not None  # it is not decoded yet
    image.fp.seek(0)
    content = bytearray(image.fp.read())
    content[24:26] = 8, 6  # bit depth and colour type, in the header that bytes 12 to 28 hold
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return Image.open(BytesIO(content), formats=("PNG",))


def _has_colours(image: ImageFile) -> bool:
    if image.format not in ("PNG", "TIFF") or has_planes(image):
        return False
    return all(_COLOURS.fullmatch(_first(tile.args)) for tile in image.tile)


def _colours(image: ImageFile) -> Layers:
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


def _has_wide_planes(image: ImageFile) -> bool:
    """Whether it has planes that lie in the file as they are: of compressed ones, Pillow gives the upper 8 bits."""
    if not isinstance(image, TiffImageFile) or not all(tile.codec_name == "raw" for tile in image.tile):
        return False
    return image.mode in ("RGB", "RGBA") and has_planes(image) and max(image.tag_v2[_BITS]) > 8


def _planes(image: ImageFile) -> Layers:
    assert isinstance(image, TiffImageFile)  # which is how it is known
    assert image.fp is not None  # it is not decoded yet
    values = np.empty((image.height, image.width, len(image.mode)), np.uint16)
    order = "<" if image.tag_v2.prefix == b"II" else ">"
    for tile in image.tile:
        if _first(tile.args) not in image.mode:
            continue  # a plane that stands for nothing
        left, top, right, bottom = tile.extents or (0, 0, *image.size)
        if right - left != image.width:
            raise NotImplementedError  # tiles, whose lines go on beyond the edge
        image.fp.seek(tile.offset)
        content = image.fp.read(2 * (right - left) * (bottom - top))
        plane = np.frombuffer(content, f"{order}u2").reshape(bottom - top, right - left)
        values[top:bottom, left:right, image.mode.index(_first(tile.args))] = plane
    return values[..., :3], (values[..., 3] >> 8).astype(np.uint8) if image.mode == "RGBA" else None


def _is_wide_pixmap(image: ImageFile) -> bool:
    return image.format == "PPM" and image.mode == "RGB" and _most(image) > _OPAQUE


def _most(image: ImageFile) -> int:
    """What a portable pixmap says is its largest value."""
    arguments = image.tile[0].args
    return int(arguments[1]) if isinstance(arguments, tuple) else _OPAQUE


def _pixmap(image: ImageFile) -> Layers:
    """Colours of a portable pixmap on the scale of 16 bits, as Pillow brings greys to it."""
    assert image.fp is not None  # it is not decoded yet
    tile, count, most = image.tile[0], 3 * image.width * image.height, _most(image)
    image.fp.seek(tile.offset)
    if tile.codec_name == "ppm_plain":
        text = re.sub(rb"#[^\r\n]*", b"", image.fp.read())
        values = np.fromstring(text, np.uint32, count, sep=" ")
    else:
        values = np.frombuffer(image.fp.read(2 * count), ">u2").astype(np.uint32)
    if values.max(initial=0) > most:
        raise ValueError("holds more than the most that it names")
    values *= 0xFFFF
    values += most // 2  # to the nearest
    values //= most
    return values.astype(np.uint16).reshape(image.height, image.width, 3), None


_READERS = (
    WideReader(_has_grey_and_alpha, _grey_and_alpha, 12),
    WideReader(_has_colours, _colours, 20),
    WideReader(_has_wide_planes, _planes, 20),
    WideReader(_is_wide_pixmap, _pixmap, 50),
    WideReader(has_sixteen_bits, read_sgi, 20),
)


def _first(arguments: Arguments) -> str:
    """How a decoder is told that pixels lie in the file: the first of its arguments, or all of them."""
    return str(arguments[0] if isinstance(arguments, tuple) else arguments)


def _swapped(arguments: Arguments) -> Arguments:
    mode = _first(arguments)
    other = mode[:-1] + _OTHER_BYTE[mode[-1]]
    return (other, *arguments[1:]) if isinstance(arguments, tuple) else other
