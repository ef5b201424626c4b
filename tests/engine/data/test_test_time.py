"""Several draws of the augmentation averaged at test time, against a plain loop over draws and images."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from image_files import make_folder
from small_training import curve, settings, small_network

from cli.app import run_command
from engine.data.augmentation import AUGMENTATION, augmented
from engine.data.augmentation.preview import unaugmented
from engine.data.draws import Draws, Pass
from engine.data.loading import load
from engine.data.looks import Drawn
from engine.data.settings import DataSettings
from engine.errors import LayerloomError
from engine.evaluation.evaluating import answers_of, evaluate
from engine.evaluation.predicting import predict
from engine.layers import Shape
from engine.project import Project
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project

STEPS = ({"name": "rotate", "probability": 0.7, "angle": (-40, 40)}, {"name": "brightness", "factor": (0.5, 1.5)})
LEFT_OUT = ("mixup", "erase")
CPU = torch.device("cpu")


def run_with(place, *, network=None, loss="cross_entropy", **data):
    made = DataSettings(**data)
    events = list(run_project(Project(network or small_network(), made, settings(epochs=1, seed=5, loss=loss)), place))
    return RunFolder(place), events


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_with(tmp_path_factory.mktemp("run") / "run", steps=(*LEFT_OUT, *STEPS), test_time=4)


def by_hand(run, split, draws):
    """The mean of the probabilities of each image, one at a time."""
    model = run.load_model("best", logits=True)
    steps = tuple(map(AUGMENTATION.make, STEPS))
    found = []
    for index in split.indices:
        pixels = split.stored.read(torch.tensor([index])).float()
        total = 0
        for draw in range(draws):
            random = Draws.of(Pass(5, 0), np.array([index]), np.array([draw]))
            changed, _ = augmented(steps, pixels, torch.zeros(1), random, shape=Shape(1, 8, 8))
            with torch.no_grad():
                total = total + model(run.normalisation(changed)).double().softmax(dim=1)
        found.append(total / draws)
    return torch.cat(found).numpy()


def test_predictions_are_the_mean_of_the_probabilities_over_the_draws(run):
    folder, _ = run
    data = load_run_data(folder)
    answers = answers_of(folder, "test", data=data)
    expected = by_hand(folder, replace(data.test, indices=data.test.indices[:40]), 4)
    assert answers.predictions[:40] == pytest.approx(expected, abs=1e-6)
    assert answers.looks.views == 4
    true = data.test.targets.values
    losses = answers.losses(folder.project().training.loss)
    assert losses[:40] == pytest.approx([-np.log(expected[at, true[at]]) for at in range(40)], abs=1e-5)


def test_the_validation_of_a_training_is_what_evaluating_says(run):
    folder, events = run
    (_, _, measured), *_ = curve(events)
    found = evaluate(folder, "validation")
    assert (found.accuracy, found.loss) == (measured["accuracy"], pytest.approx(measured["loss"], abs=1e-5))
    plain = evaluate(folder, "validation", looks=Drawn(count=0))
    assert plain.loss != pytest.approx(found.loss, abs=1e-3)
    assert evaluate(folder, "validation", looks=Drawn(count=1)).loss == plain.loss
    assert evaluate(folder, "validation", looks=Drawn(count=4)).loss == found.loss


def test_images_are_never_augmented_unless_asked(tmp_path):
    folder, _ = run_with(tmp_path / "run", steps=STEPS)
    data = load_run_data(folder)
    assert answers_of(folder, "test", data=data).looks.views == 1
    model = folder.load_model("best", logits=True)
    (pixels, _), *_ = data.test.located(1000, device=CPU)
    with torch.no_grad():
        expected = model(pixels).double().softmax(dim=1).numpy()
    assert answers_of(folder, "test", data=data).predictions == pytest.approx(expected, abs=1e-6)
    assert answers_of(folder, "test", data=data, looks=Drawn(count=3)).predictions != pytest.approx(expected, abs=1e-3)


def test_a_softmax_of_the_network_gives_probabilities_that_are_averaged_too(tmp_path):

    other, _ = run_with(tmp_path / "run", network=small_network(softmax=True), steps=STEPS, test_time=3)
    answers = answers_of(other, "test", data=load_run_data(other))
    assert answers.predictions.sum(axis=1) == pytest.approx(1)
    assert answers.looks.views == 3


def test_a_file_is_predicted_by_draws_of_its_own_in_whatever_company(tmp_path):
    place = make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})
    source = {"name": "folder", "path": str(place)}
    steps = (*STEPS, {"name": "pca_colour", "strength": 2}, {"name": "hue", "angle": (-90, 90)})
    network = small_network(classes=2)
    network.set_layer("input", network.layer("input").with_settings(channels=3))
    folder, _ = run_with(tmp_path / "run", network=network, source=source, steps=steps, test_time=5)
    files = [place / "cats" / "000.png", place / "dogs" / "003.png"]
    together = [one.readings[0].value for one in predict(folder, files)]
    alone = [predict(folder, [file])[0].readings[0].value for file in reversed(files)]
    assert together == pytest.approx(alone[::-1], abs=1e-6)
    plain = [one.readings[0].value for one in predict(folder, files, looks=Drawn(count=0))]
    assert together != pytest.approx(plain, abs=1e-3)
    colours = np.array(folder.record.colours)
    pixels = load_run_data(folder).train.images(range(len(load_run_data(folder).train))) / 255
    assert colours == pytest.approx(np.cov(pixels.transpose(1, 0, 2, 3).reshape(3, -1), bias=True), abs=1e-4)


@pytest.mark.parametrize("steps", [(), LEFT_OUT, ({"name": "rotate", "on": False},)])
def test_draws_of_nothing_are_refused_in_a_sentence_where_they_are_asked_for(tmp_path, steps):
    folder, _ = run_with(tmp_path / "run", steps=steps, test_time=3)
    data = load_run_data(folder)
    assert answers_of(folder, "test", data=data).looks.views == 1
    with pytest.raises(LayerloomError, match="has no augmentation of which several draws could be averaged"):
        answers_of(folder, "test", data=data, looks=Drawn(count=3))


def test_the_command_line_says_of_how_many_draws_a_figure_is_the_mean(run, capsys):
    folder, _ = run
    assert run_command(["evaluate", str(folder.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["draws"] == 4
    assert run_command(["evaluate", str(folder.path), "--draws", "2"]) == 0
    assert ", mean of 2 draws" in capsys.readouterr().out
    assert run_command(["evaluate", str(folder.path), "--draws", "0", "--json"]) == 0
    assert "draws" not in json.loads(capsys.readouterr().out)
    assert run_command(["evaluate", str(folder.path), "--draws", "-1"]) == 2
    assert "--draws" in capsys.readouterr().err


def test_the_preview_of_test_time_shows_what_is_evaluated():
    data = load(DataSettings(steps=({"name": "crop", "kept_at": 12}, *STEPS)), Shape(1, 8, 8))
    kept, resized = unaugmented(data.test, np.arange(5))
    assert kept.pixels.shape == (5, 1, 12, 12)
    (batch, _), *_ = data.test.located(5, device=CPU)
    assert torch.equal(data.normalisation(torch.from_numpy(resized.pixels)), batch)
