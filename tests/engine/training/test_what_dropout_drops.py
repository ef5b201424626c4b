"""What dropout drops is another at every step, and the same in the same step of every training."""

import itertools

import pytest
import torch
from small_training import settings, small_data, small_model

from engine.training.events import Finished
from engine.training.loop import train


@pytest.fixture(scope="module")
def data():
    return small_data()


def drops(data, **changes):
    """What a small network's dropout drops and what it passes on, step by step, of the first images of each batch."""
    model, seen = small_model(dropout=0.5), []

    def look(module, given, passed):
        if module.training:
            seen.append(((given[0] != 0) & (passed == 0), passed != 0))

    model.drop.register_forward_hook(look)
    events = list(train(model, data, settings(epochs=1, batch_size=400, **changes)))
    assert isinstance(events[-1], Finished)
    return [(dropped[:300], kept[:300]) for dropped, kept in seen]


def test_no_two_steps_drop_the_same(data):
    steps = drops(data)
    assert len(steps) > 2
    for (dropped, _), (_, kept) in itertools.permutations(steps, 2):
        assert (dropped & kept).any()


def test_the_same_seed_drops_the_same_and_another_does_not(data):
    first, again, other = (torch.stack([dropped for dropped, _ in drops(data, seed=seed)]) for seed in (0, 0, 7))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
