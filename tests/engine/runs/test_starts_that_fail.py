"""A run that cannot start says why and leaves nothing behind."""

import os
import sys
from pathlib import Path

import pytest
from small_training import settings, small_network

from cli.app import run_command
from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.errors import LayerloomError
from engine.project import Project
from engine.runs import run_writer
from engine.runs.session import run_project

sys.path.append(str(Path(__file__).parents[1] / "data"))
from image_files import make_folder

only_where_names_are_bytes = pytest.mark.skipif(sys.platform != "linux", reason="names on disk are text here")


@pytest.fixture
def images(tmp_path):
    return make_folder(tmp_path / "pets", {"cats": 6, "dogs": 6})


def odd(path):
    """The same path with a last byte that no text in UTF-8 has."""
    return path.rename(Path(os.fsdecode(os.fsencode(path) + b"\xff")))


def train(folder, run="run"):
    return run_command(["train", "mlp", "--data", os.fspath(folder), "--epochs", "1", "--run", os.fspath(run)])


@only_where_names_are_bytes
@pytest.mark.parametrize("where", ["class", "data", "above"])
def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_written(
    images, where, tmp_path, monkeypatch, capsys
):
    if where == "class":
        odd(images / "cats")
        folder, said = images, f"The folder of a class has a name that is not UTF-8, {images}/cats\\xff: rename it.\n"
    elif where == "data":
        folder, said = odd(images), f"The folder of images has a name that is not UTF-8, {images}\\xff: rename it.\n"
    else:
        monkeypatch.chdir(odd(images))
        folder, said = "./", f"The folder of images has a name that is not UTF-8, {images}\\xff: rename it.\n"
    assert train(folder, tmp_path / "run") == 2
    assert capsys.readouterr().err == said
    assert not (tmp_path / "run").exists()


@only_where_names_are_bytes
def test_a_run_folder_whose_name_is_no_text_is_refused(images, tmp_path, capsys):
    run = Path(os.fsdecode(os.fsencode(tmp_path) + b"/run\xff"))
    assert train(images, run) == 2
    said = f"The folder for the run has a name that is not UTF-8, {tmp_path}/run\\xff: rename it.\n"
    assert capsys.readouterr().err == said
    assert not run.exists()


@only_where_names_are_bytes
def test_files_may_have_any_names(images, tmp_path, capsys):
    for file in [*images.rglob("*.png")]:
        file.rename(Path(os.fsdecode(os.fsencode(file.parent) + b"/\xff" + os.fsencode(file.name))))
    assert train(images, tmp_path / "run") == 0
    assert run_command(["evaluate", str(tmp_path / "run"), "--split", "train"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("was_there", [False, True])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("nobody thought of it")])
def test_a_folder_that_cannot_be_made_whole_is_not_there(images, tmp_path, monkeypatch, was_there, error):
    if was_there:
        (tmp_path / "run").mkdir()
    made = Project(small_network(classes=2), DataSettings(source=Folder(path=str(images))), settings(epochs=1))

    def full(path, content):
        raise error

    monkeypatch.setattr(run_writer, "write_whole", full)
    with pytest.raises((LayerloomError, ValueError)):
        list(run_project(made, tmp_path / "run"))
    assert (tmp_path / "run").exists() == was_there
    assert not [*tmp_path.glob("run/*")]
