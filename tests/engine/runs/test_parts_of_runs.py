"""Which image was in which part of a run: kept with it, and gone by ever after."""

import json
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from small_training import curve, settings, small_network

from engine.data import memory_images
from engine.data.parts import Parts
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.evaluation.predicting import predict
from engine.project import Project
from engine.runs import session
from engine.runs.run_data import load_run_data, what_changed
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.control import Control
from engine.training.events import EpochDone, Started

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

CLASSES = {"cats": 20, "dogs": 20}
PARTS = ("train", "validation", "test")


@pytest.fixture
def images(tmp_path):
    return make_folder(tmp_path / "pets", CLASSES)


def made(folder, **values):
    split = SplitSettings(validation=0.2, test=0.2, seed=3)
    data = DataSettings(source=Folder(path=str(folder)), split=split)
    return Project(small_network(classes=2), data, settings(**{"batch_size": 8, **values}))


@pytest.fixture
def run(images, tmp_path):
    list(run_project(made(images), tmp_path / "run"))
    return RunFolder(tmp_path / "run")


def parts_of(run):
    return json.loads(run.parts_file.read_text("utf-8"))


def write_parts(run, parts):
    run.parts_file.write_text(json.dumps(parts), "utf-8")
    return RunFolder(run.path)


def pixels_of(run, part):
    """The images of a part by what they show."""
    split = load_run_data(run).splits[part]
    return {image.tobytes() for image in split.images(range(len(split)))}


def names_of(run, part):
    """The files of a part, told by their pixels."""
    data = load_run_data(run)
    pixels = data.splits[part].images(range(len(data.splits[part])))
    every = Folder(path=run.project().data.source.path).load(run.input_shape)
    known = {every.images.read(np.array([index]))[0].numpy().tobytes(): name for index, name in enumerate(every.names)}
    return [known[one.tobytes()] for one in pixels]


def test_a_run_keeps_paths_below_the_folder_with_slashes(run, images):
    parts = parts_of(run)
    assert list(parts) == list(PARTS)
    there = sorted(path.relative_to(images).as_posix() for path in images.rglob("*.png"))
    assert sorted(name for part in parts.values() for name in part) == there
    assert {part: len(names) for part, names in parts.items()} == run.record.images
    for part in PARTS:
        assert names_of(run, part) == parts[part]


def test_a_run_on_a_published_set_keeps_numbers(tmp_path):
    list(run_project(Project(small_network(), DataSettings(), settings(epochs=1)), tmp_path / "run"))
    parts = parts_of(RunFolder(tmp_path / "run"))
    assert sorted(number for part in parts.values() for number in part) == list(range(1797))
    data = load_run_data(RunFolder(tmp_path / "run"))
    assert [split.indices.tolist() for split in data.splits.values()] == list(parts.values())


@pytest.mark.parametrize("part", PARTS)
def test_an_entry_taken_out_is_evaluated_no_more(run, part):
    parts = parts_of(run)
    before = evaluate(run, part)
    gone = parts[part].pop(1)
    run = write_parts(run, parts)
    found = evaluate(run, part)
    assert found.images == before.images - 1
    assert gone not in names_of(run, part)
    assert found.confusion.sum() == before.confusion.sum() - 1


def test_an_entry_that_is_moved_is_evaluated_where_it_stands(run):
    parts = parts_of(run)
    parts["test"].append(parts["train"].pop())
    assert evaluate(write_parts(run, parts), "test").images == len(parts["test"])


def swap(one, other):
    aside = one.with_name("aside.png")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def number_anew(folder):
    """Take the first image away and close the gap, so that every name stands for the next image."""
    files = sorted(folder.iterdir())
    files[0].unlink()
    for before, file in pairwise(files):
        file.rename(before)


