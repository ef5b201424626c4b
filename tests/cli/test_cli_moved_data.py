"""Runs whose images were moved, and runs that train longer, on the command line."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from small_training import small_network

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.project import Project, save_project
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder

sys.path.append(str(Path(__file__).parents[1] / "engine" / "data"))
from image_files import make_folder


@pytest.fixture
def trained_on_pets(command, tmp_path):
    """A run in ``pets-run`` on images that are in ``archive`` now."""
    make_folder(tmp_path / "pets", {"cats": 20, "dogs": 20})
    data = DataSettings(source=Folder(path=str(tmp_path / "pets")), split=SplitSettings(validation=0.2, test=0.2))
    recipe = Recipe(epochs=2, batch_size=8, schedule="constant", device="cpu")
    save_project(Project(small_network(classes=2), data, recipe), tmp_path / "pets.loom")
    assert command("train", "pets.loom", "--run", "pets-run")[0] == 0
    shutil.move(tmp_path / "pets", tmp_path / "archive")
    return "pets-run"


def test_evaluate_takes_the_folder_where_the_images_are_now(command, trained_on_pets):
    code, out, err = command("evaluate", trained_on_pets, "--json")
    assert (code, out) == (2, "")
    assert "There is no folder" in err
    code, out, err = command("evaluate", trained_on_pets, "--data", "archive", "--json", "--predictions", "said.csv")
    assert (code, json.loads(out)["images"]) == (0, 8)
    assert "40 of the 40 images of the run are there, by name and content." in err
    assert {line.partition("/")[0] for line in Path("said.csv").read_text().splitlines()[1:]} == {"cats", "dogs"}


def test_resume_takes_the_folder_and_keeps_it(command, trained_on_pets, tmp_path):
    code, _, err = command("train", trained_on_pets, "--resume", "--epochs", "4")
    assert code == 2
    assert "There is no folder" in err
    code, _, err = command("train", trained_on_pets, "--resume", "--epochs", "4", "--data", "archive")
    assert code == 0
    assert f"train longer with: python main.py train {trained_on_pets} --resume --epochs N" in err
    run = RunFolder(trained_on_pets)
    assert [event.epoch for event in run.epochs()] == [1, 2, 3, 4]
    assert run.project().data.source.path == str(tmp_path / "archive")
    assert command("evaluate", trained_on_pets)[0] == 0


@pytest.mark.parametrize("arguments", [("evaluate",), ("train", "--resume", "--epochs", "4")])
def test_other_data_are_refused_with_a_sentence(command, trained_on_pets, tmp_path, arguments):
    make_folder(tmp_path / "others", {"cats": 20, "dogs": 20}, seed=5)
    before = (tmp_path / "pets-run" / "project.loom").read_bytes()
    name, *more = arguments
    code, out, err = command(name, trained_on_pets, *more, "--data", "others")
    assert (code, out) == (2, "")
    assert err.startswith("0 of the 40 images of the run are there, by name and content")
    assert len(err.splitlines()) == 1
    assert (tmp_path / "pets-run" / "project.loom").read_bytes() == before


def test_predicting_and_looking_need_no_images_of_the_run(command, trained_on_pets, tmp_path):
    image = next((tmp_path / "archive" / "cats").iterdir())
    assert command("predict", trained_on_pets, image)[0] == 0
    looked = command(
        "look", trained_on_pets, "--view", "feature_maps", "--node", "conv", "--image", image, "-o", "a.png"
    )
    assert looked[0] == 0


def test_a_run_on_a_set_of_layerloom_s_own_refuses_a_folder(command, trained, tmp_path):
    make_folder(tmp_path / "pets", {"cats": 2, "dogs": 2})
    code, _, err = command("evaluate", trained, "--data", "pets")
    assert code == 2
    assert err == "Digits is kept by Layerloom itself: it has no folder that could have moved.\n"
