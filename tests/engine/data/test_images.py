import os
import struct
import tracemalloc
import zlib
from functools import partial

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from engine.data import images
from engine.data.images import MOST_PIXELS, UnreadableImageError, fit, is_deep_file, read_image
from engine.layers.shape import Shape
from engine.words import thousands

GREY, COLOUR = Shape(1, 8, 8), Shape(3, 8, 8)


def save(path, pixels, mode=None, **options):
    image = Image.fromarray(pixels) if mode is None else Image.fromarray(pixels).convert(mode)
    image.save(path, **options)
    return path


def flat(value, *channels):
    return np.full((8, 8, *channels), value, dtype=np.uint8)


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "CMYK", "LA", "RGBA"])
def test_every_mode_reads_as_grey_and_as_colour(tmp_path, mode):
    suffix = ".tif" if mode == "CMYK" else ".png"
    path = save(tmp_path / f"image{suffix}", flat(120, 3), mode)
    for shape in (GREY, COLOUR):
        pixels = read_image(path, shape)
        assert pixels.dtype == np.uint8
        assert pixels.shape == tuple(shape)
        assert abs(int(pixels.mean()) - 120) <= 2


@pytest.mark.parametrize("colour", [(200, 30, 60), (60, 180, 90), (128, 128, 128), (255, 255, 255)])
def test_lab_is_read_in_its_colours(tmp_path, colour):
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    lab = ImageCms.profileToProfile(Image.new("RGB", (8, 8), colour), *profiles, outputMode="LAB")
    lab.save(tmp_path / "lab.tif")
    assert np.abs(read_image(tmp_path / "lab.tif", COLOUR)[:, 3, 3].astype(int) - colour).max() <= 3
    grey = Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
    assert abs(int(read_image(tmp_path / "lab.tif", GREY)[0, 3, 3]) - grey) <= 3


def test_one_bit_images_read_as_black_and_white(tmp_path):
    path = tmp_path / "bits.png"
    Image.fromarray(flat(255)).convert("1").save(path)
    assert read_image(path, GREY).min() == 255


def test_sixteen_bits_keep_their_brightness(tmp_path):
    path = save(tmp_path / "deep.png", np.full((8, 8), 32896, dtype=np.uint16))  # 128 · 257
    assert set(read_image(path, GREY).ravel()) == {128}


def test_dark_sixteen_bits_stay_dark(tmp_path):
    path = save(tmp_path / "dark.png", np.full((8, 8), 257, dtype=np.uint16))
    assert set(read_image(path, GREY).ravel()) == {1}


def test_floats_from_0_to_1_fill_the_range(tmp_path):
    path = save(tmp_path / "float.tif", np.full((8, 8), 0.5, dtype=np.float32))
    assert abs(int(read_image(path, GREY)[0, 0, 0]) - 128) <= 1


def test_transparent_parts_become_white(tmp_path):
    pixels = np.zeros((8, 8, 4), dtype=np.uint8)
    pixels[:4, :, 3] = 255
    read = read_image(save(tmp_path / "clear.png", pixels), COLOUR)
    assert read[:, :3].max() == 0
    assert read[:, 5:].min() == 255


@pytest.mark.parametrize("at_once", [1, 8, 16, 24, 63])
def test_large_transparent_images_are_laid_on_white_strip_by_strip(tmp_path, monkeypatch, at_once):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 4), np.uint8)
    path = save(tmp_path / "image.png", pixels)
    whole = read_image(path, COLOUR).astype(int)
    opacity = pixels[..., 3:] / 255
    assert np.abs(whole - (pixels[..., :3] * opacity + 255 * (1 - opacity)).transpose(2, 0, 1)).max() <= 1
    monkeypatch.setattr(images, "_AT_ONCE", at_once)
    assert np.array_equal(read_image(path, COLOUR), whole)


def test_palette_with_transparency_reads_without_a_warning(tmp_path):
    image = Image.fromarray(flat(40, 3)).convert("P")
    image.save(tmp_path / "palette.png", transparency=b"\x80" * 256)
    assert read_image(tmp_path / "palette.png", COLOUR).shape == (3, 8, 8)


