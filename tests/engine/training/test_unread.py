"""Figures that are read in blocks change nothing of a training: not its weights, nor what it says, nor how it fails."""

import copy
import itertools
import math
from dataclasses import replace
from typing import ClassVar

import pytest
import torch
from small_training import curve, settings, small_data, small_model, small_network, steps, weights_equal
from torch.utils._python_dispatch import TorchDispatchMode

from engine.compiling import compile_network
from engine.data.draws import Pass
from engine.layers import LAYERS
from engine.machine.devices import available_devices
from engine.recipe.device import Device
from engine.recipe.metrics import Metric
from engine.tasks import Classification
from engine.tasks.heads import heads_of
from engine.training.control import Control, Next
from engine.training.events import EpochDone, Failed, Finished, HealthMeasured, Started, StepDone, to_json
from engine.training.health import HealthMeter
from engine.training.loop import train
from engine.training.range_test import range_test
from engine.training.speed import Speedometer
from engine.training.unread import STEPS_UNREAD

BLOCKS = [1, 7, 64, 1000]
BATCH, STEPS = 5, 14  # an epoch
RECIPES = {
    "adamw": {"optimiser": "adamw", "weight_decay": 0.1},
    "amsgrad": {"optimiser": {"name": "adam", "amsgrad": True}, "clip_norm": 0.5},
    "nesterov": {"optimiser": {"name": "sgd", "nesterov": True}, "l1": 0.001, "l2": 0.01},
    "adagrad": {"optimiser": "adagrad"},
    "no kernel for all in one": {"optimiser": "rmsprop"},
    "parts and averages": {"batch_size": 2, "accumulate": 2, "average": 0.9},
    "scaled gradients": {"precision": "float16", "optimiser": "adam"},
    "bfloat16": {"precision": "bfloat16", "channels_last": True},
    "one cycle": {"schedule": "one_cycle", "optimiser": "sgd", "rate_changes": ((9, 0.02), (20, 0.1))},
}


@pytest.fixture(scope="module")
def data():
    whole = small_data()
    few = STEPS * BATCH
    return replace(
        whole,
        train=replace(whole.train, indices=whole.train.indices[:few], targets=whole.train.targets.of(range(few))),
        validation=replace(
            whole.validation, indices=whole.validation.indices[:20], targets=whole.validation.targets.of(range(20))
        ),
    )


@pytest.fixture
def in_blocks(monkeypatch):
    """Lets the CPU be read after so many steps, as a GPU is; 0 lets each be read first."""

    def read_after(count):
        if count:
            monkeypatch.setitem(STEPS_UNREAD, "cpu", count)
        else:
            monkeypatch.delitem(STEPS_UNREAD, "cpu", raising=False)

    return read_after


class Kept:
    """What a training hands over, in memory."""

    place = None

    def __init__(self):
        self.checkpoints, self.epochs = [], []

    def log(self, event):
        """Events are not kept."""

    def save_epoch(self, model, epoch, *, best):
        self.epochs.append((epoch, best, copy.deepcopy(model.state_dict())))

    def save_position(self, checkpoint):
        self.checkpoints.append(copy.deepcopy(checkpoint))


class Script(Control):
    """Does something just before a step: ``acts`` by their numbers."""

    def __init__(self, data, acts):
        super().__init__()
        self._image, self._acts, self._step, self.waited = data.test.images([0])[0], acts, 1, 0

    @property
    def interrupts(self):
        match self._acts.pop(self._step, None):
            case "stop":
                self.stop()
            case "probe":
                self.watch("conv", self._image)
            case "pause":
                self.pause()
            case float(rate):
                self.set_learning_rate(rate)
        return super().interrupts

    def take_learning_rate(self):
        self._step += 1
        return super().take_learning_rate()

    def next(self):
        if self.interrupts and self.paused:
            self.waited += 1
            self.resume()
        return super().next()


def story(model, data, recipe, acts=(), **options):
    """All that a training says but times and what depends on them, and what it keeps."""
    kept, control = Kept(), Script(data, dict(acts))
    events = list(train(model, data, recipe, control=control, run=kept, **options))
    said = [to_json(event) for event in events if not isinstance(event, StepDone | HealthMeasured | Started)]
    return events, [strip(one) for one in said], kept, control


def strip(said):
    return {name: value for name, value in said.items() if name not in ("seconds", "waited", "slowest")}


