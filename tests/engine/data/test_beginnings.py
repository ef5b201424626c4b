"""A quick look at a file: never another answer than Pillow's."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.data.beginnings import look
from engine.data.images import FileBits, UnreadableImageError, bits_of_file

EXIF = Image.Exif()
EXIF[0x0112] = 6
NOISE = np.random.default_rng(0).integers(0, 256, (24, 40, 4), np.uint8)
RGB = Image.fromarray(NOISE[..., :3])


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


PLAIN = {
    "a photo": saved(RGB, "JPEG"),
    "progressive": saved(RGB, "JPEG", progressive=True, quality=95),
    "grey": saved(RGB.convert("L"), "JPEG"),
    "turned": saved(RGB, "JPEG", exif=EXIF.tobytes()),
    "four inks": saved(RGB.convert("CMYK"), "JPEG"),
    "a long profile": saved(
        RGB, "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() * 20
    ),
    "a comment": saved(RGB, "JPEG", comment=b"of " * 9000),
    "colours": saved(RGB, "PNG"),
    "opacity": saved(Image.fromarray(NOISE), "PNG", dpi=(72, 72)),
    "a palette": saved(RGB.quantize(20), "PNG", transparency=3),
    "one bit": saved(RGB.convert("1"), "PNG"),
}
OTHER = {
    "16 bits": saved(Image.fromarray(NOISE[..., 0].astype(np.uint16)), "PNG"),
    "of a system": saved(RGB, "BMP"),
    "two in one": saved(RGB, "MPO", save_all=True, append_images=[RGB]),
    "text": b"no image",
    "nothing": b"",
}


def of_pillow(file):
    try:
        return bits_of_file(file)
    except UnreadableImageError:
        return None


@pytest.mark.parametrize("kind", PLAIN)
def test_what_most_files_are_is_seen_at_once(tmp_path, kind):
    (tmp_path / "image").write_bytes(PLAIN[kind])
    assert look(tmp_path / "image").plain
    assert bits_of_file(tmp_path / "image") is FileBits.EIGHT


@pytest.mark.parametrize("kind", OTHER)
def test_what_may_be_otherwise_is_left_to_pillow(tmp_path, kind):
    (tmp_path / "image").write_bytes(OTHER[kind])
    assert not look(tmp_path / "image").plain


@pytest.mark.parametrize("kind", PLAIN)
def test_nothing_that_pillow_refuses_passes_for_an_image(tmp_path, kind):
    """Cut off anywhere, and with bytes changed anywhere in the headers."""
    whole, file = PLAIN[kind], tmp_path / "image"
    random = np.random.default_rng(1)
    headers = min(len(whole), 900)
    cut = [whole[:end] for end in range(0, headers, 7)]
    changed = [bytearray(whole) for _ in range(400)]
    for one in changed:
        for place in random.integers(0, headers, random.integers(1, 4)):
            one[place] = random.integers(0, 256)
    seen = 0
    for content in (*cut, *map(bytes, changed)):
        file.write_bytes(content)
        if look(file).plain:
            assert of_pillow(file) is FileBits.EIGHT, content[:headers].hex()
            seen += 1
    assert seen


def test_what_is_too_large_to_be_sure_of_is_left_to_pillow(tmp_path):
    photo = bytearray(PLAIN["a photo"])
    frame = photo.index(b"\xff\xc0")
    photo[frame + 5 : frame + 9] = (40_000).to_bytes(2, "big") * 2
    (tmp_path / "image").write_bytes(photo)
    assert not look(tmp_path / "image").plain
    with pytest.raises(UnreadableImageError, match=r"1.600.000.000 pixels"):
        bits_of_file(tmp_path / "image")


def test_files_have_the_same_mark_where_size_and_ends_are_the_same(tmp_path):
    middle = bytearray(20_000)
    marks = []
    for place in (None, 10_000, 0, 19_999):
        content = middle.copy()
        if place is not None:
            content[place] = 1
        (tmp_path / "file").write_bytes(content)
        marks.append(look(tmp_path / "file").mark)
    (tmp_path / "file").write_bytes(middle + b"\0")
    assert marks[0] == marks[1]
    assert len({*marks, look(tmp_path / "file").mark}) == 4


@pytest.mark.parametrize("size", [1, 4096, 4097, 6000, 8192])
def test_no_byte_of_a_short_file_is_passed_over_by_its_mark(tmp_path, size):
    marks = set()
    places = {0, size // 2, min(4096, size - 1), size - 1}
    for place in places:
        content = bytearray(size)
        content[place] = 1
        (tmp_path / "file").write_bytes(content)
        marks.add(look(tmp_path / "file").mark)
    assert len(marks) == len(places)


def test_what_cannot_be_read_has_no_mark(tmp_path):
    assert look(tmp_path).mark == look(tmp_path / "not there").mark == ""