CHANGES = {
    "swapped": (lambda folder: swap(folder / "cats" / "001.png", folder / "cats" / "002.png"), 2, 2),
    "swapped across classes": (lambda folder: swap(folder / "cats" / "001.png", folder / "dogs" / "002.png"), 2, 2),
    "numbered anew": (lambda folder: number_anew(folder / "cats"), 19, 20),
    "overwritten": (lambda folder: shutil.copy(folder / "dogs" / "000.png", folder / "dogs" / "001.png"), 1, 1),
    "added": (lambda folder: shutil.copy(folder / "dogs" / "000.png", folder / "cats" / "0000.png"), 1, 0),
    "added before all": (lambda folder: make_folder(folder, {"cats/0": 5}, seed=7), 5, 0),
    "removed": (lambda folder: (folder / "cats" / "001.png").unlink(), 0, 1),
    "renamed": (lambda folder: (folder / "cats" / "001.png").rename(folder / "cats" / "zzz.png"), 1, 1),
    "moved": (lambda folder: (folder / "cats" / "001.png").rename(folder / "dogs" / "020.png"), 1, 1),
    "damaged": (lambda folder: (folder / "dogs" / "004.png").write_bytes(b"no image"), 0, 1),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("where", ["in memory", pytest.param("on disk", marks=pytest.mark.slow)])
def test_no_change_of_the_folder_moves_an_image_into_another_part(run, images, change, where, monkeypatch):
    if where == "on disk":
        monkeypatch.setattr(memory_images, "IN_MEMORY", 0)
    before = {part: set(names_of(run, part)) for part in PARTS}
    seen = {part: pixels_of(run, part) for part in PARTS}
    figures = evaluate(run).to_json()
    make, added, gone = CHANGES[change]
    make(images)
    data = load_run_data(run)
    assert (data.unassigned, data.gone) == (added, gone)
    assert len(what_changed(data, run)) == (added > 0) + (gone > 0)
    assert sum(len(split) for split in data.splits.values()) == 40 - gone
    for part in PARTS:
        now = set(names_of(run, part))
        assert now <= before[part]
        assert pixels_of(run, part) <= seen[part]
        if part == "test" and now == before[part]:
            assert evaluate(run).to_json() == figures


@pytest.mark.parametrize("change", CHANGES)
def test_a_run_that_goes_on_after_a_change_trains_on_no_image_of_another_part(images, tmp_path, change, monkeypatch):
    run = stopped(images, tmp_path / "run")
    seen = {part: pixels_of(run, part) for part in PARTS}
    make, _, _ = CHANGES[change]
    make(images)
    used = []
    load = session.prepare
    monkeypatch.setattr(session, "prepare", lambda *given, **named: used.append(load(*given, **named)) or used[-1])
    list(run_project(run.project(), run.path, resume=True))
    for part, split in used[0].data.splits.items():
        assert {image.tobytes() for image in split.images(range(len(split)))} <= seen[part]
        assert len(split)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}'])
def test_damaged_fingerprints_are_told_in_a_sentence(run, content):
    run.fingerprints_file.write_bytes(content)
    with pytest.raises(LayerloomError, match=r"fingerprints.json is damaged"):
        evaluate(RunFolder(run.path))


def test_a_run_without_fingerprints_goes_by_names(run):
    before = evaluate(run).to_json()
    run.fingerprints_file.unlink()
    assert evaluate(RunFolder(run.path)).to_json() == before


def test_changes_are_told_in_numbers(run, images):
    for index in range(5):
        shutil.copy(images / "dogs" / "000.png", images / "cats" / f"new{index}.png")
    (images / "cats" / "001.png").unlink()
    assert what_changed(load_run_data(run), run) == (
        "5 images were added since the run and left out.",
        "1 image of the run is not there any more.",
    )


def stopped(images, path, step_epoch=2):
    """A run that was stopped after its first epoch."""
    control = Control()
    for event in run_project(made(images, epochs=4), path, control=control):
        if isinstance(event, EpochDone):
            control.stop()
    return RunFolder(path)


def test_a_run_goes_on_with_the_images_it_began_with_although_others_came(images, tmp_path):
    whole = list(run_project(made(images, epochs=4), tmp_path / "whole"))
    run = stopped(images, tmp_path / "run")
    kept = run.parts_file.read_bytes()
    shutil.copy(images / "dogs" / "000.png", images / "cats" / "0000.png")
    events = list(run_project(run.project(), run.path, resume=True))
    assert [curve(RunFolder(run.path).events())] == [curve(whole)]
    (started,) = (event for event in events if isinstance(event, Started))
    assert "1 image was added since the run and left out." in started.notes
    assert run.parts_file.read_bytes() == kept


