import json
import math
import shutil
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import save_file
from torch.nn import functional

from cli.evaluation_words import class_rows, evaluation_totals
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict, predict_pixels
from engine.inspection.lens import Lens
from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from engine.recipe.losses import LOSSES, Loss
from engine.recipe.recipe import Recipe
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks.class_evaluation import summarise, wilson_interval
from engine.training.events import EpochDone


def network(classes=10, size=8):
    made = Network("small")
    before = made.add(LAYERS["Input"](channels=1, height=size, width=size), "input")
    before = made.add(LAYERS["Conv2d"](out_channels=8, kernel_size=3), "conv", inputs=before)
    before = made.add(LAYERS["ReLU"](), "relu", inputs=before)
    before = made.add(LAYERS["Flatten"](), "flatten", inputs=before)
    before = made.add(LAYERS["Linear"](out_features=classes), "fc", inputs=before)
    before = made.add(LAYERS["Softmax"](), "softmax", inputs=before)
    made.add(LAYERS["Output"](), "output", inputs=before)
    return made


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run on the digits."""
    place = tmp_path_factory.mktemp("runs") / "run"
    settings = Recipe(epochs=4, batch_size=16, device="cpu")
    list(run_project(Project(network(), DataSettings(), settings), place))
    return RunFolder(place)


@pytest.fixture(scope="module")
def digit_files(tmp_path_factory):
    """One image file of each digit, larger than the network's input."""
    from sklearn.datasets import load_digits

    place = tmp_path_factory.mktemp("digits")
    digits = load_digits()
    for digit in range(10):
        pixels = (digits.images[digits.target == digit][0] * 15.9).astype(np.uint8)
        Image.fromarray(pixels).resize((64, 64), Image.Resampling.NEAREST).save(place / f"{digit}.png")
    return [place / f"{digit}.png" for digit in range(10)]


def test_validation_figures_are_those_of_the_best_epoch(run):
    best = max((event for event in run.epochs() if event.best), key=lambda event: event.epoch)
    found = evaluate(run, "validation")
    assert found.accuracy == pytest.approx(best.validation["accuracy"])
    assert found.loss == pytest.approx(best.validation["loss"], rel=1e-4)


def test_every_epoch_can_be_evaluated(run):
    data = load_run_data(run)
    for event in run.epochs():
        assert isinstance(event, EpochDone)
        assert evaluate(run, "validation", which=event.epoch, data=data).accuracy == event.validation["accuracy"]


def test_figures_agree_with_each_other(run):
    found = evaluate(run)
    assert found.images == found.confusion.sum() == len(found.predictions.labels) == 270
    assert found.accuracy == pytest.approx(np.trace(found.confusion) / found.images)
    assert [score.images for score in found.per_class] == found.confusion.sum(axis=1).tolist()
    assert found.per_class[3].recall == pytest.approx(found.confusion[3, 3] / found.confusion[3].sum())
    assert found.per_class[3].precision == pytest.approx(found.confusion[3, 3] / found.confusion[:, 3].sum())
    assert found.macro_f1 == pytest.approx(np.mean([score.f1 for score in found.per_class]))
    assert found.accuracy > 0.85
    assert found.top5 > found.accuracy
    assert found.interval[0] < found.accuracy < found.interval[1]
    worst = found.predictions.worst(5)
    assert (np.diff(found.predictions.confidence[worst]) <= 0).all()
    assert (found.predictions.labels[worst] != found.predictions.predicted[worst]).all()


def test_the_json_has_what_scripts_rely_on(run):
    found = json.loads(json.dumps(evaluate(run).to_json(), allow_nan=False))
    assert {"accuracy", "top5", "per_class", "confusion"} <= set(found)
    assert set(found["per_class"][0]) == {"name", "precision", "recall", "f1", "images"}


def test_the_loss_is_that_of_the_probabilities(run, digit_files):
    found, data = evaluate(run), load_run_data(run)
    labels = data.test.targets.values
    probabilities = predict_pixels(run, data.test.images(np.arange(len(labels))))
    assert found.loss == pytest.approx(-np.log(probabilities[np.arange(len(labels)), labels]).mean(), rel=1e-5)
    assert found.minimised == "Cross-entropy"


