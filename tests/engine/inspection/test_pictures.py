"""Results as pictures: grey, side by side, by the type of the result."""

import io

import numpy as np
import pytest
from PIL import Image

from engine.errors import LayerloomError
from engine.inspection.figures import figure
from engine.inspection.pictures import picture, sheet
from engine.inspection.results import Heat, Kernels, Maps, Maximised, Page, Patches, Projection, Result, Steps
from engine.network.reach import Rectangle


def tile(shown, row, column, size, scale):
    """One tile of a picture, as small as it was."""
    step = (size + 1) * scale
    return shown[row * step : row * step + size * scale : scale, column * step : column * step + size * scale : scale]


def test_each_map_uses_the_whole_range_of_grey():
    maps = np.stack([np.linspace(0, 1, 16).reshape(4, 4), np.linspace(5, 9, 16).reshape(4, 4)])
    shown = picture(Maps(maps.astype(np.float32)))
    assert shown.dtype == np.uint8
    for column in (0, 1):
        assert tile(shown, 0, column, 4, 24).ravel().tolist() == list(range(0, 256, 17))


def test_a_map_that_is_the_same_everywhere_is_black_and_does_not_change_the_others():
    flat, sloping = np.full((3, 3), 7.5), np.arange(9).reshape(3, 3)
    shown = sheet(np.stack([flat, sloping, np.zeros((3, 3))]).astype(np.float32))
    assert not tile(shown, 0, 0, 3, 32).any()
    assert not tile(shown, 1, 0, 3, 32).any()
    assert tile(shown, 0, 1, 3, 32).max() == 255
    assert not sheet(np.full(4, 2.0, np.float32))[:12, :12].any()


def test_what_is_not_finite_takes_an_end_of_the_range_of_the_rest():
    maps = np.array([[[0, 1], [np.nan, np.inf]], [[np.nan, np.inf], [-np.inf, np.nan]]], np.float32)
    shown = sheet(maps)
    assert tile(shown, 0, 0, 2, 48).tolist() == [[0, 255], [0, 255]]
    assert not tile(shown, 0, 1, 2, 48).any()


def test_a_vector_shares_one_range():
    shown = sheet(np.array([0.0, 1.0, 2.0, 4.0], np.float32))
    assert [tile(shown, row, column, 1, 12).item() for row in (0, 1) for column in (0, 1)] == [0, 64, 128, 255]


def test_kernels_share_one_scale_around_the_middle_grey():
    values = np.zeros((2, 3, 2, 2), np.float32)
    values[0, :, 0, 0], values[1, :, 1, 1] = 2, -1
    shown = picture(Kernels("conv", values, None))
    assert tile(shown, 0, 0, 2, 48).tolist() == [[255, 128], [128, 128]]
    assert tile(shown, 0, 1, 2, 48).tolist() == [[128, 128], [128, 64]]


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4), (2, 1, 3, 3)])
def test_weights_of_every_kind_have_a_picture_even_if_all_are_0(shape):
    shown = picture(Kernels("node", np.zeros(shape, np.float32), None))
    assert set(np.unique(shown)) <= {128, 255}


def test_heat_is_one_map():
    values = np.arange(16, dtype=np.float32).reshape(4, 4)
    np.testing.assert_array_equal(picture(Heat(values)), sheet(values[None]))


def test_steps_are_a_row_for_each_input_map():
    grid = np.arange(9.0).reshape(3, 3)
    page = Page(0, grid, np.zeros((3, 3), bool), -grid, -grid * grid, -204.0, -204.0)
    steps = Steps("conv", 0, 0, 0, (page, page), None, 0.0, "", None, 0.0, False, (0, 2), (0, 2))
    shown = picture(steps)
    assert shown.shape == (2 * 4 * 32, 3 * 4 * 32)
    assert tile(shown, 1, 0, 3, 32)[0, 0] == 0
    assert tile(shown, 1, 1, 3, 32)[0, 0] == 255
    np.testing.assert_array_equal(steps.array, np.stack([page.products] * 2).astype(np.float32))


SEEN = Rectangle((-1, 1), (2, 4))


def test_units_are_sheets_of_nine_with_what_was_projected_back_beside_them():
    values = np.linspace(0, 1, 2 * 9 * 4 * 4, dtype=np.float32).reshape(2, 9, 1, 4, 4)
    answers = np.zeros((2, 9), np.float32)
    plain = picture(Patches("conv", (0, 1), values, answers))
    scale = 17
    sheet = plain[::scale, ::scale]
    assert sheet.shape == (15 + 2 + 1, 2 * (15 + 2 + 1))
    for rank in range(9):
        row, column = divmod(rank, 3)
        patch = sheet[5 * row : 5 * row + 4, 18 + 5 * column : 18 + 5 * column + 4]
        np.testing.assert_array_equal(patch, (values[1, rank, 0] * 255).round())
    both = picture(Patches("conv", (0,), values[:1], answers[:1], values[:1] - values[:1].max()))
    assert both.shape[1] > both.shape[0]
    assert set(np.unique(both[: both.shape[0] // 2, both.shape[1] // 2 :])) <= {*range(129), 255}
    assert picture(Patches("conv", (0,), values[:1].repeat(3, axis=2), answers[:1])).shape[2] == 3


def test_what_was_projected_back_and_maximised_is_cut_to_what_the_unit_sees():
    values = np.zeros((1, 6, 6), np.float32)
    values[0, 0, 2], values[0, 1, 3], values[0, 5, 5] = -2, 1, 100
    shown = picture(Projection("conv", 0, 0, 0, 1.0, SEEN, values))
    assert shown[::64, ::64][:3, :3].tolist() == [[128, 128, 128], [0, 128, 128], [128, 191, 128]]
    shown = picture(Maximised("conv", 0, np.full((1, 6, 6), 1, np.float32), 1.0, 0.0, 1, 1, SEEN))
    assert shown[::64, ::64][:3, :3].tolist() == [[128, 128, 128], [255, 255, 255], [255, 255, 255]]


def test_the_file_is_a_grey_png():
    with Image.open(io.BytesIO(figure(picture(Heat(np.eye(3, dtype=np.float32))), (), ".png"))) as image:
        assert (image.format, image.mode) == ("PNG", "L")


def test_a_type_without_a_picture_is_told_and_can_be_given_one():
    class Sound(Result):
        """Something to hear."""

    with pytest.raises(LayerloomError, match=r"There is no picture of Sound, only its numbers\."):
        picture(Sound())

    class Louder(Sound):
        """Something louder, which is seen."""

    picture.register(Louder)(lambda _: np.zeros((1, 1), np.uint8))
    assert picture(Louder()).shape == (1, 1)
