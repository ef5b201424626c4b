"""Labels that are likely wrong, and moving files so that they are right."""

import json
import os
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from small_training import settings, small_network

from engine.data.loading import load
from engine.data.settings import DataSettings, SplitSettings
from engine.data.synset_folder import ImageNet
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.comparing import image_keys
from engine.evaluation.evaluating import answers_of
from engine.evaluation.label_errors import Move, find_label_errors, relabel, suspects, thresholds, to_class
from engine.evaluation.relabelling import LOG, beside_others, last_relabelled
from engine.layers.shape import Shape
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


@pytest.fixture
def images(tmp_path):
    for name in ("cat/1.png", "cat/2.png", "cat/sub/3.png", "dog/1.png", "other/9.png"):
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / name).write_text(name)
    return tmp_path / "images"


def files(root):
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.png")}


def test_files_move_and_come_back_and_a_log_says_so(images):
    before = files(images)
    moves = [to_class("cat/2.png", "cat", "dog"), to_class("cat/sub/3.png", "cat", "dog")]
    assert moves == [("cat/2.png", "dog/2.png"), ("cat/sub/3.png", "dog/sub/3.png")]
    back = relabel(images, moves)
    moved = files(images)
    assert moved["dog/2.png"] == "cat/2.png"
    assert moved["dog/sub/3.png"] == "cat/sub/3.png"
    assert len(moved) == len(before)
    assert relabel(images, back) == tuple(moves)
    assert files(images) == before
    lines = [json.loads(line) for line in (images / LOG).read_text().splitlines()]
    assert [(line["from"], line["to"]) for line in lines] == [*moves, *back]


def test_a_file_whose_name_is_taken_in_the_other_class_gets_another_and_comes_back_under_its_own(images):
    before = files(images)
    wanted = [to_class(name, "cat", "dog") for name in ("cat/1.png", "cat/2.png")]
    moves = beside_others(images, wanted)
    assert moves == [("cat/1.png", "dog/1_from_cat.png"), wanted[1]]
    back = relabel(images, moves)
    moved = files(images)
    assert (moved["dog/1.png"], moved["dog/1_from_cat.png"]) == ("dog/1.png", "cat/1.png")
    assert len(moved) == len(before)
    assert relabel(images, back) == tuple(moves)
    assert files(images) == before
    shutil.copy(images / "cat/2.png", images / "dog/1_from_cat.png")
    assert beside_others(images, wanted[:1]) == [("cat/1.png", "dog/1_from_cat_2.png")]
    same = [Move("cat/1.png", "dog/1.png"), Move("cat/sub/1.png", "dog/1.png")]
    assert len({move.target for move in beside_others(images, same)} | {"dog/1.png"}) == 3


def test_nothing_moves_where_one_of_the_moves_cannot_be_made(images, tmp_path):
    before, good = files(images), Move("cat/2.png", "dog/2.png")
    (tmp_path / "outside").mkdir()
    (images / "way").symlink_to(tmp_path / "outside")
    cases = {
        "stands in two of the moves": Move("cat/1.png", "dog/2.png"),
        "there already and stays": Move("cat/1.png", "dog/1.png"),
        "is not in": Move("cat/7.png", "dog/7.png"),
        "has no folder mouse": Move("cat/1.png", "mouse/1.png"),
        "../outside/1.png leads out": Move("cat/1.png", "../outside/1.png"),
        "cat/../dog/5.png leads out": Move("cat/1.png", "cat/../dog/5.png"),
        "way/1.png leads out": Move("cat/1.png", "way/1.png"),
        "/etc/passwd leads out": Move("/etc/passwd", "cat/passwd"),
    }
    for words, bad in cases.items():
        with pytest.raises(LayerloomError, match=words):
            relabel(images, [good, bad])
        assert files(images) == before
    assert not (images / LOG).exists()
    with pytest.raises(LayerloomError, match="published data set stay as they are"):
        relabel(None, [good])
    with pytest.raises(LayerloomError, match="There is no folder"):
        relabel(images / "none", [good])
    with pytest.raises(LayerloomError, match="does not lie in a folder called dog: move it by hand"):
        to_class("cat/1.png", "dog", "cat")


def test_a_move_that_fails_half_way_is_taken_back(images, monkeypatch):
    before, link = files(images), os.link

    def full(source, target, **options):
        if Path(source).name == "2.png":
            raise FileExistsError(17, "File exists")  # it came between
        link(source, target, **options)

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(LayerloomError, match=r"cat/2.png could not be moved: file exists. None is."):
        relabel(images, [Move("cat/sub/3.png", "dog/3.png"), Move("cat/2.png", "dog/2.png")])
    assert files(images) == before
    assert (images / LOG).read_text() == ""


def _refuse(monkeypatch, method, refused):
    """Let a method of paths raise where ``refused`` says so, as in a folder that may not be written into."""
    usual = getattr(Path, method)

    def refusing(path, *arguments, **options):
        if refused(path):
            raise PermissionError(13, "Permission denied")
        return usual(path, *arguments, **options)

    monkeypatch.setattr(Path, method, refusing)


def test_a_file_that_cannot_leave_its_folder_does_not_come_to_stand_in_two(images, monkeypatch):
    before = files(images)
    _refuse(monkeypatch, "unlink", lambda path: path == images / "cat/2.png")
    with pytest.raises(LayerloomError, match=r"cat/2.png could not be moved: permission denied. None is."):
        relabel(images, [Move("cat/1.png", "dog/3.png"), Move("cat/2.png", "dog/2.png")])
    assert files(images) == before


