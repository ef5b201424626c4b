import copy
import itertools
import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_training import SHAPE, curve, settings, small_data, small_model, small_network, weights_equal
from torch import nn

from engine.compiling import compile_network
from engine.errors import LayerloomError
from engine.layers import LAYERS
from engine.machine.devices import available_devices
from engine.recipe.losses import CrossEntropy
from engine.recipe.metrics import Accuracy
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Device
from engine.recipe.schedules import SCHEDULES
from engine.tasks.heads import heads_of
from engine.training.control import Control
from engine.training.events import (
    EpochDone,
    Failed,
    Finished,
    Health,
    HealthMeasured,
    Probed,
    Started,
    StepDone,
    from_json,
    to_json,
)
from engine.training.loop import train


@pytest.fixture(scope="module")
def data():
    return small_data()


class TooLarge(nn.Linear):
    """A module that does not fit on the device."""

    def to(self, *args, **kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


def test_a_model_that_does_not_fit_on_the_device_is_out_of_memory(data):
    (failed,) = train(TooLarge(4, 4), data, settings(batch_size=16))
    assert (failed.code, failed.hint) == ("out_of_memory", "Try a batch of 8.")


def test_a_training_tells_its_story_in_order(data):
    events = list(train(small_model(), data, settings()))
    assert isinstance(events[0], Started)
    assert events[0].steps_per_epoch == 20
    assert events[0].train_images == len(data.train)
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1, 2]
    assert any(isinstance(event, StepDone) for event in events)
    assert events[-1] == Finished(2, False, 2, events[-1].seconds)


def test_it_learns(data):
    last = curve(train(small_model(), data, settings(epochs=6, batch_size=16)))[-1]
    assert last[2]["accuracy"] > 0.93
    assert last[1]["loss"] < 0.4


@pytest.mark.parametrize("optimiser", list(OPTIMISERS))
@pytest.mark.parametrize("schedule", list(SCHEDULES))
def test_the_same_seed_gives_the_same_curve(data, optimiser, schedule):
    wanted = settings(optimiser=optimiser, schedule=schedule, learning_rate=0.01)
    first, second = (small_model(dropout=0.3) for _ in range(2))
    assert curve(train(first, data, wanted)) == curve(train(second, data, wanted))
    assert weights_equal(first, second)


def test_another_seed_gives_another_curve(data):
    one, other = (curve(train(small_model(), data, settings(seed=seed))) for seed in (1, 2))
    assert one != other


def test_what_others_draw_at_random_meanwhile_does_not_matter(data):
    def disturbed():
        for event in train(small_model(dropout=0.3), data, settings()):
            torch.rand(3)
            yield event

    assert curve(disturbed()) == curve(train(small_model(dropout=0.3), data, settings()))


def test_watching_a_node_shows_it_and_changes_nothing(data):
    control = Control()
    control.watch("conv", data.test.images([0])[0])
    events = []
    for event in train(small_model(dropout=0.3), data, settings(), control=control):
        events.append(event)
        if isinstance(event, EpochDone):
            control.watch("fc", data.test.images([1])[0])
    probed = [event for event in events if isinstance(event, Probed)]
    assert [(event.node, event.epoch, event.maps.shape) for event in probed] == [
        ("conv", 1, (8, 8, 8)),
        ("fc", 1, (10,)),
        ("fc", 2, (10,)),
        ("fc", 2, (10,)),
    ]
    assert probed[0].maps.dtype == np.float32
    assert curve(events) == curve(train(small_model(dropout=0.3), data, settings()))


def test_what_cannot_be_watched_is_left_out(data):
    control = Control()
    control.watch("nowhere", data.test.images([0])[0])
    assert isinstance(list(train(small_model(), data, settings(epochs=1), control=control))[-1], Finished)
    control.watch("conv", np.zeros((3, 5, 5), dtype=np.uint8))
    assert isinstance(list(train(small_model(), data, settings(epochs=1), control=control))[-1], Finished)


