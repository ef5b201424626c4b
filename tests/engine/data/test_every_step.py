"""What every registered step keeps to: read over the registry, so that a new one is held to it too."""

from typing import get_args

import numpy as np
import pytest
import torch

from engine.data.augmentation import AUGMENTATION, GeometricStep, augmented, fitted, shapes_before
from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.mixtures import mixed
from engine.data.augmentation.preview import stages
from engine.data.draws import Draws, Pass
from engine.data.loaded import Split
from engine.data.normalise import Normalisation
from engine.data.pipeline import Pipeline
from engine.data.targets import Targets
from engine.layers import Shape

CPU, SHAPE = torch.device("cpu"), Shape(3, 24, 32)
NAMES = sorted(AUGMENTATION)
ALONE = [name for name in NAMES if not issubclass(AUGMENTATION[name], MixingStep)]
MOVING = [name for name in NAMES if issubclass(AUGMENTATION[name], GeometricStep)]
WITHOUT_STRENGTH = {"mirror", "greyscale", "crop", "pad", "mixup", "cutmix"}
"""Steps that have no setting of how much they do: they do all of it, or nothing to images left out by chance."""
NEUTRAL_EXTRA = {"erase": {"area": (1e-9, 1e-9)}, "resize_crop": {"ratio": (1, 1)}}


FAMILIES = """
Geometry: mirror scale rotate shear shift stretch affine perspective warp lens crop resize_crop pad
Colour: brightness contrast saturation hue greyscale rgb_shift colour_jitter pca_colour
Occlusion: erase
Mixing: mixup cutmix
"""


def test_steps_stand_under_the_heads_of_their_list():
    for line in FAMILIES.strip().splitlines():
        family, _, names = line.partition(": ")
        assert {name for name, kind in AUGMENTATION.items() if kind.group == family} == {*names.split()}


def neutral(name):
    """A step with every setting at the value that changes nothing, as its declaration says."""
    fields = AUGMENTATION[name].model_fields
    marked = {key: field.json_schema_extra["neutral"] for key, field in fields.items() if "neutral" in extra_of(field)}
    settings = {key: (value, value) for key, value in marked.items()}
    settings |= {"strength": 0.0} if "strength" in fields else {}
    return AUGMENTATION[name](**{"probability": 1, **settings, **NEUTRAL_EXTRA.get(name, {})})


def extra_of(field):
    return field.json_schema_extra or {}


def images(count, shape=SHAPE, seed=0):
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(seed)) * 255


def draws(indices, again=0, epoch=1, seed=7):
    return Draws.of(Pass(seed, epoch), np.asarray(indices), np.full(len(indices), again))


def colours():
    return tuple(map(tuple, np.diag((0.05, 0.04, 0.03)).tolist()))


def run(step, pixels, random, shape=SHAPE):
    steps = fitted((step,), colours)
    changed, targets = augmented(steps, pixels, torch.zeros(len(pixels), 2), random, shape=shape)
    others = images(len(pixels), shape, seed=9)
    return (
        mixed(steps, [changed, others], [targets, targets + 1], random)[0] if isinstance(step, MixingStep) else changed
    )


def kept(step, count):
    return images(count, shapes_before([step], SHAPE)[0])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_STRENGTH])
def test_at_no_strength_nothing_changes(name):
    step = neutral(name)
    shape = shapes_before([step], SHAPE)[0]
    pixels = images(6, SHAPE)
    if shape == SHAPE:
        assert torch.allclose(run(step, pixels, draws(range(6))), pixels, atol=0.02)
    else:  # a window of all of a larger image is that image made smaller
        pixels = torch.full((6, *shape), 90.0)
        assert torch.allclose(run(step, pixels, draws(range(6))), torch.full((6, *SHAPE), 90.0), atol=0.02)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"crop", "resize_crop", "pad"}))  # of fixed probability
def test_at_probability_0_nothing_changes(name):
    step = AUGMENTATION[name](probability=0)
    pixels = images(6)
    assert torch.equal(run(step, pixels, draws(range(6))), pixels)


