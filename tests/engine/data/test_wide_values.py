"""Files of more than 8 bits that Pillow narrows to 8 without a word: read with all bits, or told of."""

import io
import struct
from functools import partial

import numpy as np
import pytest
from image_files import make_folder, png
from PIL import Image, TiffImagePlugin
from wide_files import avif, dds_of_floats, jpeg_2000, pixmap, sgi, tiff

from engine.data.data_words import narrowed_words
from engine.data.images import FileBits, UnreadableImageError, bits_of_file, read_image
from engine.data.intensity import Depth, IntensityRange
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers.shape import Shape

HEIGHT, WIDTH = 5, 7
TWELVE = 4095


def values_of(channels, *, most=TWELVE, seed=0):
    """Pixels ``(H, W, channels)`` with runs of equal values, from 0 to the most."""
    values = np.random.default_rng(seed).integers(0, most + 1, (HEIGHT, WIDTH, channels))
    values[1, 2:6], values[0, 0], values[4, 6] = values[1, 2], 0, most
    return values.astype(np.uint16)


WIDE = {
    "P6 of 12 bits": (3, partial(pixmap, most=TWELVE)),
    "P3 of 12 bits": (3, partial(pixmap, most=TWELVE, plain=True)),
    "SGI grey": (1, partial(sgi, packed=False)),
    "SGI colours": (3, partial(sgi, packed=False)),
    "SGI colours and opacity": (4, partial(sgi, packed=False)),
    "SGI grey, packed": (1, partial(sgi, packed=True)),
    "SGI colours, packed": (3, partial(sgi, packed=True)),
    "SGI colours and opacity, packed": (4, partial(sgi, packed=True)),
    "TIFF": (3, tiff),
    "TIFF, big endian": (3, partial(tiff, order=">")),
    "TIFF in planes": (3, partial(tiff, planar=True)),
    "TIFF in planes, big endian": (3, partial(tiff, planar=True, order=">")),
    "TIFF by Deflate": (3, partial(tiff, packed=True)),
    "TIFF in planes with opacity": (4, partial(tiff, planar=True, extra=(2,))),
    "PNG colours": (3, partial(png, color=2)),
    "PNG grey and opacity": (2, partial(png, color=4)),
    "PNG colours and opacity": (4, partial(png, color=6)),
}


@pytest.mark.parametrize("kind", WIDE)
def test_all_bits_are_read(tmp_path, kind):
    channels, write = WIDE[kind]
    values = values_of(channels)
    colours = values if channels % 2 else values[..., :-1]
    if not channels % 2:
        values[..., -1] = 65535  # opaque
    file = write(tmp_path / "image", values)
    assert bits_of_file(file) is FileBits.MORE
    scale = 65535 if kind.startswith("P") and "bits" in kind else TWELVE  # pixmaps say what their most is
    shape = Shape(colours.shape[2], HEIGHT, WIDTH)
    found = read_image(file, shape, scaling=IntensityRange(0, scale))
    expected = (colours / TWELVE * 255).round().transpose(2, 0, 1)
    assert np.abs(found - expected).max() <= (1 if scale == 65535 else 0)
    dim = read_image(file, shape, scaling=IntensityRange(0, scale / 100))  # of which 8 bits would keep two or three
    assert len(np.unique(dim)) > 1
    assert np.abs(dim - np.clip(colours / TWELVE * 25500, 0, 255).transpose(2, 0, 1)).max() <= 1


