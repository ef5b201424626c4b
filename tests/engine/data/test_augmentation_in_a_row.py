"""Steps one after the other: what they come to, whatever batch an image stands in, and where points go."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.data.augmentation import AUGMENTATION, GeometricStep, augmented, shapes_before
from engine.data.augmentation.mixing import MixingStep
from engine.data.draws import Draws, Pass
from engine.errors import LayerloomError
from engine.layers import Shape

SHAPE = Shape(3, 24, 32)
NAMES = sorted(name for name, kind in AUGMENTATION.items() if not issubclass(kind, MixingStep))
MOVING = [name for name in NAMES if issubclass(AUGMENTATION[name], GeometricStep)]


def images(count, shape=SHAPE, seed=0):
    """Smooth images, so that taking samples twice differs little from once."""
    coarse = torch.rand(count, shape.channels, 5, 6, generator=torch.Generator().manual_seed(seed)) * 255
    return functional.interpolate(coarse, shape[1:], mode="bicubic", align_corners=False).clamp(0, 255)


def draws(indices, epoch=1):
    return Draws.of(Pass(7, epoch), np.asarray(indices), np.zeros(len(indices), np.int64))


def run(steps, pixels, indices, epoch=1, shape=SHAPE):
    steps = tuple(AUGMENTATION.make(step).fitted(lambda: np.diag((0.05, 0.04, 0.03))) for step in steps)
    return augmented(steps, pixels, torch.zeros(len(pixels)), draws(indices, epoch), shape=shape)[0]


def shapes_of(steps):
    return shapes_before([AUGMENTATION.make(step) for step in steps], SHAPE)


def kept(steps, count):
    return images(count, shapes_of(steps)[0])


@pytest.mark.parametrize("name", NAMES)
def test_an_image_becomes_the_same_bit_by_bit_in_any_batch(name):
    pixels = kept([name], 70)
    whole = run([name], pixels, range(70))
    assert whole.shape[1:] == torch.Size(SHAPE)
    for batch in ([3], [69, 3], list(range(1, 18)), list(range(69, -1, -1))):
        assert torch.equal(run([name], pixels[batch], batch), whole[batch])
    assert name == "pad" or not torch.equal(run([name], pixels, range(70), epoch=2), whole)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"mirror", "greyscale", "pad"}))
def test_equal_images_at_different_places_become_different(name):
    step = {"name": name, "probability": 1} | ({"kept_at": 600} if name == "crop" else {})
    pixels = kept([step], 1).expand(64, -1, -1, -1)
    assert len(run([step], pixels, range(64)).flatten(1).unique(dim=0)) == 64


@pytest.mark.parametrize(
    "steps",
    [
        ["rotate", "shift"],
        ["mirror", "scale", "shear", "rotate"],
        ["crop", "rotate", "mirror"],
        ["resize_crop", "mirror", "rotate"],
        ["rotate", "crop"],
        ["pad", "crop", "lens"],
        ["warp", "rotate", "perspective"],
        [{"name": "rotate", "border": "edge"}, {"name": "shift", "border": "reflect"}, "shear"],
        [{"name": "shift", "fill": 200}, {"name": "rotate", "fill": 90}, "stretch"],
        [{"name": "rotate", "probability": 0.5}, {"name": "warp", "probability": 0.5}, "mirror"],
    ],
)
def test_steps_in_a_row_come_to_what_they_come_to_one_by_one(steps):
    pixels = kept(steps, 12)
    together = run(steps, pixels, range(12))
    made = [AUGMENTATION.make(step) for step in steps]
    shapes = shapes_before(made, SHAPE)
    for step, after in zip(made, shapes[1:], strict=True):
        pixels = augmented((step,), pixels, torch.zeros(12), draws(range(12)), shape=after)[0]
    apart = (together - pixels).abs().flatten()
    assert apart.median() < 1.5
    assert apart.quantile(0.8) < 8  # the others are edges of images, which samples taken twice blur twice


def test_taking_samples_once_keeps_more_than_taking_them_ten_times():
    noise = torch.rand(8, 1, 24, 32, generator=torch.Generator().manual_seed(1)) * 255
    turned = [{"name": "rotate", "angle": (36, 36), "border": "reflect"}] * 10
    whole = run(turned, noise, range(8), shape=Shape(1, 24, 32))[:, :, 8:16, 12:20]
    assert torch.allclose(whole, noise[:, :, 8:16, 12:20], atol=0.1)  # ten times 36° is once around


@pytest.mark.parametrize("name", MOVING)
def test_points_go_where_the_pixels_go(name):
    step = AUGMENTATION[name]()
    before = shapes_before([step], SHAPE)[0][1:]
    values, points = step.draw(draws(range(5))), torch.rand(5, 40, 2, generator=torch.Generator().manual_seed(0))
    points = points * torch.tensor((before[1], before[0]))
    there = step.target(points, values, before, SHAPE[1:])
    assert torch.allclose(step.source(there, values, before, SHAPE[1:]), points, atol=1e-2)


def test_a_step_that_moves_to_the_right_moves_points_to_the_right():
    step = AUGMENTATION["shift"](horizontal=(0.25, 0.25), vertical=(0.5, 0.5))
    there = step.target(torch.tensor([[[4.0, 6.0]]]), step.draw(draws([0])), (24, 32), (24, 32))
    assert there.tolist() == [[[12.0, 18.0]]]


def test_a_crop_is_a_window_of_what_is_kept_and_every_window_comes():
    step = AUGMENTATION["crop"](kept_at=27)
    assert step.storage(SHAPE) == Shape(3, 27, 36)
    pixels = torch.arange(27 * 36).float().view(1, 1, 27, 36).expand(400, 3, -1, -1)
    found = run([step], pixels, range(400))
    assert torch.equal(found[:, 0], found[:, :1, :1, :1].squeeze(1) + torch.arange(24)[:, None] * 36 + torch.arange(32))
    corners = found[:, 0, 0, 0].unique().long()
    assert {(corner // 36, corner % 36) for corner in corners.tolist()} == {(y, x) for y in range(4) for x in range(5)}


@pytest.mark.parametrize(("kept_at", "size"), [(256, 256), (0, 260), (227, 227)])
def test_images_are_kept_as_large_as_a_crop_is_told(kept_at, size):
    assert AUGMENTATION["crop"](kept_at=kept_at).storage(Shape(3, 227, 227)) == Shape(3, size, size)


def test_padding_and_a_crop_shift_by_whole_pixels():
    steps = [{"name": "pad", "margin": 4, "fill": 9}, {"name": "crop", "kept_at": 32}]
    assert shapes_before([AUGMENTATION.make(step) for step in steps], Shape(3, 24, 24))[0] == Shape(3, 24, 24)
    pixels = images(64, Shape(3, 24, 24))
    around = functional.pad(pixels, (4, 4, 4, 4), value=9)
    found = run(steps, pixels, range(64), shape=Shape(3, 24, 24))
    for one, whole in zip(found, around, strict=True):
        windows = [(y, x) for y in range(9) for x in range(9)]
        assert any(torch.allclose(one, whole[:, y : y + 24, x : x + 24], atol=2e-2) for y, x in windows)


def test_what_lies_outside_is_a_value_the_edge_or_a_mirror_image():
    ramp = torch.arange(32).float().expand(1, 3, 24, -1) * 4
    for border, expected in (("constant", 77.0), ("edge", 0.0), ("reflect", 28.0)):
        step = {"name": "shift", "horizontal": (0.25, 0.25), "vertical": (0, 0), "border": border, "fill": 77}
        assert run([step], ramp, [0])[0, 0, 5, 0].item() == pytest.approx(expected, abs=1e-3), border


@pytest.mark.parametrize("border", ["constant", "edge", "reflect"])
@pytest.mark.parametrize("by", [-1.0, -0.4, 0.3, 0.9])
def test_what_lies_outside_is_the_same_whatever_step_came_before(border, by):
    shift = {"name": "shift", "horizontal": (by, by), "vertical": (-by, -by), "border": border, "fill": 70}
    big = {"name": "scale", "factor": (2.5, 2.5)}
    pixels = images(3)
    mirrored = run([{"name": "mirror", "probability": 1}, shift], pixels, range(3))
    assert torch.allclose(mirrored, run([shift], pixels.flip(3), range(3)), atol=0.02)
    small = [shift, {"name": "scale", "factor": (0.7, 0.7), "border": "reflect"}]
    assert torch.allclose(
        run([big, *small], pixels, range(3)), run(small, run([big], pixels, range(3)), range(3)), atol=12
    )


def test_what_one_step_fills_the_next_moves_and_fills_around():
    steps = [
        {"name": "shift", "horizontal": (0.25, 0.25), "vertical": (0, 0), "fill": 200},
        {"name": "shift", "horizontal": (0, 0), "vertical": (0.25, 0.25), "fill": 90},
        {"name": "shift", "horizontal": (-0.5, -0.5), "vertical": (0, 0), "fill": 30},
    ]
    pixels = images(2)
    expected = functional.pad(pixels[..., :-8], (8, 0), value=200)
    expected = functional.pad(expected[:, :, :-6], (0, 0, 6, 0), value=90)
    expected = functional.pad(expected[..., 16:], (0, 16), value=30)
    assert torch.allclose(run(steps, pixels, [0, 1]), expected, atol=0.01)


def test_an_image_that_is_shrunk_skips_no_pixels():
    stripes = (torch.arange(32) % 4 < 2).float().expand(1, 3, 24, -1) * 255
    small = run([{"name": "scale", "factor": (0.25, 0.25)}], stripes, [0])[0, 0, 12, 13:19]
    assert small.numpy() == pytest.approx(127.5, abs=1)


SHRINKING = {
    "scale": ({"factor": 0.5}, 2),
    "stretch": ({"width": 0.5, "height": 0.25}, 4),
    "affine": ({"factor": 0.5}, 2),
    "perspective": ({"inwards": [0.2, 0.1] * 4}, 1 / 0.6),
    "lens": ({"bend": 0.5}, 2.5),
    "resize_crop": ({"height": 1.0, "width": 0.5}, 2),
}


@pytest.mark.parametrize("name", SHRINKING)
def test_a_step_says_how_many_pixels_come_together_in_one(name):
    values, most = SHRINKING[name]
    drawn = {key: np.array([value]) for key, value in values.items()}
    after = (20, 20) if name == "resize_crop" else (40, 60)
    assert AUGMENTATION[name]().shrinking(drawn, (40, 60), after) == pytest.approx(most)


@pytest.mark.parametrize(("factor", "samples"), [(1 / 1.4, 1), (1 / 1.6, 2), (1 / 2.4, 2), (1 / 2.6, 3), (0.1, 4)])
def test_a_pixel_is_the_mean_of_as_many_samples_each_way_as_the_image_shrinks(factor, samples):
    columns = torch.rand(96, generator=torch.Generator().manual_seed(4)) * 255
    pixels = columns.expand(1, 3, 96, -1)
    found = run([{"name": "scale", "factor": (factor, factor), "border": "edge"}], pixels, [0], shape=Shape(3, 96, 96))
    places = ((np.arange(96 * samples) + 0.5) / samples - 48) / factor + 48 - 0.5
    expected = np.interp(places, np.arange(96), columns).reshape(96, samples).mean(axis=1)
    assert np.abs(found[0, 0, 48].numpy() - expected).max() < 0.05


@pytest.mark.parametrize("border", ["constant", "edge", "reflect"])
@pytest.mark.parametrize("beside", ["rotate", "lens", "stretch", "resize_crop"])
@pytest.mark.parametrize("first", [True, False])
def test_an_image_that_is_left_out_of_a_step_is_as_if_there_were_none(first, beside, border):
    step = {"name": "scale", "factor": (0.3, 0.3), "probability": 0.5, "border": border, "fill": 90}
    beside = {"name": beside} | ({"width": (0.4, 0.4)} if beside == "stretch" else {})
    steps = [step, beside] if first else [beside, step]
    pixels = torch.rand(40, *shapes_of(steps)[0], generator=torch.Generator().manual_seed(1)) * 255
    found, expected = run(steps, pixels, range(40)), run([beside], pixels, range(40))
    left_out = draws(range(40)).for_("scale 0").uniform() >= 0.5
    assert 0 < left_out.sum() < 40
    assert torch.allclose(found[left_out], expected[left_out], atol=0.01)


def test_a_probability_leaves_as_many_images_as_they_are():
    pixels = images(2000, Shape(1, 6, 6))
    steps = [{"name": "rotate", "probability": 0.3, "angle": (20, 40)}]
    same = (run(steps, pixels, range(2000), shape=Shape(1, 6, 6)) - pixels).abs().flatten(1).amax(1) < 1e-2
    assert same.float().mean().item() == pytest.approx(0.7, abs=0.03)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"name": "rotate", "angle": (20, -20)}, "20"),
        ({"name": "rotate", "probability": 2}, "1"),
        ({"name": "crop", "probability": 0.5}, "1"),
        ({"name": "scale", "factor": (0, 1)}, "0.1"),
        ({"name": "resize_crop", "area": (0, 1)}, "0"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_a_sentence(step, told):
    with pytest.raises(LayerloomError, match=told):
        AUGMENTATION.make(step)


@pytest.mark.parametrize("name", ["hue", "saturation", "greyscale", "rgb_shift", "pca_colour"])
def test_a_step_for_colours_is_refused_for_grey_images(name):
    with pytest.raises(LayerloomError, match="takes grey images"):
        shapes_before([AUGMENTATION[name]()], Shape(1, 8, 8))


def test_padding_of_more_than_the_image_is_refused_in_a_sentence():
    with pytest.raises(LayerloomError, match="Padding"):
        shapes_before([AUGMENTATION["pad"](margin=12)], SHAPE)
