"""What every registered step makes of images, from its settings on, against kornia, scipy or a closed form."""

import kornia
import numpy as np
import pytest
import torch
from scipy.interpolate import BSpline
from scipy.ndimage import map_coordinates
from torch.nn import functional

from engine.data.augmentation import AUGMENTATION, augmented, fitted, shapes_before
from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.mixtures import mixed
from engine.data.draws import Draws, Pass
from engine.layers import Shape

HEIGHT, WIDTH = 20, 28
SHAPE = Shape(3, HEIGHT, WIDTH)
COUNT = 6
CORNERS = torch.tensor([[0.0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
COVARIANCE = ((0.08, 0.05, 0.01), (0.05, 0.07, 0.02), (0.01, 0.02, 0.03))


def every(value):
    """A range of one value, which all images draw then."""
    return (value, value)


def affine(pixels, *, shift=(0.0, 0.0), factor=1.0, degrees=0.0, slant=(0.0, 0.0)):
    """kornia's, which turns to the left and slants as torchvision does."""
    middle, radians = torch.tensor([[(WIDTH - 1) / 2, (HEIGHT - 1) / 2]]), torch.deg2rad(torch.tensor(slant))
    matrix = kornia.geometry.get_affine_matrix2d(
        torch.tensor([shift]), middle, torch.full((1, 2), factor), torch.tensor([-degrees]), radians[:1], radians[1:]
    )
    return kornia.geometry.warp_affine(pixels, matrix[:, :2].expand(len(pixels), -1, -1), (HEIGHT, WIDTH))


def perspective(pixels, drawn):
    inwards = torch.from_numpy(drawn["inwards"]).float().view(-1, 4, 2)
    moved = CORNERS + torch.sign(torch.tensor((WIDTH, HEIGHT)) / 2 - CORNERS) * inwards * torch.tensor((WIDTH, HEIGHT))
    matrix = kornia.geometry.get_perspective_transform(CORNERS.expand(COUNT, -1, -1) - 0.5, moved - 0.5)
    return kornia.geometry.warp_perspective(pixels, matrix, (HEIGHT, WIDTH))


def sampled(pixels, places):
    """Images at places ``(N, 2, H, W)``, x and y from the corner; black lies outside."""
    return torch.from_numpy(
        np.stack(
            [
                [map_coordinates(plane, (y - 0.5, x - 0.5), order=1, mode="grid-constant") for plane in image]
                for image, (x, y) in zip(pixels.numpy(), places, strict=True)
            ]
        )
    )


def grid():
    """The middles of all pixels, x and y."""
    return np.stack(np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)).astype(float)


def lens(pixels, drawn):
    middle = np.array((WIDTH / 2, HEIGHT / 2))[:, None, None]
    away = grid() - middle
    squared = (away**2).sum(axis=0) / (middle**2).sum()
    return sampled(pixels, [middle + away * (1 + bend * squared) for bend in drawn["bend"]])


def warp(pixels, drawn):
    bump = BSpline.basis_element(np.arange(-2, 3), extrapolate=False)
    unit = np.array((WIDTH / 3, HEIGHT / 3))
    x, y = grid() / unit[:, None, None]
    weights = np.stack(
        [
            [np.nan_to_num(bump(y - row)) * np.nan_to_num(bump(x - column)) for column in range(-1, 5)]
            for row in range(-1, 5)
        ]
    )
    moved = np.einsum("nijd,ijyx->ndyx", drawn["by"], weights) * unit[:, None, None]
    return sampled(pixels, grid() + moved)


def crop(pixels, drawn):
    corners = zip(np.floor(drawn["down"] * 4).astype(int), np.floor(drawn["right"] * 5).astype(int), strict=True)
    places = zip(pixels, corners, strict=True)
    return torch.stack([image[:, down : down + HEIGHT, right : right + WIDTH] for image, (down, right) in places])


def resize_crop(pixels, drawn):
    height, width = pixels.shape[2:]
    places = []
    for row in range(len(pixels)):
        left, top, wide, high = (drawn[name][row] for name in ("left", "top", "width", "height"))
        x, y = grid()
        x, y = (left + wide * x / WIDTH) * width, (top + high * y / HEIGHT) * height
        places.append((x.clip(0.5, width - 0.5), y.clip(0.5, height - 0.5)))  # its outermost pixels go on to its edge
    return sampled(pixels, places)


def pca_colour(pixels, drawn):
    values, axes = np.linalg.eigh(np.array(COVARIANCE))
    along = drawn["by"] / 255 @ axes / (0.5 * values)  # what was drawn along each axis
    assert np.abs(along).max() < 5
    assert 0.4 < along.std() < 1.8
    return (pixels + torch.from_numpy(drawn["by"]).float()[:, :, None, None]).clamp(0, 255)


def rgb_shift(pixels, drawn):
    by = (torch.from_numpy(drawn[name]).float() / 255 for name in ("red", "green", "blue"))
    return kornia.enhance.shift_rgb(pixels / 255, *by) * 255


def covered(drawn, row):
    """The rows and columns of pixels whose middle lies in a rectangle."""
    spans = []
    for start, extent, length in (("top", "height", HEIGHT), ("left", "width", WIDTH)):
        low, high = drawn[start][row] * length, (drawn[start][row] + drawn[extent][row]) * length
        spans.append([place for place in range(length) if low <= place + 0.5 < high])
    return np.ix_(*spans)


def erase(pixels, drawn):
    found = pixels.numpy().copy()
    for row, image in enumerate(found):
        image[(slice(None), *covered(drawn, row))] = 40
    return torch.from_numpy(found)


def mixup(pixels, drawn):
    share = torch.from_numpy(drawn["share"]).float().view(-1, 1, 1, 1)
    return share * pixels + (1 - share) * pixels.flip(0)


def cutmix(pixels, drawn):
    found, others = pixels.numpy().copy(), pixels.flip(0).numpy()
    for row, image in enumerate(found):
        place = (slice(None), *covered(drawn, row))
        image[place] = others[row][place]
    return torch.from_numpy(found)


def of_colours(change):
    """A change of colours from 0 to 1."""
    return lambda pixels, drawn: change(pixels / 255) * 255


def jitter(pixels):
    pixels = kornia.enhance.adjust_brightness_accumulative(pixels, 1.2)
    pixels = kornia.enhance.adjust_contrast_with_mean_subtraction(pixels, 0.7)
    pixels = kornia.enhance.adjust_saturation_with_gray_subtraction(pixels, 1.5)
    return kornia.enhance.adjust_hue(pixels, np.radians(30))


CASES = {
    "mirror": ({}, lambda x, _: kornia.geometry.hflip(x)),
    "mirror up_down": ({"direction": "up_down"}, lambda x, _: kornia.geometry.vflip(x)),
    "rotate": ({"angle": every(35)}, lambda x, _: kornia.geometry.rotate(x, torch.tensor(35.0))),
    "scale": ({"factor": every(1.4)}, lambda x, _: affine(x, factor=1.4)),
    "scale down": ({"factor": every(0.75)}, lambda x, _: affine(x, factor=0.75)),
    "shear": ({"horizontal": every(20)}, lambda x, _: affine(x, slant=(20.0, 0.0))),
    "shear both": (
        {"horizontal": every(20), "vertical": every(40)},
        lambda x, _: affine(x, slant=(20.0, 40.0)),
    ),
    "shift": (
        {"horizontal": every(4 / WIDTH), "vertical": every(-2.5 / HEIGHT)},
        lambda x, _: kornia.geometry.translate(x, torch.tensor([[4.0, -2.5]]).expand(COUNT, -1)),
    ),
    "stretch": (
        {"width": every(1.5), "height": every(0.8)},
        lambda x, _: kornia.geometry.scale(x, torch.tensor([[1.5, 0.8]]).expand(COUNT, -1)),
    ),
    "affine": (
        {"angle": every(20), "shear": every(0), "factor": every(1.2), "horizontal": every(0.1), "vertical": every(0)},
        lambda x, _: affine(x, shift=(2.8, 0.0), factor=1.2, degrees=20.0),
    ),
    "perspective": ({"strength": 0.4}, perspective),
    "warp": ({"strength": 0.3}, warp),
    "lens": ({"bend": (-0.3, 0.15)}, lens),
    "crop": ({"kept_at": 23}, crop),
    "resize_crop": ({"area": (0.2, 0.9)}, resize_crop),
    "pad": ({"margin": 3, "fill": 90}, lambda x, _: functional.pad(x, (3, 3, 3, 3), value=90)),
    "brightness": (
        {"factor": every(1.3)},
        of_colours(lambda x: kornia.enhance.adjust_brightness_accumulative(x, 1.3)),
    ),
    "contrast": (
        {"factor": every(0.6)},
        of_colours(lambda x: kornia.enhance.adjust_contrast_with_mean_subtraction(x, 0.6)),
    ),
    "saturation": (
        {"factor": every(1.6)},
        of_colours(lambda x: kornia.enhance.adjust_saturation_with_gray_subtraction(x, 1.6)),
    ),
    "hue": ({"angle": every(-75)}, of_colours(lambda x: kornia.enhance.adjust_hue(x, np.radians(-75)))),
    "greyscale": ({}, of_colours(lambda x: kornia.color.rgb_to_grayscale(x).expand_as(x))),
    "rgb_shift": ({"by": (-60, 60)}, rgb_shift),
    "pca_colour": ({"strength": 0.5}, pca_colour),
    "colour_jitter": (
        {"brightness": every(1.2), "contrast": every(0.7), "saturation": every(1.5), "hue": every(30)},
        of_colours(jitter),
    ),
    "erase": ({"fill": 40}, erase),
    "mixup": ({"alpha": 1.0}, mixup),
    "cutmix": ({}, cutmix),
}


def test_every_registered_step_is_held_to_a_reference():
    assert {case.split()[0] for case in CASES} == {*AUGMENTATION}


@pytest.mark.parametrize("case", CASES)
def test_a_step_makes_of_images_what_the_reference_makes(case):
    settings, reference = CASES[case]
    name = case.split()[0]
    steps = fitted((AUGMENTATION[name](probability=1, **settings),), lambda: COVARIANCE)
    stored = shapes_before(steps, SHAPE)[0]
    pixels = torch.rand(COUNT, *stored, generator=torch.Generator().manual_seed(3)) * 255
    random = Draws.of(Pass(11, 4), np.arange(COUNT), np.zeros(COUNT, np.int64))
    found, targets = augmented(steps, pixels, torch.zeros(COUNT), random, shape=SHAPE)
    if issubclass(AUGMENTATION[name], MixingStep):
        found, _ = mixed(steps, [pixels, pixels.flip(0)], [targets, targets], random)
    drawn = random.for_(f"{name} 0")
    drawn.uniform()  # whether it takes part
    expected = reference(pixels, steps[0].draw(drawn))
    assert found.shape == expected.shape == (COUNT, *SHAPE)
    assert (found - expected).abs().max() < 0.1
    assert stored != SHAPE or (expected - pixels).abs().max() > 20


def test_beyond_its_edge_a_warp_moves_points_as_at_the_edge():
    step = AUGMENTATION["warp"](strength=0.4)
    values = step.draw(Draws.of(Pass(2, 1), np.arange(3), np.zeros(3, np.int64)))
    points = torch.tensor([[-9.0, 7], [WIDTH + 5, 7], [12, -3], [12, HEIGHT + 8], [WIDTH + 1, HEIGHT + 1]])
    edge = points.clamp(min=torch.zeros(2), max=torch.tensor((WIDTH, HEIGHT)).float())
    one, other = (step.source(some.expand(3, -1, 2), values, SHAPE[1:], SHAPE[1:]) - some for some in (points, edge))
    assert torch.allclose(one, other, atol=1e-5)
    assert one.abs().min() > 1e-3
