"""The command that lists data sets, tells what they hold, and downloads them."""

import json
import re
import sys
from pathlib import Path
from typing import ClassVar

import pytest

sys.path.append(str(Path(__file__).parents[1] / "engine" / "data"))
from a_server import Sent, serving
from image_files import make_folder
from published_files import MADE, TEST, TRAIN, small, written
from small_training import small_network

from engine.data.published import Digits
from engine.data.published_sets import SVHN
from engine.data.source import SOURCES
from engine.project import Project, save_project
from engine.recipe.recipe import Recipe
from engine.runs.run_folder import RunFolder


def use(monkeypatch, source):
    """Make the registered kind be as the small set of it."""
    kind = type(source).__mro__[1]
    monkeypatch.setattr(kind, "files", source.files)
    monkeypatch.setattr(kind, "download_bytes", source.download_bytes)


@pytest.fixture
def server():
    with serving() as found:
        yield found


def states(command):
    code, out, _ = command("data", "--json")
    assert code == 0
    return {one["name"]: one for one in json.loads(out)}


def test_every_data_set_is_listed_with_where_it_is(command):
    found = states(command)
    assert list(found) == list(SOURCES)
    assert found["digits"]["state"] == "bundled"
    assert found["stl10"] == {
        "name": "stl10",
        "title": "STL-10",
        "images": 13_000,
        "classes": 10,
        "state": "to download",
        "bytes": 2_640_397_119,
        "bytes_here": 0,
        "where": "to download: 2.64 GB",
    }
    assert found["folder"]["state"] == "no folder chosen"
    row = re.compile(r"fashion_mnist +Fashion-MNIST +70\u202f000 +10 +to download: 30.9 MB")
    assert any(map(row.fullmatch, command("data")[1].splitlines()))


class Faulty(Digits):
    """A set from outside whose class has an error."""

    name: ClassVar = "faulty"
    title: ClassVar = "Faulty"

    def availability(self):
        raise KeyError("nobody thought of it")


def test_a_data_set_that_cannot_be_used_leaves_the_others(command):
    SOURCES.register(Faulty)
    try:
        found = states(command)
        lines = command("data")[1].splitlines()
    finally:
        SOURCES.unregister("faulty")
    assert found["faulty"]["error"].startswith("The data set Faulty ended unexpectedly: KeyError.")
    assert found["digits"]["state"] == "bundled"
    assert len(lines) == 1 + len(found)


def test_a_data_set_is_downloaded(command, server, monkeypatch):
    contents = MADE[SVHN]()[0]
    use(monkeypatch, small(SVHN, server.url, contents=contents))
    server.files |= {file.name: Sent(content) for file, content in zip(SVHN.files, contents, strict=True)}
    code, out, _ = command("data", "svhn", "--download", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["state"], found["images"], found["parts"]) == ("on disk", 99_289, {"validation": 0, "test": 26_032})
    assert found["memory"] == {"shape": [3, 32, 32], "bytes": 99_289 * 3072}
    assert states(command)["svhn"]["state"] == "on disk"
    asked = len(server.asked)
    assert command("data", "svhn", "--download")[0] == 0
    assert len(server.asked) == asked


def test_what_has_arrived_is_told_when_a_download_breaks_off(command, server, monkeypatch):
    contents = MADE[SVHN]()[0]
    use(monkeypatch, small(SVHN, server.url, contents=contents))
    server.files["train_32x32.mat"] = Sent(contents[0], breaks=[10_000] * 9, ranges=False)
    code, _, said = command("data", "svhn", "--download")
    assert code == 2
    assert said.startswith("SVHN could not be downloaded: 127.0.0.1 broke off after 10.0 kB of ")
    assert said.endswith("give those files: python main.py data svhn --file train_32x32.mat --file test_32x32.mat.\n")
    listed = states(command)["svhn"]
    assert (listed["state"], listed["bytes_here"], listed["bytes"]) == ("not complete", 10_000, SVHN.download_bytes)


def test_files_that_somebody_has_are_taken(command, tmp_path, monkeypatch):
    use(monkeypatch, small(SVHN, "http://127.0.0.1:9/"))
    train, test = written(SVHN, tmp_path)
    code, _, said = command("data", "svhn", "--file", train)
    assert (code, said) == (2, "SVHN is not complete: test_32x32.mat is missing. Choose all its files.\n")
    assert command("data", "svhn", "--file", test, "--file", train)[0] == 0
    assert states(command)["svhn"]["state"] == "on disk"
    raw = SVHN().raw()
    assert (len(raw.labels), raw.tests) == (TRAIN + TEST, TEST)


