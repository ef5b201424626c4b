"""Words that a range test draws over its chart."""

import pytest
from PySide6.QtCore import QRectF

from gui.train.range_test.marks import beside_guess, clear_of

AREA = QRectF(0, 0, 400, 200)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], 100),
        ([300], 100),  # far away
        ([110], 114),  # to the right of it is nearer
        ([150], 66),
        ([110, 150], 154),  # too narrow between them
        ([10, 180], 96),
    ],
)
def test_words_stand_clear_of_lines_as_near_as_can_be(lines, expected):
    assert clear_of(lines, 100, 80, AREA) == expected


def test_words_without_room_stay_where_they_were():
    assert clear_of([30, 60, 90], 20, 80, QRectF(0, 0, 110, 100)) == 20


def test_the_words_of_a_guess_keep_clear_of_those_at_the_top():
    assert beside_guess(90, 100, AREA) == 72  # above the curve
    assert beside_guess(40, 50, AREA) == 53  # below: the names of the lines are above
