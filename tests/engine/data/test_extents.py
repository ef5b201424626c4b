"""The range that images of more than 8 bits share, which a few wild values must not decide."""

import numpy as np
import pytest

from engine.data.extents import Bounds, Extent, common_ranges, extent_of
from engine.data.intensity import Depth, IntensityRange


def ranges(*images):
    """The ranges of these images by their depth, and what is said of them."""

    def measure(places, bounds):
        return {place: extent_of(np.asarray(images[place]), bounds) for place in places}

    found = common_ranges(range(len(images)), measure)
    return {one.depth: one.range for one in found}, [note for one in found for note in one.notes]


def floats(*values):
    return np.array([values], np.float32)


DIGIT = floats(0, 0.25, 1)


def test_an_extent_is_of_finite_values():
    infinite = np.array([[np.inf, 1.02], [np.nan, -np.inf]])
    assert extent_of(infinite) == Extent(1.02, 1.02, Depth.FLOATS, 1)
    assert extent_of(np.array([[np.nan]])).inside == 0
    assert extent_of(np.array([[3, 900]], np.uint16)) == Extent(3, 900, Depth.SIXTEEN, 2)


def test_what_is_beyond_the_bounds_is_counted_and_not_measured():
    values = np.array([[-5, 0, 2], [3, 7, 9]], np.int32)
    assert extent_of(values, Bounds(0, 3)) == Extent(0, 3, Depth.INTEGERS, 3, below=1, above=2)


@pytest.mark.parametrize(
    ("highest", "white"),
    [(0, 1023), (1000, 1023), (1023, 1023), (1024, 4095), (4095, 4095), (4096, 16383), (16384, 65535), (65535, 65535)],
)
def test_sixteen_bit_integers_fill_the_smallest_number_of_bits(highest, white):
    images = np.array([[3, 7]], np.uint16), np.array([[0, highest]], np.uint16)
    assert ranges(*images) == ({Depth.SIXTEEN: IntensityRange(0, white)}, [])


def test_floats_and_long_integers_go_from_their_least_to_their_largest_value():
    assert ranges(floats(-1000, 20), floats(5, 1000)) == ({Depth.FLOATS: IntensityRange(-1000, 1000)}, [])
    assert ranges(np.array([[0, 70000]], np.int32)) == ({Depth.INTEGERS: IntensityRange(0, 70000)}, [])
    assert ranges() == ranges(floats(np.nan)) == ({}, [])


def test_each_depth_has_a_range_of_its_own():
    found, _ = ranges(DIGIT, np.array([[0, 4000]], np.uint16), np.array([[-7, 9]], np.int32))
    assert found == {
        Depth.SIXTEEN: IntensityRange(0, 4095),
        Depth.INTEGERS: IntensityRange(-7, 9),
        Depth.FLOATS: IntensityRange(0, 1),
    }


@pytest.mark.parametrize(
    ("wild", "words"),
    [
        ((1e20,), "1 value above 1 is cut, far from all others."),
        ((500, 1e9, 2e9), "3 values above 1 are cut, far from all others."),
        ((-1e20, -500), "2 values below 0 are cut, far from all others."),
        ((-3.4e38, 1e5, 1e6), "1 value below 0 and 2 values above 1 are cut, far from all others."),
    ],
)
def test_a_few_wild_values_of_one_image_are_cut_and_told(wild, words):
    images = [*[DIGIT] * 8, floats(0.5, *wild)]
    assert ranges(*images) == ({Depth.FLOATS: IntensityRange(0, 1)}, [words])


def test_marks_for_no_value_are_cut_in_however_many_images():
    unmeasured = np.finfo(np.float32).min
    images = [floats(0, 0.5, 1, unmeasured)] * 9
    expected = {Depth.FLOATS: IntensityRange(0, 1)}, ["9 values below 0 are cut, far from all others."]
    assert ranges(*images) == expected


def test_values_that_are_all_so_large_keep_their_range():
    assert ranges(floats(2.0**66, 2.0**67), floats(2.0**68)) == ({Depth.FLOATS: IntensityRange(2.0**66, 2.0**68)}, [])


def test_what_is_in_many_images_is_no_outlier():
    spots = [floats(0, 0, 0, peak) for peak in (0.2, 1, 0.7, 60)]
    assert ranges(*spots) == ({Depth.FLOATS: IntensityRange(0, 60)}, [])
    empty = [floats(0, 1e-9)] * 12
    assert ranges(*empty, *[DIGIT] * 8)[0] == {Depth.FLOATS: IntensityRange(0, 1)}


