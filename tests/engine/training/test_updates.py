"""What an update does beside the optimiser: parts of a batch, penalties, clipping, averages, what does not decay."""

import json
import math
import os
import subprocess
import sys

import pytest
import torch
from small_training import curve, settings, small_data, small_model, small_network

from engine.compiling import compile_network
from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.evaluation.evaluating import evaluate
from engine.layers import LAYERS
from engine.network import Network, analyse
from engine.project import Project
from engine.recipe.losses import LOSSES, fitted_loss
from engine.recipe.optimisation import decaying
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Classification
from engine.tasks.heads import Heads
from engine.tasks.setup import Setup
from engine.training.events import EpochDone, Finished
from engine.training.loop import train
from engine.training.updates import Update, Updater

CPU = torch.device("cpu")
PLAIN = {"optimiser": {"name": "sgd", "momentum": 0}, "learning_rate": 0.1, "schedule": "constant"}


def without_norm():
    """A network in which no image depends on the others of its batch."""
    network = small_network()
    network.remove("bn")
    network.connect("conv", "relu")
    return compile_network(network, logits=True, seed=0)


def updater_of(model, **values):
    recipe = settings(**{**PLAIN, **values})
    loss = fitted_loss(recipe.loss, tuple(range(1, 11)))
    return Updater(model, recipe, device=CPU, heads=Heads(), loss=loss)


def batch(images=12):
    generator = torch.Generator().manual_seed(images)
    return torch.randn(images, 1, 8, 8, generator=generator), torch.randint(10, (images,), generator=generator)


def learn(updater, images=12, *, step=1):
    return updater.update(*batch(images), step=step, rate=0.1, momentum=None, meter=None)


def flat(model):
    return torch.cat([one.detach().flatten().clone() for one in model.parameters()])


# Accumulation


