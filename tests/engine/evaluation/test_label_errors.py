"""Labels that are likely wrong, and what runs say of images that moved."""

import json
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from small_training import settings, small_network

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.comparing import image_keys
from engine.evaluation.evaluating import answers_of
from engine.evaluation.label_errors import find_label_errors, relabel, suspects, thresholds, to_class
from engine.project import Project
from engine.runs.run_data import load_run_data, what_changed
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project

IMAGES, FLIPPED = 1200, 36  # 3 %


def closed_form(labels, probabilities):
    """The off-diagonal of the confident joint without those that the network calls what they are called."""
    count = probabilities.shape[1]
    limits = [probabilities[labels == one, one].mean() if (labels == one).any() else np.inf for one in range(count)]
    found = []
    for place, (label, values) in enumerate(zip(labels, probabilities, strict=True)):
        reached = [other for other in range(count) if values[other] >= limits[other]]
        if reached and max(reached, key=lambda other: values[other]) != label:
            margin = values[label] - max(value for other, value in enumerate(values) if other != label)
            found.append((margin, place, max(range(count), key=lambda other: values[other])))
    return sorted(one for one in found if one[0] < 0), limits


@pytest.mark.parametrize(("classes", "absent"), [(2, ()), (6, ()), (6, (2,)), (1000, (5,))])
def test_suspects_are_those_of_the_confident_joint_by_normalised_margin(classes, absent):
    random = np.random.default_rng(classes)
    labels = random.choice(np.setdiff1d(np.arange(classes), absent), 150)
    probabilities = random.dirichlet(np.full(classes, 0.3), 150)
    expected, limits = closed_form(labels, probabilities)
    places, likely, margins = suspects(labels, probabilities)
    assert thresholds(labels, probabilities) == pytest.approx(limits)
    assert list(zip(places, likely, strict=True)) == [(place, other) for _, place, other in expected]
    assert margins == pytest.approx([margin for margin, *_ in expected])


def test_what_an_image_likely_is_has_the_largest_probability_of_all():
    """A class of which the network is never sure has a low threshold, which images reach that look like a third."""
    labels = np.array([0, 0, 1, 2])
    probabilities = np.array([[0.9, 0.05, 0.05], [0.25, 0.15, 0.6], [0.5, 0.1, 0.4], [0.1, 0.05, 0.85]])
    assert thresholds(labels, probabilities) == pytest.approx([0.575, 0.1, 0.85])
    places, likely, margins = suspects(labels, probabilities)
    assert (places.tolist(), likely.tolist()) == ([1], [2])
    assert margins == pytest.approx([-0.35])


def test_one_image_and_images_all_right_are_no_suspects():
    assert len(suspects(np.array([0]), np.array([[0.2, 0.8]]))[0]) == 0  # nothing says how sure a 1 would be
    labels = np.arange(20) % 4
    assert len(suspects(labels, np.eye(4)[labels])[0]) == 0


