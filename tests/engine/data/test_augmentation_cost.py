"""What the steps add to a batch: the least that they took less the least that resizing takes, of real batches."""

from typing import ClassVar

import numpy as np
import pytest

from engine.data.augmentation import AUGMENTATION, Step, cost
from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import Shape

CAME = []


class Watching(Step):
    """Keeps what it is given."""

    name: ClassVar = "watching"
    title: ClassVar = "Watching"

    def draw(self, random):
        return {"by": random.uniform()}

    def apply(self, pixels, targets, values):
        CAME.append((pixels.clone(), values["by"].tolist()))
        return pixels, targets


@pytest.fixture
def train():
    AUGMENTATION.register(Watching)
    CAME.clear()
    yield load(DataSettings(steps=("watching", {"name": "crop", "kept_at": 10})), Shape(1, 8, 8)).train
    AUGMENTATION.unregister("watching")


@pytest.mark.parametrize(
    ("rounds", "added"),
    [
        ([(9, 2), (5, 4), (7, 3), (6, 1), (18, 5)], 4),  # what else goes on only adds to either
        ([(3, 3), (2, 4), (3, 3), (2, 2), (3, 2)], 0),
        ([(1, 2), (1, 2), (1, 2), (1, 2), (1, 2)], 0),
    ],
)
def test_it_is_the_least_with_steps_less_the_least_without(train, monkeypatch, rounds, added):
    ticks = np.cumsum([0, *(tick for one, other in rounds for tick in (one, other, 100))])
    clock = iter([ticks[3 * row + at] for row in range(len(rounds)) for at in range(3)])
    monkeypatch.setattr(cost, "perf_counter", lambda: next(clock))
    assert cost.seconds_a_batch(train, 32, Pass(0, 1)) == added
    assert next(clock, None) is None


@pytest.mark.parametrize(("batch_size", "images"), [(32, 32), (100_000, 1257)])
def test_it_is_measured_on_a_batch_as_training_makes_it(train, batch_size, images):
    assert cost.seconds_a_batch(train, batch_size, Pass(3, 2)) >= 0
    assert len(train) == 1257
    for pixels, drawn in CAME:
        assert pixels.shape == (images, 1, 10, 10)
        assert len(set(drawn)) == images
    assert CAME[0][1] == CAME[-1][1]
