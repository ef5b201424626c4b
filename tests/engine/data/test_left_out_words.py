"""What is said of files that are left out: of one, and of several for one reason."""

from pathlib import Path

import pytest

from engine.data.data_words import skipped_words
from engine.data.source import Unreadable


def left_out(**reasons):
    return [Unreadable(Path("/set") / f"{name}.png", reason, Path("/set")) for name, reason in reasons.items()]


@pytest.mark.parametrize(
    ("reason", "of_several"),
    [
        ("it is damaged", "each is damaged"),
        ("it has no suffix: add the one of its format", "each has no suffix: add the one of its format"),
        ("its name goes on after .png: rename it", "of each, its name goes on after .png: rename it"),
        ("all its values are NaN or infinite", "of each, all its values are NaN or infinite"),
        ("in no folder of a class", "in no folder of a class"),
        ("there is no such file", "there is no such file"),
    ],
)
def test_a_reason_that_speaks_of_one_file_is_said_of_each_of_several(reason, of_several):
    assert skipped_words(left_out(b=reason)) == f"1 file is left out: b.png ({reason})."
    several = left_out(a=reason, b="it is a link", c=reason)
    told = f"3 files are left out: a.png and c.png ({of_several}); b.png (it is a link)."
    assert skipped_words(several) == told