def test_files_that_cannot_come_back_are_named_and_stay_in_the_log(images, monkeypatch):
    _refuse(monkeypatch, "unlink", lambda path: path in (images / "cat/2.png", images / "dog/3.png"))
    with pytest.raises(LayerloomError, match=r"denied. These stay in their new places: dog/3.png.$"):
        relabel(images, [Move("cat/1.png", "dog/3.png"), Move("cat/2.png", "dog/2.png")])
    assert set(files(images)) >= {"dog/3.png", "cat/2.png"}
    assert not {"cat/1.png", "dog/2.png"} & set(files(images))
    assert [json.loads(line)["to"] for line in (images / LOG).read_text().splitlines()] == ["dog/3.png"]


def test_where_a_file_system_has_no_links_files_move_all_the_same(images, monkeypatch):
    def none(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    relabel(images, [Move("cat/2.png", "dog/2.png")])
    assert files(images)["dog/2.png"] == "cat/2.png"
    assert "cat/2.png" not in files(images)

    def comes_between(_, target, **__):
        target.write_text("another")
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", comes_between)
    with pytest.raises(LayerloomError, match="file is there already"):
        relabel(images, [Move("cat/1.png", "dog/3.png")])
    assert (files(images)["cat/1.png"], files(images)["dog/3.png"]) == ("cat/1.png", "another")


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


def test_a_link_still_leads_to_its_file_from_another_folder_and_back_in_its_own(images, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store/7.png").write_text("kept elsewhere")
    (images / "cat/7.png").symlink_to("../../store/7.png")
    (images / "cat/sub/8.png").symlink_to("../1.png")
    (images / "cat/9.png").symlink_to(tmp_path / "store/7.png")
    before = files(images)
    names = ("cat/7.png", "cat/sub/8.png", "cat/9.png")
    back = relabel(images, [to_class(name, "cat", "dog") for name in names])
    moved = files(images)
    assert [moved[name] for name in ("dog/7.png", "dog/sub/8.png", "dog/9.png")] == [before[name] for name in names]
    assert (images / "dog/9.png").readlink().is_absolute()
    relabel(images, back)
    assert files(images) == before
    assert (images / "cat/7.png").readlink() == Path("../../store/7.png")


def test_moves_of_an_earlier_session_are_known_until_they_are_taken_back(images):
    assert last_relabelled(images) is None
    first, second = [Move("cat/1.png", "dog/7.png"), Move("cat/2.png", "dog/2.png")], [Move("dog/1.png", "cat/1.png")]
    back = relabel(images, first)
    relabel(images, second)
    assert last_relabelled(images).moves == tuple(second)
    relabel(images, last_relabelled(images).back)
    assert last_relabelled(images).back == back
    relabel(images, last_relabelled(images).back)
    assert last_relabelled(images) is None
    (images / LOG).write_text('{"time": "2026-01-02T03:04:05+00:00", "from": 3}\n')
    with pytest.raises(LayerloomError, match="is damaged: what it says was moved cannot be moved back here"):
        last_relabelled(images)


def test_moving_that_is_called_off_half_way_leaves_all_files_where_they_were(images):
    before = files(images)
    moves = [Move("cat/1.png", "dog/7.png"), Move("cat/2.png", "dog/2.png")]
    with pytest.raises(LayerloomError, match=r"^Moving was called off. No file is moved.$"):
        relabel(images, moves, progress=lambda progress: progress.done < 1)
    assert files(images) == before
    assert last_relabelled(images) is None


def test_while_files_are_moved_nobody_else_moves_any_and_both_stay_in_the_log(images):
    refused = []

    def meanwhile(progress):
        with pytest.raises(LayerloomError, match=r"are being moved elsewhere: try again .* None is moved.$") as error:
            relabel(images, [Move("cat/2.png", "dog/2.png")])
        refused.append(error)
        return True

    relabel(images, [Move("cat/1.png", "dog/7.png")], progress=meanwhile)
    assert len(refused) == 1
    relabel(images, [Move("cat/2.png", "dog/2.png")])
    assert last_relabelled(images).moves == (Move("cat/2.png", "dog/2.png"),)
    relabel(images, last_relabelled(images).back)
    assert last_relabelled(images).moves == (Move("cat/1.png", "dog/7.png"),)
    assert {path.name for path in images.iterdir() if path.is_file()} == {LOG}


def test_classes_with_other_names_than_their_folders_are_moved_between_these(tmp_path):
    synsets = {"n01440764": "tench", "n01443537": "goldfish"}
    for folder in synsets:
        for number in range(3):
            file = tmp_path / "train" / folder / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.new("L", (8, 8), 30 * number + len(folder)).save(file)
    names = "".join(f"{folder} {name}, a fish\n" for folder, name in synsets.items())
    (tmp_path / "LOC_synset_mapping.txt").write_text(names)
    data = load(DataSettings(source=ImageNet(path=str(tmp_path))), Shape(1, 8, 8))
    assert data.folders == {name: folder for folder, name in synsets.items()}
    given, likely = (data.folders[name] for name in ("tench", "goldfish"))
    assert to_class("train/n01440764/1.png", given, likely) == ("train/n01440764/1.png", "train/n01443537/1.png")


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