@pytest.mark.parametrize("kind", [kind for kind in WIDE if kind.startswith(("SGI", "TIFF"))])
def test_pillow_reads_the_upper_bits_of_the_same_files(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(TiffImagePlugin, "READ_LIBTIFF", True)  # which alone reads planes
    channels, write = WIDE[kind]
    values = values_of(channels, most=65535)
    found = np.asarray(Image.open(write(tmp_path / "image", values)))
    assert np.array_equal(found.reshape(values.shape), values >> 8)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("most", [256, 1000, 1023, 40000, 65535])
def test_a_pixmap_is_brought_to_the_scale_on_which_pillow_brings_graymaps(tmp_path, most, plain):
    values = values_of(3, most=most)
    head = b"P5\n%d %d\n%d\n" % (3 * WIDTH, HEIGHT, most)
    grey = np.asarray(Image.open(io.BytesIO(head + values.astype(">u2").tobytes()))).reshape(values.shape)
    file = pixmap(tmp_path / "colours.ppm", values, most=most, plain=plain)
    lines = []
    read_image(file, Shape(3, 2, 2), scaling=lambda found: lines.append(found) or np.zeros(found.shape, np.uint8))
    assert np.abs(lines[0].astype(int) - grey).max() <= (0 if most % 2 else 1)
    assert Depth.of(lines[0]) is Depth.SIXTEEN


def test_a_pixmap_of_eight_bits_is_none_of_more(tmp_path):
    (tmp_path / "a.ppm").write_bytes(b"P6 1 1 200\n" + bytes([200, 100, 0]))
    assert bits_of_file(tmp_path / "a.ppm") is FileBits.EIGHT
    assert read_image(tmp_path / "a.ppm", Shape(3, 1, 1)).ravel().tolist() == [255, 128, 0]


@pytest.mark.parametrize("kind", [kind for kind in WIDE if kind[0] in "PS" and not kind.startswith("PNG")])
@pytest.mark.parametrize("cut", [9, 41])
def test_a_file_that_is_cut_short_is_damaged(tmp_path, kind, cut):
    channels, write = WIDE[kind]
    file = write(tmp_path / "image", values_of(channels))
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(UnreadableImageError, match="it is damaged"):
        read_image(file, Shape(3, HEIGHT, WIDTH))


@pytest.mark.parametrize("tag", [257, 278])
@pytest.mark.parametrize("planar", [False, True])
def test_a_tiff_file_whose_header_tells_of_more_lines_than_lie_in_it_is_damaged(tmp_path, planar, tag):
    file = tiff(tmp_path / "a.tif", values_of(3), planar=planar)
    number = {257: HEIGHT + 3, 278: HEIGHT - 1}[tag]  # the height, and the lines of a strip
    content = file.read_bytes()
    entry = struct.pack("<HHII", tag, 4, 1, HEIGHT)
    assert content.count(entry) == 1
    file.write_bytes(content.replace(entry, struct.pack("<HHII", tag, 4, 1, number)))
    with pytest.raises(UnreadableImageError, match="it is damaged"):
        read_image(file, Shape(3, HEIGHT, WIDTH))


def test_values_beyond_the_most_that_a_pixmap_names_are_damage(tmp_path):
    file = pixmap(tmp_path / "a.ppm", values_of(3), most=TWELVE - 1)
    with pytest.raises(UnreadableImageError, match="it is damaged"):
        read_image(file, Shape(3, HEIGHT, WIDTH))


def test_a_plane_of_a_tiff_file_that_stands_for_nothing_is_passed_over(tmp_path):
    values = values_of(4)
    file = tiff(tmp_path / "a.tif", values, planar=True, extra=(0,))
    assert bits_of_file(file) is FileBits.MORE
    found = read_image(file, Shape(3, HEIGHT, WIDTH), scaling=IntensityRange(0, TWELVE))
    assert np.array_equal(found, (values[..., :3] / TWELVE * 255).round().transpose(2, 0, 1))


@pytest.mark.parametrize("packed", [False, True])
def test_an_sgi_file_of_eight_bits_is_none_of_more(tmp_path, packed):
    values = values_of(3, most=255)
    file = sgi(tmp_path / "a.sgi", values, packed=packed, size=1)
    assert bits_of_file(file) is FileBits.EIGHT
    assert np.array_equal(read_image(file, Shape(3, HEIGHT, WIDTH)), values.transpose(2, 0, 1))


def test_opacity_of_an_sgi_file_lets_white_through(tmp_path):
    values = values_of(4)
    values[..., 3] = 65535
    values[2, 3, 3] = 0
    for packed in (False, True):
        file = sgi(tmp_path / "a.sgi", values, packed=packed)
        found = read_image(file, Shape(3, HEIGHT, WIDTH), scaling=IntensityRange(0, TWELVE))
        assert found[:, 2, 3].tolist() == [255, 255, 255]
        assert found[:, 2, 4].tolist() == (values[2, 4, :3] / TWELVE * 255).round().tolist()


NARROWED = {
    "JPEG 2000 colours of 16 bits": partial(jpeg_2000, bits=16),
    "JPEG 2000 colours of 12 bits": partial(jpeg_2000, bits=12),
    "JPEG 2000 colours and opacity": partial(jpeg_2000, bits=16, channels=4),
    "AVIF of 10 bits": partial(avif, high=True),
    "TIFF in planes by Deflate": lambda path: tiff(path, values_of(3), planar=True, packed=True),
    "TIFF in planes with opacity by Deflate": lambda path: tiff(
        path, values_of(4), planar=True, packed=True, extra=(2,)
    ),
    "pixmap of colours and opacity": lambda path: path.write_bytes(b"PyRGBA\n7 5\n4095\n" + values_of(4).tobytes()),
    "TIFF of inks": lambda path: tiff(path, values_of(4), photometric=5),
    "TIFF of colours that opacity is multiplied into": lambda path: tiff(path, values_of(4), extra=(1,)),
    "DDS of floats": dds_of_floats,
}
EIGHT = {
    "JPEG 2000 of 8 bits": partial(jpeg_2000, bits=8),
    "AVIF of 8 bits": partial(avif, high=False),
    "PNG": lambda path: Image.new("RGB", (2, 2)).save(path, "PNG"),
    "JPEG": lambda path: Image.new("CMYK", (2, 2)).save(path, "JPEG"),
    "SGI": lambda path: Image.new("RGB", (2, 2)).save(path, "SGI"),
    "TIFF": lambda path: Image.new("RGBA", (2, 2)).save(path, "TIFF"),
    "WebP": lambda path: Image.new("RGB", (2, 2)).save(path, "WEBP"),
}


@pytest.mark.parametrize("kind", NARROWED)
def test_what_is_read_with_eight_of_its_bits_is_known(tmp_path, kind):
    NARROWED[kind](tmp_path / "image")
    assert bits_of_file(tmp_path / "image") is FileBits.EIGHT_OF_MORE


@pytest.mark.parametrize("kind", EIGHT)
def test_what_has_eight_bits_is_not_told_of(tmp_path, kind):
    EIGHT[kind](tmp_path / "image")
    assert bits_of_file(tmp_path / "image") is FileBits.EIGHT


@pytest.mark.parametrize("deep", range(3))
def test_the_deepest_component_of_a_jpeg_2000_file_decides(tmp_path, deep):
    content = bytearray(jpeg_2000(tmp_path / "a.jp2", bits=8).read_bytes())
    content[content.find(b"\xff\x4f\xff\x51") + 42 + 3 * deep] = 12 - 1
    (tmp_path / "a.jp2").write_bytes(content)
    assert bits_of_file(tmp_path / "a.jp2") is FileBits.EIGHT_OF_MORE


def test_grey_of_a_jpeg_2000_file_has_all_bits(tmp_path):
    Image.fromarray(np.squeeze(values_of(1))).save(tmp_path / "grey.jp2")
    assert bits_of_file(tmp_path / "grey.jp2") is FileBits.MORE


def test_a_folder_tells_which_files_lose_bits_and_what_to_do(tmp_path):
    folder = make_folder(tmp_path / "pets", {"cats": 6, "dogs": 6})
    source = Folder(path=str(folder))
    assert source.describe().notes == ()
    jpeg_2000(folder / "cats" / "deep.jp2", bits=16)
    words = "cats/deep.jp2 has more than 8 bits, of which 8 are read: save it as PNG of 16 bits to keep all."
    assert source.describe().notes == (words,)
    assert words in load(DataSettings(source=source), Shape(3, 8, 8)).notes
    tiff(folder / "dogs" / "inks.tif", values_of(4), photometric=5)
    assert source.describe().notes == narrowed_words(("cats/deep.jp2", "dogs/inks.tif"))
    assert "have more than 8 bits, of which 8 are read: save them" in source.describe().notes[0]


@pytest.mark.parametrize("kind", ["P6 of 12 bits", "SGI colours, packed", "TIFF in planes"])
def test_a_set_of_wide_files_shares_one_range(tmp_path, kind):
    _, write = WIDE[kind]
    for name, most in (("dim", 400), ("bright", TWELVE)):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(4):
            write(tmp_path / "set" / name / f"{number}.img.tif", values_of(3, most=most, seed=number))
    data = load(DataSettings(source=Folder(path=str(tmp_path / "set"))), Shape(3, HEIGHT, WIDTH))
    assert set(data.intensities.ranges) == {Depth.SIXTEEN}
    brightness = {True: [], False: []}
    for split in data.splits.values():
        for place, label in enumerate(split.targets.values):
            brightness[data.classes[label] == "bright"].append(split.images([place]).mean())
    assert 6 < np.mean(brightness[True]) / np.mean(brightness[False]) < 14