def test_images_are_turned_upright_as_their_exif_says(tmp_path):
    pixels = flat(0, 3)
    pixels[:, :4] = 255  # left half white
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held so that the picture must be turned clockwise
    save(tmp_path / "turned.jpg", pixels, exif=exif, quality=95)
    read = read_image(tmp_path / "turned.jpg", GREY)
    assert read[0, :3].mean() > 200
    assert read[0, 5:].mean() < 50


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_jpeg_is_decoded_as_large_as_its_upright_image_needs(tmp_path, orientation):
    noise = np.random.default_rng(0).integers(0, 255, (64, 512)).astype(np.uint8)
    lying = orientation > 4
    exif = Image.Exif()
    exif[0x0112] = orientation
    shape = Shape(1, 8, 64) if lying else Shape(1, 64, 8)
    read = read_image(save(tmp_path / "turned.jpg", noise, exif=exif, quality=95), shape)
    with Image.open(tmp_path / "turned.jpg") as image:
        whole = ImageOps.exif_transpose(image).resize((shape.width, shape.height), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(read[0], np.asarray(whole))


def test_a_jpeg_is_decoded_no_larger_than_needed(tmp_path):
    path = save(tmp_path / "large.jpg", np.random.default_rng(0).integers(0, 255, (512, 512)).astype(np.uint8))
    with Image.open(path) as image:
        image.draft("L", (64, 64))
        assert image.size == (64, 64)
        np.testing.assert_array_equal(read_image(path, Shape(1, 64, 64))[0], np.asarray(image))


def test_channels_stay_in_order_and_rows_stay_rows(tmp_path):
    pixels = flat(0, 3)
    pixels[0, :, 0] = 255  # top row red
    read = read_image(save(tmp_path / "red.png", pixels), COLOUR)
    assert read[0, 0].min() == 255
    assert read[1:].max() == 0
    assert read[0, 1:].max() == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "it is empty"), (b"no image at all", "it holds no known image format")],
)
def test_files_that_are_no_images_say_why(tmp_path, content, reason):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    for read in (is_deep_file, partial(read_image, shape=GREY)):
        with pytest.raises(UnreadableImageError, match=f"broken.png could not be read: {reason}."):
            read(path)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".gif", ".tif", ".webp"])
def test_files_cut_short_are_unreadable_and_not_fatal(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    path = save(tmp_path / f"cut{suffix}", noise)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableImageError, match=r"cut\..* could not be read"):
        read_image(path, COLOUR)


def dds_of_no_known_pixels():
    """What a writer that left the flags of the pixel format out makes."""
    return b"DDS " + struct.pack("<IIII", 124, 0x1007, 8, 8) + bytes(128)


def avif_without_its_pixels(path):
    Image.new("RGB", (16, 16), "red").save(path, "AVIF")
    content = path.read_bytes()
    return content[: content.index(b"mdat") + 4] + bytes(len(content) - content.index(b"mdat") - 4)


def test_what_decoders_do_not_know_is_unreadable_and_not_fatal(tmp_path):
    path = tmp_path / "texture.dds"
    path.write_bytes(dds_of_no_known_pixels())
    with pytest.raises(NotImplementedError):
        Image.open(path)
    for read in (is_deep_file, partial(read_image, shape=GREY)):
        with pytest.raises(UnreadableImageError, match=r"its variant of the format is not known"):
            read(path)


def test_decoders_that_fail_at_run_time_are_unreadable_and_not_fatal(tmp_path):
    path = tmp_path / "photo.avif"
    path.write_bytes(avif_without_its_pixels(path))
    with pytest.raises(RuntimeError), Image.open(path) as image:
        image.load()
    with pytest.raises(UnreadableImageError, match=r"it is damaged"):
        read_image(path, COLOUR)


def test_memory_that_is_full_says_nothing_of_the_file(tmp_path, monkeypatch):
    path = save(tmp_path / "whole.png", flat(7))
    monkeypatch.setattr(Image, "open", raise_memory_error)
    with pytest.raises(MemoryError):
        read_image(path, GREY)


def raise_memory_error(*_, **__):
    raise MemoryError


def test_postscript_under_another_name_starts_no_program(tmp_path):
    path = tmp_path / "drawing.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n")
    for read in (is_deep_file, partial(read_image, shape=GREY)):
        with pytest.raises(UnreadableImageError, match=r"it holds no known image format"):
            read(path)


@pytest.mark.parametrize("suffix", [".bmp", ".gif", ".jpg", ".pgm", ".png", ".tga", ".tif", ".webp", ".jp2", ".pcx"])
def test_the_usual_formats_are_read(tmp_path, suffix):
    assert abs(int(read_image(save(tmp_path / f"image{suffix}", flat(120)), GREY).mean()) - 120) <= 2


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path):
    content = bytearray(save(tmp_path / "large.png", flat(0)).read_bytes())
    content[16:24] = struct.pack(">II", 13_300, 13_300)  # width and height in the header
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    path = tmp_path / "large.png"
    path.write_bytes(content)
    for read in (is_deep_file, partial(read_image, shape=GREY)):
        tracemalloc.start()
        with pytest.raises(UnreadableImageError) as caught:
            read(path)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert caught.value.reason == (
            f"it has {thousands(13_300**2)} pixels, and {thousands(MOST_PIXELS)} are the most that can be read"
        )
        assert most < 10 * 2**20


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", os.devnull):
        for read in (is_deep_file, partial(read_image, shape=GREY)):
            with pytest.raises(UnreadableImageError, match=r"it is a pipe or a device, not a file"):
                read(path)


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    with pytest.raises(UnreadableImageError, match=r"there is no such file"):
        read_image(tmp_path / "none.png", GREY)
    with pytest.raises(UnreadableImageError, match=r"it is a folder"):
        read_image(tmp_path, GREY)


def test_fit_repeats_grey_and_mixes_colour():
    assert (fit(flat(7)[None], COLOUR) == 7).all()
    assert (fit(np.full((3, 4, 4), 9, dtype=np.uint8), GREY) == 9).all()
