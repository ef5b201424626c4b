"""The cost lessons: each drawn pair costs what its closed form says, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.network import analyse
from engine.network.comparison import compare
from templates.lessons import LESSONS, separable, small_kernels


def drawn(lesson):
    """MACs of B over A as they are drawn."""
    found = compare(lesson.a(), lesson.b())
    return Fraction(found.b.multiply_adds, found.a.multiply_adds)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_the_pair_is_sound_and_costs_what_the_formula_says(lesson):
    assert analyse(lesson.a()).ok
    assert analyse(lesson.b()).ok
    assert drawn(lesson) == lesson.ratio
    assert float(lesson.formula.result) == pytest.approx(float(lesson.ratio), abs=0.0005)
    assert lesson.sentence.endswith(".")


@given(st.integers(1, 300))
def test_two_small_kernels_cost_18_against_25(channels):
    lesson = small_kernels(channels)
    found = compare(lesson.a(), lesson.b())
    assert found.a.parameters == 25 * channels**2
    assert found.b.parameters == 18 * channels**2
    assert found.a.receptive_field == found.b.receptive_field == (5, 5)
    assert drawn(lesson) == lesson.ratio == Fraction(18, 25)


@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from([1, 3, 5, 7]), st.integers(1, 20))
def test_separable_costs_one_over_maps_and_one_over_kernel(channels, maps, kernel, side):
    lesson = separable(channels, maps, kernel=kernel, side=side)
    assert drawn(lesson) == lesson.ratio == Fraction(1, maps) + Fraction(1, kernel**2)


def test_the_inception_lesson_has_the_numbers_of_the_lecture():
    found = compare(LESSONS["inception"].a(), LESSONS["inception"].b())
    assert found.a.multiply_adds == 854_196_224
    assert found.b.multiply_adds == 271_351_808