def test_stopping_ends_within_one_batch(data):
    control = Control()
    events = []
    for event in train(small_model(), data, settings(epochs=100), control=control):
        events.append(event)
        if isinstance(event, StepDone):
            control.stop()
    assert sum(isinstance(event, StepDone) for event in events) == 1
    assert events[-1].stopped
    assert events[-1].epochs == 0


def test_health_covers_every_layer_that_learns_and_every_relu(data):
    events = list(train(small_model(), data, settings()))
    nodes = next(event for event in events if isinstance(event, HealthMeasured)).nodes
    assert set(nodes) == {"conv", "bn", "fc", "relu"}
    assert nodes["conv"].gradient_norm > 0
    assert 1e-6 < nodes["fc"].update_ratio < 1
    assert nodes["conv"].dead is None
    assert 0 <= nodes["relu"].dead < 1
    assert nodes["relu"].gradient_norm is None


def test_gradient_norm_and_update_are_what_the_definitions_say(data):
    model = small_model()
    weight = model.get_submodule("fc").weight
    control = Control()
    before = weight.detach().clone()
    wanted = settings(optimiser={"name": "sgd", "momentum": 0}, learning_rate=0.1, schedule="constant")
    for event in train(model, data, wanted, control=control):
        if isinstance(event, HealthMeasured):
            control.stop()
            health = event.nodes["fc"]
            after = torch.cat([weight.detach().flatten(), model.get_submodule("fc").bias.detach()])
    start = small_model().get_submodule("fc")
    before = torch.cat([start.weight.detach().flatten(), start.bias.detach()])
    change = (after - before).norm().item()
    assert health.update_ratio == pytest.approx(change / before.norm().item(), rel=1e-4)
    assert health.gradient_norm == pytest.approx(change / 0.1, rel=1e-4)


def test_dead_maps_are_counted(data):
    model = small_model()
    with torch.no_grad():
        model.get_submodule("bn").weight[:2] = 0
        model.get_submodule("bn").bias[:2] = -1
    event = next(event for event in train(model, data, settings()) if isinstance(event, HealthMeasured))
    assert event.nodes["relu"].dead == pytest.approx(2 / 8)


def test_auxiliary_outputs_count_by_their_weight(data):
    network = small_network()
    network.add(LAYERS["Flatten"](), "flat", inputs="conv")
    network.add(LAYERS["Linear"](out_features=10), "head", inputs="flat")
    network.add(LAYERS["Output"](auxiliary=True, loss_weight=0.3), "aux", inputs="head")
    heads = heads_of(network)
    assert heads.main == "output"
    labels = torch.tensor([1, 2])
    outputs = {"output": torch.randn(2, 10), "aux": torch.randn(2, 10)}
    total, main = heads.losses(outputs, labels, CrossEntropy())
    cross_entropy = nn.functional.cross_entropy
    assert main == cross_entropy(outputs["output"], labels)
    assert torch.isclose(total, main + 0.3 * cross_entropy(outputs["aux"], labels))
    model = compile_network(network, logits=True, seed=0)
    before = model.get_submodule("head").weight.clone()
    last = curve(train(model, data, settings(epochs=3, batch_size=16), heads=heads))[-1]
    assert last[2]["accuracy"] > 0.85
    assert not torch.equal(before, model.get_submodule("head").weight)


@pytest.mark.parametrize("node", ["conv", "bn"])
def test_frozen_layers_stay_as_they_are(data, node):
    network = small_network()
    network.set_node(node, frozen=True)
    model = compile_network(network, logits=True, seed=0)
    before = copy.deepcopy(model.get_submodule(node).state_dict())
    list(train(model, data, settings(weight_decay=0.1)))
    assert all(torch.equal(value, before[name]) for name, value in model.get_submodule(node).state_dict().items())


def test_frozen_dropout_drops_nothing(data):
    network = small_network(dropout=0.5)
    network.set_node("drop", frozen=True)
    images, _ = next(iter(data.train.batches(4, device=torch.device("cpu"))))
    model = compile_network(network, seed=0).train()
    assert torch.equal(model(images), model(images))
    assert copy.deepcopy(model).train().get_submodule("drop").training is False


