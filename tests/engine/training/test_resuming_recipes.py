"""A training that was stopped goes on as if it had not been, whatever its recipe remembers."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from small_training import curve, settings, small_data, small_model, steps, weights_equal

from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.runs.checkpoints import load_checkpoint, save_checkpoint
from engine.training.control import Control, Next
from engine.training.events import EpochDone, Finished, StepDone
from engine.training.loop import train
from engine.training.unread import STEPS_UNREAD

IMAGES, BATCH, EPOCHS = 40, 10, 4


@pytest.fixture(scope="module")
def data():
    whole = small_data()
    few = replace(whole.train, indices=whole.train.indices[:IMAGES], targets=whole.train.targets.of(range(IMAGES)))
    held = replace(
        whole.validation,
        indices=whole.validation.indices[:20],
        targets=whole.validation.targets.of(range(20)),
    )
    return replace(whole, train=few, validation=held)


class Stops(Control):
    """Stops the training before the batch after so many."""

    def __init__(self, batches):
        super().__init__()
        self.left = batches

    def next(self):
        if self.left == 0:
            self.stop()
        self.left -= 1
        return Next.STOP if self.stopped else super().next()


class OnDisk:
    """Keeps the position in a file, as runs do."""

    def __init__(self, folder):
        self.place = folder
        self.shown = {}

    @property
    def file(self) -> Path:
        return self.place / "last.safetensors"

    def log(self, event):
        """Events are not kept."""

    def save_epoch(self, model, epoch, *, best):
        self.shown[epoch] = copy.deepcopy(model)

    def save_position(self, checkpoint):
        save_checkpoint(self.file, checkpoint)

    def load(self, model, recipe):
        return load_checkpoint(self.file, model, recipe)


class InMemory(OnDisk):
    """Keeps it in memory, which is soon done."""

    def save_position(self, checkpoint):
        self.checkpoint = copy.deepcopy(checkpoint)

    def load(self, model, recipe):
        return self.checkpoint


RECIPES = {
    **{name: {"optimiser": name, "learning_rate": kind.usual_rate} for name, kind in OPTIMISERS.items()},
    "nesterov": {"optimiser": {"name": "sgd", "nesterov": True}},
    "amsgrad": {"optimiser": {"name": "adam", "amsgrad": True}},
    "centred": {"optimiser": {"name": "rmsprop", "centered": True, "momentum": 0.9}},
    **{f"{name} schedule": {"schedule": name, "optimiser": "sgd"} for name in SCHEDULES},
    "plateau": {"schedule": {"name": "plateau", "patience": 0, "cooldown": 1, "factor": 0.5, "threshold": 0.5}},
    "one cycle of adam": {"schedule": "one_cycle", "optimiser": "adam", "warm_up": 1},
    "one cycle down to no momentum": {"schedule": {"name": "one_cycle", "base_momentum": 0}, "optimiser": "sgd"},
    "averages": {"average": 0.9},
    "two groups": {"weight_decay": 0.1, "optimiser": "adamw"},
    "penalties": {"l1": 0.001, "l2": 0.01, "clip_norm": 0.5},
    "parts": {"batch_size": 4, "accumulate": 3},
    "bfloat16": {"precision": "bfloat16", "channels_last": True},
    "float16": {"precision": "float16", "average": 0.5},
}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
@pytest.mark.parametrize(("every", "keeper", "block"), [(3, OnDisk, 0), (1, InMemory, 0), (2, InMemory, 64)])
def test_stopping_changes_neither_curve_nor_weights(recipe, every, keeper, block, data, tmp_path, monkeypatch):
    """Stopped before every batch, before some, and where figures are read in blocks, as on a GPU."""
    if block:
        monkeypatch.setitem(STEPS_UNREAD, "cpu", block)
    recipe = Recipe.model_validate(settings().model_dump() | {"epochs": EPOCHS, "batch_size": BATCH} | recipe)
    expected, whole = keeper(tmp_path), small_model(dropout=0.3)
    wholly = list(train(whole, data, recipe, run=expected))
    model, kept, found, resume = small_model(dropout=0.3), keeper(tmp_path), [], None
    while True:
        events = list(train(model, data, recipe, control=Stops(every), run=kept, resume=resume))
        found += [event for event in events if isinstance(event, EpochDone | StepDone)]
        assert isinstance(events[-1], Finished)
        if not events[-1].stopped:
            break
        resume = kept.load(model, recipe)
        for value in model.state_dict().values():
            value.zero_()
    assert curve(found) == curve(wholly)
    assert weights_equal(model, whole)
    assert steps(found)[-1] == steps(wholly)[-1]
    assert kept.shown.keys() == expected.shown.keys()
    assert all(weights_equal(kept.shown[epoch], expected.shown[epoch]) for epoch in kept.shown)


def test_a_plateau_has_fallen_by_then(data, tmp_path):
    recipe = settings(epochs=EPOCHS, batch_size=BATCH, **RECIPES["plateau"])
    kept = OnDisk(tmp_path)
    list(train(small_model(), data, recipe, run=kept))
    assert load_checkpoint(kept.file, small_model(), recipe).position.schedule["falls"] >= 1


def test_averages_begin_where_a_run_without_goes_on_with_them(data, tmp_path):
    kept = OnDisk(tmp_path)
    list(train(small_model(), data, settings(epochs=1, batch_size=BATCH), run=kept))
    recipe = settings(epochs=2, batch_size=BATCH, average=0.9)
    model = small_model()
    events = list(train(model, data, recipe, run=kept, resume=load_checkpoint(kept.file, model, recipe)))
    assert isinstance(events[-1], Finished)
    assert not weights_equal(kept.shown[2], model)
