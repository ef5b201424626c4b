"""What the preview shows is what training gets."""

from typing import ClassVar

import numpy as np
import pytest
import torch

from engine.data.augmentation import AUGMENTATION, Step
from engine.data.augmentation.outlines import outlines
from engine.data.augmentation.presets import PRESETS, steps_of
from engine.data.augmentation.preview import stages
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.normalise import ZeroToOne
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.layers import Shape

CPU, SHAPE = torch.device("cpu"), Shape(3, 12, 12)


def loaded(steps):
    return load(DataSettings(steps=steps, normalise=ZeroToOne()), SHAPE)


@pytest.mark.parametrize(
    "steps", [*(steps_of(name) for name in PRESETS), ("mixup", "rotate", "cutmix"), ({"name": "crop", "kept_at": 15},)]
)
def test_the_last_stage_is_bit_by_bit_what_is_normalised(steps):
    data, drawn_in = loaded(steps), Pass(5, 3)
    split = data.train
    order = torch.randperm(len(split), generator=torch.Generator().manual_seed(drawn_in.order_seed)).numpy()
    batch = next(split.training_batches(32, device=CPU, drawn_in=drawn_in)).pixels
    some = np.array([0, 7, 31])
    shown = torch.from_numpy(stages(split, order[some], drawn_in)[-1].pixels)
    assert torch.equal(split.pipeline.normalisation(shown), batch[some])


def test_stages_say_what_was_drawn_and_who_was_left_out():
    data = loaded(({"name": "rotate", "probability": 0.5, "angle": (30, 40)}, "mirror", "mixup"))
    positions = np.arange(60)
    found = stages(data.train, positions, Pass(0, 1))
    assert [stage.step and stage.step.name for stage in found] == [None, "rotate", "mirror", "mixup"]
    before, turned, mirrored, mixed = found
    same = np.isclose(turned.pixels, before.pixels, atol=1e-2).all(axis=(1, 2, 3))
    assert (same == ~turned.takes_part).all()
    assert 15 < turned.takes_part.sum() < 45
    assert turned.values["angle"].min() >= 30
    flipped = np.isclose(mirrored.pixels[..., ::-1], turned.pixels, atol=1e-2).all(axis=(1, 2, 3))
    assert flipped[mirrored.takes_part].all()
    assert set(mixed.values) == {"share", "partner"}


class OneChannel(Step):
    """Keeps red alone."""

    name: ClassVar = "one_channel"
    title: ClassVar = "One channel"

    def apply(self, pixels, targets, values):
        return pixels[:, :1], targets


def test_after_each_step_images_are_as_large_as_the_next_one_gets_them(tmp_path):
    steps = ("rotate", {"name": "crop", "kept_at": 20}, {"name": "pad", "margin": 1}, "brightness", "mixup")
    found = stages(loaded(steps).train, np.arange(3), Pass(0, 1))
    assert [stage.pixels.shape[2:] for stage in found] == [(20, 20), (20, 20), (10, 10), (12, 12), (12, 12), (12, 12)]
    AUGMENTATION.register(OneChannel)
    try:
        shown = stages(loaded(("one_channel", "rotate")).train, np.arange(3), Pass(0, 1))
        assert [stage.pixels.shape[1] for stage in shown] == [3, 3, 3]
    finally:
        AUGMENTATION.unregister("one_channel")


def test_presets_keep_images_as_large_as_they_need():
    assert DataSettings(steps=steps_of("alexnet_2012")).stored_at(Shape(3, 227, 227)) == Shape(3, 256, 256)
    assert DataSettings(steps=steps_of("digits")).stored_at(Shape(1, 28, 28)) == Shape(1, 28, 28)
    assert steps_of("none") == ()
    with pytest.raises(LayerloomError, match="Did you mean 'photos'"):
        steps_of("photo")


def corners(outline):
    return outline[[0, 8, 16, 24]]


def test_the_outline_is_where_the_network_looks():
    upright = loaded(()).train
    assert corners(outlines(upright, np.array([3]), Pass(0, 1))[0]).tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    cropped = loaded(({"name": "resize_crop", "area": (0.2, 0.5)}, "mirror")).train
    positions = np.arange(20)
    drawn = stages(cropped, positions, Pass(0, 1))[1].values
    mirrored = stages(cropped, positions, Pass(0, 1))[2].takes_part
    assert 0 < mirrored.sum() < 20
    for index, found in enumerate(outlines(cropped, positions, Pass(0, 1))):
        left, top = drawn["left"][index], drawn["top"][index]
        right, bottom = left + drawn["width"][index], top + drawn["height"][index]
        expected = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        assert corners(found) == pytest.approx(expected[[1, 0, 3, 2]] if mirrored[index] else expected)


def test_the_outline_of_a_turned_image_reaches_beyond_it():
    turned = loaded(({"name": "rotate", "angle": (45, 45)},)).train
    found = corners(outlines(turned, np.array([0]), Pass(0, 1))[0])
    half = 0.5**0.5  # of a diagonal: what turned to the left came from the right
    assert found == pytest.approx(
        np.array([[0.5, 0.5 - half], [0.5 + half, 0.5], [0.5, 0.5 + half], [0.5 - half, 0.5]])
    )