def test_a_loss_that_explodes_stops_and_names_the_layer(data):
    events = list(
        train(small_model(), data, settings(optimiser="sgd", learning_rate=100, schedule="constant", epochs=50))
    )
    failed = events[-1]
    assert isinstance(failed, (Failed, Finished))
    model = small_model()
    with torch.no_grad():
        model.get_submodule("fc").weight[0, 0] = float("inf")
    failed = list(train(model, data, settings()))[-1]
    assert failed.code == "not_finite"
    assert failed.node == "fc"
    assert failed.message.startswith("Loss became NaN at epoch 1, batch 1, first in fc.")


@pytest.mark.parametrize("epochs", [1, 2])
def test_weights_spoilt_by_the_last_update_are_a_failure_and_not_the_best(data, epochs):
    model, recipe = small_model(), settings(epochs=epochs)
    last = epochs * data.train.steps(recipe.batch_size)
    updates = itertools.count(1)
    model.get_submodule("conv").weight.register_hook(lambda grad: grad * math.nan if next(updates) == last else grad)
    *events, failed = train(model, data, recipe)
    assert (failed.code, failed.node) == ("not_finite", "conv")
    assert failed.message.startswith(f"A weight became NaN in the last update, epoch {epochs}, batch ")
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == list(range(1, epochs))


def test_stopping_after_an_update_that_spoilt_weights_is_a_failure(data):
    model, control = small_model(), Control()
    model.get_submodule("conv").weight.register_hook(lambda grad: grad * math.nan)
    events = train(model, data, settings(), control=control)
    assert isinstance(next(events), Started)
    assert isinstance(next(events), StepDone)
    control.stop()
    assert [event.code for event in events if not isinstance(event, HealthMeasured)] == ["not_finite"]


def test_a_validation_loss_that_is_no_number_is_a_failure_and_not_the_best(data):
    model = small_model()
    model.get_submodule("bn").running_mean.fill_(-3e38)  # which training does not use, and evaluation does
    *events, failed = train(model, data, settings(epochs=1))
    assert failed.code == "not_finite"
    assert failed.message.startswith("The validation loss became infinite after epoch 1")
    assert not any(isinstance(event, EpochDone) for event in events)


def test_a_network_of_no_use_is_a_failure_also_where_nothing_validates():
    data, model = small_data(split={"validation": 0}), small_model()
    model.get_submodule("bn").running_mean.fill_(-3e38)
    *events, failed = train(model, data, settings(epochs=1))
    assert failed.code == "not_finite"
    assert failed.message.startswith("Loss became infinite after epoch 1")
    assert not any(isinstance(event, EpochDone) for event in events)


def test_a_learning_rate_far_too_high_is_named_as_the_cause(data):
    wanted = settings(optimiser={"name": "sgd", "momentum": 0.99}, learning_rate=100, schedule="constant", epochs=300)
    model = compile_network(_deep(), logits=True, seed=0)
    failed = list(train(model, data, wanted))[-1]
    assert isinstance(failed, Failed)
    assert failed.node in {"fc1", "fc2", "fc3"}
    assert "The learning rate 100 is the likely cause." in failed.message
    assert failed.hint == "Try 0.01 in a new run."


def _deep():
    network = small_network()
    before = "flatten"
    network.remove("fc")
    for index in (1, 2, 3):
        before = network.add(LAYERS["Linear"](out_features=10), f"fc{index}", inputs=before)
    network.connect(before, "output")
    return network


def test_no_validation_images_is_fine():
    data = small_data(split={"validation": 0})
    last = curve(train(small_model(), data, settings(epochs=1)))[-1]
    assert last[2] is None


def test_a_missing_device_is_one_sentence(data):
    if Device.CUDA in available_devices():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(LayerloomError, match=r"This machine has no cuda device that PyTorch can use; it has"):
        list(train(small_model(), data, settings(device="cuda")))


