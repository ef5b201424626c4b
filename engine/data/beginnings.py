"""What the beginning of an image file shows without Pillow, which takes ten times as long to open one."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Callable
from typing import NamedTuple

from PIL import ExifTags, Image

_END = 4096  # bytes at either end, by which files of one size differ unless they are the same
_MARK = 12  # bytes of a mark
_OPENING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # which never waits for a pipe
_PLAIN_PIXELS, _PLAIN_SIDE = 2**25, 2**16  # beyond, what decoding takes must be estimated

_PNG, _HEADER, _IMAGE = b"\x89PNG\r\n\x1a\n", b"IHDR", b"IDAT"
_PNG_BITS = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8), 4: (8,), 6: (8,)}  # up to 8, by the type of colour
_FIRST_CHUNK: tuple[bytes, ...] = (_HEADER,)
_PLAIN_CHUNKS = (b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"tEXt", b"tIME", b"bKGD")

_JPEG = b"\xff\xd8\xff"
_FRAMES, _SCAN, _QUANTISATION = (0xC0, 0xC1, 0xC2), 0xDA, 0xDB
_PASSED = frozenset((0xC4, 0xDD, 0xFE, *range(0xE3, 0xED), 0xEF))  # tables, comments, what programs put for themselves
_JFIF, _EXIF, _MORE, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_EXIF_BEGINS = b"Exif\0\0"
_LAYERS = (1, 3, 4)

_Read = Callable[[int, int], bytes]
"""Some bytes of a file: from where, and how many."""


class State(NamedTuple):
    """What is another once a file was written to, or replaced, and when it was last, in ns; zeros where it is none."""

    mark: int = 0
    changed: int = 0

    @classmethod
    def of(cls, found: os.stat_result) -> State:
        """That of a file with this status."""
        mark = hash((found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))
        return cls(mark, found.st_ctime_ns)


def state_of(path: str | os.PathLike[str]) -> State:
    """The state of a file now."""
    try:
        return State.of(os.stat(path))  # noqa: PTH116 - faster for as many as there may be
    except OSError:
        return State()


class Look(NamedTuple):
    """What there is to see of a file: whether it is surely an image of 8 bits, and a ``mark`` of both its ends.

    Files that have the same mark have one size, and may be the same; it is "" for what cannot be read.
    """

    plain: bool
    mark: str
    state: State


def look(path: str | os.PathLike[str]) -> Look:
    """Read the ends of a file; what is not ``plain`` may still be any image, or none."""
    try:
        opened = os.open(path, _OPENING)
    except OSError:
        return Look(plain=False, mark="", state=state_of(path))
    state = State()
    try:
        found = os.fstat(opened)
        state = State.of(found)
        if not stat.S_ISREG(found.st_mode):
            return Look(plain=False, mark="", state=state)
        size, beginning = found.st_size, os.read(opened, _END)

        def read(start: int, count: int) -> bytes:
            if start + count <= len(beginning):
                return beginning[start : start + count]
            os.lseek(opened, start, os.SEEK_SET)
            return os.read(opened, count)

        end = read(size - _END, _END) if size > _END else b""
        mark = hashlib.blake2b(beginning + end, salt=size.to_bytes(16, "big"), digest_size=_MARK).hexdigest()
        return Look(_is_plain(read, size), mark, state)
    except OSError:
        return Look(plain=False, mark="", state=state)
    finally:
        os.close(opened)


def _is_plain(read: _Read, size: int) -> bool:
    """Whether Pillow surely opens it as an image of 8 bits that takes little memory."""
    if read(0, len(_JPEG)) == _JPEG:
        return _is_plain_jpeg(read, size)
    return read(0, len(_PNG)) == _PNG and _is_plain_png(read)


def _is_plain_png(read: _Read) -> bool:
    """Whether no chunk before the image is damaged, or of a kind that says more than it seems to."""
    at, known = len(_PNG), _FIRST_CHUNK
    while True:
        head = read(at, 8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == _IMAGE and known is _PLAIN_CHUNKS:
            return True
        if name not in known or length > _END:
            return False
        content = read(at + 8, length + 4)
        if len(content) != length + 4 or zlib.crc32(name + content[:-4]) != int.from_bytes(content[-4:], "big"):
            return False
        if name == _HEADER and not _is_plain_header(content[:-4]):
            return False
        at, known = at + length + 12, _PLAIN_CHUNKS


def _is_plain_header(header: bytes) -> bool:
    width, height = (int.from_bytes(header[start : start + 4], "big") for start in (0, 4))
    return len(header) == 13 and header[8] in _PNG_BITS.get(header[9], ()) and _is_small(width, height)


def _is_plain_jpeg(read: _Read, size: int) -> bool:
    """Whether all segments before the first scan are whole and as Pillow wants them, with a frame of 8 bits."""
    at, framed = 2, False
    while True:
        head = read(at, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return False
        marker, length = head[1], int.from_bytes(head[2:], "big")
        if marker == _SCAN:
            return framed and length >= 2 and at + 2 + length <= size
        if length < 2 or not (marker in _PASSED or _is_plain_segment(read, marker, start=at + 4, length=length - 2)):
            return False
        if marker in _FRAMES:
            if framed:
                return False
            framed = True
        at += 2 + length


def _is_plain_segment(read: _Read, marker: int, *, start: int, length: int) -> bool:
    if marker == _QUANTISATION:
        tables = read(start, length)
        return len(tables) == length and length % 65 == 0 and all(table < 16 for table in tables[::65])
    content = read(start, min(length, 20))
    if marker in _FRAMES:
        height, width = (int.from_bytes(content[at : at + 2], "big") for at in (1, 3))
        whole = 6 < length <= 20 and len(content) == length == 6 + 3 * content[5]
        return whole and content[0] == 8 and content[5] in _LAYERS and _is_small(width, height)
    if marker == _EXIF:
        return not content.startswith(_EXIF_BEGINS) or _has_whole_exif(read(start, length))
    if marker == _MORE:
        return not content.startswith(b"MPF\0") and length >= 14
    return marker in (_JFIF, _ADOBE) and length >= 7


def _has_whole_exif(content: bytes) -> bool:
    exif = Image.Exif()
    try:
        exif.load(content)
        exif.get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - Pillow raises whatever it stumbles over
        return False
    return True


def _is_small(width: int, height: int) -> bool:
    return 0 < width <= _PLAIN_SIDE and 0 < height <= _PLAIN_SIDE and width * height <= _PLAIN_PIXELS