def test_a_run_goes_on_without_an_image_that_is_gone_and_says_so(images, tmp_path):
    run = stopped(images, tmp_path / "run")
    (images / parts_of(run)["train"][0]).unlink()
    events = list(run_project(run.project(), run.path, resume=True))
    (started,) = (event for event in events if isinstance(event, Started))
    assert started.train_images == run.record.images["train"] - 1
    assert started.validation_images == run.record.images["validation"]
    assert "1 image of the run is not there any more." in started.notes


def told(run):
    return what_changed(load_run_data(run), run)


def test_a_class_that_is_new_is_left_out_and_named(run, images):
    before = evaluate(run)
    make_folder(images, {"birds": 3, "owls": 4}, seed=5)  # birds stand before those that the run learned
    after = evaluate(RunFolder(run.path))
    assert after.classes == ("cats", "dogs")
    assert after.confusion.tolist() == before.confusion.tolist()
    assert after.loss == pytest.approx(before.loss)
    assert told(run) == (
        "7 images were added since the run and left out.",
        "New since the run: birds and owls. The network does not know them.",
    )


@pytest.mark.parametrize("name", ["cats", "dogs"])
def test_a_class_that_is_missing_is_named_and_has_no_figures(run, images, name):
    before, gone = evaluate(run), len(load_run_data(run).names) // 2
    shutil.rmtree(images / name)
    after = evaluate(RunFolder(run.path))
    place = ("cats", "dogs").index(name)
    assert after.per_class[place].recall is after.per_class[place].f1 is None
    assert after.images == before.images - before.per_class[place].images
    other = 1 - place
    assert after.confusion[other].tolist() == before.confusion[other].tolist()
    assert after.confusion[place].sum() == 0
    assert told(run) == (
        f"No image of {name} is there any more, which the run learned.",
        f"{gone} images of the run are not there any more.",
    )


def test_a_class_that_is_renamed_is_new_and_the_old_one_missing(run, images):
    (images / "cats").rename(images / "wolves")
    assert told(run) == (
        "20 images were added since the run and left out.",
        "New since the run: wolves. The network does not know it.",
        "No image of cats is there any more, which the run learned.",
        "20 images of the run are not there any more.",
    )


def test_other_classes_are_refused_by_name(run, images):
    for name in CLASSES:
        (images / name).rename(images / f"wild {name}")
    with pytest.raises(LayerloomError) as error:
        load_run_data(run)
    assert str(error.value) == (
        "pets has changed since the run, which learned cats and dogs: now there are wild cats and wild dogs."
    )


def test_a_run_of_classes_that_would_be_refused_now_is_evaluated_still(run, images):
    before = evaluate(run).to_json()
    for old, new in (("cats", "raw"), ("dogs", "processed")):
        (images / old).rename(images / new)
        for file in (run.record_file, run.parts_file, run.fingerprints_file):
            file.write_text(file.read_text("utf-8").replace(f'"{old}', f'"{new}'), "utf-8")
    with pytest.raises(LayerloomError, match="can be read in two ways"):
        made(images).data.source.describe()
    again = RunFolder(run.path)
    assert told(again) == ()
    assert evaluate(again).to_json()["confusion"] == before["confusion"]


def test_one_class_alone_is_too_few_to_learn_from(images):
    shutil.rmtree(images / "dogs")
    for ask in (made(images).data.source.describe, lambda: list(run_project(made(images), images.parent / "new"))):
        with pytest.raises(LayerloomError, match=r"has one class only, 'cats', training needs two"):
            ask()


def test_a_run_goes_on_without_a_class_that_is_gone_and_beside_a_new_one(images, tmp_path):
    run = stopped(images, tmp_path / "run")
    shutil.rmtree(images / "cats")
    make_folder(images, {"owls": 4}, seed=5)
    events = list(run_project(run.project(), run.path, resume=True))
    (started,) = (event for event in events if isinstance(event, Started))
    assert started.train_images == 12
    assert "New since the run: owls. The network does not know it." in started.notes
    assert "No image of cats is there any more, which the run learned." in started.notes
    assert RunFolder(run.path).record.classes == ("cats", "dogs")


@pytest.mark.parametrize("classes", [[], ["cats"], ["cats", "dogs", "owls"]])
def test_a_record_with_another_number_of_classes_is_damaged_wherever_it_is_used(run, images, classes):
    record = json.loads(run.record_file.read_text("utf-8"))
    run.record_file.write_text(json.dumps({**record, "classes": classes}), "utf-8")
    damaged = RunFolder(run.path)
    for ask in (
        lambda: evaluate(damaged),
        lambda: predict(damaged, [images / "cats" / "000.png"]),
        lambda: damaged.normalisation,
    ):
        with pytest.raises(LayerloomError, match=r"run.json is damaged: it names \d class"):
            ask()