@pytest.mark.parametrize("images", [12, 11, 9, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_parts_of_a_batch_make_the_update_of_the_whole(images, weighted):
    loss = {"name": "cross_entropy", "class_weights": weighted}
    one, other = without_norm(), without_norm()
    whole = learn(updater_of(one, batch_size=12, loss=loss), images)
    parts = learn(updater_of(other, batch_size=4, accumulate=3, loss=loss), images)
    assert torch.allclose(flat(one), flat(other), atol=1e-6, rtol=0)
    assert parts.loss == pytest.approx(whole.loss, abs=1e-6)
    answered = torch.cat([targets for _, targets in parts.answers])
    assert torch.equal(answered, batch(images)[1])
    assert len(parts.answers) == len(whole.answers) * -(-images // 4)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("mixed", [False, True])
def test_parts_make_the_update_of_the_whole_by_each_loss_with_class_weights(name, mixed):
    images, targets = batch(11)
    if mixed:
        hot = torch.nn.functional.one_hot(targets, 10).float()
        targets = 0.7 * hot + 0.3 * hot.roll(1, dims=0)
    ends, losses = [], []
    for sizes in ({"batch_size": 12}, {"batch_size": 4, "accumulate": 3}):
        model = without_norm()
        updater = updater_of(model, loss={"name": name, "class_weights": True}, **sizes)
        done = updater.update(images, targets, step=1, rate=1.0, momentum=None, meter=None)
        ends.append(flat(model))
        losses.append(done.loss)
    assert torch.allclose(*ends, atol=1e-6, rtol=0)
    assert losses[0] == pytest.approx(losses[1], abs=1e-6)


def test_accumulated_batches_give_the_curve_of_batches_as_large():
    data, network = small_data(), small_network()
    network.remove("bn")
    network.connect("conv", "relu")
    curves, ends = [], []
    for values in ({"batch_size": 60}, {"batch_size": 20, "accumulate": 3}):
        model = compile_network(network, logits=True, seed=0)
        events = list(train(model, data, settings(**PLAIN, **values)))
        assert events[0].steps_per_epoch == data.train.steps(60)
        curves.append([(train["loss"], held["loss"]) for _, train, held in curve(events)])
        ends.append(flat(model))
    assert torch.allclose(*ends, atol=1e-5, rtol=0)
    assert sum(curves[0], ()) == pytest.approx(sum(curves[1], ()), abs=1e-5)


def test_more_batches_than_an_epoch_has_is_one_update_and_said():
    data = small_data()
    recipe = settings(epochs=2, batch_size=64, accumulate=1000)
    events = list(train(small_model(), data, recipe))
    assert events[0].steps_per_epoch == 1
    assert isinstance(events[-1], Finished)
    network = small_network()

    def told(recipe):
        setup = Setup(network, analyse(network), Digits(), recipe, classes=10, images=1257)
        return [problem for problem in Classification().problems(setup) if problem.code == "accumulation"]

    (problem,) = told(recipe)
    asked = "An update is made from 1\u202f000 batches of 64, but there are 1\u202f257 training images"
    assert problem.message == f"{asked}: each epoch is a single update."
    assert problem.hint == "Accumulate at most 19 batches."
    assert not told(settings(batch_size=64, accumulate=19))


# Penalties, decay and clipping


def silent(model):
    """A model whose loss has no gradient: what moves its weights then is not the data."""
    for one in model.parameters():
        one.register_hook(torch.zeros_like)
    return model


def changes(model, **values):
    before = {name: one.detach().clone() for name, one in model.named_parameters()}
    learn(updater_of(model, **values))
    return {name: (before[name], one.detach()) for name, one in model.named_parameters()}


@pytest.mark.parametrize(
    ("values", "after"),
    [
        ({"weight_decay": 0.3}, lambda w: w - 0.1 * 0.3 * w),
        ({"l2": 0.3}, lambda w: w - 0.1 * 0.3 * w),
        ({"l1": 0.3}, lambda w: w - 0.1 * 0.3 * w.sign()),
        ({"l1": 0.2, "l2": 0.3}, lambda w: w - 0.1 * (0.2 * w.sign() + 0.3 * w)),
        ({"weight_decay": 0.3, "optimiser": "adamw"}, lambda w: w - 0.1 * 0.3 * w),
    ],
)
@pytest.mark.parametrize("leaves_out", ["biases_and_norms", "nothing"])
def test_penalties_and_decay_pull_at_weights_alone(values, after, leaves_out):
    found = changes(silent(small_model()), decay_leaves_out=leaves_out, **values)
    for name, (before, now) in found.items():
        decays = leaves_out == "nothing" or name in ("conv.weight", "fc.weight")
        assert torch.allclose(now, after(before) if decays else before, atol=1e-7), name


NORMS = [name for name, kind in LAYERS.items() if kind.__module__ == "engine.layers.normalisation"]


@pytest.mark.parametrize("norm", NORMS)
def test_no_norm_decays(norm):
    network = Network()
    before = network.add(LAYERS["Input"](channels=8, height=5, width=5), "input")
    before = network.add(LAYERS["Conv2d"](out_channels=8), "conv", inputs=before)
    before = network.add(LAYERS[norm](), "norm", inputs=before)
    network.add(LAYERS["Output"](), "output", inputs=before)
    model = compile_network(network, seed=0)
    assert [id(one) for one in decaying(model, settings())] == [id(model.get_submodule("conv").weight)]
    assert len(decaying(model, settings(decay_leaves_out="nothing"))) == len(list(model.parameters()))


def test_frozen_weights_feel_no_penalty():
    network = small_network()
    network.set_node("conv", frozen=True)
    model = compile_network(network, logits=True, seed=0)
    found = changes(model, l1=0.5, l2=0.5, weight_decay=0.5)
    assert torch.equal(*found["conv.weight"])
    assert not torch.equal(*found["fc.weight"])


@pytest.mark.parametrize("longest", [1e-3, 1e6])
def test_gradients_are_cut_to_a_length(longest):
    plain, cut = without_norm(), without_norm()
    start = flat(plain)
    learn(updater_of(plain))
    learn(updater_of(cut, clip_norm=longest))
    whole, shortened = flat(plain) - start, flat(cut) - start
    length = (whole / 0.1).norm().item()
    assert torch.allclose(shortened, whole * min(1.0, longest / length), atol=1e-7)


def test_penalties_are_cut_along_with_the_gradients():
    length = flat(small_model()).norm()
    found = changes(silent(small_model()), l2=0.3, clip_norm=0.5, decay_leaves_out="nothing")
    for name, (before, now) in found.items():
        expected = before - 0.1 * 0.5 * before / length
        assert torch.allclose(now, expected, atol=1e-6), name


@pytest.mark.parametrize("values", [{"clip_norm": 1e-3}, {"l1": 0.5, "l2": 0.5}])
def test_what_is_done_to_gradients_does_not_hang_on_the_number_format(values):
    ends = []
    for precision in ("float32", "float16"):
        model = without_norm()
        start = flat(model)
        learn(updater_of(model, precision=precision, **values))
        ends.append(flat(model) - start)
    assert torch.allclose(*ends, atol=0.02 * ends[0].abs().max().item())


# Averages


def test_averages_are_a_moving_average_of_all_weights_and_running_averages():
    model = small_model()
    updater = updater_of(model, average=0.3)
    expected = {name: value.clone() for name, value in model.state_dict().items()}
    for step in range(1, 8):
        updater.train()
        learn(updater, step=step)
        kept = min(0.3, (1 + step) / (10 + step))
        for name, value in model.state_dict().items():
            expected[name] = kept * expected[name] + (1 - kept) * value if value.is_floating_point() else value.clone()
    for name, value in updater.averaged.state_dict().items():
        assert torch.allclose(value, expected[name], atol=1e-6), name
    assert not torch.allclose(updater.averaged.state_dict()["conv.weight"], model.state_dict()["conv.weight"])
    assert not torch.allclose(updater.averaged.state_dict()["bn.running_var"], model.state_dict()["bn.running_var"])


def test_averages_validate_and_are_kept(tmp_path):
    project = Project(small_network(), DataSettings(), settings(epochs=2, average=0.99))
    events = list(run_project(project, tmp_path / "run"))
    assert [note for note in events[0].notes if note.startswith("Averaged weights validate and are kept")]
    run = RunFolder(tmp_path / "run")
    assert all(
        torch.equal(one, other) for one, other in zip(*(run.weights(w).values() for w in ("last", 2)), strict=True)
    )
    told = next(event for event in reversed(events) if isinstance(event, EpochDone)).validation
    found = evaluate(run, "validation")
    assert found.loss == pytest.approx(told["loss"], rel=1e-5)


# Number formats and layouts


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"precision": "bfloat16"}, "bf16-mixed"),
        ({"precision": "float16"}, "16-mixed"),
        ({"precision": "mixed"}, "bf16-mixed"),
        ({"precision": "float32"}, "32-true"),
        ({"channels_last": True}, "32-true"),
        ({"precision": "bfloat16", "channels_last": True, "average": 0.9, "accumulate": 2}, "bf16-mixed"),
    ],
)
def test_every_way_of_running_learns(values, told):
    model = small_model()
    events = list(train(model, small_data(), settings(epochs=5, batch_size=16, **values)))
    assert events[0].precision == told
    assert curve(events)[-1][2]["accuracy"] > 0.9
    assert all(one.dtype == torch.float32 for one in model.parameters())


