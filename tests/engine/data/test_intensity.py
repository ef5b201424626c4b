import numpy as np
import pytest

from engine.data.intensity import Extent, IntensityRange, by_kind, by_own_range, common_range, extent_of


@pytest.mark.parametrize(
    ("highest", "white"),
    [(0, 1023), (1000, 1023), (1023, 1023), (1024, 4095), (4095, 4095), (4096, 16383), (16384, 65535), (65535, 65535)],
)
def test_sixteen_bit_integers_fill_the_smallest_number_of_bits(highest, white):
    assert common_range([Extent(3, 7, True), Extent(1, highest, True)]) == IntensityRange(0, white)


def test_floats_and_long_integers_go_from_their_least_to_their_largest_value():
    assert common_range([Extent(-1000, 20, False), Extent(5, 1000, False)]) == IntensityRange(-1000, 1000)
    assert common_range([Extent(0, 70000, False), Extent(-1, 100, True)]) == IntensityRange(-1, 70000)
    assert common_range([]) is None


def test_an_extent_is_of_finite_values():
    assert extent_of(np.array([[np.inf, 1.02], [np.nan, -np.inf]])) == Extent(1.02, 1.02, False)
    assert extent_of(np.array([[np.nan]])) is None
    assert extent_of(np.array([[3, 900]], np.uint16)) == Extent(3, 900, True)


def test_a_range_clips_what_is_outside():
    values = np.array([-np.inf, -2000, -1000, 0, 1000, 2000, np.inf, np.nan])
    assert IntensityRange(-1000, 1000)(values).tolist() == [0, 0, 0, 128, 255, 255, 255, 0]


def test_a_range_of_one_value_is_black():
    assert IntensityRange(5, 5)(np.array([4, 5, 6])).tolist() == [0, 0, 0]


@pytest.mark.parametrize("ends", [(2, 1), (0, np.inf), (-np.inf, 0), (np.nan, 1), (0, np.nan)])
def test_what_is_no_range_is_refused(ends):
    with pytest.raises(ValueError, match="no range"):
        IntensityRange(*ends)


def test_an_image_alone_goes_by_its_own_range():
    assert by_own_range(np.array([0, 0.51, 1.02])).tolist() == [0, 128, 255]
    assert by_own_range(np.array([0, 1023], np.uint16)).tolist() == [0, 255]
    assert by_own_range(np.array([np.nan])).tolist() == [0]


def test_without_a_range_the_kind_of_the_values_decides():
    assert by_kind(np.array([0, 257, 65535], np.uint16)).tolist() == [0, 1, 255]
    assert by_kind(np.array([0, 0.5, 1], np.float32)).tolist() == [0, 128, 255]
    assert by_kind(np.array([0, 255], np.int32)).tolist() == [0, 255]