def test_a_run_whose_training_images_are_gone_is_evaluated_still_but_goes_not_on(images, tmp_path):
    run = stopped(images, tmp_path / "run")
    before = evaluate(run).to_json()
    for name in parts_of(run)["train"]:
        (images / name).unlink()
    assert evaluate(run).to_json() == before
    with pytest.raises(LayerloomError, match=r"The train split of pets had 24 images: all are missing now."):
        list(run_project(run.project(), run.path, resume=True))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"has no parts.json: which images trained is lost"),
        (b"", r"parts.json is damaged: line 1, column 1 is not JSON\.$"),
        (b"{", r"parts.json is damaged: line 1, column 2 is not JSON\.$"),
        (b"\xff\xfe", r"parts.json is damaged: it is not a text file\.$"),
        (b"[" * 100_000, r"parts.json is damaged: it is nested too deeply\.$"),
        (b'{"train": [], "validation": [], "test": []', r"parts.json is damaged: line 1, column 43 is not JSON\.$"),
        (b'{"train": [' + b"9" * 5000 + b"]}", r"parts.json is damaged: it holds a number that is far too long\.$"),
        (
            b'{"train": []}',
            r"parts.json is damaged: an object with train, validation, test and nothing else is needed\.$",
        ),
        (b'{"train": ["a"], "validation": ["a"], "test": []}', r"parts.json is damaged: the image 'a' stands there 2"),
        (b'{"train": [7], "validation": [], "test": []}', r"parts.json is damaged: there is no image 7 in the data"),
        (b'{"train": [], "validation": [], "test": []}', r"The test split of pets has no images"),
    ],
)
def test_parts_that_cannot_be_read_are_told_in_a_sentence(run, content, sentence):
    run.parts_file.unlink()
    if content is not None:
        run.parts_file.write_bytes(content)
    with pytest.raises(LayerloomError, match=sentence):
        evaluate(RunFolder(run.path))


def test_entries_taken_out_are_not_told_as_added(run, images):
    parts = parts_of(run)
    taken = [parts["test"].pop(), parts["train"].pop()]
    run = write_parts(run, parts)
    assert what_changed(load_run_data(run), run) == ("2 images belong to no part of the run and are left out.",)
    (images / taken[0]).unlink()
    assert what_changed(load_run_data(run), run) == ("1 image belongs to no part of the run and is left out.",)
    shutil.copy(images / "dogs" / "000.png", images / "cats" / "new.png")
    assert what_changed(load_run_data(run), run) == ("2 images belong to no part of the run and are left out.",)


def test_a_part_whose_images_are_gone_says_how_many_it_had(run, images):
    for name in parts_of(run)["test"]:
        (images / name).unlink()
    with pytest.raises(LayerloomError, match=r"^The test split of pets had 8 images: all are missing now\.$"):
        evaluate(run)


def test_a_part_may_be_emptied(run):
    parts = parts_of(run)
    parts["train"] += parts["test"]
    parts["test"] = []
    run = write_parts(run, parts)
    with pytest.raises(LayerloomError, match=r"The test split of pets has no images."):
        evaluate(run)
    assert evaluate(run, "train").images == len(parts["train"])
    assert isinstance(run.parts, Parts)


def test_a_run_of_version_1_is_divided_by_its_rule(run):
    """The rule as it was: for each class a permutation, the first for testing, then validation, then training."""
    record = json.loads(run.record_file.read_text("utf-8"))
    run.record_file.write_text(json.dumps({**record, "version": 1}), "utf-8")
    run.parts_file.unlink()
    old = RunFolder(run.path)
    assert old.parts is None
    generator = np.random.default_rng(3)
    expected = {part: [] for part in PARTS}
    for name in CLASSES:
        order = generator.permutation(20)
        for part, places in (("test", order[:4]), ("validation", order[4:8]), ("train", order[8:])):
            expected[part] += [f"{name}/{place:03d}.png" for place in sorted(places)]
    assert {part: names_of(old, part) for part in PARTS} == expected
