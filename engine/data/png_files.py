"""What a PNG file says, and where."""

from __future__ import annotations

import os
from pathlib import Path
from struct import unpack

_SIGNATURE, _HEAD, _CHECK = 8, 8, 4  # bytes: of the file, of a chunk, and after its content
_TELL = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}  # the chunks that may say which side of an image is up


def tells_more_after_pixels(path: Path) -> bool:
    """Whether the file may say after its pixels which side is up, which Pillow decodes every PNG file to know."""
    pixels = False
    with path.open("rb", buffering=0) as file:
        file.seek(_SIGNATURE)
        while len(head := file.read(_HEAD)) == _HEAD:
            length, kind = unpack(">I4s", head)
            if pixels and kind in _TELL:
                return True
            pixels |= kind == b"IDAT"
            file.seek(length + _CHECK, os.SEEK_CUR)
    return False
