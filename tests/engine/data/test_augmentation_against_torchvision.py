"""Every augmentation step at fixed values, against torchvision or a closed form."""

import math

import numpy as np
import pytest
import torch

from engine.data.augmentation import AUGMENTATION
from engine.torchvision_compat import torchvision

torchvision()
from torchvision.transforms.v2 import InterpolationMode  # noqa: E402
from torchvision.transforms.v2 import functional as reference  # noqa: E402

HEIGHT, WIDTH = 20, 28
BILINEAR = InterpolationMode.BILINEAR


@pytest.fixture
def pixels():
    return torch.rand(4, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(0)) * 255


def made(name, pixels, /, *, settings=None, **values):
    """What a step makes of images when these values are drawn for all of them."""
    step = AUGMENTATION[name](**settings or {})
    drawn = {key: torch.tensor(value).float().expand(len(pixels), *np.shape(value)) for key, value in values.items()}
    changed, targets = step.apply(pixels.clone(), torch.zeros(len(pixels)), drawn)
    assert not targets.any()
    return changed


def affine(pixels, angle=0.0, shift=(0, 0), factor=1.0, shear=(0.0, 0.0)):
    """torchvision's, with angles to the left as ours."""
    return reference.affine(pixels, -angle, list(shift), factor, list(shear), interpolation=BILINEAR)