def test_a_folder_is_described_with_its_parts_and_its_memory(command, tmp_path):
    for part, count in (("train", 8), ("test", 2)):
        make_folder(tmp_path / "pets" / part, {"cats": count, "dogs": count}, seed=count)
    code, out, _ = command("data", tmp_path / "pets", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["classes"], found["parts"]) == ({"cats": 10, "dogs": 10}, {"validation": 0, "test": 4})
    assert found["memory"] == {"shape": [3, 224, 224], "bytes": 20 * 3 * 224 * 224}
    assert found["notes"][0] == "2 parts found: train for training and test for test."
    assert found["notes"][-1] == "At 3×224×224 its pixels take 3.01 MB: they are held in memory."
    code, out, said = command("data", tmp_path / "pets")
    assert out.endswith("pets: 20 images, 2 classes, 4 of them test images; on disk\n")
    assert said.splitlines() == found["notes"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nope",), "'nope' is neither a data set nor a folder."),
        (("mnits",), "'mnits' is neither a data set nor a folder. Did you mean 'mnist'?\n"),
        (("folder",), "Which folder? Give its path in place of the word 'folder'.\n"),
        (("--download",), "Name the data set."),
        (("digits", "--file", "x"), "Digits is not made of files that could be chosen.\n"),
        (("mnist", "--file", "x"), "There is no file x.\n"),
    ],
)
def test_a_slip_is_one_sentence(command, arguments, sentence):
    code, out, said = command("data", *arguments)
    assert (code, out) == (2, "")
    assert sentence in said
    assert said.count("\n") == 1


def test_a_run_that_leaves_a_class_out_goes_on_without_it(command, tmp_path):
    make_folder(tmp_path / "pets", {"bee": 12, "cow": 2, "dog": 12})
    save_project(Project(small_network(classes=2), training=Recipe(epochs=1, device="cpu")), tmp_path / "pets.loom")
    chosen = ("--data", "pets", "--with", "data.source.left_out=cow")
    code, _, err = command("train", "pets.loom", *chosen, "--run", "run")
    assert (code, "cow is left out, 2 images." in err) == (0, True)
    run = RunFolder("run")
    assert run.record.classes == ("bee", "dog")
    assert run.parts.images == 24
    assert not any(name.startswith("cow/") for part in run.parts for name in part)
    code, out, err = command("evaluate", "run", "--json")
    assert (code, [one["name"] for one in json.loads(out)["per_class"]]) == (0, ["bee", "dog"])
    assert "New since the run" not in err
    code, _, _ = command("train", "run", "--resume", "--epochs", "2")
    assert code == 0
    assert run.parts.images == 24


@pytest.fixture
def pets(tmp_path):
    """A large class, one of two images, and one with copies of the images of the first."""
    folder = make_folder(tmp_path / "pets", {"healthy": 40, "owl": 2, "rust": 6})
    for name in ("000", "001"):
        (folder / "rust" / f"copy{name}.png").write_bytes((folder / "healthy" / f"{name}.png").read_bytes())
    return folder


def test_a_check_tells_of_the_sizes_of_classes_and_of_two_labels(command, pets):
    code, out, err = command("check", "lenet5", "--data", str(pets))
    assert code == 0
    assert "healthy has 28 times the training images of owl: 28 against 1." in out
    assert "owl has 2 images; three parts need 3." in out
    assert "2 images stand under two labels: healthy/000.png = rust/copy000.png and healthy/001.png" in err
    code, out, _ = command("check", "lenet5", "--data", str(pets), "--with", "data.sampling=weighted", "--json")
    codes = [problem["code"] for problem in json.loads(out)["problems"]]
    assert "small_class" in codes
    assert "imbalance" not in codes


def test_a_class_to_be_left_out_that_is_misspelt_is_refused(command, pets, tmp_path):
    for verb in (("check",), ("train", "--epochs", "1", "--run", str(tmp_path / "run"))):
        code, _, err = command(*verb, "lenet5", "--data", str(pets), "--with", 'data.source.left_out=["heathy"]')
        assert code == 2
        assert "has no class 'heathy' that could be left out. Did you mean 'healthy'?" in err
    assert not (tmp_path / "run").exists()
    code, _, err = command("check", "lenet5", "--data", str(pets), "--with", 'data.source.left_out=["healthy"]')
    assert code == 0
    assert "healthy is left out, 40 images." in err


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        ("-o", ("new", "lenet5", "-o", "")),
        ("-o", ("look", "lenet5", "--view", "filters", "-o", "")),
        ("--run", ("train", "lenet5", "--run", "")),
        ("--run", ("train", "lenet5", "--run", " ", "--resume")),
    ],
)
def test_an_empty_place_to_write_to_is_refused_in_a_sentence(command, option, arguments):
    assert command(*arguments) == (2, "", f"{option} is empty, but the path of what to write is needed.\n")
