"""Files of more than 8 bits that tests write byte by byte, as Pillow writes none such."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def pixmap(path, values, *, most, plain=False):
    head = b"P%d\n# by hand\n%d %d\n%d\n" % (3 if plain else 6, values.shape[1], values.shape[0], most)
    text = b"# more\n" + b"\n".join(b"%d" % value for value in values.ravel()) + b"\n"
    path.write_bytes(head + (text if plain else values.astype(">u2").tobytes()))
    return path


def sgi(path, values, *, packed, size=2):
    """An SGI file whose values take ``size`` bytes, its lowest line first; ``packed`` in runs and what is no run."""
    planes = values[::-1].transpose(2, 0, 1)
    dimensions = 2 if values.shape[2] == 1 else 3
    head = struct.pack(">HBBHHHH", 474, packed, size, dimensions, values.shape[1], values.shape[0], values.shape[2])
    if not packed:
        path.write_bytes(head.ljust(512, b"\0") + planes.astype(f">u{size}").tobytes())
        return path
    lines = [packed_line(line.tolist(), size) for plane in planes for line in plane]
    starts = np.cumsum([512 + 8 * len(lines), *map(len, lines)])[:-1]
    tables = starts.astype(">u4").tobytes() + np.array([*map(len, lines)], ">u4").tobytes()
    path.write_bytes(head.ljust(512, b"\0") + tables + b"".join(lines))
    return path


def packed_line(line, size):
    words, at = [], 0
    while at < len(line):
        count = next((n for n in range(1, len(line) - at) if line[at + n] != line[at]), len(line) - at)
        count = min(count, 127)
        words += [count, line[at]] if count > 1 else [0x81, line[at]]
        at += count
    return np.array([*words, 0], f">u{size}").tobytes()


def tiff(path, values, *, photometric=2, extra=(), planar=False, order="<", packed=False):
    """A TIFF of 16 bits a channel, in planes or not, by Deflate if ``packed``; opacity and the like by ``extra``."""
    height, width, channels = values.shape
    parts = [part.astype(f"{order}u2").tobytes() for part in (values.transpose(2, 0, 1) if planar else values[None])]
    parts = [zlib.compress(part) if packed else part for part in parts]
    fields = {256: [width], 257: [height], 258: [16] * channels, 259: [8 if packed else 1], 262: [photometric]}
    fields |= {273: [0] * len(parts), 277: [channels], 278: [height], 279: [*map(len, parts)], 284: [1 + planar]}
    fields |= {338: list(extra)} if extra else {}
    after = 8 + 2 + 12 * len(fields) + 4
    pixels = after + sum(4 * len(field) for field in fields.values() if len(field) > 1)
    fields[273] = [pixels + sum(map(len, parts[:place])) for place in range(len(parts))]
    entries, beyond = b"", b""
    for tag, field in sorted(fields.items()):
        where = field if len(field) == 1 else [after + len(beyond)]
        entries += struct.pack(f"{order}HHII", tag, 4, len(field), *where)
        beyond += struct.pack(f"{order}{len(field)}I", *field) if len(field) > 1 else b""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(fields))
    path.write_bytes(head + entries + bytes(4) + beyond + b"".join(parts))
    return path


def jpeg_2000(path, *, bits, channels=3):
    """A JPEG 2000 file of 8 bits whose header says that it has more, or not."""
    buffer = io.BytesIO()
    Image.fromarray(np.squeeze(np.zeros((9, 9, channels), np.uint8))).save(buffer, "JPEG2000")
    content = bytearray(buffer.getvalue())
    at = content.find(b"\xff\x4f\xff\x51") + 42
    content[at : at + 3 * channels : 3] = bytes([bits - 1] * channels)
    path.write_bytes(content)
    return path


def avif(path, *, high):
    """An AVIF file of 8 bits whose header says that it has 10, or not."""
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(buffer, "AVIF")
    content = bytearray(buffer.getvalue())
    if high:
        content[content.find(b"av1C") + 6] |= 0x40
        at = content.find(b"pixi") + 9
        content[at : at + 3] = 10, 10, 10
    path.write_bytes(content)
    return path


def dds_of_floats(path):
    """A DDS file of one block of BC6H, as the header of DirectX 10 says."""
    head = struct.pack("<4sIIIIIII44xII4s20x20x", b"DDS ", 124, 0x1007, 4, 4, 16, 0, 0, 32, 4, b"DX10")
    path.write_bytes(head + struct.pack("<IIIII", 95, 3, 0, 1, 0) + bytes(16))
    return path
