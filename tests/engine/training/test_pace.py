"""How long a training takes: the work of a step in closed forms, what comes of a pace, what devices do."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest
import torch

from engine.data.asking import known_of
from engine.data.settings import DataSettings
from engine.data.source import DataDescription
from engine.layers import LAYERS, Shape
from engine.machine.turn import TURNS
from engine.network import Network, analyse
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.recipe import Device, Recipe
from engine.training import rates
from engine.training.estimate import Estimator, estimate
from engine.training.footprint import footprint
from engine.training.pace import Basis, Images, Pace, calculated, times_of
from engine.training.rates import Rates, rates_of
from engine.training.work import GrowingWork, Work
from templates import build

CPU = torch.device("cpu")
SLOW = Rates(flops=1e9, moved=1e9, in_place=1e9, call=1e-5, disk=1e8, file=0.01)


@pytest.fixture
def unknown(monkeypatch):
    """A machine of which nothing has been found out."""
    monkeypatch.setattr(rates, "_known", {})
    monkeypatch.setattr(rates, "tried", lambda *_: SLOW)


@pytest.mark.parametrize("name", ["mlp", "lenet5", "alexnet", "mobilenet"])
def test_passes_multiply_as_often_as_their_layers_do_and_twice_as_often_backwards(name):
    network = build(name)
    analysis = analyse(network)
    first = next(node for node in analysis.nodes.values() if node.multiply_adds)
    found = footprint(network)
    assert found.forward.an_image.flops == pytest.approx(2 * analysis.multiply_adds, rel=0.01)
    # Images have no gradients, so that the first layer makes those of its weights alone.
    both = 2 * (3 * analysis.multiply_adds - first.multiply_adds)
    assert found.both.an_image.flops == pytest.approx(both, rel=0.01)


def test_what_an_activation_moves_is_what_it_reads_and_writes():
    def found(*names: str):
        network = Network("small")
        network.add(LAYERS["Input"](channels=1, height=8, width=8), "input")
        before = "input"
        for name in ("Flatten", "Linear", *names, "Output"):
            network.add(LAYERS[name](), name, inputs=before)
            before = name
        return footprint(network).forward

    plain, more = found(), found("Sigmoid")
    outputs = LAYERS["Linear"]().out_features
    # Compiled networks write what they can where they read.
    assert more.an_image.moved - plain.an_image.moved == pytest.approx(2 * 4 * outputs)
    assert more.rest.calls == plain.rest.calls + 1


def test_growing_work_goes_through_both_of_its_points():
    low, high = (2, Work(5, 10, 3)), (6, Work(13, 10, 3))
    line = GrowingWork.through(low, high)
    assert (line.at(2), line.at(6), line.at(0)) == (low[1], high[1], Work(1, 10, 3))


def test_a_run_is_its_epochs_with_validation_and_what_is_kept_after_each():
    pace = Pace(step=0.2, image=0.01, keeping=0.5)
    times = times_of(pace, Recipe(batch_size=10, accumulate=2, epochs=3), Images(train=100, validation=30))
    assert (times.steps, times.validates) == (5, True)
    assert times.epoch == pytest.approx(5 * 0.2 + 30 * 0.01)
    assert times.run == pytest.approx(3 * (times.epoch + 0.5))
    assert times.images_a_second == pytest.approx(100)


def test_measured_steps_take_the_place_of_calculated_ones_and_images_follow():
    pace = Pace(step=0.2, image=0.01, keeping=0.5)
    found = pace.measured(0.3, 20)
    assert (found.step, found.image, found.keeping) == (0.3, pytest.approx(0.015), 0.5)
    assert (found.basis, found.steps, pace.basis) == (Basis.MEASURED, 20, Basis.CALCULATED)
    by_epochs = pace.measured_in_epochs([2.0, 4.0], steps=10, validation=20)  # as much as one step more
    assert (by_epochs.step, by_epochs.steps) == (pytest.approx(3.0 / 11), 20)


def test_a_step_takes_what_each_of_its_parts_does():
    found, shape = footprint(build("lenet5")), Shape(1, 28, 28)

    def step(**changes) -> float:
        return calculated(found, Recipe(**changes), shape, SLOW).step

    once, twice = step(batch_size=16), step(batch_size=32)
    assert twice - once == pytest.approx(step(batch_size=48) - twice)
    update = 2 * once - step(batch_size=16, accumulate=2)
    assert 0 < update < once
    assert step(average=0.9) - once == pytest.approx(3 * found.weights / SLOW.in_place + found.tensors * SLOW.call)


@pytest.mark.parametrize("optimiser", list(OPTIMISERS.values()), ids=lambda one: one.name)
def test_every_optimiser_takes_some_time(optimiser):
    found = footprint(build("mlp"))
    pace = calculated(found, Recipe(optimiser=optimiser()), Shape(1, 28, 28), SLOW)
    idle = calculated(found, Recipe(optimiser=OPTIMISERS["sgd"](momentum=0)), Shape(1, 28, 28), SLOW)
    assert idle.step <= pace.step < 10 * idle.step
    assert pace.keeping >= idle.keeping


def test_a_device_that_runs_ahead_hides_calls_behind_work():
    work = Work(flops=1e9, moved=0, calls=1000)
    assert SLOW.seconds(work) == pytest.approx(1.01)
    assert Rates(1e9, 1e9, 1e9, 1e-5, 1e8, 0.01, runs_ahead=True).seconds(work) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("counts", "own", "split", "expected"),
    [
        ((50, 50), {}, {"validation": 0.2, "test": 0.1}, (70, 20)),
        ((50, 50), {"validation": 10, "test": 10}, {"validation": 0.2, "test": 0.1}, (80, 10)),
        ((50, 50), {}, {"validation": 0.0, "test": 0.0}, (100, 0)),
    ],
)
def test_images_are_counted_by_the_parts_they_will_be_in(counts, own, split, expected):
    data = DataSettings()
    data = data.model_copy(update={"split": data.split.model_copy(update=split)})
    described = DataDescription("some", ("a", "b"), counts, None, **own)
    images = Images.of(data, described)
    assert (images.train, images.validation) == expected


def test_the_digits_have_as_many_steps_as_their_runs():
    data = DataSettings()
    known = known_of(data.source)
    assert known is not None
    found = estimate(build("lenet5"), Recipe(device=Device.CPU), Images.of(data, known))
    assert found.times is not None
    assert found.times.steps == 79


@pytest.mark.parametrize(
    ("settings", "largest", "parts"),
    [
        ({"batch_size": 32}, 32, 1),
        ({"batch_size": 700}, 629, 1),
        ({"batch_size": 65_536}, 1257, 1),
        ({"batch_size": 300, "accumulate": 3}, 210, 3),
        ({"batch_size": 1000, "accumulate": 4}, 629, 2),
    ],
)
def test_batches_are_as_large_as_the_images_make_them(settings, largest, parts):
    recipe, images = Recipe(device=Device.CPU, **settings), Images(1257, 270)
    known = Estimator(build("lenet5"), rates=lambda *_: SLOW)
    found = known.estimate(recipe, images)
    same = known.estimate(recipe.model_copy(update={"batch_size": largest, "accumulate": parts}))
    assert _sizes(found) == _sizes(same)
    assert (found.pace.step, found.batch_size) == (same.pace.step, recipe.batch_size)
    assert known.estimate(recipe, Images(0, 0)).pace == known.estimate(recipe).pace


def _sizes(found):
    return {part.name: part.bytes for part in found.parts if part.name != "program"}


def test_what_was_found_of_a_device_is_remembered_in_a_file(unknown, monkeypatch):
    assert rates_of(CPU, None) == SLOW
    kept = json.loads(rates._place().read_text())
    assert [Rates(**one) for one in kept.values()] == [SLOW]
    monkeypatch.setattr(rates, "_known", {})
    monkeypatch.setattr(rates, "tried", None)  # nothing is tried again
    assert rates_of(CPU, None) == SLOW


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": {"flops": 1}}', '{"a": 3}'])
def test_a_file_that_cannot_be_read_is_written_anew(unknown, content):
    rates._place().parent.mkdir(parents=True, exist_ok=True)
    rates._place().write_text(content)
    assert rates_of(CPU, None) == SLOW
    assert len(json.loads(rates._place().read_text())) == 1


def test_what_is_found_beside_a_training_is_not_remembered(unknown):
    with TURNS.to_train():
        assert rates_of(CPU, None) == SLOW
    assert not rates._place().exists()


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_a_trial_finds_figures_of_a_real_machine(kind):
    found = rates.tried(CPU, kind)
    assert 1e8 < found.flops < 1e15
    assert 1e7 < found.moved < 1e14
    assert found.in_place > 1e7
    assert 0 < found.call < 0.1
    assert not found.runs_ahead


def test_estimating_draws_nothing_at_random():
    before = torch.random.get_rng_state()
    measured = rates.tried(CPU, torch.float32)
    Estimator(build("alexnet"), rates=lambda *_: measured).estimate(Recipe(device=Device.CPU))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_what_is_kept_and_validated_takes_what_each_of_its_parts_does():
    found, shape = footprint(build("lenet5")), Shape(1, 28, 28)
    plain = Recipe(optimiser=OPTIMISERS["sgd"](momentum=0), batch_size=16)
    averaged = plain.model_copy(update={"average": 0.9})
    pace, other = (calculated(found, recipe, shape, SLOW) for recipe in (plain, averaged))
    assert pace.keeping == pytest.approx(2 * found.weights / SLOW.disk + 2 * SLOW.file)
    assert other.keeping - pace.keeping == pytest.approx(found.weights / SLOW.disk)
    several = 4 * 16
    work = found.forward.at(several).plus(Work(0, 13 * shape.elements * several, 150))
    assert pace.image == pytest.approx(SLOW.seconds(work) / several)
    clipped = calculated(found, plain.model_copy(update={"clip_norm": 1.0}), shape, SLOW)
    more = 3 * found.gradients / SLOW.in_place + 2 * found.tensors * SLOW.call
    assert clipped.step - pace.step == pytest.approx(more)


def test_what_is_found_while_a_training_ends_or_begins_is_not_remembered(unknown, monkeypatch):
    with ExitStack() as training:
        training.enter_context(TURNS.to_train())
        monkeypatch.setattr(rates, "tried", lambda *_: training.close() or SLOW)
        assert rates_of(CPU, None) == SLOW
        assert not TURNS.training
        monkeypatch.setattr(rates, "tried", lambda *_: training.enter_context(TURNS.to_train()) or SLOW)
        assert rates_of(CPU, None) == SLOW
    assert not rates._place().exists()