class Brier(Loss):
    """The squared distance between probabilities and the true class."""

    name: ClassVar = "brier"
    title: ClassVar = "Brier"
    targets: ClassVar = "classes"

    def of(self, outputs, targets, *, reduction="mean"):
        distances = (outputs - functional.one_hot(targets, outputs.shape[1])).square().sum(dim=1)
        return distances.mean() if reduction == "mean" else distances.sum()


def test_probabilities_stay_what_they_are_with_a_loss_that_takes_them(tmp_path, digit_files):
    LOSSES.register(Brier)
    try:
        settings = Recipe(epochs=2, batch_size=16, device="cpu", loss=Brier())
        events = list(run_project(Project(network(), DataSettings(), settings), tmp_path / "run"))
        run = RunFolder(tmp_path / "run")
        data = load_run_data(run)
        pixels = data.test.images(np.arange(len(data.test)))
        with torch.no_grad():
            own = run.load_model()(data.test.pipeline(torch.from_numpy(pixels))).double().numpy()
        found = evaluate(run)
        best = max((e for e in events if isinstance(e, EpochDone) and e.best), key=lambda e: e.epoch)
        assert np.abs(predict_pixels(run, pixels) - own).max() < 1e-6
        assert own.sum(axis=1) == pytest.approx(1)
        truth = np.eye(10)[data.test.targets.values]
        assert found.loss == pytest.approx(((own - truth) ** 2).sum(axis=1).mean(), rel=1e-5)
        assert found.predictions.confidence == pytest.approx(own.max(axis=1), abs=1e-6)
        assert found.minimised == "Brier"
        assert evaluate(run, "validation").loss == pytest.approx(best.validation["loss"], rel=1e-4)
        sight = Lens.of_run(run)
        sight.load(run.weights("best"))
        assert sight.look(pixels[0]).prediction == pytest.approx(own[0], abs=1e-6)
    finally:
        LOSSES.unregister("brier")


def test_top_5_needs_more_than_5_classes():
    found = summarise("test", ("a", "b"), probabilities=np.array([[0.9, 0.1], [0.2, 0.8]]), labels=np.array([0, 0]))
    assert found.top5 is None
    assert found.accuracy == 0.5
    assert found.calibration_error == pytest.approx((0.1 + 0.8) / 2)
    assert found.predictions.in_cell(0, 1).tolist() == [1]


def test_images_that_could_not_be_read_do_not_shift_the_others():
    labels = np.array([0, 1, 1, 0])
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]])
    found = summarise("test", ("a", "b"), probabilities=probabilities, labels=labels, positions=np.array([0, 2, 3]))
    assert found.images == 3
    assert found.predictions.predicted.tolist() == [0, -1, 0, 0]
    assert found.predictions.worst(5).tolist() == [2]
    assert found.predictions.in_cell(0, 0).tolist() == [0, 3]


def test_a_class_without_images_has_no_recall_and_is_left_out_of_the_averages():
    probabilities = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.3, 0.7, 0.0]])
    found = summarise("test", ("a", "b", "c"), probabilities=probabilities, labels=np.array([0, 0, 1]), loss=0.5)
    a, b, c = found.per_class
    assert (c.precision, c.recall, c.f1, c.images) == (0, None, None, 0)
    assert found.macro_f1 == pytest.approx((a.f1 + b.f1) / 2)
    assert found.averaged == "2 of 3 classes"
    assert dict(found.figures())["Macro F1"] == f"{found.macro_f1:.3f} over 2 of 3 classes"
    assert class_rows(found)[2] == ("c", "0.000", "–", "–", "0")
    assert "over 2 of 3 classes" in evaluation_totals(found)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["per_class"][2]["recall"] is None
    assert found.confusion.shape == (3, 3)


def test_a_class_with_images_that_is_never_named_scores_0():
    found = summarise("test", ("a", "b"), probabilities=np.array([[0.9, 0.1], [0.8, 0.2]]), labels=np.array([0, 1]))
    assert (found.per_class[1].precision, found.per_class[1].recall, found.per_class[1].f1) == (0, 0, 0)
    assert found.averaged == "2 classes"


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_hold_the_share_and_stay_within_0_and_1(case):
    right, images = case
    low, high = wilson_interval(right, images)
    assert 0 <= low <= right / images + 1e-12
    assert right / images - 1e-12 <= high <= 1


