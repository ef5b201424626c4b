"""What the command line says of an evaluation, held against scikit-learn on the table that it exports."""

import csv
import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve
from small_training import settings, small_network
from toy_regression import registered, toy_project

from cli.arguments import with_sizes
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.runs.session import run_project

sys.path.append(str(Path(__file__).parents[1] / "engine/data"))
from image_files import make_folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Runs with other seeds on images of seven classes, of which one is gone by now."""
    place = tmp_path_factory.mktemp("figures")
    folder = make_folder(place / "images", dict.fromkeys("abcdefg", 12))
    for seed in (1, 2):
        data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(test=0.4, validation=0.3, seed=seed))
        recipe = settings(batch_size=8, seed=seed, learning_rate=0.02)
        list(run_project(Project(small_network(classes=7), data, recipe), place / f"run-{seed}"))
    shutil.rmtree(folder / "c")
    return [place / f"run-{seed}" for seed in (1, 2)]


def table(path, classes):
    """Labels and probabilities as an exported table has them."""
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    labels = np.array([classes.index(line["true"]) for line in lines])
    return labels, np.array([[float(line[name]) for name in classes] for line in lines])


def figures_of(labels, probabilities):
    """The same figures by scikit-learn; those of curves by class, None where there are none."""
    every, seen, predicted = range(probabilities.shape[1]), np.unique(labels), probabilities.argmax(1)

    def averages(average, **options):
        found = metrics.precision_recall_fscore_support(labels, predicted, average=average, zero_division=0, **options)
        return dict(zip(("precision", "recall", "f1"), found, strict=False))

    def areas(measure):
        each = [measure(labels == one, probabilities[:, one]) if one in seen else None for one in every]
        mean = np.mean([area for area in each if area is not None])
        return {"macro": mean, "classes_averaged": len(seen), "per_class": each}

    confidence, right = probabilities.max(1), predicted == labels
    accuracy, mean = calibration_curve(right, confidence, n_bins=15)
    counts = np.histogram(confidence, np.linspace(0, 1, 16))[0]
    return {
        "images": len(labels),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "top5": metrics.top_k_accuracy_score(labels, probabilities, k=5, labels=every) if len(every) > 5 else None,
        "macro": averages("macro", labels=seen),
        "micro": averages("micro"),
        "weighted": averages("weighted"),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=every).tolist(),
        "calibration_error": np.abs(accuracy - mean) @ counts[counts > 0] / len(labels),
        "auc": areas(metrics.roc_auc_score),
        "average_precision": areas(metrics.average_precision_score),
    }


def same(found, expected):
    """Whether figures are the same, however deep."""
    if isinstance(expected, dict):
        return all(same(found[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return found == expected if expected is None else found == pytest.approx(float(expected))


@pytest.mark.parametrize("part", ["validation", "test"])
def test_every_figure_is_scikit_learns_on_the_exported_table_with_a_class_that_is_gone(command, runs, part, tmp_path):
    code, out, _ = command("evaluate", runs[0], "--split", part, "--predictions", "said.csv", "--json")
    found = json.loads(out)
    labels, probabilities = table(tmp_path / "said.csv", found["classes"])
    assert (code, found["classes"].index("c") in labels) == (0, False)
    expected = figures_of(labels, probabilities)
    for key, value in expected.items():
        assert same(found[key], value), key


def test_of_digits_too_with_a_temperature_fitted_on_validation(command, trained, tmp_path):
    found = json.loads(command("evaluate", trained, "--predictions", "said.csv", "--json")[1])
    labels, probabilities = table(tmp_path / "said.csv", found["classes"])
    for key, value in figures_of(labels, probabilities).items():
        assert same(found[key], value), key
    fitted = found["temperature"]
    assert (fitted["fitted_on"], fitted["fitted_images"]) == ("validation", 270)
    powers = probabilities ** (1 / fitted["temperature"])
    after = figures_of(labels, powers / powers.sum(axis=1, keepdims=True))
    assert fitted["calibration_error"]["before"] == found["calibration_error"]
    assert fitted["calibration_error"]["after"] == pytest.approx(after["calibration_error"])
    words = command("evaluate", trained)[1]
    assert f"at temperature {fitted['temperature']:.2f}, fitted on 270 validation images." in words
    assert f"AUC {found['auc']['macro']:.3f} and AP {found['average_precision']['macro']:.3f} over 10 classes" in words


def test_where_no_temperature_can_be_fitted_the_reason_stands_beside_the_figures(command, trained):
    found = json.loads(command("evaluate", trained, "--split", "validation", "--json")[1])
    assert found["temperature"] is None
    assert found["no_temperature"].endswith("cannot show what it does: evaluate the test images.")
    assert found["no_temperature"] in command("evaluate", trained, "--split", "validation")[1]


def test_slices_are_told_in_words_and_json(command, runs):
    found = json.loads(command("evaluate", runs[0], "--slices", "--json")[1])
    assert {one["kind"] for one in found["slices"]} >= {"Brightness"}
    assert sum(one["images"] for one in found["slices"] if one["kind"] == "Brightness") == found["images"]
    words = command("evaluate", runs[0], "--slices")[1]
    assert "Holm-corrected" in words
    assert found["slices"][0]["slice"] in words
    marked = sum(line.rstrip().endswith(" worse") for line in words.splitlines())
    assert marked == sum(one["worse"] for one in found["slices"])


def test_two_runs_are_held_against_each_other(command, runs):
    found = json.loads(command("evaluate", *runs, "--compare", "--json")[1])
    alone = [json.loads(command("evaluate", run, "--json")[1]) for run in runs]
    assert [found[side]["accuracy"] for side in ("first", "second")] == [one["accuracy"] for one in alone]
    comparison = found["comparison"]
    cells = ("both_right", "only_first_right", "only_second_right", "neither_right")
    assert sum(comparison[cell] for cell in cells) == comparison["images"] > 0
    assert comparison["images"] + comparison["left_out"]["first"] == alone[0]["images"]
    words = command("evaluate", *runs, "--compare")[1]
    for line, key in (
        (f"only {run} right", f"only_{which}_right") for run, which in zip(runs, ("first", "second"), strict=True)
    ):
        assert re.search(rf"{line} +{comparison[key]}\n", words)
    assert f"Of {comparison['images']} images" in words or "right and wrong alike" in words
    assert "left out" in words
    assert command("evaluate", runs[0], "--compare")[::2] == (2, "--compare takes two runs, not 1.\n")
    code, _, err = command("evaluate", *runs, "--compare", "--slices")
    assert code == 2
    assert err.startswith("--compare and --label-errors stand alone: leave out")


def test_suspected_labels_are_listed(command, runs):
    found = json.loads(command("evaluate", *runs, "--label-errors", "--json")[1])
    assert found["runs"] == 2
    assert found["judged"] + found["not_judged"] == 72
    words = command("evaluate", *runs, "--label-errors")[1]
    assert f"of {found['judged']} that 2 runs judged" in words
    assert found["suspects"]
    for one in found["suspects"]:
        assert re.search(rf"{one['file']} +{one['given']} +{one['likely']} +", words)
    assert command("evaluate", *runs, "--label-errors", "--split", "train")[::2] == (
        2,
        "--label-errors judges all images that did not train: leave out --split.\n",
    )


def test_ten_crop_takes_the_number_that_follows_it_and_nothing_else():
    for typed, found in (
        (["predict", "run", "--ten-crop", "10", "12"], ["predict", "run", "--ten-crop=10", "12"]),
        (["--ten-crop=9", "12"], ["--ten-crop=9", "12"]),
        (["--ten-crop", "a.png", "7"], ["--ten-crop=0", "a.png", "7"]),
        (["run", "--ten-crop"], ["run", "--ten-crop=0"]),
    ):
        assert with_sizes(typed) == found


def test_other_tasks_have_no_curves_and_no_slices(command, tmp_path):
    with registered():
        list(run_project(toy_project(epochs=1), tmp_path / "run"))
        assert "auc" not in json.loads(command("evaluate", "run", "--json")[1])
        for option, words in (("--slices", "measured by slices"), ("--compare", "compared image by image")):
            names = ("run", "run") if option == "--compare" else ("run",)
            code, _, err = command("evaluate", *names, option)
            assert code == 2
            assert words in err
        assert command("evaluate", "run", "--label-errors")[0] == 2