@pytest.mark.parametrize("name", NAMES)
def test_what_becomes_of_an_image_follows_from_seed_epoch_index_and_repetition(name):
    step = AUGMENTATION[name](**({"probability": 1}))
    pixels = kept(step, 1).expand(64, -1, -1, -1).contiguous()
    first = run(step, pixels, draws(range(64)))
    assert torch.equal(run(step, pixels, draws(range(64))), first)
    if name in ("mirror", "greyscale", "pad"):
        return  # draw nothing but whether they take part
    for other in (draws(range(64), again=1), draws(range(64), epoch=2), draws(range(64), seed=8)):
        assert not torch.equal(run(step, pixels, other), first)


@pytest.mark.parametrize("name", [name for name in ALONE if name not in ("mirror", "greyscale", "pad")])
def test_64_copies_of_one_image_at_different_indices_give_64_results(name):
    extra = {"kept_at": 600} if name == "crop" else {}
    step = AUGMENTATION[name](probability=1, **extra)
    pixels = kept(step, 1).expand(64, -1, -1, -1)
    assert len(run(step, pixels, draws(range(64))).flatten(1).unique(dim=0)) == 64


@pytest.mark.parametrize("name", MOVING)
def test_a_bright_spot_goes_where_the_step_says_that_its_point_goes(name):
    step = AUGMENTATION[name](probability=1)
    height, width = shapes_before([step], Shape(3, 48, 64))[0][1:]
    hits, rows, columns = 0, torch.arange(height) + 0.5, torch.arange(width) + 0.5
    for x, y in ((0.5, 0.5), (0.4, 0.6), (0.62, 0.45)):
        point = torch.tensor((x * width, y * height))
        away = (rows[:, None] - point[1]) ** 2 + (columns - point[0]) ** 2
        spot = (255 * torch.exp(-away / 8)).expand(8, 3, -1, -1)
        random = draws(range(8))
        found = run(step, spot, random, Shape(3, 48, 64))[:, 0]
        drawn = random.for_(f"{name} 0")
        drawn.uniform()
        there = step.target(point.expand(8, 1, 2), step.draw(drawn), (height, width), (48, 64))[:, 0]
        total = found.sum(dim=(1, 2))
        inside = ((there > 14) & (there < torch.tensor((50.0, 34.0)))).all(dim=1) & (total > 0)
        seen_x = (found.sum(dim=1) * (torch.arange(64) + 0.5)).sum(dim=1) / total
        seen_y = (found.sum(dim=2) * (torch.arange(48) + 0.5)).sum(dim=1) / total
        seen = torch.stack((seen_x, seen_y), dim=1)[inside]
        assert (seen - there[inside]).abs().max() < 0.8
        hits += int(inside.sum())
    assert hits > 3


STRONGEST = {
    "lens": ({"bend": (-0.33, -0.33)}, {"bend": (1, 1)}, {"bend": (-0.33, 1)}, {"bend": (0, 0)}),
    "perspective": ({"strength": 0.9},),
    "shear": ({"horizontal": (-60, 60), "vertical": (-25, 25)},),
    "warp": ({"strength": 0.25, "knots": 2}, {"strength": 0.25, "knots": 16}),
}


@pytest.mark.parametrize(
    ("name", "settings"), [(name, settings) for name in MOVING for settings in STRONGEST.get(name, ({},))]
)
def test_where_a_point_goes_and_where_it_was_are_each_the_way_back_of_the_other(name, settings):
    step = AUGMENTATION[name](probability=1, **settings)
    before, after = shapes_before([step], SHAPE)[0][1:], SHAPE[1:]
    values = step.draw(draws(range(200)))
    along = torch.linspace(0, 1, 9, dtype=torch.float64)
    points = torch.cartesian_prod(along * after[1], along * after[0]).expand(200, -1, 2)
    found = step.target(step.source(points, values, before, after), values, before, after)
    assert (found - points).abs().max() < 1e-3


