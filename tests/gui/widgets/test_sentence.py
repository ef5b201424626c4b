"""Sentences wrap, whatever names they hold."""

import pytest

from gui.widgets.sentence import Sentence


@pytest.mark.parametrize(
    "name", ["class_000_with_a_rather_long_name/0001.png", "a" * 60, "/home/me/a.folder.of.images"]
)
def test_a_long_name_is_no_wider_than_its_longest_part_and_is_told_whole(qtbot, name):
    sentence = Sentence(f"1 image stands under two labels: {name}.")
    qtbot.addWidget(sentence)
    assert sentence.minimumSizeHint().width() <= Sentence("w" * 16).sizeHint().width()
    assert name in sentence.text()
    assert name in sentence.accessibleName()


def test_numbers_stay_in_one_piece(qtbot):
    sentence = Sentence("-1.38 to 2.22, 0.5-0.7")
    qtbot.addWidget(sentence)
    assert Sentence.__mro__[1].text(sentence) == "-1.38 to 2.22, 0.5-0.7"
