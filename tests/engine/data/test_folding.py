"""No step folds an image over itself: what lay around a point lies around it in the same sense."""

import numpy as np
import pytest
import torch

from engine.data.augmentation import AUGMENTATION, GeometricStep, shapes_before
from engine.data.draws import Draws, Pass
from engine.errors import LayerloomError
from engine.layers import Shape

SHAPE = Shape(3, 24, 32)
STRONGEST = {
    "warp": {"strength": 0.45},
    "lens": {"bend": (-0.33, 1)},
    "perspective": {"strength": 0.65},
    "shear": {"horizontal": (-60, 60), "vertical": (-60, 60)},
}
FACING = {"mirror": -1}


def turning_sense(step, values, before, after, points):
    """The determinant of the derivative of where points were, by central differences."""
    columns = []
    for axis in range(2):
        small = torch.zeros(2, dtype=torch.float64)
        small[axis] = 1e-5
        ahead, behind = (step.source(points + sign * small, values, before, after) for sign in (1, -1))
        columns.append((ahead - behind) / 2e-5)
    (a, c), (b, d) = (column.unbind(-1) for column in columns)
    return a * d - b * c


def everywhere(size, count):
    """Points over an image."""
    along = torch.linspace(0.001, 0.999, 25, dtype=torch.float64)
    return torch.cartesian_prod(along * size[1], along * size[0]).expand(count, -1, 2)


@pytest.mark.parametrize("name", [name for name, kind in AUGMENTATION.items() if issubclass(kind, GeometricStep)])
def test_a_step_at_its_strongest_does_not_fold_the_image(name):
    step = AUGMENTATION[name](probability=1, **STRONGEST.get(name, {}))
    before, after = shapes_before([step], SHAPE)[0][1:], SHAPE[1:]
    values = step.draw(Draws.of(Pass(3, 1), np.arange(25), np.zeros(25, np.int64)))
    points = everywhere(after, 25)
    was = step.source(points, values, before, after)
    seen = ((was >= 0) & (was <= torch.tensor((before[1], before[0])))).all(dim=-1)
    sense = turning_sense(step, values, before, after, points).expand(25, -1)
    assert seen.sum() > 500
    assert (sense[seen.expand(25, -1)] * FACING.get(name, 1)).min() > 0


def worst_knots(strength, u, v, random):
    """Displacements of the 4×4 knots around a place that shrink it most, found by going uphill from many starts."""

    def spline(t):
        return np.array([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3]) / 6

    def slope(t):
        return np.array([-((1 - t) ** 2), 3 * t**2 - 4 * t, -3 * t**2 + 2 * t + 1, t**2]) / 2

    by_x, by_y = np.outer(spline(v), slope(u)), np.outer(slope(v), spline(u))
    found = []
    for _ in range(8):
        x, y = random.choice((-strength, strength), (2, 4, 4))
        for _ in range(6):
            x = -strength * np.sign((1 + (y * by_y).sum()) * by_x - (y * by_x).sum() * by_y)
            y = -strength * np.sign((1 + (x * by_x).sum()) * by_y - (x * by_y).sum() * by_x)
        sense = (1 + (x * by_x).sum()) * (1 + (y * by_y).sum()) - (x * by_y).sum() * (y * by_x).sum()
        found.append((sense, x, y))
    return min(found, key=lambda one: one[0])


def test_a_warp_cannot_fold_however_its_knots_are_drawn():
    step, random = AUGMENTATION["warp"](strength=0.45, knots=2), np.random.default_rng(0)
    senses, folded = [], []
    for u in np.linspace(0.01, 0.99, 9):
        for v in np.linspace(0.01, 0.99, 9):
            predicted, x, y = worst_knots(0.45, u, v, random)
            values = {"by": np.stack((x, y), axis=-1)[None]}  # the 4×4 knots of an image of two each side
            point = torch.tensor([[[u * 32, v * 24]]], dtype=torch.float64)
            sense = turning_sense(step, values, (24, 32), (24, 32), point).item()
            assert sense == pytest.approx(predicted, abs=1e-4)
            senses.append(sense)
            folded.append(worst_knots(0.5, u, v, random)[0])
    assert 0.05 < min(senses) < 0.15
    assert min(folded) < 0  # half the distance between knots is too far


def test_a_warp_that_might_fold_is_refused_in_a_sentence():
    with pytest.raises(LayerloomError, match=r"Local warp: Strength is 0\.46, at most 0\.45 fits\."):
        AUGMENTATION.make({"name": "warp", "strength": 0.46})


def test_a_perspective_cannot_fold_however_its_corners_are_drawn():
    step = AUGMENTATION["perspective"](strength=0.65)
    ends = np.stack(np.meshgrid(*[(0, 0.325)] * 8), axis=-1).reshape(-1, 8)
    points = everywhere((24, 32), len(ends))
    was = step.source(points, {"inwards": ends}, (24, 32), (24, 32))
    seen = ((was >= 0) & (was <= torch.tensor((32, 24)))).all(dim=-1)
    assert turning_sense(step, {"inwards": ends}, (24, 32), (24, 32), points)[seen].min() > 0
