"""What is said of files that are left out: of one, and of several for one reason."""

from pathlib import Path

from engine.data.data_words import skipped_words
from engine.data.source import Unreadable


def left_out(**reasons):
    return [Unreadable(Path("/set") / f"{name}.png", reason, Path("/set")) for name, reason in reasons.items()]


def test_a_reason_that_speaks_of_one_file_is_said_of_each_of_several():
    assert skipped_words(left_out(a="it is empty")) == "1 file is left out: a.png (it is empty)."
    several = left_out(a="it is damaged", b="it is empty", c="it is damaged")
    assert skipped_words(several) == "3 files are left out: a.png and c.png (each: it is damaged); b.png (it is empty)."
