"""What each step says of itself in lists, and of what it drew for an image."""

import numpy as np
import pytest

from engine.data.augmentation.step import AUGMENTATION
from engine.data.draws import Draws, Pass
from gui.style import icons

GROUPS = {"Geometry", "Colour", "Occlusion", "Mixing"}
SIGNS = {"−", "+", "×"}


def told(step, **values):
    return AUGMENTATION.make(step).told({name: np.array([0, value]) for name, value in values.items()}, 1)


@pytest.mark.parametrize("name", AUGMENTATION)
def test_each_step_has_an_icon_a_group_and_words_for_what_it_draws(name):
    step = AUGMENTATION[name]()
    assert step.group in GROUPS
    assert icons.is_known(step.icon)
    drawn = step.draw(Draws.of(Pass(0, 1), np.arange(3), np.zeros(3, np.int64)))
    lines = step.told(drawn, 2).lines
    assert lines
    assert all(isinstance(line, str) and 0 < len(line) < 16 and "-" not in line for line in lines)


@pytest.mark.parametrize(
    ("step", "values", "lines"),
    [
        ("resize_crop", {"height": 0.8, "width": 0.775, "top": 0.1, "left": 0.1}, ("62 %", "kept")),
        ("mirror", {}, ("⇄", "mirrored")),
        ({"name": "mirror", "direction": "up_down"}, {}, ("⇅", "mirrored")),
        ("rotate", {"angle": 11.4}, ("+11.4°", "to left")),
        ("rotate", {"angle": -16.2}, ("−16.2°", "to right")),
        (
            "colour_jitter",
            {"brightness": 1.14, "contrast": 0.91, "saturation": 1.22, "hue": 6},
            ("B ×1.14", "C ×0.91", "S ×1.22", "H +6°"),
        ),
        ("shift", {"horizontal": 0.05, "vertical": -0.124}, ("→ +5 %", "↓ −12 %")),
        ("erase", {"height": 0.3, "width": 0.5}, ("15 %", "covered")),
        ("mixup", {"share": 0.7}, ("30 %",)),
        ("cutmix", {"height": 0.5, "width": 0.5}, ("25 %",)),
        ("rgb_shift", {"red": 5, "green": -3, "blue": 0}, ("R +5", "G −3", "B +0")),
    ],
)
def test_what_was_drawn_in_words(step, values, lines):
    assert told(step, **values).lines == lines


@pytest.mark.parametrize(
    ("step", "little", "much"),
    [
        ("resize_crop", {"height": 0.5, "width": 0.39}, {"height": 0.5, "width": 0.41}),
        ("shift", {"horizontal": 0.0, "vertical": -0.26}, {"horizontal": 0.24, "vertical": 0.0}),
        ("erase", {"height": 0.9, "width": 0.5}, {"height": 0.7, "width": 0.5}),
    ],
)
def test_what_may_be_lost_is_doubtful(step, little, much):
    assert told(step, **little).doubtful
    assert not told(step, **much).doubtful


def test_a_step_of_ones_own_tells_its_numbers():
    from engine.data.augmentation.step import Step

    class Own(Step):
        name = "own"
        title = "Own"

    values = {"how_far": np.array([0.5, -1.25]), "grid": np.zeros((2, 3))}
    assert Own().told(values, 1).lines == ("how far −1.25",)