def positions(kept):
    return [
        (one.position.step, one.position.passed, one.position.images, one.position.sums, one.position.scaling)
        for one in kept.checkpoints
    ]


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_blocks_of_any_size_give_the_same_training(recipe, data, in_blocks):
    recipe = settings(**{"epochs": 2, "batch_size": BATCH, **recipe})
    in_blocks(0)
    expected_model = small_model(dropout=0.3)
    expected, said, kept, _ = story(expected_model, data, recipe, {6: "probe", 17: 0.02, 24: "stop"})
    told = {event[0]: event for event in steps(expected)}
    for block in BLOCKS:
        in_blocks(block)
        model = small_model(dropout=0.3)
        events, found, mine, _ = story(model, data, recipe, {6: "probe", 17: 0.02, 24: "stop"})
        assert found == said
        assert weights_equal(model, expected_model)
        assert positions(mine) == positions(kept)
        assert all(told.get(event[0], event) == event for event in steps(events))
        assert steps(events)
        for (_, _, one), (_, _, other) in zip(mine.epochs, kept.epochs, strict=True):
            assert all(torch.equal(one[name], other[name]) for name in other)
        for one, other in zip(mine.checkpoints, kept.checkpoints, strict=True):
            for index, moments in other.moments.items():
                assert all(torch.equal(one.moments[index][name], value) for name, value in moments.items())


def test_the_last_step_of_every_epoch_is_told_before_the_epoch(data, in_blocks):
    for block in (0, *BLOCKS):
        in_blocks(block)
        events = train(small_model(), data, settings(epochs=2, batch_size=BATCH))
        events = [event for event in events if isinstance(event, StepDone | EpochDone)]
        last = [one for one, following in itertools.pairwise(events) if isinstance(following, EpochDone)]
        assert [(one.epoch, one.batch, one.step) for one in last if isinstance(one, StepDone)] == [
            (1, STEPS, STEPS),
            (2, STEPS, 2 * STEPS),
        ]


def spoiling(model, data, step, node, value=math.nan):
    """Let a node give no numbers for the batch of a step of the first epoch, whenever it comes."""
    order = data.train.training_batches(BATCH, device=torch.device("cpu"), drawn_in=Pass(0, 1))
    image = [batch.pixels for batch in order][step - 1][0]
    seen = []

    def look(_, inputs):
        seen[:] = [bool((inputs[0] == image).flatten(1).all(dim=1).any())]

    model.register_forward_pre_hook(look)
    model.get_submodule(node).register_forward_hook(lambda _, __, output: output * value if seen[0] else output)


