"""No image takes more memory than a limit while it is decoded, however small its file is."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from image_files import png
from PIL import Image
from PIL.ImageFile import ImageFile

from engine.data import decode_memory, images
from engine.data.decode_memory import bytes_to_decode
from engine.data.images import UnreadableImageError, is_deep_file, read_image
from engine.layers.shape import Shape
from engine.words import memory

_READ = """
import re, sys
from pathlib import Path
from engine.data.images import read_image, is_deep_file
from engine.layers.shape import Shape
def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
is_deep_file(Path(sys.argv[1]))
before = peak()
read_image(sys.argv[1], Shape(3, 8, 8))
print(peak() - before)
"""
_EDGE = 3000


def saved(path, kind):
    values = np.zeros((_EDGE, _EDGE), np.uint8)
    values[::7, ::5] = 200
    channels = {"grey": 1, "alpha": 2, "colours": 3, "all": 4}
    if kind.startswith("16 "):
        colour = {"grey": 0, "alpha": 4, "colours": 2, "all": 6}[kind[3:]]
        stacked = np.stack([values.astype(np.uint16)] * channels[kind[3:]], axis=-1)
        return png(path.with_suffix(".png"), stacked, color=colour)
    if kind in channels:
        Image.fromarray(np.squeeze(np.stack([values] * channels[kind], axis=-1))).save(file := path.with_suffix(".png"))
    elif kind in ("int32", "float32"):
        Image.fromarray(values.astype(kind)).save(file := path.with_suffix(".tif"))
    else:
        Image.fromarray(np.stack([values] * 3, axis=-1)).save(file := path.with_suffix(kind))
    return file


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="what a process took at most is read from /proc")
@pytest.mark.parametrize(
    "kind",
    [
        *("grey", "alpha", "colours", "all", "16 grey", "16 alpha", "16 colours", "16 all", "int32", "float32"),
        *(".jpg", ".gif", ".bmp", ".jp2", ".webp", ".tga"),
    ],
)
def test_no_more_memory_is_taken_than_was_said_before(tmp_path, kind):
    file = saved(tmp_path / "large", kind)
    with Image.open(file) as image:
        said = bytes_to_decode(image)
    took = subprocess.run([sys.executable, "-c", _READ, file], capture_output=True, check=True).stdout
    assert int(took) < 1.2 * said + 20 * 2**20


@pytest.mark.parametrize("kind", ["16 alpha", "16 colours", "16 all", "all", "float32"])
def test_an_image_beyond_the_limit_is_refused_before_it_is_decoded(tmp_path, monkeypatch, kind):
    file = saved(tmp_path / "large", kind)
    with Image.open(file) as image:
        needed = bytes_to_decode(image)
    for limit, reads in ((needed, True), (needed - 1, False)):
        monkeypatch.setattr(images, "MOST_BYTES", limit)
        monkeypatch.setattr(Image.Image, "load", Image.Image.load if reads else refuse)
        if reads:
            assert is_deep_file(file) == (kind != "all")
            continue
        for read in (is_deep_file, partial(read_image, shape=Shape(1, 8, 8))):
            with pytest.raises(UnreadableImageError) as caught:
                read(file)
            assert caught.value.reason == (
                f"decoding it takes {memory(needed)}, and {memory(needed - 1)} are the most: make it smaller"
            )


def refuse(image):
    raise AssertionError("decoded")


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg"])
def test_an_image_that_is_turned_is_held_twice(tmp_path, suffix):
    exif, needed = Image.Exif(), []
    for orientation in (1, 6):
        exif[0x0112] = orientation
        options = {"exif": exif} if orientation > 1 else {}
        Image.new("L", (20, 10)).save(tmp_path / f"{orientation}{suffix}", **options)
        with Image.open(tmp_path / f"{orientation}{suffix}") as image:
            needed.append(bytes_to_decode(image))
    assert needed[1] - needed[0] == 20 * 10


def test_what_is_too_large_at_half_its_size_too_is_refused(tmp_path, monkeypatch):
    file = saved(tmp_path / "large", ".jp2")
    with Image.open(file) as image:
        quarter = bytes_to_decode(image) // 4
    for limit, refused in ((quarter, False), (quarter - 1, True)):
        for module in (decode_memory, images):
            monkeypatch.setattr(module, "MOST_BYTES", limit)
        if refused:
            with pytest.raises(UnreadableImageError, match=memory(quarter)):
                read_image(file, Shape(1, 8, 8))
        else:
            assert not is_deep_file(file)


@pytest.mark.parametrize("edge", [512, 515])
def test_what_can_be_decoded_smaller_is_where_the_whole_is_too_large(tmp_path, monkeypatch, edge):
    levels = np.linspace(0, 255, edge).astype(np.uint8)
    Image.fromarray(np.tile(levels, (edge, 1))).save(tmp_path / "large.jp2")
    whole = read_image(tmp_path / "large.jp2", Shape(1, 16, 16)).astype(int)
    with Image.open(tmp_path / "large.jp2") as image:
        monkeypatch.setattr(decode_memory, "MOST_BYTES", bytes_to_decode(image) - 1)
    smaller = read_image(tmp_path / "large.jp2", Shape(1, 16, 16)).astype(int)
    assert 0 < np.abs(whole - smaller).max() <= 2


def test_large_images_are_decoded_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(decode_memory, "_LARGE", 0)
    files = [saved(tmp_path / str(number), "grey") for number in range(4)]
    inside, most, load = [], [], ImageFile.load

    def watched(image):
        inside.append(image)
        most.append(len(inside))
        try:
            return load(image)
        finally:
            inside.remove(image)

    monkeypatch.setattr(ImageFile, "load", watched)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(partial(read_image, shape=Shape(1, 8, 8)), files))
    assert max(most) == 1