@pytest.mark.parametrize("bend", [-0.33, -0.1])
def test_what_a_lens_does_not_show_any_more_lies_outside(bend):
    step, corners = AUGMENTATION["lens"](), torch.tensor([[[0.0, 0], [32, 0], [0, 24], [32, 24]]])
    found = step.target(corners, {"bend": np.array([bend])}, (24, 32), (24, 32))
    assert found.isfinite().all()
    assert (torch.sign(found - torch.tensor((16.0, 12.0))) == torch.sign(corners - torch.tensor((16.0, 12.0)))).all()
    assert ((found < 0) | (found > torch.tensor((32.0, 24.0)))).all()


@pytest.mark.parametrize("name", MOVING)
def test_every_way_to_fill_what_lies_outside_keeps_within_0_to_255(name):
    kind = AUGMENTATION[name]
    borders = get_args(kind.model_fields["border"].annotation) if "border" in kind.model_fields else ("",)
    for border in borders:
        step = kind(probability=1, **({"border": border, "fill": 255} if border else {}))
        found = run(step, kept(step, 8), draws(range(8)))
        assert found.shape[1:] == torch.Size(SHAPE)
        assert found.isfinite().all()
        assert -0.01 <= found.min() <= found.max() <= 255.01


@pytest.mark.parametrize("name", NAMES)
def test_pixels_stay_from_0_to_255_and_targets_of_unmixed_images_stay(name):
    step = AUGMENTATION[name](probability=1)
    found = run(step, kept(step, 16), draws(range(16)))
    assert found.dtype == torch.float32
    assert -0.01 <= found.min() <= found.max() <= 255.01


@pytest.mark.parametrize("name", sorted({*NAMES} - {"pad"}))
@pytest.mark.parametrize("shape", [Shape(3, 1, 1), Shape(3, 1, 9), Shape(3, 5, 2)])
def test_the_smallest_images_are_changed_as_well(name, shape):
    step = AUGMENTATION[name](probability=1)
    found = run(step, images(4, shapes_before([step], shape)[0]), draws(range(4)), shape)
    assert found.shape == (4, *shape)
    assert found.isfinite().all()


class _Kept:
    """Images held as they are."""

    def __init__(self, pixels):
        self.pixels = pixels

    def read(self, indices):
        return self.pixels[indices]

    def stream(self, batches, device, **options):
        for batch in batches:
            yield self.pixels[batch].to(device), torch.arange(len(batch))


def split_of(step, count, device):
    steps = fitted((step,), colours)
    pixels = images(count, shapes_before(steps, SHAPE)[0]).round().to(torch.uint8)
    normalisation = Normalisation((0.0,) * 3, (1 / 255,) * 3)
    return Split(
        _Kept(pixels),
        np.arange(count),
        Targets(np.arange(count) % 2, ("a", "b")),
        Pipeline(SHAPE, normalisation, steps),
    )


def epoch_of(split, batch_size, device=CPU):
    batches = split.training_batches(batch_size, device=device, drawn_in=Pass(3, 2))
    return tuple(torch.cat([part.cpu() for part in parts]) for parts in [*zip(*batches, strict=True)][:2])


@pytest.mark.parametrize("name", NAMES)
def test_a_pass_is_the_same_in_batches_of_any_size_and_as_the_preview_shows_it(name):
    split = split_of(AUGMENTATION[name](probability=1), 40, CPU)
    pixels, targets = epoch_of(split, 40)
    for batch_size in (2, 7, 16):
        again, theirs = epoch_of(split, batch_size)
        assert torch.equal(again, pixels)
        assert torch.equal(theirs, targets)
    order = torch.randperm(40, generator=torch.Generator().manual_seed(Pass(3, 2).order_seed)).numpy()
    shown = torch.from_numpy(stages(split, order, Pass(3, 2))[-1].pixels)
    assert torch.equal(split.pipeline.normalisation(shown), pixels)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("name", NAMES)
def test_a_pass_is_the_same_on_every_device(name):
    split = split_of(AUGMENTATION[name](probability=1), 40, CPU)
    (here, targets), (there, theirs) = epoch_of(split, 16), epoch_of(split, 16, torch.device("cuda"))
    assert torch.allclose(there, here, atol=0.05)
    assert torch.allclose(theirs.float(), targets.float(), atol=1e-5)
