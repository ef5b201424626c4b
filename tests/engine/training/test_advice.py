"""Advice on trainings that do not go well leads to a cure, and the cure works."""

import json
import math
from dataclasses import replace
from typing import ClassVar

import pytest
import torch
from PIL import Image
from sklearn.datasets import load_digits
from small_training import settings, small_data, small_model, small_network
from train_parts import tiny_network

from engine.data.settings import DataSettings
from engine.data.source import SOURCES
from engine.layers import LAYERS
from engine.network import Network, analyse, of_severity
from engine.project import Project
from engine.recipe.initialisations import INITIALISATIONS, Initialisation
from engine.runs.run_advice import advice_on
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.advice import CAUSES, Adviser, Course
from engine.training.advice.cures import below, open_gradients
from engine.training.events import Failed, Health, HealthMeasured, Started, StepDone, to_json
from engine.training.loop import train


def course(health, network=None, rate=0.003, **rest):
    return Course(Project(network or tiny_network(), training=settings(learning_rate=rate)), health, **rest)


def stack(name, *layers, classes=10):
    """A network of layers one after the other, on digits of 8×8."""
    network = Network(name)
    ends = LAYERS["Input"](channels=1, height=8, width=8), LAYERS["Linear"](out_features=classes), LAYERS["Output"]()
    before = ()
    for layer in (ends[0], *layers, *ends[1:]):
        before = (network.add(layer, inputs=before),)
    return network


def deep(activation, depth, width=32):
    pairs = (LAYERS["Linear"](out_features=width), LAYERS[activation]())
    return stack("deep", LAYERS["Flatten"](), *(depth * pairs))


@pytest.fixture
def _every_step_is_measured(monkeypatch):
    """How many steps are measured does not depend on how fast the machine is."""
    monkeypatch.setattr("engine.training.health._COST", math.inf)
    monkeypatch.setattr("engine.training.health._INTERVAL", 0)


def trained(project, folder):
    """The run folder of a training, with its last event."""
    *_, last = run_project(project, folder)
    return RunFolder(folder), last


def validated(run):
    return run.epochs()[-1].validation


# What is said


def test_advice_is_given_on_the_first_cause_and_others_are_silent():
    health = {"conv": Health(1e-7, 1e-3), "relu": Health(dead=1.0), "fc": Health(0.5, 0.1)}
    advice = Adviser().on(course(health, rate=0.01, losses=(1.0, 1.0)))
    assert advice.what == "Updates of fc are large beside its weights."
    assert advice.cure.values == {"training.learning_rate": "0.001"}
    assert advice.where == "fc"


def test_large_updates_are_no_fault_while_the_loss_falls_and_in_the_first_epoch():
    told = [
        Adviser().on(course({"fc": Health(0.1, ratio)}, losses=losses))
        for ratio, losses in ((0.5, (1.0, 0.5)), (0.05, ()), (0.05, (1.0, 1.0)), (0.5, ()))
    ]
    assert [advice is not None for advice in told] == [False, False, True, True]


def test_nothing_is_advised_where_training_goes_well_or_too_little_was_measured():
    wrong = {"conv": Health(1e-7, 1e-3), "relu": Health(dead=1.0), "fc": Health(0.5, 0.5)}
    classes = tuple("abcdefghij")
    started = course(wrong, classes=classes, first_loss=2.4, losses=(0.5,))
    assert Adviser().on(started) is None
    halved = replace(course({"fc": Health(0.5, 0.5)}), classes=classes, first_loss=2.4, losses=(1.1,))
    assert Adviser().on(halved) is None
    assert Adviser().on(replace(halved, losses=(1.2,))) is not None
    assert Adviser().on(replace(halved, first_loss=1e6, losses=(20.0, 20.0))) is not None  # far worse than a guess
    assert [Adviser().on(replace(halved, losses=(2.2,), measured=count)) is None for count in (2, 3)] == [True, False]
    spoilt = replace(started, health={"fc": Health(math.nan, 1e-3)})
    assert "not finite" in Adviser().on(spoilt).what
    unlike = replace(started, health={}, class_images=(98, 6, *[98] * 8))
    assert "98 against 6" in Adviser().on(unlike).what


def test_what_comes_of_a_rate_far_too_high_is_laid_to_the_rate():
    health = {"conv": Health(1e-9, 1e-3), "fc": Health(0.5, 1e-3)}
    advice = Adviser().on(course(health, rate=100.0))
    assert advice.what == "The learning rate 100 is far above 0.003, which is usual."
    assert advice.cure.applied(Project()).training.learning_rate == 0.003
    assert "batch norm" in Adviser().on(course(health)).remedy


