import numpy as np
import pytest
from image_files import png, tiff
from PIL import Image

from engine.data.extents import Extent
from engine.data.images import UnreadableImageError, extent_of_file, is_deep_file, read_image
from engine.data.intensity import Depth, IntensityRange
from engine.layers.shape import Shape

SIZE = Shape(1, 2, 2)
DEPTHS = {np.uint16: Depth.SIXTEEN, np.int32: Depth.INTEGERS, np.float32: Depth.FLOATS}


def save(path, values):
    Image.fromarray(np.asarray(values)).save(path)
    return path


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_deep_files_are_known_by_their_beginning_and_measured(tmp_path, dtype):
    file = save(tmp_path / "deep.tif", np.array([[0, 1], [2, 300]], dtype))
    assert is_deep_file(file)
    assert extent_of_file(file) == Extent(0, 300, DEPTHS[dtype], 4)
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
    assert extent_of_file(hot) == Extent(0, 1000, Depth.FLOATS, 3)
    pixels = read_image(hot, SIZE, scaling=IntensityRange(-1000, 1000))
    assert pixels.ravel()[1:].tolist() == clean.ravel()[1:].tolist() == [128, 191, 255]


def test_the_transparent_grey_of_sixteen_bits_is_white_and_not_measured(tmp_path):
    file = png(tmp_path / "clear.png", [[0, 1023], [512, 60000]], color=0, transparent=60000)
    assert extent_of_file(file) == Extent(0, 1023, Depth.SIXTEEN, 3)
    assert read_image(file, SIZE, scaling=IntensityRange(0, 1023)).tolist() == [[[0, 255], [128, 255]]]


def test_grey_of_sixteen_bits_with_opacity_keeps_all_bits(tmp_path):
    clear, half, full = 0, 32896, 65535
    file = png(tmp_path / "alpha.png", [[(0, full), (1023, full)], [(512, full), (60000, clear)]], color=4)
    assert is_deep_file(file)
    assert extent_of_file(file) == Extent(0, 1023, Depth.SIXTEEN, 3)
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


def colours_of(kind):
    """12-bit values in 16 bits, red, green and blue, of three pixels by two."""
    values = np.random.default_rng(kind).integers(0, 4096, (2, 3, 3)).astype(np.uint16)
    values[0, 0] = 0, 4095, 2048
    return values


def expected_of(values):
    return (values / 4095 * 255).round().transpose(2, 0, 1).tolist()


def test_colours_of_sixteen_bits_keep_all_bits(tmp_path):
    values = colours_of(0)
    file = png(tmp_path / "colours.png", values, color=2)
    assert is_deep_file(file)
    assert extent_of_file(file) == Extent(0, 4095, Depth.SIXTEEN, 18)
    assert read_image(file, Shape(3, 2, 3), scaling=IntensityRange(0, 4095)).tolist() == expected_of(values)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("channels", [3, 4])
def test_tiffs_of_sixteen_bit_colours_keep_all_bits(tmp_path, order, compressed, channels):
    values = colours_of(1)
    opaque = np.concatenate([values, np.full((2, 3, channels - 3), 65535, np.uint16)], axis=2)
    file = tiff(tmp_path / "colours.tif", opaque, order=order, compressed=compressed)
    assert is_deep_file(file)
    assert read_image(file, Shape(3, 2, 3), scaling=IntensityRange(0, 4095)).tolist() == expected_of(values)


def test_transparent_colours_of_sixteen_bits_are_white_and_not_measured(tmp_path):
    values = colours_of(2)
    values[1, 2] = 60000, 4095, 2048  # of which another pixel has two
    keyed = png(tmp_path / "keyed.png", values, color=2, transparent=(60000, 4095, 2048))
    opacity = np.full((2, 3, 1), 65535)
    opacity[1, 2] = 0
    veiled = png(tmp_path / "veiled.png", np.concatenate([values, opacity], axis=2), color=6)
    values[1, 2] = 4095
    for file in (keyed, veiled):
        assert extent_of_file(file) == Extent(0, 4095, Depth.SIXTEEN, 15)
        assert read_image(file, Shape(3, 2, 3), scaling=IntensityRange(0, 4095)).tolist() == expected_of(values)


def test_sixteen_bits_of_a_portable_graymap_are_sixteen_bits(tmp_path):
    file = tmp_path / "grey.pgm"
    file.write_bytes(b"P5 2 1 65535\n" + np.array([300, 1000], ">u2").tobytes())
    assert extent_of_file(file) == Extent(300, 1000, Depth.SIXTEEN, 2)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_image_without_any_number_is_unreadable(tmp_path, value):
    file = save(tmp_path / "empty.tif", np.full((2, 2), value, np.float32))
    with pytest.raises(UnreadableImageError, match=r"empty.tif could not be read: all its values are NaN or infinite."):
        read_image(file, SIZE)
