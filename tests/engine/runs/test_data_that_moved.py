"""Images that were moved: runs and projects find them again, and other images are not taken for them."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from small_training import curve, settings, small_network

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.evaluation.evaluating import evaluate
from engine.project import Project, load_project, save_project
from engine.runs.run_data import found_words, keep_place, load_run_data, what_changed
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.events import EpochDone, Finished

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

CLASSES = {"cats": 20, "dogs": 20}


def made(folder, **values):
    data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(validation=0.2, test=0.2, seed=3))
    return Project(small_network(classes=2), data, settings(**{"batch_size": 8, "schedule": "constant", **values}))


@pytest.fixture
def home(tmp_path):
    """A folder with a project, its images and a run of it, as the window lays them out."""
    place = tmp_path / "work" / "pets"
    make_folder(place / "images", CLASSES)
    save_project(made(place / "images"), place / "pets.loom")
    list(run_project(load_project(place / "pets.loom"), place / "pets-runs" / "run-1"))
    return place


def images_of(data):
    return {name: [*data.parts.to_json()[name]] for name in data.splits}, data.train.images(range(4)).tobytes()


def test_a_folder_that_moves_whole_takes_project_and_runs_along(home, tmp_path):
    before = images_of(load_run_data(RunFolder(home / "pets-runs" / "run-1")))
    there = tmp_path / "elsewhere" / "deeper" / "animals"
    there.parent.mkdir(parents=True)
    home.rename(there)
    assert load_project(there / "pets.loom").data.source.path == str(there / "images")
    run = RunFolder(there / "pets-runs" / "run-1")
    assert images_of(load_run_data(run)) == before
    assert what_changed(load_run_data(run), run) == ()
    assert evaluate(run).images == 8
    more = list(run_project(made(there / "images", epochs=3), run.path, resume=True))
    assert [event.epoch for event in more if isinstance(event, EpochDone)] == [3]


@pytest.mark.parametrize("place", ["images", "data/images", "../images", "../../images"])
def test_images_beside_or_near_the_project_move_with_it(tmp_path, place):
    file = tmp_path / "a" / "b" / "c" / "net.loom"
    file.parent.mkdir(parents=True)
    folder = Path(os.path.normpath(file.parent / place))
    make_folder(folder, {"cats": 1, "dogs": 1})
    save_project(made(folder), file)
    assert json.loads(file.read_text())["data_from_here"] == place
    assert load_project(file) == made(folder)
    (tmp_path / "a").rename(tmp_path / "z")
    moved = tmp_path / "z" / "b" / "c" / "net.loom"
    assert load_project(moved).data.source.path == os.path.normpath(moved.parent / place)


def test_a_project_that_moves_alone_keeps_its_images_where_they_are(home, tmp_path):
    shutil.copy(home / "pets.loom", tmp_path / "alone.loom")
    assert load_project(tmp_path / "alone.loom").data.source.path == str(home / "images")


def test_a_copy_of_the_whole_folder_learns_from_its_own_images(home, tmp_path):
    shutil.copytree(home, tmp_path / "copy")
    assert load_project(tmp_path / "copy" / "pets.loom").data.source.path == str(tmp_path / "copy" / "images")
    assert load_project(home / "pets.loom").data.source.path == str(home / "images")


@pytest.mark.parametrize("folder", ["/mnt/somewhere/else", "D:\\pets", "/"])
def test_images_far_away_are_kept_by_their_path_from_the_root(tmp_path, folder):
    save_project(made(folder), tmp_path / "net.loom")
    document = json.loads((tmp_path / "net.loom").read_text())
    assert "data_from_here" not in document
    assert document["data"]["source"]["path"] == folder
    assert load_project(tmp_path / "net.loom").data.source.path == folder


def test_files_without_the_place_and_paths_written_by_hand_are_read(home):
    document = json.loads((home / "pets.loom").read_text())
    del document["data_from_here"]
    (home / "old.loom").write_text(json.dumps(document))
    assert load_project(home / "old.loom").data.source.path == str(home / "images")
    document["data"]["source"]["path"] = "images"
    (home / "by_hand.loom").write_text(json.dumps(document))
    assert load_project(home / "by_hand.loom").data.source.path == str(home / "images")
    for wrong in (3, None, ["images"]):
        (home / "wrong.loom").write_text(json.dumps({**document, "data_from_here": wrong}))
        with pytest.raises(LayerloomError, match=r"wrong\.loom"):
            load_project(home / "wrong.loom")


@pytest.fixture
def moved(home, tmp_path):
    """The run, and its images where it does not look for them."""
    shutil.move(home / "images", tmp_path / "archive")
    return RunFolder(home / "pets-runs" / "run-1"), Folder(path=str(tmp_path / "archive"))


def test_a_run_evaluates_on_images_where_they_are_now(moved):
    run, source = moved
    with pytest.raises(LayerloomError, match="There is no folder"):
        load_run_data(run)
    data = load_run_data(run, moved_to=source)
    assert found_words(data, run) == "40 of the 40 images of the run are there, by name and content."
    assert (len(data.train), len(data.validation), len(data.test), data.gone) == (24, 8, 8, 0)
    keep_place(run, source)
    again = RunFolder(run.path)
    assert again.project().data.source == source
    assert images_of(load_run_data(again)) == images_of(data)


def test_a_run_goes_on_with_images_where_they_are_now_as_if_they_had_never_moved(home, moved, tmp_path):
    run, source = moved
    make_folder(tmp_path / "whole" / "images", CLASSES)
    whole = list(run_project(made(tmp_path / "whole" / "images", epochs=4), tmp_path / "whole" / "run"))
    more = list(run_project(made(source.path, epochs=4), run.path, resume=True))
    assert isinstance(more[-1], Finished)
    assert curve(RunFolder(run.path).events()) == curve(whole)
    assert RunFolder(run.path).project().data.source == source


def test_other_images_are_refused_and_missing_ones_counted(moved, tmp_path):
    run, source = moved
    make_folder(tmp_path / "others", CLASSES, seed=9)  # the same names, other content
    with pytest.raises(
        LayerloomError, match=r"^0 of the 40 images of the run are there, by name and content: .*others"
    ):
        load_run_data(run, moved_to=Folder(path=str(tmp_path / "others")))
    make_folder(tmp_path / "owls", {"owls": 20, "dogs": 20})
    with pytest.raises(LayerloomError, match="which learned cats and dogs: now there are dogs and owls"):
        load_run_data(run, moved_to=Folder(path=str(tmp_path / "owls")))
    make_folder(Path(source.path), {"owls": 2})
    with pytest.raises(LayerloomError, match="which learned cats and dogs: now there are cats, dogs and owls"):
        load_run_data(run, moved_to=source)
    shutil.rmtree(Path(source.path) / "owls")
    for file in sorted((Path(source.path) / "cats").iterdir())[:5]:
        file.unlink()
    data = load_run_data(run, moved_to=source)
    assert found_words(data, run) == "35 of the 40 images of the run are there, by name and content."
    assert what_changed(data, run) == ("5 images of the run are not there any more.",)


def test_a_set_of_layerloom_s_own_has_no_folder_that_could_move(tmp_path):
    with pytest.raises(LayerloomError, match="Digits is kept by Layerloom itself"):
        DataSettings().source.moved_to(tmp_path)


def as_version_1(run):
    """The run as version 1 kept it, without names of its images."""
    record = json.loads(run.record_file.read_text())
    run.record_file.write_text(json.dumps({**record, "version": 1}))
    for file in (run.parts_file, run.fingerprints_file):
        file.unlink()
    return RunFolder(run.path)


def test_a_run_too_old_to_list_its_files_says_so(home):
    run = as_version_1(RunFolder(home / "pets-runs" / "run-1"))
    (sentence,) = what_changed(load_run_data(run), run)
    assert sentence.startswith("This run's record does not list its files: images that were added")
    assert "It had" not in sentence
    make_folder(home / "images", {"cats/more": 3}, seed=4)
    (sentence,) = what_changed(load_run_data(run), run)
    assert sentence.endswith("It had 40 images, now there are 43.")
    with pytest.raises(LayerloomError, match=r"learned from 40 images, .* has 43: it is other data"):
        load_run_data(run, moved_to=Folder(path=str(home / "images") + "/."))


def test_a_run_of_version_1_on_a_published_set_needs_no_such_words(tmp_path):
    list(run_project(Project(small_network(), DataSettings(), settings(epochs=1)), tmp_path / "run"))
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    (tmp_path / "run" / "run.json").write_text(json.dumps({**record, "version": 1}))
    run = RunFolder(tmp_path / "run")
    assert what_changed(load_run_data(run), run) == ()
