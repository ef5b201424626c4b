"""A task that lives in the tests trains, stops early and evaluates with no change in the engine."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from toy_regression import Brightness, MeanAbsolute, Regression, registered, toy_project

from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict
from engine.inspection.lens import Lens
from engine.layers import Shape
from engine.project import load_project, problems_of, save_project
from engine.recipe.metrics import LossValue
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.tasks import Answers, Verdict
from engine.tasks.refusal import NotTrainableError
from engine.training.events import EpochDone, Finished, Started


@pytest.fixture(autouse=True)
def toy():
    with registered():
        yield


def trained(path, **values):
    events = list(run_project(toy_project(**values), path))
    return events, RunFolder(path)


def test_it_announces_and_measures_its_own_metrics(tmp_path):
    events, run = trained(tmp_path / "run")
    started = next(event for event in events if isinstance(event, Started))
    assert [metric.name for metric in started.metrics] == ["loss", "toy_mae"]
    assert started.watched == "toy_mae"
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert all(set(event.train) == set(event.validation) == {"loss", "toy_mae"} for event in epochs)
    assert epochs[-1].validation["loss"] < epochs[0].validation["loss"]
    best = min(epochs, key=lambda event: event.validation["toy_mae"])
    assert events[-1] == Finished(4, False, best.epoch, events[-1].seconds)
    assert run.epochs() == epochs
    assert next(event for event in run.events() if isinstance(event, Started)) == started
    assert run.record.task == "toy_regression"
    assert run.record.classes == ()


def test_its_figures_are_those_of_numpy(tmp_path):
    _, run = trained(tmp_path / "run")
    found = evaluate(run, "test")
    data = load_run_data(run)
    with torch.no_grad():
        images = torch.cat([pixels for pixels, _ in data.test.batches(32, device=torch.device("cpu"))])
        outputs = run.load_model("best")(images).double().numpy()
    differences = outputs - data.test.targets.values
    assert found.values["loss"] == pytest.approx(np.square(differences).mean())
    assert found.values["toy_mae"] == pytest.approx(np.abs(differences).mean())
    assert found.images == len(data.test)
    assert json.loads(json.dumps(found.to_json()))["split"] == "test"
    assert [title for title, _ in found.figures()] == ["Loss", "Mean absolute error"]


def test_it_says_its_values_of_an_image(tmp_path):
    _, run = trained(tmp_path / "run")
    data = load_run_data(run)
    pixels = data.test.images([0])
    with torch.no_grad():
        value = run.load_model("best")(data.test.pipeline(torch.from_numpy(pixels))).item()
    file = tmp_path / "digit.png"
    Image.fromarray(pixels[0, 0]).save(file)
    (said,) = predict(run, [file])
    assert said.to_json() == {"image": str(file), "predictions": [{"output": "1", "value": pytest.approx(value)}]}
    lens = Lens.of_run(run)
    lens.load(run.weights("best"))
    assert lens.look(pixels[0]).prediction == pytest.approx([value])
    verdict = run.project().task.verdict(np.array([value]), data.test.targets.values[0], ())
    assert verdict == Verdict(f"Target {data.test.targets.values[0, 0]:.4g}")


def test_answers_are_held_against_the_targets_of_their_own_images():
    targets = np.array([[1.0], [100.0], [3.0]], np.float32)  # the second image could not be read
    outputs = np.array([[1.5], [3.0]])
    answers = Answers("test", (), outputs, outputs, np.array([0, 2]), targets)
    found = Regression().evaluate(answers, toy_project().training)
    assert (found.split, found.images) == ("test", 2)
    assert found.values == {"loss": pytest.approx(0.125), "toy_mae": pytest.approx(0.25)}


def test_it_stops_early(tmp_path):
    events, _ = trained(tmp_path / "run", epochs=40, patience=2, learning_rate=1e-12)
    assert events[-1].early
    assert events[-1].epochs < 40


@pytest.mark.parametrize("watch", [LossValue(), MeanAbsolute()])
def test_any_metric_can_decide_what_is_best(tmp_path, watch):
    events, run = trained(tmp_path / "run", watch=watch)
    epochs = run.epochs()
    best = min(epochs, key=lambda event: (event.validation[watch.name], event.validation["loss"]))
    assert events[-1].best_epoch == best.epoch


def test_what_does_not_fit_the_task_is_told_before_training(tmp_path):
    project = toy_project(outputs=3)
    assert [problem.code for problem in problems_of(project)] == ["one_value"]
    with pytest.raises(NotTrainableError, match="output gives 3 values, 1 is needed"):
        list(run_project(project, tmp_path / "run"))
    classes = toy_project(loss="cross_entropy")
    assert [problem.code for problem in problems_of(classes)] == ["other_targets"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loss": "cross_entropy"}, "Cross-entropy compares with classes, but the data have values."),
        ({"watch": "accuracy"}, "Accuracy compares with classes, but the data have values."),
        ({"source": "digits"}, "Regression needs data with values, Digits has classes."),
    ],
)
def test_loss_watched_metric_and_data_must_have_its_targets(changes, words):
    project = toy_project(**{key: value for key, value in changes.items() if key != "source"})
    project.data = DataSettings(source=changes.get("source", Brightness()))
    assert [(problem.code, problem.message) for problem in problems_of(project)] == [("other_targets", words)]


def test_it_is_saved_with_the_project(tmp_path):
    project = toy_project(watch=MeanAbsolute())
    save_project(project, tmp_path / "toy.loom")
    back = load_project(tmp_path / "toy.loom")
    assert (back.task, back.data, back.training) == (project.task, project.data, project.training)
    data = load(back.data, Shape(1, 8, 8))
    assert data.train.targets.values.dtype == np.float32
