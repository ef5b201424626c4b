"""A run finds its images again whatever the folders around all of them are called now, and only these images."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from small_training import curve, settings, small_network

from engine.data.renamed import names_now
from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.project import Project
from engine.runs.run_data import found_words, load_run_data, what_changed
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

IN_PARTS = {"train/cats": 12, "train/dogs": 12, "val/cats": 4, "val/dogs": 4, "test/cats": 4, "test/dogs": 4}
PLACES = ["", "photos", "Früchte (1)", "unpacked/photos"]


def made(folder, **values):
    data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(validation=0.2, test=0.2, seed=3))
    return Project(small_network(classes=2), data, settings(**{"batch_size": 8, "schedule": "constant", **values}))


@pytest.fixture
def run(tmp_path):
    """Makes a run of images that stand at a place in a folder."""

    def make(place, layout=IN_PARTS, **values):
        make_folder(tmp_path / "before" / place, layout)
        list(run_project(made(tmp_path / "before", **values), tmp_path / "run"))
        return RunFolder(tmp_path / "run")

    return make


def moved(tmp_path, *, before, now):
    (tmp_path / "now" / now).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(tmp_path / "before" / before, tmp_path / "now" / now)
    return Folder(path=str(tmp_path / "now"))


def contents(data):
    return {name: split.images(range(len(split))).tobytes() for name, split in data.splits.items()}


@pytest.mark.parametrize("now", PLACES)
@pytest.mark.parametrize("before", PLACES)
def test_every_image_is_in_the_part_that_it_was_in(tmp_path, run, before, now):
    run = run(before)
    was = contents(load_run_data(run))
    data = load_run_data(run, moved_to=moved(tmp_path, before=before, now=now))
    assert found_words(data, run) == "40 of the 40 images of the run are there, by name and content."
    assert contents(data) == was
    assert what_changed(data, run) == ()


def test_a_run_goes_on_as_if_the_folder_had_kept_its_name(tmp_path, run):
    run = run("photos", {"cats": 20, "dogs": 20}, epochs=2)
    whole = list(run_project(made(tmp_path / "before", epochs=3), tmp_path / "whole"))
    source = moved(tmp_path, before="photos", now="pictures")
    list(run_project(made(source.path, epochs=3), run.path, resume=True))
    assert curve(RunFolder(run.path).events()) == curve(whole)


def test_a_mark_of_an_image_in_no_part_is_no_obstacle(tmp_path, run):
    run = run("photos")
    marks = json.loads((run.path / "fingerprints.json").read_text("utf-8"))
    (run.path / "fingerprints.json").write_text(json.dumps({**marks, "photos/more/000.png": "0"}))
    source = moved(tmp_path, before="photos", now="pictures")
    assert load_run_data(RunFolder(run.path), moved_to=source).gone == 0


def test_other_images_of_the_same_names_stay_other_data(tmp_path, run):
    run = run("photos")
    make_folder(tmp_path / "other" / "pictures", IN_PARTS, seed=5)
    with pytest.raises(LayerloomError, match="0 of the 40 images of the run are there"):
        load_run_data(run, moved_to=Folder(path=str(tmp_path / "other")))


def test_one_name_that_stayed_says_that_no_folder_was_renamed():
    assert names_now(["a/1", "b/1"], ["a/1", "c/1"]) == {}
    assert names_now(["x/a/1", "x/b/1"], ["a/1", "b/2"]) == {"x/a/1": "a/1", "x/b/1": "b/1"}
    assert names_now(["a/1", "b/1"], ["c/2"]) == names_now([1, 2], [3]) == names_now([], ["a/1"]) == {}
    assert names_now(["a/1"], []) == {}
