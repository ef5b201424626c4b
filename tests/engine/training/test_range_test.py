"""The range test: what it suggests, when it ends, and that nothing is as if it had never been."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest
import torch
from small_training import curve, settings, small_data, small_model, small_network, weights_equal

from engine.compiling import compile_network
from engine.data.progress import CancelledError
from engine.machine.generators import generators_kept
from engine.machine.turn import TURNS
from engine.recipe.losses import LOSSES, fitted_loss
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Recipe
from engine.tasks.heads import Heads
from engine.tasks.refusal import NotTrainableError
from engine.training.events import EpochDone
from engine.training.loop import train
from engine.training.range_result import COUNTS, FIRST, LAST, has_diverged
from engine.training.range_test import range_test
from engine.training.updates import Updater

CPU = torch.device("cpu")
BATCHES = 8


@pytest.fixture(scope="module")
def data():
    return small_data()


def generators():
    """What the next draws of every generator would be."""
    with generators_kept(CPU):
        return torch.rand(3).tolist(), np.random.rand(3).tolist(), random.random()


def stirred(batch_number):
    """Something of a user's own that draws from the generators of all."""
    torch.rand(batch_number)
    np.random.rand(batch_number)
    random.random()


def cancelled_after(batches):
    def hear(step):
        stirred(step.batch)
        return step.batch < batches

    return hear


@pytest.mark.parametrize("end", [*range(1, BATCHES), "done", "failed"])
def test_nothing_is_left_of_a_test_however_it_ends(data, end, monkeypatch):
    recipe = settings(epochs=1, optimiser="adam")
    model, untouched = small_model(dropout=0.3), small_model(dropout=0.3)
    torch.manual_seed(7)
    before = generators()
    if end == "done":
        range_test(model, data, recipe, batches=BATCHES, heard=cancelled_after(BATCHES + 1))
    elif end == "failed":
        monkeypatch.setattr(Updater, "_step", lambda self: (stirred(2), 1 / 0))
        with pytest.raises(NotTrainableError) as refused:
            range_test(model, data, recipe, batches=BATCHES)
        assert refused.value.code == "crashed"
        monkeypatch.undo()
    else:
        with pytest.raises(CancelledError):
            range_test(model, data, recipe, batches=BATCHES, heard=cancelled_after(end))
    assert generators() == before
    assert weights_equal(model, untouched)
    if end in (3, "done", "failed"):
        assert curve(train(model, data, recipe)) == curve(train(untouched, data, recipe))
        assert weights_equal(model, untouched)


def test_an_optimiser_in_mid_training_does_not_notice(data):
    def trained(*, tested):
        model, recipe = small_model(dropout=0.3), settings(optimiser="adam")
        loss = fitted_loss(recipe.loss, data.train.targets.counts)
        updater = Updater(model, recipe, device=CPU, heads=Heads(), loss=loss)
        updater.train()
        torch.manual_seed(3)
        for step in range(1, 9):
            if tested and step == 5:
                range_test(model, data, recipe, batches=BATCHES)
            images = torch.rand(16, 1, 8, 8)
            updater.update(images, torch.arange(16) % 10, step=step, rate=0.01, momentum=None, meter=None)
        return model, updater.optimiser.state_dict()["state"]

    (model, state), (other, theirs) = trained(tested=True), trained(tested=False)
    assert weights_equal(model, other)
    assert all(torch.equal(state[i][key], theirs[i][key]) for i in state for key in state[i])


def test_the_batches_are_those_of_a_training_and_go_round_again(data, monkeypatch):
    recipe = settings(batch_size=512, epochs=1)
    passes, batches = [], type(data.train).training_batches

    def told(self, size, *, drawn_in, **rest):
        passes.append(drawn_in.epoch)
        return batches(self, size, drawn_in=drawn_in, **rest)

    monkeypatch.setattr(type(data.train), "training_batches", told)
    range_test(small_model(), data, recipe, batches=20)
    assert len(passes) > 2
    assert passes == [*range(1, len(passes) + 1)]  # each as that epoch of a training has them
    monkeypatch.undo()
    found = range_test(small_model(dropout=0.3), data, recipe, batches=20)
    first = next(event.loss for event in train(small_model(dropout=0.3), data, recipe) if hasattr(event, "loss"))
    assert found.losses[0] == first
    assert data.train.steps(512) < len(found.losses)
    assert found.rates == tuple(np.geomspace(FIRST, LAST, 20)[: len(found.losses)])


def accuracy(model, data, rate, optimiser):
    recipe = settings(epochs=2, batch_size=64, optimiser=optimiser, learning_rate=rate, schedule="constant")
    last = [event for event in train(model, data, recipe) if isinstance(event, EpochDone)]
    return last[-1].validation["accuracy"] if last else 0.0


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_suggested_rate_of_every_optimiser_learns_and_others_do_not(data, name):
    found = range_test(small_model(), data, settings(batch_size=64, optimiser=name), batches=100)
    low, high = found.usable
    assert FIRST < low <= found.suggested <= high <= found.lowest
    assert found.suggested < found.lowest < (found.diverges or LAST)
    assert found.guess == pytest.approx(np.log(10))
    learned = accuracy(small_model(), data, found.suggested, name)
    assert learned > 0.85
    assert learned > accuracy(small_model(), data, found.suggested / 1000, name) + 0.2


