"""TIFF files as few programs write them."""

import struct
import time

import numpy as np
import pytest

from engine.data.images import FileBits, UnreadableImageError, bits_of_file, extent_of_file, read_image
from engine.data.intensity import Depth, Intensities, IntensityRange
from engine.data.tiff_files import outline_of
from engine.layers.shape import Shape

SECONDS = 1  # of the processor; Pillow takes ten times as long


def write(path, values, *, order="<", sample=1, planes=1, large=False, strips=1, height=None):
    """An image of one channel ``(H, W)``, not compressed; it may say that it is higher than it is."""
    pixels = np.ascontiguousarray(values, values.dtype.newbyteorder(order)).tobytes()
    each, count, size, head = ("Q", "Q", 20, 16) if large else ("I", "H", 12, 8)
    shorts = {258: 8 * values.itemsize, 259: 1, 262: 1, 277: 1, 284: planes, 339: sample}
    longs = {256: values.shape[1], 257: height or values.shape[0], 278: max(1, values.shape[0] // strips)}
    tags = sorted([*shorts, *longs, 273, 279])
    data = head + struct.calcsize(f"<{count}") + size * len(tags) + struct.calcsize(f"<{each}")
    lengths = [len(pixels) // strips] * strips
    tables = {273: [data + 8 * strips + index * lengths[0] for index in range(strips)], 279: lengths}
    content = (b"II" if order == "<" else b"MM") + (
        struct.pack(f"{order}HHHQ", 43, 8, 0, head) if large else struct.pack(f"{order}HI", 42, head)
    )
    content += struct.pack(f"{order}{count}", len(tags))
    for tag in tags:
        if tag in shorts:
            value = struct.pack(f"{order}H", shorts[tag])
        elif tag in longs or strips == 1:
            value = struct.pack(f"{order}I", longs[tag] if tag in longs else tables[tag][0])
        else:
            value = struct.pack(f"{order}{each}", data + (4 * strips if tag == 279 else 0))
        kind = 3 if tag in shorts else 4
        content += struct.pack(f"{order}HH{each}", tag, kind, strips if tag in tables else 1)
        content += value.ljust(struct.calcsize(f"<{each}"), b"\0")
    content += struct.pack(f"{order}{each}", 0)
    content += b"".join(struct.pack(f"{order}{strips}I", *tables[tag]) for tag in (273, 279))
    path.write_bytes(content + pixels)
    return path


def pixels_of(file, low, high, depth):
    scaling = Intensities({depth: IntensityRange(low, high)})
    return read_image(file, Shape(1, 2, 2), scaling=scaling)[0]


@pytest.mark.parametrize("large", [False, True])
def test_whole_numbers_of_32_bits_without_a_sign_have_none(tmp_path, large):
    values = np.array([[0, 2**30], [2**31, 2**32 - 1]], np.uint32)
    file = write(tmp_path / "a.tif", values, large=large)
    assert bits_of_file(file) is FileBits.MORE
    found = extent_of_file(file)
    assert (found.low, found.high, found.depth) == (0, 2**32 - 1, Depth.INTEGERS)
    assert pixels_of(file, 0, 2**32 - 1, Depth.INTEGERS).tolist() == [[0, 64], [128, 255]]


def test_a_variant_that_pillow_does_not_know_is_not_called_no_image(tmp_path):
    file = write(tmp_path / "a.tif", np.zeros((2, 2), np.uint32), order=">")
    with pytest.raises(UnreadableImageError, match="its variant of the format is not known"):
        bits_of_file(file)


def test_those_with_a_sign_keep_it(tmp_path):
    found = extent_of_file(write(tmp_path / "a.tif", np.array([[-5, 2], [7, 2**31 - 1]], np.int32), sample=2))
    assert (found.low, found.high) == (-5, 2**31 - 1)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("values", "sample"),
    [
        (np.array([[0, 51], [102, 255]], np.uint8), 1),
        (np.array([[0, 300], [1000, 65535]], np.uint16), 1),
        (np.array([[0, 70000], [-(2**31), 2**31 - 1]], np.int32), 2),
        (np.array([[0, 0.25], [0.5, 1]], np.float32), 3),
    ],
)
def test_one_channel_in_a_plane_of_its_own_is_as_without_planes(tmp_path, values, sample, order):
    apart = write(tmp_path / "apart.tif", values, order=order, sample=sample, planes=2)
    together = write(tmp_path / "together.tif", values, order=order, sample=sample)
    assert bits_of_file(apart) is bits_of_file(together)
    assert extent_of_file(apart) == extent_of_file(together)
    assert extent_of_file(apart).high == values.max()
    shape = Shape(1, 2, 2)
    assert read_image(apart, shape).tolist() == read_image(together, shape).tolist()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("height", "strips", "words"),
    [
        (None, 300_000, r"it is 300.000 pixels high, and 262.144 are the most"),
        (None, 200_000, r"it lies in 200.000 strips or tiles, and 65.536 are the most"),
        (5_000_000, 2, r"it is 5.000.000 pixels high, and 262.144 are the most"),
    ],
)
def test_what_would_take_seconds_only_to_open_is_refused_at_once(tmp_path, height, strips, words, large):
    values = np.zeros((max(strips, 2), 2), np.uint8)
    file = write(tmp_path / "a.tif", values, strips=strips, height=height, large=large)
    began = time.process_time()
    for read in (bits_of_file, extent_of_file, lambda path: read_image(path, Shape(1, 2, 2))):
        with pytest.raises(UnreadableImageError, match=words):
            read(file)
    assert time.process_time() - began < SECONDS


def test_many_strips_are_read(tmp_path):
    values = (np.arange(60_000) % 251).astype(np.uint8).reshape(-1, 1)
    assert extent_of_file(write(tmp_path / "a.tif", values, strips=60_000)).high == 250


def test_an_outline_is_of_whole_files_alone(tmp_path):
    whole = write(tmp_path / "a.tif", np.zeros((2, 3), np.uint8)).read_bytes()
    assert outline_of(tmp_path / "a.tif") == (3, 2, 1)
    for end in range(len(whole)):
        (tmp_path / "a.tif").write_bytes(whole[:end])
        outline_of(tmp_path / "a.tif")
    (tmp_path / "a.tif").write_bytes(b"no image at all, but long enough for one")
    assert outline_of(tmp_path / "a.tif") == (0, 0, 0)
