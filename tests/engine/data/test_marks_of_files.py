"""A file is known again by all that it holds, not by how it begins and ends."""

import numpy as np
from PIL import Image

from engine.data.copies import copies_of, fingerprints, same_marks


def bitmaps(place, count):
    """Uncompressed images of one size with one margin, which differ in their middle alone."""
    files = []
    for number in range(count):
        pixels = np.zeros((160, 160, 3), np.uint8)
        pixels[70:90, 70:90] = np.random.default_rng(number).integers(0, 256, (20, 20, 3), np.uint8)
        files.append(place / f"{number}.bmp")
        Image.fromarray(pixels).save(files[-1])
    return files


def test_files_that_differ_in_their_middle_have_marks_of_their_own(tmp_path):
    files = bitmaps(tmp_path, 12)
    before = fingerprints(files)
    assert len(set(before)) == 12
    assert copies_of(files) == same_marks(before) == ()
    files[3].write_bytes(files[5].read_bytes())
    after = fingerprints(files)
    assert [place for place in range(12) if before[place] != after[place]] == [3]
    assert copies_of(files) == same_marks(after) == ((3, 5),)


def test_what_cannot_be_read_has_no_mark_and_no_copy(tmp_path):
    files = [*bitmaps(tmp_path, 1), tmp_path / "gone.bmp", tmp_path / "gone too.bmp"]
    assert fingerprints(files)[1:] == ("", "")
    assert copies_of(files) == same_marks(fingerprints(files)) == ()