def test_a_gradient_vanishes_or_explodes_where_it_begins_on_its_way_back():
    chain = deep("ReLU", 4)
    norms = {"fc1": 1e-9, "fc2": 2e-7, "fc3": 0.1, "fc4": 0.2, "fc5": 0.3}
    vanishing = Adviser().on(course({name: Health(norm, 1e-3) for name, norm in norms.items()}, chain))
    assert (vanishing.where, vanishing.sign) == ("fc2", "vanishing")
    assert vanishing.what == "The gradient vanishes in fc2: ‖∇W‖ is 2.0e-7 there, 3.0e-1 in fc5."
    exploding = Adviser().on(course({name: Health(1e-4 / norm, 1e-3) for name, norm in norms.items()}, chain))
    assert (exploding.where, exploding.sign) == ("fc1", "exploding")
    nothing_left = {name: Health(1e-8, 1e-3) for name in norms}
    assert Adviser().on(course(nothing_left, chain)) is None


def test_advice_on_the_rate_goes_one_way():
    adviser = Adviser()
    told = [
        adviser.on(course({"conv": Health(0.1, ratio), "fc": Health(0.1, ratio)}, rate=0.01))
        for ratio in (0.2, 10.0, 0.2, 1e-6, 1e-3)
    ]
    rates = [advice and float(advice.cure.values["training.learning_rate"]) for advice in told]
    assert rates == [3e-4, 1e-5, 1e-5, None, None]


def test_a_higher_rate_lets_no_layer_move_too_much():
    slow = {"conv": Health(0.1, 1e-6), "fc": Health(0.1, 2e-6)}
    assert Adviser().on(course(slow, rate=1e-6)).cure.label == "0.0003"
    one_is_fast = {"conv": Health(0.1, 1e-6), "fc": Health(0.1, 5e-3)}
    assert Adviser().on(course(one_is_fast, rate=1e-6)) is None


def test_a_rate_that_was_changed_meanwhile_is_the_one_advised_on():
    large = course({"fc": Health(0.1, 0.2)})
    changed = replace(large.project, training=large.recipe.with_rate(5, 0.001))
    assert Adviser().on(replace(large, project=changed)).cure.label == "3e-5"


def test_units_that_may_have_died_of_the_rate_keep_the_advice_on_it():
    adviser = Adviser()
    adviser.on(course({"conv": Health(0.1, 0.2), "fc": Health(0.1, 1e-3)}))
    dead = {"conv": Health(0.0, 0.0), "relu": Health(dead=0.5), "fc": Health(0.1, 1e-3)}
    assert adviser.on(course(dead)).cure.label == "0.0001"
    assert Adviser().on(course(dead)).cure.label == "Leaky ReLU"


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.5, 0.3), (0.3, 0.3), (0.29, 0.1), (1.0, 1.0), (2e-5, 1e-5), (7.0, 3.0)]
)
def test_rates_are_round(rate, expected):
    assert below(rate) == expected


@pytest.mark.parametrize("rate", [1e-6, 1e-3, 0.3, 100.0])
def test_no_epoch_takes_back_what_an_earlier_one_advised(rate):
    recipe = settings(epochs=4, learning_rate=rate)
    project, adviser, rates = Project(small_network(), training=recipe), Adviser(), []
    for event in train(small_model(), small_data(), recipe):
        if isinstance(event, HealthMeasured):
            advice = adviser.on(Course(project, event.nodes))
            rates += [float(value) for value in (advice.cure.values.values() if advice and advice.cure else ())]
    lower, higher = [one for one in rates if one < rate], [one for one in rates if one > rate]
    assert lower == sorted(lower, reverse=True)
    assert not (lower and higher)
    assert lower or rate < 0.1


@pytest.mark.parametrize("norm", [1e-9, 0.1, 1e5, math.nan])
@pytest.mark.parametrize("ratio", [0.0, 1e-6, 1e-3, 1.0, math.inf])
@pytest.mark.parametrize("rate", [1e-5, 0.003, 1.0])
def test_every_advice_has_its_sentences_a_row_and_a_cure_that_can_train(norm, ratio, rate):
    health = {"conv": Health(norm, ratio), "relu": Health(dead=0.6), "fc": Health(0.1, ratio)}
    given = course(health, rate=rate)
    advice = Adviser().on(given)
    firsts = [told for cause in CAUSES.values() if (told := cause().advice(given))]
    assert advice == (firsts[0] if firsts else None)
    for one in firsts:
        assert one.what.endswith(".")
        assert one.remedy.endswith(".")
        assert one.where in ("", *health)
        cured = one.cure.applied(given.project)
        assert not list(of_severity(analyse(cured.network).problems, "error"))
        assert (cured.network, cured.training) != (given.project.network, given.project.training)


