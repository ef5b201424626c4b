"""Folders of small image files that tests make."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image


def make_folder(place: Path, classes: dict[str, int], *, edge: int = 12, seed: int = 0) -> Path:
    """A folder with so many images a class; each class has a brightness of its own."""
    generator = np.random.default_rng(seed)
    for level, (name, count) in enumerate(classes.items()):
        (place / name).mkdir(parents=True)
        for index in range(count):
            noise = generator.integers(0, 40, (edge, edge, 3))
            pixels = np.clip(noise + 200 * level // max(len(classes) - 1, 1), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(place / name / f"{index:03d}.png")
    return place


def png(path, rows, *, color, transparent=None):
    """A PNG of 16 bits with a value or several for each pixel."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    pixels = np.array(rows, ">u2")
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 16, color, 0, 0, 0)
    clear = b"" if transparent is None else chunk(b"tRNS", np.array(transparent, ">u2").tobytes())
    content = zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))
    chunks = chunk(b"IHDR", header) + clear + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    return path


def tiff(path: Path, values: np.ndarray, *, order: str, compressed: bool) -> Path:
    """A TIFF of 16 bits a channel ``(H, W, C)``, C 3 or 4 with opacity, "<" little or ">" big endian."""
    height, width, channels = values.shape
    pixels = values.astype(f"{order}u2").tobytes()
    pixels = zlib.compress(pixels) if compressed else pixels
    entries = [(256, width), (257, height), (258, None), (259, 8 if compressed else 1), (262, 2), (273, None)]
    entries += [(277, channels), (278, height), (279, len(pixels)), *([(338, 2)] if channels > 3 else [])]
    bits_at = 8 + 2 + 12 * len(entries) + 4
    bits = struct.pack(f"{order}{channels}H", *[16] * channels)
    content = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(entries))
    for tag, value in entries:
        if tag == 258:
            content += struct.pack(f"{order}HHII", tag, 3, channels, bits_at)
        else:
            content += struct.pack(f"{order}HHII", tag, 4, 1, bits_at + len(bits) if value is None else value)
    path.write_bytes(content + struct.pack(f"{order}I", 0) + bits + pixels)
    return path