def test_another_layout_is_the_same_network():
    data = small_data()
    plain, other = (curve(train(small_model(), data, settings(channels_last=last))) for last in (False, True))
    assert plain[-1][2]["loss"] == pytest.approx(other[-1][2]["loss"], rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("compiler", [True, False])
def test_a_network_is_compiled_or_it_is_said_why_not(compiler, tmp_path):
    code = """
import json, sys
sys.path.insert(0, "tests")
from dataclasses import replace
from small_training import curve, settings, small_data, small_model
from engine.training.loop import train
data = small_data()
few = replace(data.train, indices=data.train.indices[:128], targets=data.train.targets.of(range(128)))
data = replace(data, train=few)
plain, other = (list(train(small_model(), data, settings(epochs=1, compile=wanted))) for wanted in (False, True))
print(json.dumps([other[0].notes, curve(plain)[-1][2]["loss"], curve(other)[-1][2]["loss"]]))
"""
    missing = {} if compiler else {"CXX": str(tmp_path / "none"), "PATH": ""}
    environment = {**os.environ, "TORCHINDUCTOR_CACHE_DIR": str(tmp_path), **missing}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    notes, plain, other = json.loads(done.stdout)
    assert other == pytest.approx(plain, rel=1e-3)
    assert len(notes) == (not compiler)
    assert all(note.startswith("torch.compile does not work here, so training goes on without it: ") for note in notes)


def test_an_update_counts_what_it_minimised_and_the_loss_apart_and_nothing_after_a_bad_part():
    done = Update()
    done.add(0.25, [4.0, 2.0])
    done.add(0.5, [6.0])
    assert (done.minimised, done.loss) == (4.0, 3.5)
    done.add(0.25, [math.inf])
    done.add(0.25, [math.nan])
    assert (done.minimised, done.loss) == (math.inf, math.inf)