def test_one_whose_label_is_the_likeliest_is_no_suspect_and_a_threshold_that_is_met_is_reached():
    labels = np.array([0, 0, 1, 0])
    probabilities = np.array([[0.9, 0.05, 0.05], [0.45, 0.4, 0.15], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    limits = thresholds(labels, probabilities)
    assert (probabilities[1] >= limits).tolist() == [False, True, False]  # but 0 is the likeliest
    assert probabilities[3, 1] == limits[1]
    assert [found.tolist() for found in suspects(labels, probabilities)[:2]] == [[3], [2]]


@pytest.fixture(scope="module")
def mislabelled(tmp_path_factory):
    """The digits as files of which 3 % lie in the folder of another digit, and runs with other parts."""
    place, digits, random = tmp_path_factory.mktemp("digits"), load_digits(), np.random.default_rng(3)
    wrong = random.choice(IMAGES, FLIPPED, replace=False)
    labels = digits.target[:IMAGES].copy()
    labels[wrong] = (labels[wrong] + random.integers(1, 10, FLIPPED)) % 10
    for digit in range(10):
        (place / "images" / str(digit)).mkdir(parents=True)
    for number, (label, pixels) in enumerate(zip(labels, digits.images[:IMAGES], strict=True)):
        Image.fromarray((pixels * 15.9).astype(np.uint8)).save(place / "images" / str(label) / f"{number:04d}.png")
    runs = []
    for seed in (1, 2):
        split = SplitSettings(seed=seed, validation=0.3, test=0.3)
        data = DataSettings(source=Folder(path=str(place / "images")), split=split)
        recipe = settings(epochs=12, learning_rate=0.1, seed=seed)
        list(run_project(Project(small_network(), data, recipe), place / f"run-{seed}"))
        runs.append(RunFolder(place / f"run-{seed}"))
    return runs, {f"{labels[number]}/{number:04d}.png": int(digits.target[number]) for number in wrong}


def test_most_flipped_labels_of_digits_are_found_and_few_others(mislabelled):
    runs, wrong = mislabelled
    found = find_label_errors(runs)
    unseen = set().union(*({*run.parts.validation, *run.parts.test} for run in runs))
    assert found.judged == len(unseen)
    assert found.judged + found.not_judged == IMAGES
    named = {one.name for one in found.suspects}
    judged = wrong.keys() & unseen
    recall, precision = len(named & judged) / len(judged), len(named & judged) / len(named)
    assert recall >= 0.7  # 21 of 28 when it was written
    assert precision >= 0.8  # 21 of 24
    assert [one.margin for one in found.suspects] == sorted(one.margin for one in found.suspects)
    first = found.suspects[: len(judged) // 2]
    assert all(wrong.get(one.name) == one.likely for one in first)
    assert json.loads(json.dumps(found.to_json()))["suspects"][0]["given"] == found.classes[found.suspects[0].given]


def test_an_image_is_judged_by_the_mean_of_the_runs_that_did_not_train_on_it(mislabelled):
    runs, _ = mislabelled
    found = find_label_errors(runs)
    said = defaultdict(list)
    for run in runs:
        data = load_run_data(run)
        for part in ("validation", "test"):
            answers = answers_of(run, part, data=data)
            for place, values in zip(answers.positions, answers.predictions, strict=True):
                said[getattr(run.parts, part)[place]].append(values)
    assert {one.runs for one in found.suspects} >= {1, 2}
    for suspect in found.suspects:
        assert suspect.runs == len(said[suspect.name])
        mean = np.mean(said[suspect.name], axis=0)
        assert suspect.given_probability == pytest.approx(mean[suspect.given])
        assert suspect.likely_probability == pytest.approx(mean[suspect.likely])
    alone = find_label_errors(runs[:1])
    assert {one.name for one in alone.suspects}.isdisjoint(runs[0].parts.train)
    assert alone.judged == len(runs[0].parts.validation) + len(runs[0].parts.test)


def test_an_image_with_another_content_under_the_same_name_is_another_one(mislabelled):
    data = load_run_data(mislabelled[0][0])
    changed = list(data.fingerprints)
    changed[data.test.indices[3]] = "other"
    before, after = (image_keys(one, "test") for one in (data, replace(data, fingerprints=tuple(changed))))
    assert [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [3]


def test_a_copy_of_a_training_image_is_not_judged(mislabelled, tmp_path):
    runs, _ = mislabelled
    run = RunFolder(shutil.copytree(runs[0].path, tmp_path / "run"))
    before = find_label_errors([run])
    parts = json.loads(run.parts_file.read_text())
    root = Path(shutil.copytree(run.project().data.source.path, tmp_path / "images"))
    shutil.copy(root / parts["train"][0], root / parts["test"][0])
    marks = json.loads(run.fingerprints_file.read_text())
    marks[parts["test"][0]] = marks[parts["train"][0]]
    run.fingerprints_file.write_text(json.dumps(marks))
    after = find_label_errors([RunFolder(run.path)], moved_to=run.project().data.source.moved_to(root))
    assert (after.judged, after.not_judged) == (before.judged - 1, before.not_judged + 1)


def test_runs_that_cannot_judge_are_refused(mislabelled, tmp_path):
    runs, _ = mislabelled
    list(run_project(Project(small_network(), DataSettings(), settings(epochs=1)), tmp_path / "other"))
    record = json.loads((tmp_path / "other/run.json").read_text())
    (tmp_path / "other/run.json").write_text(json.dumps({**record, "classes": list("abcdefghij")}))
    with pytest.raises(LayerloomError, match="tells other classes apart"):
        find_label_errors([runs[0], RunFolder(tmp_path / "other")])
    (tmp_path / "other/run.json").write_text(json.dumps(record))
    with pytest.raises(LayerloomError, match="learned from other data: Digits and images"):
        find_label_errors([runs[0], RunFolder(tmp_path / "other")])
    split = SplitSettings(validation=0, test=0)
    list(run_project(Project(small_network(), DataSettings(split=split), settings(epochs=1)), tmp_path / "all"))
    with pytest.raises(LayerloomError, match="Every image trained in every run"):
        find_label_errors([RunFolder(tmp_path / "all")])


def test_a_run_says_of_a_moved_image_that_it_is_gone(mislabelled, tmp_path):
    runs, _ = mislabelled
    root = Path(shutil.copytree(runs[0].project().data.source.path, tmp_path / "images"))
    source = runs[0].project().data.source.moved_to(root)
    suspect = find_label_errors(runs[:1]).suspects[0]
    relabel(root, [to_class(suspect.name, str(suspect.given), str(suspect.likely))])
    data = load_run_data(runs[0], moved_to=source)
    assert (data.gone, data.unassigned) == (1, 1)
    assert len(what_changed(data, runs[0])) == 2
    assert not data.skipped  # the log is no image


def test_a_run_without_a_list_of_its_images_judges_published_labels_alone(mislabelled, tmp_path):
    runs, _ = mislabelled
    folder = RunFolder(shutil.copytree(runs[0].path, tmp_path / "folder"))
    list(run_project(Project(small_network(), DataSettings(), settings(epochs=1)), tmp_path / "digits"))
    expected = find_label_errors([RunFolder(tmp_path / "digits")])
    for run in (folder, RunFolder(tmp_path / "digits")):
        run.parts_file.unlink()
        record = json.loads(run.record_file.read_text())
        run.record_file.write_text(json.dumps({**record, "version": 2}))
    with pytest.raises(LayerloomError, match="kept no list of the images that trained"):
        find_label_errors([RunFolder(folder.path)])
    found = find_label_errors([RunFolder(tmp_path / "digits")])
    assert found.judged == expected.judged
