"""``relabel``: files move when it is asked for, all or none, and come back."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.evaluation.relabelling import LOG
from engine.project import Project
from engine.runs.session import run_project

sys.path.append(str(Path(__file__).parents[1] / "engine/data"))
from image_files import make_folder


@pytest.fixture(scope="module")
def trained_on_pets(tmp_path_factory):
    """A run on a folder of two classes that is not to be changed."""
    place = tmp_path_factory.mktemp("pets")
    folder = make_folder(place / "pets", {"cat": 12, "dog": 12})
    data = DataSettings(source=Folder(path=str(folder)))
    list(run_project(Project(small_network(classes=2), data, settings(epochs=1)), place / "run"))
    return place / "run"


@pytest.fixture
def pets(trained_on_pets, tmp_path):
    """A copy of its images, in the folder where commands run."""
    return Path(shutil.copytree(trained_on_pets.parent / "pets", tmp_path / "pets"))


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.png")}


def test_files_move_to_another_class_and_come_back(command, trained_on_pets, pets):
    before, at = files(pets), (trained_on_pets, "--data", pets)
    (pets / "dog" / "003.png").rename(pets / "dog" / "other.png")
    changed = files(pets)
    code, out, err = command("relabel", *at, "cat/003.png", pets / "cat" / "004.png", "pets/cat/003.png", "--to", "dog")
    assert code == 0
    assert out == "cat/003.png → dog/003.png\ncat/004.png → dog/004_from_cat.png\n"
    assert err == f"2 files moved in {pets}. Runs trained before know them by their old places: train again.\n"
    moved = files(pets)
    assert moved["dog/003.png"] == before["cat/003.png"]
    assert moved["dog/004_from_cat.png"] == before["cat/004.png"]
    assert moved["dog/004.png"] == before["dog/004.png"]
    assert not {"cat/003.png", "cat/004.png"} & set(moved)
    code, out, err = command("relabel", *at, "dog/000.png", "--to", "cat", "--json")
    assert json.loads(out) == {
        "folder": str(pets),
        "moved": True,
        "moves": [{"from": "dog/000.png", "to": "cat/000_from_dog.png"}],
    }
    assert err == ""
    code, out, err = command("relabel", *at, "--undo", "--json")
    assert json.loads(out)["moves"] == [{"from": "cat/000_from_dog.png", "to": "dog/000.png"}]
    assert files(pets) == moved
    code, out, err = command("relabel", *at, "--undo")
    assert (code, err) == (0, f"2 files moved back in {pets}.\n")
    assert files(pets) == changed
    assert command("relabel", *at, "--undo") == (
        2,
        "",
        f"Nothing was moved in {pets} that could be moved back.\n",
    )


def test_what_would_be_moved_is_told_and_nothing_is(command, trained_on_pets, pets):
    before, at = files(pets), (trained_on_pets, "--data", pets)
    code, out, err = command("relabel", *at, "cat/003.png", "--to", "dog", "--dry-run")
    assert (code, out) == (0, "cat/003.png → dog/003_from_cat.png\n")
    assert err == f"1 file would be moved in {pets}; nothing is moved.\n"
    assert json.loads(command("relabel", *at, "cat/003.png", "--to", "dog", "--dry-run", "--json")[1])["moved"] is False
    assert files(pets) == before
    assert not (pets / LOG).exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("cat/003.png",), "Say which class the images are of with --to CLASS"),
        (("cat/003.png", "--to", "dog", "--undo"), "Say which class the images are of with --to CLASS"),
        (("cat/003.png", "--undo"), "leave out the files"),
        (("--to", "dog"), "Which images?"),
        (("cat/003.png", "cat/900.png", "--to", "dog"), "cat/900.png is no image of"),
        (("cat/003.png", "../pets/cat", "--to", "dog"), "../pets/cat is no image of"),
        (("cat/003.png", "/etc/passwd", "--to", "dog"), "/etc/passwd is no image of"),
        (("cat/003.png", "--to", "dogs"), "No class is called 'dogs'. Did you mean 'dog'?"),
        (("cat/003.png", "--to", "../cat"), "No class is called '../cat'."),
        (("cat/003.png", "dog/001.png", "--to", "dog"), "dog/001.png is labelled dog already: nothing is moved."),
    ],
)
def test_what_cannot_be_moved_is_told_in_a_sentence_and_nothing_is(command, trained_on_pets, pets, typed, words):
    before = files(pets)
    code, out, err = command("relabel", trained_on_pets, "--data", pets, *typed)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert files(pets) == before
    assert not (pets / LOG).exists()


def test_published_sets_and_what_is_no_run_are_refused(command, trained, trained_on_pets):
    code, _, err = command("relabel", trained, "7", "--to", "3")
    assert (code, err) == (
        2,
        "The labels of a published data set stay as they are: only a folder of images can change.\n",
    )
    assert command("relabel", "nowhere", "7", "--to", "3")[::2] == (2, "There is no run folder nowhere.\n")
    code, _, err = command("relabel", trained_on_pets, "--data", "nowhere", "cat/003.png", "--to", "dog")
    assert code == 2
    assert "nowhere" in err
    assert err.count("\n") == 1


def test_classes_with_other_names_than_their_folders_are_moved_between_these(command, trained_on_pets, pets, tmp_path):
    """Folders of WordNet, which a file gives names: the run's own source, read as such."""
    from engine.data.synset_folder import ImageNet

    root = tmp_path / "synsets"
    for name, folder in (("cat", "n02121620"), ("dog", "n02084071")):
        shutil.copytree(pets / name, root / folder)
    (root / "words.txt").write_text("n02121620\tcat\nn02084071\tdog\n")
    data = DataSettings(source=ImageNet(path=str(root)))
    list(run_project(Project(small_network(classes=2), data, settings(epochs=1)), tmp_path / "named"))
    code, out, _ = command("relabel", "named", "n02121620/003.png", "--to", "dog")
    assert (code, out) == (0, "n02121620/003.png → n02084071/003_from_n02121620.png\n")