CASES = {
    "rotate": ({"angle": 25.0}, lambda x: reference.rotate(x, 25.0, interpolation=BILINEAR)),
    "rotate far": ({"angle": -170.0}, lambda x: reference.rotate(x, -170.0, interpolation=BILINEAR)),
    "scale up": ({"factor": 1.3}, lambda x: affine(x, factor=1.3)),
    "scale down": ({"factor": 0.8}, lambda x: affine(x, factor=0.8)),
    "shear rows": ({"horizontal": 20.0, "vertical": 0.0}, lambda x: affine(x, shear=(20.0, 0.0))),
    "shear columns": ({"horizontal": 0.0, "vertical": -15.0}, lambda x: affine(x, shear=(0.0, -15.0))),
    "shear both": ({"horizontal": 20.0, "vertical": -15.0}, lambda x: affine(x, shear=(20.0, -15.0))),
    "shear both far": ({"horizontal": 45.0, "vertical": 45.0}, lambda x: affine(x, shear=(45.0, 45.0))),
    "shift": ({"horizontal": 3 / WIDTH, "vertical": -2 / HEIGHT}, lambda x: affine(x, shift=(3, -2))),
    "affine": (
        {"angle": 20.0, "shear": 10.0, "factor": 1.2, "horizontal": 3 / WIDTH, "vertical": -2 / HEIGHT},
        lambda x: affine(x, 20.0, (3, -2), 1.2, (10.0, 0.0)),
    ),
    "perspective": (
        {"inwards": [0.1, 0.05, 0.2, 0.1, 0.02, 0.0, 0.1, 0.2]},
        lambda x: reference.perspective(
            x,
            [[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]],
            [[2.8, 1.0], [22.4, 2.0], [27.44, 20.0], [2.8, 16.0]],
            interpolation=BILINEAR,
        ),
    ),
    "brightness": ({"factor": 1.4}, lambda x: reference.adjust_brightness(x / 255, 1.4) * 255),
    "contrast": ({"factor": 0.4}, lambda x: reference.adjust_contrast(x / 255, 0.4) * 255),
    "saturation": ({"factor": 1.7}, lambda x: reference.adjust_saturation(x / 255, 1.7) * 255),
    "hue": ({"angle": -75.0}, lambda x: reference.adjust_hue(x / 255, -75 / 360) * 255),
    "greyscale": ({}, lambda x: reference.rgb_to_grayscale(x / 255, 3) * 255),
    "mirror": ({}, lambda x: x.flip(3)),
    "rgb_shift": (
        {"red": 20.0, "green": -30.0, "blue": 0.0},
        lambda x: (x + torch.tensor([20.0, -30.0, 0.0]).view(1, 3, 1, 1)).clamp(0, 255),
    ),
    "colour_jitter": (
        {"brightness": 1.2, "contrast": 0.7, "saturation": 1.5, "hue": 30.0},
        lambda x: (
            reference.adjust_hue(
                reference.adjust_saturation(
                    reference.adjust_contrast(reference.adjust_brightness(x / 255, 1.2), 0.7), 1.5
                ),
                30 / 360,
            )
            * 255
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_step_makes_of_images_what_torchvision_makes(pixels, case):
    values, expected = CASES[case]
    assert torch.allclose(made(case.split()[0], pixels, **values), expected(pixels), atol=0.05)
    assert not torch.allclose(expected(pixels), pixels, atol=1)


def test_up_and_down_change_places(pixels):
    assert torch.equal(made("mirror", pixels, settings={"direction": "up_down"}), pixels.flip(2))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("rotate", {"angle": 0.0}),
        ("scale", {"factor": 1.0}),
        ("stretch", {"width": 1.0, "height": 1.0}),
        ("shear", {"horizontal": 0.0, "vertical": 0.0}),
        ("shift", {"horizontal": 0.0, "vertical": 0.0}),
        ("affine", {"angle": 0.0, "shear": 0.0, "factor": 1.0, "horizontal": 0.0, "vertical": 0.0}),
        ("perspective", {"inwards": [0.0] * 8}),
        ("warp", {"by": np.zeros((6, 6, 2))}),
        ("lens", {"bend": 0.0}),
        ("brightness", {"factor": 1.0}),
        ("contrast", {"factor": 1.0}),
        ("saturation", {"factor": 1.0}),
        ("hue", {"angle": 0.0}),
        ("rgb_shift", {"red": 0.0, "green": 0.0, "blue": 0.0}),
        ("pca_colour", {"by": [0.0, 0.0, 0.0]}),
        ("colour_jitter", {"brightness": 1.0, "contrast": 1.0, "saturation": 1.0, "hue": 0.0}),
        ("erase", {"top": 0.2, "left": 0.2, "height": 0.0, "width": 0.0}),
    ],
)
def test_a_step_at_no_strength_changes_nothing(pixels, name, values):
    assert torch.equal(made(name, pixels, **values), pixels)


def test_width_and_height_stretch_each_by_its_factor(pixels):
    wide = made("stretch", pixels, width=2.0, height=1.0)
    x = (torch.arange(WIDTH) + 0.5 - WIDTH / 2) / 2 + WIDTH / 2 - 0.5
    first = x.floor().long()
    expected = torch.lerp(pixels[..., first], pixels[..., first + 1], (x - first))
    assert torch.allclose(wide, expected, atol=1e-2)


def test_a_lens_moves_points_by_the_cube_of_their_distance(pixels):
    ramp = torch.arange(WIDTH).float().expand(1, 3, HEIGHT, -1).clone()  # each pixel says its column
    bent = made("lens", ramp, bend=-0.2)[0, 0]
    middle, unit = np.array((WIDTH / 2, HEIGHT / 2)), math.hypot(WIDTH / 2, HEIGHT / 2)
    for y, x in ((10, 14), (3, 5), (19, 27), (12, 0)):
        away = np.array((x + 0.5, y + 0.5)) - middle
        was = middle + away * (1 - 0.2 * (np.linalg.norm(away) / unit) ** 2)
        assert bent[y, x].item() == pytest.approx(was[0] - 0.5, abs=1e-3)


@pytest.mark.parametrize("by", [0.3, -0.4])
def test_a_warp_whose_knots_all_move_alike_shifts_the_image(pixels, by):
    knots = np.zeros((6, 6, 2))
    knots[..., 0] = by
    warped = made("warp", pixels, settings={"border": "edge"}, by=knots)
    unit = WIDTH / 3
    shifted = made("shift", pixels, settings={"border": "edge"}, horizontal=-by * unit / WIDTH, vertical=0.0)
    assert torch.allclose(warped, shifted, atol=1e-2)


def test_a_warp_moves_what_is_at_a_knot_by_the_weights_of_a_cubic_spline():
    ramp = torch.arange(WIDTH).float().expand(1, 3, HEIGHT, -1).clone()
    knots = np.zeros((6, 6, 2))
    knots[2, 2] = (0.3, 0.0)  # the second of four along each side, a third of the way
    found = made("warp", ramp, by=knots)[0, 0] - ramp[0, 0]
    unit = WIDTH / 3
    at = ((np.arange(WIDTH) + 0.5) / unit, (np.arange(HEIGHT) + 0.5) / (HEIGHT / 3))

    def weight(distance):
        distance = abs(distance)
        return (4 - 6 * distance**2 + 3 * distance**3) / 6 if distance < 1 else max(0, 2 - distance) ** 3 / 6

    for y, x in ((6, 9), (6, 12), (10, 9), (2, 20)):
        expected = 0.3 * unit * weight(at[0][x] - 1) * weight(at[1][y] - 1)
        assert found[y, x].item() == pytest.approx(expected, abs=1e-3)


def test_pca_colour_moves_along_the_axes_of_the_training_images(pixels):
    covariance = np.array([[0.08, 0.05, 0.01], [0.05, 0.07, 0.02], [0.01, 0.02, 0.03]])
    step = AUGMENTATION["pca_colour"](strength=0.1).fitted(lambda: covariance)
    moves = step.draw(_draws(100_000))["by"] / 255
    values, axes = np.linalg.eigh(covariance)
    expected = axes @ np.diag((0.1 * values) ** 2) @ axes.T
    assert np.cov(moves.T) == pytest.approx(expected, abs=2e-6)
    assert moves.mean(axis=0) == pytest.approx(0, abs=1e-4)
    by = torch.tensor([[5.0, -300.0, 0.0]]).expand(4, -1)
    changed, _ = step.apply(pixels, torch.zeros(4), {"by": by})
    assert torch.equal(changed, (pixels + by[:, :, None, None]).clamp(0, 255))


def test_a_rectangle_is_covered_and_nothing_else(pixels):
    changed = made("erase", pixels, settings={"fill": 7}, top=0.25, left=0.5, height=0.5, width=0.25)
    expected = pixels.clone()
    expected[:, :, 5:15, 14:21] = 7
    assert torch.equal(changed, expected)


def _draws(count):
    from engine.data.draws import Draws, Pass

    return Draws.of(Pass(0, 1), np.arange(count), np.zeros(count, np.int64))


@pytest.mark.parametrize("name", ["erase", "resize_crop"])
def test_rectangles_have_the_areas_and_shapes_that_are_asked_for_and_lie_within(name):
    drawn = AUGMENTATION[name](area=(0.2, 0.5), ratio=(0.5, 2.0)).draw(_draws(20_000))
    area, ratio = drawn["height"] * drawn["width"], drawn["width"] / drawn["height"]
    assert (area.min(), area.max()) == pytest.approx((0.2, 0.5), abs=1e-3)
    assert (ratio.min(), ratio.max()) == pytest.approx((0.5, 2.0), abs=1e-3)
    assert area.mean() == pytest.approx(0.35, abs=2e-3)
    assert np.log(ratio).mean() == pytest.approx(0, abs=0.02)
    for start, extent in (("top", "height"), ("left", "width")):
        assert drawn[start].min() >= 0
        assert (drawn[start] + drawn[extent]).max() <= 1 + 1e-12
        room = 1 - drawn[extent]
        assert (drawn[start] / room).mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", ["erase", "resize_crop"])
def test_where_no_such_shape_fits_it_is_a_square_of_the_area(name):
    drawn = AUGMENTATION[name](area=(0.5, 0.9), ratio=(4, 5)).draw(_draws(1000))
    assert np.array_equal(drawn["height"], drawn["width"])
    area = drawn["height"] * drawn["width"]
    assert (area.min(), area.max()) == pytest.approx((0.5, 0.9), abs=5e-3)
