import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.data.images import extent_of_file, is_deep_file, read_image
from engine.data.intensity import Extent, IntensityRange
from engine.layers.shape import Shape

SIZE = Shape(1, 2, 2)


def png(path, rows, *, color, transparent=None):
    """A PNG of 16 bits with a value or several for each pixel."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    pixels = np.array(rows, ">u2")
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 16, color, 0, 0, 0)
    clear = b"" if transparent is None else chunk(b"tRNS", struct.pack(">H", transparent))
    content = zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))
    chunks = chunk(b"IHDR", header) + clear + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    return path


def save(path, values):
    Image.fromarray(np.asarray(values)).save(path)
    return path


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_deep_files_are_known_by_their_beginning_and_measured(tmp_path, dtype):
    file = save(tmp_path / "deep.tif", np.array([[0, 1], [2, 300]], dtype))
    assert is_deep_file(file)
    assert extent_of_file(file) == Extent(0, 300, dtype is np.uint16)
    assert read_image(file, SIZE, scaling=IntensityRange(0, 300)).tolist() == [[[0, 1], [2, 255]]]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA"])
def test_files_of_eight_bits_are_not_deep(tmp_path, mode):
    Image.new(mode, (2, 2)).save(tmp_path / "image.png")
    assert not is_deep_file(tmp_path / "image.png")


def test_one_infinite_pixel_changes_no_other(tmp_path):
    values = np.array([[-1000, 0], [500, 1000]], np.float32)
    clean = read_image(save(tmp_path / "clean.tif", values), SIZE, scaling=IntensityRange(-1000, 1000))
    values[0, 0] = np.inf
    hot = save(tmp_path / "hot.tif", values)
    assert extent_of_file(hot) == Extent(0, 1000, False)
    pixels = read_image(hot, SIZE, scaling=IntensityRange(-1000, 1000))
    assert pixels.ravel()[1:].tolist() == clean.ravel()[1:].tolist() == [128, 191, 255]


def test_the_transparent_grey_of_sixteen_bits_is_white_and_not_measured(tmp_path):
    file = png(tmp_path / "clear.png", [[0, 1023], [512, 60000]], color=0, transparent=60000)
    assert extent_of_file(file) == Extent(0, 1023, True)
    assert read_image(file, SIZE, scaling=IntensityRange(0, 1023)).tolist() == [[[0, 255], [128, 255]]]


def test_grey_of_sixteen_bits_with_opacity_keeps_all_bits(tmp_path):
    clear, half, full = 0, 32896, 65535
    file = png(tmp_path / "alpha.png", [[(0, full), (1023, full)], [(512, full), (60000, clear)]], color=4)
    assert is_deep_file(file)
    assert extent_of_file(file) == Extent(0, 1023, True)
    assert read_image(file, SIZE, scaling=IntensityRange(0, 1023)).tolist() == [[[0, 255], [128, 255]]]
    veiled = png(tmp_path / "half.png", [[(0, half)] * 2] * 2, color=4)
    assert set(read_image(veiled, SIZE).ravel()) == {127}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_deep_images_are_turned_upright_too(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    values = np.arange(6, dtype=np.uint16).reshape(2, 3)
    for deep, shallow in (("a.png", "b.png"), ("a.tif", "b.tif")):
        Image.fromarray(values).save(tmp_path / deep, exif=exif)
        Image.fromarray(values.astype(np.uint8)).save(tmp_path / shallow, exif=exif)
        shape = Shape(1, 3, 2) if orientation > 4 else Shape(1, 2, 3)
        upright = read_image(tmp_path / deep, shape, scaling=IntensityRange(0, 255))
        assert upright.tolist() == read_image(tmp_path / shallow, shape).tolist()