def test_learning_rates_rise_shortly_and_fall_along_half_a_cosine():
    wanted = settings(learning_rate=0.2)
    rates = [wanted.rate(step, 100) for step in range(1, 101)]
    assert rates[:5] == pytest.approx([0.04, 0.08, 0.12, 0.16, 0.2])
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert wanted.rate(53, 100) == pytest.approx(0.1)
    assert 0 < rates[-1] < 0.001
    assert settings(schedule="constant", learning_rate=0.2).rate(77, 100) == 0.2


@given(st.integers(1, 2000))
def test_no_learning_rate_is_ever_zero_or_above_the_one_asked_for(steps):
    wanted = settings(learning_rate=0.2)
    assert all(0 < wanted.rate(step, steps) <= 0.2 for step in range(1, steps + 1))


def test_events_survive_json(data):
    control = Control()
    control.watch("conv", np.zeros(SHAPE, dtype=np.uint8))
    for event in train(small_model(), data, settings(), control=control):
        line = json.dumps(to_json(event), allow_nan=False)
        back = from_json(json.loads(line))
        assert back == (None if isinstance(event, Probed) else event)


def test_figures_that_are_no_numbers_still_make_json():

    event = EpochDone(1, {"loss": 1.0, "accuracy": 0.5}, {"loss": float("nan"), "accuracy": 0.1}, 2.0, False)
    back = from_json(json.loads(json.dumps(to_json(event), allow_nan=False)))
    assert np.isnan(back.validation["loss"])
    assert from_json({"event": "of a later version"}) is None


_SAID = {
    "started": to_json(Started("cpu", "32-true", 1, 4, 5, 50, 10, metrics=(Accuracy.measured(),), watched="accuracy")),
    "step_done": to_json(StepDone(1, 2, 3, 0.5, 0.1, 100.0)),
    "epoch_done": to_json(EpochDone(1, {"loss": 1.0}, {"loss": 1.0}, 2.0, True)),
    "health_measured": to_json(HealthMeasured(1, 2, {"conv": Health(0.1)})),
    "finished": to_json(Finished(1, False, 1, 2.0)),
    "failed": to_json(Failed("not_finite", "It failed.", changes={"learning_rate": 0.1})),
}


@pytest.mark.parametrize("values", [None, 3, "x", [], [1, 2], {}, {"event": []}, {"event": None}, {"event": "failed"}])
def test_what_no_training_says_is_no_event(values):
    with pytest.raises(ValueError):
        from_json(values)


@pytest.mark.parametrize(
    ("event", "key", "value"),
    [
        *(("started", "steps_per_epoch", value) for value in (0, -1, None, "x", 10**30)),
        *(("started", "metrics", value) for value in (3, [1], [{"name": "loss"}])),
        *(("step_done", key, None) for key in ("epoch", "step", "images_per_second")),
        ("step_done", "loss", "x"),
        *(("epoch_done", "train", value) for value in (None, [1], {"loss": "x"}, {"loss": []})),
        *(("epoch_done", "seconds", value) for value in ([1], None, -1)),
        ("epoch_done", "epoch", None),
        *(("health_measured", "nodes", value) for value in (None, {"conv": 1}, {"conv": {"dead": "x"}})),
        *(("finished", key, "x") for key in ("epochs", "best_epoch", "seconds")),
        *(("failed", key, 3) for key in ("message", "hint", "changes")),
        *(("failed", "changes", {"batch_size": value}) for value in ("x", -1, math.inf)),
    ],
)
def test_a_value_of_another_kind_makes_it_no_event(event, key, value):
    assert from_json(_SAID[event]) is not None
    with pytest.raises(ValueError):
        from_json({**_SAID[event], key: value})


def test_a_hint_of_version_1_that_names_no_number_suggests_nothing():
    failed = {"event": "failed", "code": "not_finite", "message": "", "hint": "Try e.- in a new run"}
    assert from_json(failed).changes == {}
    assert from_json({**failed, "hint": "Try 0.01 in a new run"}).changes == {"learning_rate": 0.01}
