"""Which runs are behind others: by the median, from its own definition."""

import math
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.behind import LEAST, median_ahead

LOSSES = st.floats(0, 1e6)


@given(LOSSES, st.lists(LOSSES, min_size=LEAST, max_size=9))
def test_a_run_is_behind_if_fewer_than_half_of_the_others_are_worse(loss, others):
    found = median_ahead(loss, others)
    assert found == (median(others) if loss > median(others) else None)
    if found is not None:
        assert sum(other < loss for other in others) >= len(others) / 2


@pytest.mark.parametrize("others", [[], [0.1], [0.1, math.nan], [math.nan] * 3])
def test_too_few_others_tell_nothing(others):
    assert median_ahead(9.0, others) is None


def test_one_that_is_no_number_is_behind_nobody():
    assert median_ahead(math.nan, [0.1, 0.2]) is None