@pytest.mark.parametrize(
    ("bad", "acts"),
    [
        ({6: "fc"}, {}),
        ({1: "fc"}, {}),
        ({STEPS: "conv"}, {}),
        ({6: "fc", 7: "conv"}, {}),
        ({6: "bn", 8: "conv", 9: "fc"}, {}),
        ({6: "fc"}, {7: "probe"}),
        ({6: "fc"}, {7: "stop"}),
        ({6: "fc"}, {7: "pause"}),
        ({6: "fc"}, {7: 0.001}),
        ({7: "fc"}, {7: "pause"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("recipe", [{}, {"optimiser": "rmsprop"}, {"batch_size": 3, "accumulate": 2, "average": 0.5}])
def test_a_loss_that_is_no_number_is_told_in_the_same_words_and_never_kept(bad, acts, recipe, data, in_blocks):
    recipe = settings(**{"epochs": 2, "batch_size": BATCH, **recipe})
    stories = []
    for block in (0, *BLOCKS):
        in_blocks(block)
        model = small_model()
        for step, node in bad.items():
            spoiling(model, data, step, node)
        events, said, kept, control = story(model, data, recipe, acts)
        assert isinstance(events[-1], Failed)
        assert not events[-1].message.startswith("A weight")
        assert [one.position.step for one in kept.checkpoints] == [0]
        weights = dict(model.named_parameters())
        assert all(value.isfinite().all() for value in weights.values())
        stories.append((said, control.waited, {name: value.tolist() for name, value in weights.items()}))
    assert all(one == stories[0] for one in stories)


def test_a_rate_that_is_too_high_fails_in_the_same_words(data, in_blocks):
    optimiser = {"name": "sgd", "momentum": 0.99}
    wanted = settings(epochs=99, batch_size=BATCH, optimiser=optimiser, learning_rate=100, schedule="constant")
    found = []
    for block in (0, 7, 1000):
        in_blocks(block)
        model = compile_network(_deep(), logits=True, seed=0)
        found.append((story(model, data, wanted)[1], [one.tolist() for one in model.parameters()]))
    assert "is the likely cause" in found[0][0][-1]["message"]
    assert all(str(one) == str(found[0]) for one in found)


def _deep():
    network = small_network()
    before = "flatten"
    network.remove("fc")
    for index in (1, 2, 3):
        before = network.add(LAYERS["Linear"](out_features=10), f"fc{index}", inputs=before)
    network.connect(before, "output")
    return network


def test_a_head_beside_the_main_one_counts_as_before(data, in_blocks):
    network = small_network()
    network.add(LAYERS["Flatten"](), "flat", inputs="conv")
    network.add(LAYERS["Linear"](out_features=10), "head", inputs="flat")
    network.add(LAYERS["Output"](auxiliary=True, loss_weight=0.3), "aux", inputs="head")
    found = []
    for block in (0, *BLOCKS):
        in_blocks(block)
        model = compile_network(network, logits=True, seed=0)
        events = list(train(model, data, settings(batch_size=BATCH), heads=heads_of(network)))
        found.append((curve(events), {name: value.tolist() for name, value in model.state_dict().items()}))
    assert all(one == found[0] for one in found)


class Margin(Metric):
    """How far the likeliest class is ahead: no whole number, so the order of adding up shows in the last digits."""

    name: ClassVar = "margin"
    title: ClassVar = "Margin"
    short: ClassVar = "margin"
    higher_is_better: ClassVar = True

    def total(self, outputs, targets, loss):
        first, second = outputs.softmax(dim=1).topk(2, dim=1).values.unbind(dim=1)
        return (first - second).sum()


class WithMargin(Classification):
    def measured(self, recipe):
        return (*super().measured(recipe), Margin())


@pytest.mark.parametrize("recipe", [{}, {"batch_size": 2, "accumulate": 2}])
def test_every_metric_is_the_same_however_many_steps_are_measured_at_once(recipe, data, in_blocks, monkeypatch):
    recipe = settings(**{"batch_size": BATCH, **recipe})
    found = []
    for block, values in ((0, 1), (0, 2**16), (1, 2**16), (7, 100), (1000, 1), (1000, 300), (1000, 2**16)):
        in_blocks(block)
        monkeypatch.setattr("engine.training.unread._MOST_VALUES", values)
        events = list(train(small_model(), data, recipe, task=WithMargin()))
        assert isinstance(events[-1], Finished), events[-1]
        found.append(curve(events))
    assert found[0][0][1].keys() == {"loss", "accuracy", "margin"}
    assert all(one == found[0] for one in found)
    hits = found[0][-1][1]["accuracy"] * STEPS * BATCH
    assert hits == pytest.approx(round(hits), abs=1e-6)


class StopsBefore(Control):
    def __init__(self, step):
        super().__init__()
        self._left = step

    def next(self):
        self._left -= 1
        if not self._left:
            self.stop()
        return Next.STOP if self.stopped else super().next()


def test_one_that_is_stopped_anywhere_goes_on_bit_for_bit(data, in_blocks):
    recipe = settings(epochs=2, batch_size=BATCH, optimiser="adamw", average=0.9)
    whole = small_model(dropout=0.3)
    expected = curve(train(whole, data, recipe))
    in_blocks(64)
    for stop in range(1, 2 * STEPS + 1):
        kept, again = Kept(), small_model(dropout=0.3, seed=5)
        begun = list(train(small_model(dropout=0.3), data, recipe, control=StopsBefore(stop), run=kept))
        assert begun[-1].stopped
        assert kept.checkpoints[-1].position.step == stop - 1
        rest = list(train(again, data, recipe, resume=kept.checkpoints[-1]))
        assert isinstance(rest[-1], Finished)
        assert curve(begun) + curve(rest) == expected
        assert weights_equal(again, whole)


class Called(TorchDispatchMode):
    """Notes what torch is asked for."""

    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.names.append(str(function.overloadpacket))
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("block", [0, 1000])
def test_no_step_reads_a_number_before_a_report_is_due(block, data, in_blocks, monkeypatch):
    monkeypatch.setattr(Speedometer, "is_due", lambda self: False)
    monkeypatch.setattr(HealthMeter, "is_due", lambda self: False)
    in_blocks(block)
    recipe = settings(epochs=1, batch_size=BATCH, optimiser="adamw", clip_norm=1.0, l1=0.001, average=0.9)
    with Called() as called:
        for event in train(small_model(dropout=0.3), data, recipe):
            if isinstance(event, StepDone):
                break
    assert called.names.count("aten.convolution_backward") == STEPS
    first, *_, last = (at for at, name in enumerate(called.names) if name == "aten.convolution_backward")
    reads = [at for at, name in enumerate(called.names) if name == "aten._local_scalar_dense"]
    assert any(first < at < last for at in reads) == (not block)
    assert any(at > last for at in reads)


def test_a_range_test_reads_each_step_also_where_trainings_do_not(data, in_blocks):
    found = []
    for block in (0, 64):
        in_blocks(block)
        heard = []
        range_test(small_model(), data, settings(batch_size=BATCH), batches=30, heard=heard.append)
        found.append(heard)
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.skipif(Device.CUDA not in available_devices(), reason="needs a GPU")
def test_on_a_gpu_as_if_each_step_were_read(data, monkeypatch):
    found = []
    for block in (1, 64):
        monkeypatch.setitem(STEPS_UNREAD, "cuda", block)
        model = small_model(dropout=0.3)
        said = curve(train(model, data, settings(batch_size=BATCH, device="cuda", precision="float32")))
        found.append([value for _, trained, held in said for value in (*trained.values(), *held.values())])
    assert found[0] == pytest.approx(found[1], rel=1e-3)
