"""A step that is switched off keeps its settings and does nothing, and all others do what they did."""

import numpy as np
import pytest
import torch

from engine.data.augmentation import AUGMENTATION, shapes_before
from engine.data.augmentation.preview import stages
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.normalise import ZeroToOne
from engine.data.settings import DataSettings
from engine.layers import Shape

CPU, SHAPE, GREY = torch.device("cpu"), Shape(3, 10, 10), Shape(1, 10, 10)


def batch(*steps, shape=SHAPE):
    train = load(DataSettings(steps=steps, normalise=ZeroToOne()), shape).train
    return next(train.training_batches(24, device=CPU, drawn_in=Pass(4, 2)))


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", AUGMENTATION)
def test_a_step_that_is_off_does_nothing_anywhere(name):
    off = AUGMENTATION[name](probability=1).switched(on=False)
    assert shapes_before([off], SHAPE) == [SHAPE, SHAPE]
    assert same(batch(off), batch())
    assert same(batch("rotate", "brightness", off), batch("rotate", "brightness"))
    assert same(batch(off, "hue"), batch("hue")) or name == "hue"
    assert off.needs_colour or not same(batch(off.switched(on=True)), batch())  # the digits are grey


@pytest.mark.parametrize("name", ["rotate", "brightness", "mixup", "cutmix", "warp"])
def test_switching_one_of_two_equal_steps_leaves_what_the_other_draws(name):
    train = load(DataSettings(steps=(name, name), normalise=ZeroToOne()), SHAPE).train
    both = stages(train, np.arange(6), Pass(1, 1))[1:]
    for place, other in ((0, 1), (1, 0)):
        steps = [AUGMENTATION[name](), AUGMENTATION[name]()]
        steps[place] = steps[place].switched(on=False)
        alone = load(DataSettings(steps=tuple(steps), normalise=ZeroToOne()), SHAPE).train
        (shown,) = stages(alone, np.arange(6), Pass(1, 1))[1:]
        assert np.array_equal(shown.takes_part, both[other].takes_part)
        for key, values in both[other].values.items():
            assert np.array_equal(shown.values[key], values)


def test_a_step_for_colours_that_is_off_does_not_hinder_grey_images():
    assert same(batch({"name": "hue", "on": False}, shape=GREY), batch(shape=GREY))


def test_it_is_in_the_file_only_when_off():
    made = DataSettings(steps=("mirror", {"name": "rotate", "on": False, "angle": (-5, 5)}))
    saved = made.model_dump(mode="json")["steps"]
    assert "on" not in saved[0]
    assert (saved[1]["on"], saved[1]["angle"]) == (False, [-5, 5])
    assert DataSettings.model_validate({"steps": saved}) == made
    assert made.steps[1].switched(on=True) == AUGMENTATION["rotate"](angle=(-5, 5))
