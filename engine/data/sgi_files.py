"""SGI files of 16 bits, of which Pillow keeps the upper 8 (Haeberli, The SGI Image File Format, version 0.97)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL.ImageFile import ImageFile

from engine.data.intensity import Values

_HEADER = 512  # bytes
_BYTES = 2  # a value
_COUNT, _AS_THEY_ARE = 0x7F, 0x80  # of the values that a mark speaks of; whether they all follow it


def has_sixteen_bits(image: ImageFile) -> bool:
    """Whether an image that is not decoded yet is such a file."""
    return image.format == "SGI" and (image.tile[0].codec_name == "SGI16" or _is_packed(image))


def read_sgi(image: ImageFile) -> tuple[Values, NDArray[np.uint8] | None]:
    """Its values ``(H, W)`` or ``(H, W, 3)``, and opacity ``(H, W)``; raises ``ValueError`` for what is damaged."""
    assert image.fp is not None  # it is not decoded yet
    image.fp.seek(_HEADER)
    content = image.fp.read()
    size = (len(image.mode), image.height, image.width)
    if image.tile[0].codec_name == "SGI16":
        planes = np.frombuffer(content, ">u2", count=size[0] * size[1] * size[2]).reshape(size)
    else:
        planes = _unpacked(content, size)
    values = planes[:, ::-1].transpose(1, 2, 0)  # files begin with the lowest line
    opacity = (values[..., 3] >> 8).astype(np.uint8) if image.mode == "RGBA" else None
    return (values[..., 0] if image.mode == "L" else values[..., :3]).astype(np.uint16), opacity


def _is_packed(image: ImageFile) -> bool:
    arguments = image.tile[0].args
    return isinstance(arguments, tuple) and image.tile[0].codec_name == "sgi_rle" and arguments[2] == _BYTES


def _unpacked(content: bytes, size: tuple[int, int, int]) -> NDArray[np.uint16]:
    """The planes ``size`` of a file whose runs of equal values are packed, after two tables of its lines."""
    planes, height, width = size
    starts, lengths = np.frombuffer(content, ">u4", count=2 * planes * height).reshape(2, -1).tolist()
    lines = np.empty((planes * height, width), np.uint16)
    for line, start, length in zip(lines, starts, lengths, strict=True):
        begin = start - _HEADER
        line[:] = _line(np.frombuffer(content[begin : begin + length], ">u2").tolist(), width)
    return lines.reshape(size)


def _line(packed: list[int], width: int) -> list[int]:
    """The values of a line that begins ``packed``."""
    values, at = list[int](), 0
    while len(values) < width:
        count = packed[at] & _COUNT
        if not count:
            raise ValueError("ends within a line")
        if packed[at] & _AS_THEY_ARE:
            values += packed[at + 1 : at + 1 + count]
            at += 1 + count
        else:
            values += packed[at + 1 : at + 2] * count
            at += 2
    return values
