import numpy as np
import pytest

from engine.data.extents import by_own_range
from engine.data.intensity import Depth, Intensities, IntensityRange, by_kind


def test_a_range_clips_what_is_outside():
    values = np.array([-np.inf, -2000, -1000, 0, 1000, 2000, np.inf, np.nan])
    assert IntensityRange(-1000, 1000)(values).tolist() == [0, 0, 0, 128, 255, 255, 255, 0]


def test_a_range_of_one_value_is_black():
    assert IntensityRange(5, 5)(np.array([4, 5, 6])).tolist() == [0, 0, 0]


@pytest.mark.parametrize("ends", [(1, 0), (0, np.inf), (np.nan, 1), (-np.inf, 0)])
def test_what_is_no_range_is_refused(ends):
    with pytest.raises(ValueError, match="no range"):
        IntensityRange(*ends)


def test_each_depth_goes_by_its_range_and_one_that_has_none_by_its_kind():
    both = Intensities({Depth.SIXTEEN: IntensityRange(0, 1023), Depth.FLOATS: IntensityRange(-2, 2)})
    assert both(np.array([[0, 1023]], np.uint16)).tolist() == [[0, 255]]
    assert both(np.array([[-2, 2]], np.float32)).tolist() == [[0, 255]]
    assert both(np.array([[0, 255]], np.int32)).tolist() == [[0, 255]]


def test_one_image_is_seen_by_its_own_range():
    assert by_own_range(np.array([0, 0.51, 1.02])).tolist() == [0, 128, 255]
    assert by_own_range(np.array([0, 1023], np.uint16)).tolist() == [0, 255]
    assert by_own_range(np.array([np.nan])).tolist() == [0]
    assert by_own_range(np.array([0, 0.51, 1.02, 1e20, -1e20])).tolist() == [0, 128, 255, 255, 0]


def test_an_image_that_goes_by_its_kind_keeps_its_brightness():
    assert by_kind(np.array([0, 0.5, 1, np.nan])).tolist() == [0, 128, 255, 0]
    assert by_kind(np.array([0, 257, 65535], np.uint16)).tolist() == [0, 1, 255]
    assert by_kind(np.array([0, 255], np.int32)).tolist() == [0, 255]
    assert by_kind(np.array([[[255, 256, 65535]]], np.uint16)).tolist() == [[[0, 1, 255]]]


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_what_is_scaled_piece_by_piece_is_what_is_scaled_at_once(dtype):
    values = np.random.default_rng(0).integers(0, 5000, (3000, 700)).astype(dtype)
    at_once = (np.clip(values.astype(np.float64), 0, 4000) / 4000 * 255).round().astype(np.uint8)
    np.testing.assert_array_equal(IntensityRange(0, 4000)(values), at_once)
    np.testing.assert_array_equal(by_kind(values), (values.astype(np.float64) / 257).round().astype(np.uint8))