GUESSES = {"cross_entropy": np.log(10), "mse": (0.9**2 + 9 * 0.1**2) / 10, "mae": (0.9 + 9 * 0.1) / 10}
"""Some losses of outputs that give each of ten classes a tenth."""


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_tested(data, name):
    network = small_network(softmax=not LOSSES[name].takes_scores)
    model = compile_network(network, logits=LOSSES[name].takes_scores, seed=0)
    found = range_test(model, data, settings(batch_size=128, loss=name, optimiser="adam"), batches=60)
    assert found.suggested is not None
    assert found.guess == pytest.approx(GUESSES.get(name, found.guess))
    assert found.classes == 10


def test_a_loss_that_never_falls_gives_no_suggestion(data):
    model = small_model()
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    model.fc.weight.requires_grad_(False)
    model.fc.bias.requires_grad_(False)
    found = range_test(model, data, settings(batch_size=64, optimiser="sgd"), batches=40)
    assert (found.suggested, found.lowest, found.usable, found.diverges) == (None, None, None, None)
    assert found.words == "The loss never fell between 1e-6 and 10: no learning rate is suggested."


def test_a_loss_that_has_grown_ends_the_test(data):
    found = range_test(small_model(), data, settings(batch_size=64, optimiser="sgd"), batches=60)
    assert found.stopped_early
    assert not found.spoilt
    assert has_diverged(found.losses)
    assert not has_diverged(found.losses[:-1])


class Exploding(torch.nn.Module):
    """Gives NaN after so many batches."""

    def __init__(self, batches):
        super().__init__()
        self.inner, self.calls, self.batches = small_model(), count(), batches

    def forward(self, images):
        return self.inner(images) * (torch.nan if next(self.calls) >= self.batches else 1.0)


def test_a_loss_that_stops_being_a_number_ends_the_test(data):
    found = range_test(Exploding(6), data, settings(batch_size=64), batches=40)
    assert found.spoilt
    assert len(found.losses) == 6
    assert found.diverges == np.geomspace(FIRST, LAST, 40)[6]


class SpoiltBeside(Exploding):
    """Gives a second output that is infinite after so many batches."""

    def forward(self, images):
        main = self.inner(images)
        return {"output": main, "aux": main * (torch.inf if next(self.calls) >= self.batches else 1.0)}


def test_a_loss_that_is_finite_while_another_head_is_not_ends_the_test(data):
    heads = Heads("output", {"output": 1.0, "aux": 0.3})
    found = range_test(SpoiltBeside(6), data, settings(batch_size=64), heads=heads, batches=40)
    assert found.spoilt
    assert len(found.losses) == 6
    assert np.isfinite(found.losses).all()


def test_a_single_loss_says_nothing(data):
    with pytest.raises(NotTrainableError, match="The loss became NaN at batch 2 of the range test"):
        range_test(Exploding(1), data, settings(batch_size=64), batches=40)


def test_a_loss_that_never_was_a_number_says_where(data):
    model = small_model()
    torch.nn.init.constant_(model.conv.weight, torch.nan)
    with pytest.raises(NotTrainableError, match="The loss became NaN at batch 1 of the range test, first in conv"):
        range_test(model, data, settings())


def test_memory_that_is_full_is_said_with_a_smaller_batch(data, monkeypatch):
    def full(self):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(Updater, "_step", full)
    with pytest.raises(NotTrainableError) as refused:
        range_test(small_model(), data, settings(batch_size=64))
    assert (refused.value.code, refused.value.changes) == ("out_of_memory", {"batch_size": 32})


OTHER = {"batch_size": 32, "accumulate": 2, "optimiser": "sgd", "weight_decay": 0.9, "decay_leaves_out": "nothing"}
OTHER |= {"l1": 0.1, "l2": 0.1, "clip_norm": 1e-3, "loss": "mae", "precision": "bfloat16", "seed": 5}
NO_MATTER = {
    "epochs": 9,
    "metrics": ("macro_f1",),
    "learning_rate": 0.5,
    "rate_changes": ((2, 0.1),),
    "schedule": "step",
    "warm_up": 3.0,
}
NO_MATTER |= {"watch": "loss", "patience": 3, "average": 0.9, "compile": True, "device": "auto", "ensemble": 3}
BY_HAND = {"initialisation", "channels_last"}  # of the weights before the test; on this device nothing changes


def test_the_settings_that_count_are_those_that_change_the_losses(data):
    base = {"weight_decay": 0.5, "clip_norm": 0.5, "optimiser": "adamw"}

    def losses(**changes):
        return range_test(small_model(), data, settings(**base | changes), batches=30).losses

    before = losses()
    for name, value in OTHER.items():
        assert losses(**{name: value}) != before, name
    for name, value in NO_MATTER.items():
        assert losses(**{name: value}) == before, name
    assert {*OTHER} | BY_HAND == {*COUNTS}
    assert {*COUNTS} | {*NO_MATTER} == {*Recipe.model_fields}


def test_others_wait_for_the_generators_and_their_owner_does_not():
    order = []

    def train():
        with TURNS.to_train():
            order.append("training")

    with ThreadPoolExecutor(1) as other:
        with generators_kept(CPU), generators_kept(CPU):
            training = other.submit(train)
            order.append("test")
        training.result()
    assert order == ["test", "training"]


def test_images_that_are_all_gone_end_the_test(data, monkeypatch):
    monkeypatch.setattr(type(data.train), "training_batches", lambda *_, **__: iter(()))
    with pytest.raises(NotTrainableError, match="Fewer than two of the training images can be read any more"):
        range_test(small_model(), data, settings())