def test_the_interval_is_wilsons():
    assert wilson_interval(10, 100) == pytest.approx((0.0552, 0.1744), abs=5e-5)  # Brown, Cai & DasGupta 2001


def test_splits_that_are_none_or_empty_say_so(run, tmp_path):
    with pytest.raises(LayerloomError, match=r"There is no split 'tset': choose train, validation or test."):
        evaluate(run, "tset")
    settings = Recipe(epochs=1, device="cpu")
    list(run_project(Project(network(), DataSettings(split={"test": 0}), settings), tmp_path / "run"))
    with pytest.raises(LayerloomError, match=r"The test split of Digits has no images."):
        evaluate(RunFolder(tmp_path / "run"))


def test_images_from_files_are_named(run, digit_files):
    found = predict(run, digit_files, top=3)
    right = sum(prediction.readings[0].name == path.stem for prediction, path in zip(found, digit_files, strict=True))
    assert right >= 7  # resizing blurs them
    assert [len(prediction.readings) for prediction in found] == [3] * 10
    probabilities = [reading.value for reading in found[0].readings]
    assert probabilities == sorted(probabilities, reverse=True)
    assert json.loads(json.dumps(found[0].to_json()))["predictions"][0]["class"] == "0"


def test_an_unreadable_image_is_named(run, tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    (found,) = predict(run, [tmp_path / "empty.png"])
    assert found.error.endswith("empty.png could not be read: it is empty.")
    assert found.to_json() == {"image": str(tmp_path / "empty.png"), "error": found.error}


def test_an_unreadable_image_leaves_the_others_their_answers(run, digit_files, tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    alone = predict(run, digit_files)
    found = predict(run, [digit_files[0], tmp_path / "empty.png", *digit_files[1:]])
    assert [one for one in found if not one.error] == alone
    assert [bool(one.error) for one in found] == [False, True, *[False] * (len(digit_files) - 1)]


def _spoil(run, which):
    """Weights as trainings left them before they watched for what is not finite."""
    weights = run.weights(which)
    next(iter(weights.values())).fill_(math.nan)
    save_file(weights, run.checkpoint(which))


def test_weights_that_are_not_finite_are_refused_in_a_sentence(run, digit_files, tmp_path):
    spoilt = RunFolder(shutil.copytree(run.path, tmp_path / "spoilt"))
    _spoil(spoilt, "best")
    for use in (lambda: evaluate(spoilt), lambda: predict(spoilt, digit_files)):
        with pytest.raises(LayerloomError, match=r"best.safetensors are not finite numbers"):
            use()


def test_outputs_that_are_not_finite_are_refused_in_a_sentence(run, digit_files, tmp_path):
    huge = RunFolder(shutil.copytree(run.path, tmp_path / "huge"))
    weights = {name: torch.full_like(value, 1e38) for name, value in run.weights().items()}
    save_file(weights, huge.checkpoint("best"))
    with pytest.raises(LayerloomError, match=r"the network gives NaN or infinity"):
        evaluate(huge)
    assert all("gives no number" in one.error for one in predict(huge, digit_files))


def test_changed_classes_are_noticed(run, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / "images" / name).mkdir(parents=True)
        for index in range(8):
            Image.new("L", (8, 8), index).save(tmp_path / "images" / name / f"{index}.png")
    data = DataSettings(source=Folder(path=str(tmp_path / "images")))
    settings = Recipe(epochs=1, device="cpu")
    list(run_project(Project(network(classes=3), data, settings), tmp_path / "run"))
    (tmp_path / "images" / "c").rename(tmp_path / "images" / "d")
    found = evaluate(RunFolder(tmp_path / "run"))
    assert found.classes == ("a", "b", "c")
    assert [(score.name, score.images > 0, score.recall is None) for score in found.per_class] == [
        ("a", True, False),
        ("b", True, False),
        ("c", False, True),
    ]
    for name in ("a", "b"):
        (tmp_path / "images" / name).rename(tmp_path / "images" / f"{name}{name}")
    with pytest.raises(LayerloomError, match=r"which learned a, b and c: now there are aa, bb and d"):
        evaluate(RunFolder(tmp_path / "run"))