def test_a_network_whose_gradients_are_open_already_gets_no_layers_more():
    assert open_gradients(small_network()) is None
    changed = deep("Sigmoid", 2)
    open_gradients(changed).edit(changed)
    assert open_gradients(changed) is None
    assert not analyse(changed).problems  # such as biases that the norms take away


def test_what_a_cure_replaces_is_called_what_it_is_unless_it_has_a_name_of_its_own():
    changed = deep("Sigmoid", 3)
    first, second, _ = (name for name in changed if isinstance(changed.layer(name), LAYERS["Sigmoid"]))
    changed.rename(second, "squeeze")
    changed.edit(open_gradients(changed).edit)
    called = [name for name in changed.topological() if isinstance(changed.layer(name), LAYERS["ReLU"])]
    assert called == ["relu1", "squeeze", "relu2"]
    assert first not in changed


# What is tried, and works


def test_a_deep_sigmoid_network_is_cured_of_vanishing_gradients(tmp_path):
    project = Project(deep("Sigmoid", 20), training=settings(epochs=5, learning_rate=0.01))
    run, _ = trained(project, tmp_path / "run")
    advice = advice_on(run)
    assert advice.sign == "vanishing"
    assert validated(run)["accuracy"] < 0.2
    cured, _ = trained(advice.cure.applied(project), tmp_path / "cured")
    assert validated(cured)["accuracy"] > 0.5


@pytest.mark.parametrize(
    ("optimiser", "batch"), [("sgd", 64), ("sgd", 4), ({"name": "sgd", "momentum": 0.99}, 8), ("adamw", 64)]
)
def test_a_rate_of_10_is_cured(tmp_path, optimiser, batch):
    wrong = settings(learning_rate=10.0, optimiser=optimiser, batch_size=batch)
    project = Project(small_network(), training=wrong)
    run, last = trained(project, tmp_path / "run")
    if isinstance(last, Failed):  # which says itself what helps
        assert advice_on(run) is None
        rate = last.changes["learning_rate"]
        cured = replace(project, training=wrong.model_copy(update={"learning_rate": rate}))
    else:
        assert validated(run)["accuracy"] < 0.5
        cured = advice_on(run).cure.applied(project)
    assert validated(trained(cured, tmp_path / "cured")[0])["accuracy"] > 0.8


def test_exploding_gradients_are_cured(tmp_path):
    large = INITIALISATIONS.make({"name": "normal", "std": 1.0})
    project = Project(deep("ReLU", 8), training=settings(initialisation=large, learning_rate=0.003))
    run, _ = trained(project, tmp_path / "run")
    advice = advice_on(run)
    assert advice.sign == "exploding"
    cured, _ = trained(advice.cure.applied(project), tmp_path / "cured")
    assert validated(cured)["loss"] < validated(run)["loss"] / 10


