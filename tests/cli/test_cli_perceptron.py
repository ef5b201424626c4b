"""The perceptron of 1958: one neuron that fires or not, from training to export."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from two_digits import two_digits

from engine.runs.run_folder import RunFolder

BINARY = ("--with", "training.loss=binary_cross_entropy")


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return two_digits(tmp_path_factory.mktemp("images") / "two")


@pytest.fixture
def run(command, images, tmp_path):
    """A perceptron with one neuron that learned to tell threes from eights, of 8×8 pixels."""
    given = ("--set", "input_size=8", "--data", images, *BINARY, "--epochs", "5", "--lr", "0.02", "--device", "cpu")
    code, _, err = command("train", "perceptron", *given, "--run", "run")
    assert code == 0, err
    assert "The final threshold unit is left out while training: the loss takes the score before it." in err
    return tmp_path / "run"


def score_of(run, image):
    """What the neuron says before it fires, by numpy alone."""
    folder, weights = RunFolder(run), RunFolder(run).weights("best")
    pixels = np.asarray(Image.open(image), np.float64)[None, None] / 255
    mean, std = (np.array(one)[:, None, None] for one in (folder.record.mean, folder.record.std))
    flat = ((pixels - mean) / std).ravel()
    return float(flat @ weights["neuron.weight"].numpy()[0] + weights["neuron.bias"].numpy()[0])


def test_it_has_one_neuron_and_learns(run):
    network = RunFolder(run).project().network
    assert (network.layer("neuron").out_features, network.layer("threshold").title) == (1, "Threshold unit")
    assert RunFolder(run).epochs()[-1].validation["accuracy"] > 0.9


def test_check_names_what_train_refuses(command, images):
    assert command("check", "perceptron", "--data", images, *BINARY)[:2] == (0, "No problems.\n")
    code, out, _ = command("check", "perceptron", "--data", images, "--set", "classes=1", "--json")
    assert code == 1
    assert {problem["code"] for problem in json.loads(out)["problems"]} == {"no_gradient", "classes_differ"}
    code, out, _ = command("check", "perceptron", "--data", "digits", "--set", "classes=1", *BINARY)
    assert code == 1
    assert "Output gives one score, which tells 2 classes apart, Digits has 10." in out


def test_predictions_are_those_of_its_sigmoid(command, run, images):
    files = [images / name / f"{index:03d}.png" for name in ("eight", "three") for index in (0, 7, 20)]
    _, out, _ = command("predict", run, *files, "--json")
    for file, said in zip(files, json.loads(out), strict=True):
        likely = {one["class"]: one["probability"] for one in said["predictions"]}
        assert likely["three"] == pytest.approx(1 / (1 + np.exp(-score_of(run, file))), abs=1e-5)
        assert likely["eight"] + likely["three"] == pytest.approx(1)
        assert said["predictions"][0]["probability"] >= 0.5


def test_an_evaluation_counts_both_classes(command, run, images):
    code, out, _ = command("evaluate", run, "--json", "--predictions", "said.csv")
    found = json.loads(out)
    assert code == 0
    assert found["classes"] == ["eight", "three"]
    confusion = np.array(found["confusion"])
    assert confusion.shape == (2, 2)
    assert confusion.sum() == found["images"]
    assert confusion.trace() / found["images"] == pytest.approx(found["accuracy"])
    rows = list(csv.DictReader((run.parent / "said.csv").read_text().splitlines()))
    scores = [score_of(run, images / row["file"]) for row in rows]
    for row, score in zip(rows, scores, strict=True):
        likely = 1 / (1 + np.exp(-score))
        assert float(row["three"]) == pytest.approx(likely, abs=1e-5)
        assert float(row["eight"]) == pytest.approx(1 - likely, abs=1e-5)
        true = likely if row["true"] == "three" else 1 - likely
        assert float(row["loss"]) == pytest.approx(-np.log(true), abs=1e-4)
        assert row["predicted"] == ("three" if score > 0 else "eight")
    assert found["loss"] == pytest.approx(np.mean([float(row["loss"]) for row in rows]), abs=1e-5)


def test_its_threshold_can_be_looked_at(command, run, images):
    for name in ("eight", "three"):
        file = images / name / "003.png"
        arguments = ("--view", "feature_maps", "--image", file)
        code, _, err = command("look", run, *arguments, "--node", "threshold", "--array", "fires.npy")
        assert code == 0, err
        fires = np.load(run.parent / "fires.npy")
        assert fires.ravel().tolist() == [1.0 if score_of(run, file) > 0 else 0.0]


def test_it_is_exported_as_it_is_drawn(command, run, tmp_path):
    code, _, err = command("export", run, "--weights", run, "-o", "perceptron.py")
    assert code == 0, err
    program = (
        "import torch, perceptron\n"
        "model = perceptron.build('perceptron.pt').eval()\n"
        "print(model(torch.zeros(1, 1, 8, 8)).shape, model.neuron.weight.shape)\n"
        "print(sorted({float(model(torch.randn(1, 1, 8, 8))) for _ in range(200)}))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["torch.Size([1, 1]) torch.Size([1, 64])", "[0.0, 1.0]"]


def test_it_goes_on(command, run):
    assert command("train", run, "--resume", "--epochs", "6")[0] == 0
    assert len(RunFolder(run).epochs()) == 6


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_one_output_may_be_compared_with_0_and_1_itself(command, images, loss):
    given = ("--set", "input_size=8", "--set", "classes=1", "--data", images, "--with", f"training.loss={loss}")
    code, out, _ = command("check", "perceptron", *given)
    assert code == 1
    assert "threshold has no gradient" in out


def test_ten_classes_are_ten_yes_or_no(command, tmp_path):
    code, _, err = command("train", "perceptron", "--set", "input_size=8", *BINARY, "--epochs", "2", "--run", "run")
    assert code == 0, err
    assert RunFolder(tmp_path / "run").project().network.layer("neuron").out_features == 10
    said = RunFolder(tmp_path / "run").epochs()[-1].validation
    assert said["accuracy"] > 0.5