def test_that_most_images_become_one_grey_is_told():
    many = [*[DIGIT] * 6, *[floats(0, 60000)] * 4]
    found, notes = ranges(*many)
    assert found == {Depth.FLOATS: IntensityRange(0, 60000)}
    assert notes == [
        "6 of 10 images become a single grey: together their values reach from 0 to 60000, each has less than a 255th "
        "of that."
    ]
    assert ranges(*[floats(3)] * 9, DIGIT)[1] == []


@pytest.mark.parametrize("mark", [-9999, -99999, -999, 9999, -32768, -32767])
@pytest.mark.parametrize("marked", [1, 5, 10])
def test_marks_for_no_value_are_cut_however_many_images_have_them(mark, marked):
    images = [floats(0, 0.25, mark) if place < marked else DIGIT for place in range(10)]
    images[-1] = floats(0, 1, mark) if marked == 10 else DIGIT
    found, notes = ranges(*images)
    assert found == {Depth.FLOATS: IntensityRange(0, 1)}
    counted = "1 value" if marked == 1 else f"{marked} values"
    verb = "is" if marked == 1 else "are"
    side = "below 0" if mark < 0 else "above 1"
    assert notes == [f"{counted} {side} {verb} cut, far from all others."]


LEAST = float(np.finfo(np.float32).min)


@pytest.mark.parametrize(
    "marks",
    [
        *((-9999, LEAST), (-9999, np.nan), (-9999, -32768), (-999, -9999), (-9999, 9999), (-99999, np.inf)),
        *((-999, -9999, -99999), (-999, -9999, LEAST, np.nan), (-32768, 999999), (-9999, -3.4028231e38)),
    ],
    ids=str,
)
@pytest.mark.parametrize("each", ["one in each image", "all in each image", "in most values"])
def test_several_marks_for_no_value_are_all_cut(marks, each):
    chosen = [marks[place % len(marks) :][:1] if each.startswith("one") else marks for place in range(20)]
    images = [floats(20, 130, 250, *some * (1 if "each" in each else 9)) for some in chosen]
    assert ranges(*images, *[floats(20, 60)] * 3)[0] == {Depth.FLOATS: IntensityRange(20, 250)}


def test_of_two_marks_the_one_that_is_a_value_is_kept():
    assert ranges(floats(-9999, -5000, 9998), floats(-99999, 5))[0] == {Depth.FLOATS: IntensityRange(-9999, 9998)}
    assert ranges(floats(0, 998, 999), floats(-9999, 5))[0] == {Depth.FLOATS: IntensityRange(0, 999)}
    assert ranges(floats(-9999, 9999))[0] == {Depth.FLOATS: IntensityRange(-9999, 9999)}


def test_the_inner_one_of_two_marks_is_judged_first_as_the_outer_one_is_apart_from_all_within():
    assert ranges(floats(0, 9500), floats(-9999, -999, 5))[0] == {Depth.FLOATS: IntensityRange(-9999, 9500)}
    assert ranges(floats(0, 9500), floats(-9999, 5))[0] == {Depth.FLOATS: IntensityRange(0, 9500)}


def test_tiles_without_any_value_hide_no_others():
    images = [*[floats(LEAST, LEAST, LEAST)] * 40, *[floats(3, 8, LEAST, -9999)] * 5]
    assert ranges(*images)[0] == {Depth.FLOATS: IntensityRange(3, 8)}


def test_an_image_that_vanishes_while_marks_are_sought_is_left_out():
    images, asked = [floats(0, 1, -9999), floats(0, 2)], []

    def measure(places, bounds):
        asked.append(bounds)
        there = [place for place in places if place or len(asked) == 1]
        return {place: extent_of(images[place], bounds) for place in there}

    assert common_ranges(range(2), measure)[0].range == IntensityRange(0, 2)


def test_heights_keep_their_range_where_there_is_no_value():
    high, low = np.array([[212, 640, -9999]], np.int32), np.array([[100, -9999, -9999]], np.int32)
    assert ranges(high, low)[0] == {Depth.INTEGERS: IntensityRange(100, 640)}
    least = np.array([[212, 640, -(2**31)]], np.int32)
    assert ranges(least)[0] == {Depth.INTEGERS: IntensityRange(212, 640)}


def test_what_only_looks_like_a_mark_is_a_value():
    assert ranges(floats(-9999, -5000, 9998))[0] == {Depth.FLOATS: IntensityRange(-9999, 9998)}
    assert ranges(floats(-999, -999))[0] == {Depth.FLOATS: IntensityRange(-999, -999)}
    assert ranges(floats(0, 999), floats(0, 0))[0] == {Depth.FLOATS: IntensityRange(0, 999)}
    assert ranges(np.array([[0, 3, 9999]], np.uint16))[0] == {Depth.SIXTEEN: IntensityRange(0, 16383)}