@pytest.mark.parametrize(
    ("wrong", "label"),
    [
        ({"l2": 1.0}, "L2 0.0005"),
        ({"l1": 0.1}, "L1 1e-05"),
        ({"weight_decay": 10.0, "optimiser": "adam"}, "Weight decay 0.0005"),
        ({"clip_norm": 1e-6, "optimiser": "sgd", "learning_rate": 0.05}, "gradients clipped at 1"),
        ({"learning_rate": 1e-5, "optimiser": "sgd"}, "0.1"),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
@pytest.mark.usefixtures("_every_step_is_measured")
def test_what_keeps_weights_from_moving_is_cured(tmp_path, wrong, label):
    network = small_network() if "optimiser" in wrong else deep("ReLU", 2)
    project = Project(network, training=settings(epochs=3, **wrong))
    run, _ = trained(project, tmp_path / "run")
    advice = advice_on(run)
    assert advice.cure.label == label
    assert validated(run)["accuracy"] < 0.7
    cured, _ = trained(advice.cure.applied(project), tmp_path / "cured")
    assert validated(cured)["accuracy"] > max(0.75, validated(run)["accuracy"])
    assert advice_on(cured) is None


def test_a_rate_far_too_low_is_cured_however_few_steps_were_measured(tmp_path):
    project = Project(small_network(), training=settings(epochs=3, learning_rate=1e-6))
    run, _ = trained(project, tmp_path / "run")
    advice = Adviser().on(replace(course({}, small_network(), rate=1e-6), first_loss=2.3, losses=(2.3, 2.3)))
    assert advice.what == "The learning rate 1e-6 is far below 0.003, which is usual."
    assert validated(run)["accuracy"] < 0.3
    cured, _ = trained(advice.cure.applied(project), tmp_path / "cured")
    assert validated(cured)["accuracy"] > 0.8


def test_a_loss_that_stays_without_a_known_cause_leads_to_norms_and_then_to_the_labels():
    stays = replace(course({}), classes=tuple("abc"), first_loss=1.2, losses=(1.1, 1.1, 1.1))
    advice = Adviser().on(stays)
    assert advice.what == "The loss stays where it began."
    assert (
        advice.remedy == "Try batch norm; if that does not help, look in Data whether the images have the right labels."
    )
    opened = replace(stays, project=advice.cure.applied(stays.project))
    assert Adviser().on(opened).remedy == "Take layers out, or look in Data whether the images have the right labels."
    assert Adviser().on(replace(stays, losses=(1.1, 1.1))) is None
    assert Adviser().on(replace(stays, losses=(1.1, 1.1, 0.9))) is None
    adviser = Adviser()
    adviser.on(replace(stays, health={"fc": Health(0.1, 0.2)}))
    assert adviser.on(stays) is None  # a lower rate was advised: it is to be tried first
    lower = course({"fc": Health(0.1, 0.2)}, rate=1e-5)
    assert Adviser().on(replace(lower, first_loss=2.3, losses=(2.3, 2.3))).remedy == "Lower the learning rate."


def test_units_that_died_of_the_rate_are_not_taken_for_a_deep_network():
    dead = {"conv": Health(0.0, 0.0), "relu": Health(dead=0.2), "fc": Health(0.5, 1e-3)}
    told = [Adviser().on(course(dead, rate=rate)) for rate in (0.003, 0.012, 0.013)]
    assert [advice.cure.label for advice in told] == ["Leaky ReLU", "Leaky ReLU", "0.003"]
    assert {advice.what for advice in told} == {
        "No gradient reaches conv: ReLUs after it give 0 for every image.",
    }
    done = {name: Health(0.0, 0.0) for name in ("conv", "fc")} | {"relu": Health(dead=0.2)}
    assert Adviser().on(course(done)) is None


def test_a_batch_of_one_image_is_not_cured_by_batch_norm():
    network = deep("ReLU", 4)
    vanishing = course({"fc1": Health(1e-9, 1e-3), "fc5": Health(0.3, 1e-3)}, network)
    single = settings(batch_size=1)
    advice = Adviser().on(replace(vanishing, project=replace(vanishing.project, training=single)))
    assert advice.cure.label == "layer norm"
    assert of_severity(analyse(advice.cure.applied(vanishing.project).network).problems, "error") == ()


@pytest.fixture
def gloomy():
    class Gloomy(Initialisation):
        """Biases so low that most units never fire."""

        name: ClassVar = "gloomy"
        title: ClassVar = "Gloomy"

        def draw(self, weight, place, random):
            weight.normal_(0, 0.2, generator=random)

        def bias(self, place):
            return 0.0 if place.is_last else -3.0

    INITIALISATIONS.register(Gloomy)
    yield Gloomy()
    INITIALISATIONS.unregister("gloomy")


@pytest.mark.usefixtures("_every_step_is_measured")
def test_a_network_of_dead_units_is_cured(tmp_path, gloomy):
    project = Project(
        deep("ReLU", 2), training=settings(epochs=8, batch_size=128, learning_rate=0.01, initialisation=gloomy)
    )
    run, _ = trained(project, tmp_path / "run")
    advice = advice_on(run)
    assert "ReLUs after it give 0 for every image" in advice.what
    assert validated(run)["accuracy"] < 0.2
    cured, _ = trained(advice.cure.applied(project), tmp_path / "cured")
    assert validated(cured)["accuracy"] > 0.6


def macro_recall(run, images, labels):
    """The mean over the classes of the share that is told right, of images (N, 1, 8, 8) from 0 to 255."""
    with torch.no_grad():
        told = run.load_model("last")(run.normalisation(images)).argmax(dim=1)
    return sum((told[labels == one] == one).double().mean().item() for one in labels.unique()) / len(labels.unique())


def test_a_folder_of_unlike_classes_is_cured(tmp_path):
    digits = load_digits()
    pixels, counts = (digits.images * 15.9).astype("uint8"), {3: 140, 8: 10, 9: 10}
    kept = {digit: [image for image, of in zip(pixels, digits.target, strict=True) if of == digit] for digit in counts}
    for digit, count in counts.items():
        (tmp_path / "images" / str(digit)).mkdir(parents=True)
        for number, image in enumerate(kept[digit][:count]):
            Image.fromarray(image).save(tmp_path / "images" / str(digit) / f"{number}.png")
    data = DataSettings(source=SOURCES.make({"name": "folder", "path": str(tmp_path / "images")}))
    recipe = settings(epochs=6, learning_rate=0.003, batch_size=16)
    network = stack("flat", LAYERS["Flatten"](), LAYERS["Linear"](out_features=16), LAYERS["ReLU"](), classes=3)
    project = Project(network, data, recipe)
    run, _ = trained(project, tmp_path / "run")
    advice = advice_on(run)
    assert advice.what == "3 has 16 times the training images of 8: 98 against 6."
    images = torch.tensor([image.tolist() for digit in counts for image in kept[digit][140:170]])[:, None].float()
    labels = torch.arange(3).repeat_interleave(30)
    before, after = (
        macro_recall(one, images, labels) for one in (run, trained(advice.cure.applied(project), tmp_path / "cured")[0])
    )
    assert before < 0.6
    assert after > before + 0.15


def test_limits_of_causes_are_where_they_are_said_to_be():
    vanishing = {"conv": Health(1e-9, 1e-3), "fc": Health(0.5, 1e-3)}
    assert "far above" not in Adviser().on(course(vanishing, rate=0.03)).what  # ten times the usual one
    assert "far above" in Adviser().on(course(vanishing, rate=0.031)).what
    one_of_two = {"conv": Health(0.1, 5e-5), "fc": Health(0.1, 1.1e-4)}
    assert Adviser().on(course(one_of_two, rate=1e-6)) is None
    large = {"fc": Health(0.1, 0.5)}
    assert Adviser().on(course(large, losses=(1.0, 0.9))) is not None
    assert Adviser().on(course(large, losses=(1.0, 0.89))) is None
    barely = Adviser().on(course({"fc": Health(0.1, 0.0101)}, rate=0.001, losses=(1.0, 1.0)))
    assert barely.cure.label == "0.0003"  # half of it at most


def test_small_updates_of_a_kept_run_are_no_fault_where_the_schedule_has_lowered_the_rate(tmp_path):
    run, _ = trained(Project(small_network(), training=settings(epochs=1, learning_rate=1e-5)), tmp_path / "run")
    health = {name: Health(0.1, 5e-5) for name in ("conv", "bn", "fc")}
    told = []
    for rate in (1e-5, 1e-6):
        events = Started("cpu", "32-true", 1, 1, 20, 8, 0), StepDone(1, 20, 20, 1.0, rate, 1.0)
        lines = [json.dumps(to_json(event)) for event in (*events, *[HealthMeasured(1, 20, health)] * 3)]
        run.metrics_file.write_text("\n".join(lines) + "\n")
        told.append(advice_on(RunFolder(run.path)))
    assert "hardly move" in told[0].what
    assert told[1] is None


def test_gradients_that_are_clipped_already_are_not_to_be_clipped():
    exploding = course({"conv": Health(1e4, 1e-3), "fc": Health(0.5, 1e-3)})
    clipped = exploding.recipe.model_copy(update={"clip_norm": 1.0})
    assert Adviser().on(exploding).sign == "exploding"
    assert Adviser().on(replace(exploding, project=replace(exploding.project, training=clipped))) is None


def test_classes_of_unlike_sizes_are_told_of_unless_something_makes_up_for_them():
    unlike = course({}, classes=("a", "b"), class_images=(98, 6), losses=(1.0,))
    advice = Adviser().on(unlike)
    assert "98 against 6" in advice.what
    weighed = unlike.recipe.model_copy(update={"loss": unlike.recipe.loss.with_class_weights()})
    for project in (advice.cure.applied(unlike.project), replace(unlike.project, training=weighed)):
        assert Adviser().on(replace(unlike, project=project)) is None
