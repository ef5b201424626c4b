"""Evaluate, after the folder that a run learned from was changed: no image that trained is called a test image."""

import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder

sys.path.append(str(Path(__file__).parents[2] / "engine" / "data"))
from image_files import make_folder


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})


@pytest.fixture
def seen(document, evaluate, runs, folder, qtbot):
    """The run of a window on that folder, with the images that it trained and validated on."""
    document.edit("Two classes", lambda network: network.set_layer("fc", LAYERS["Linear"](out_features=2)))
    data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(validation=0.25, test=0.25))
    document.replace(replace(document.project, data=data))
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.start()
    found = load_run_data(RunFolder(runs.current.folder))
    return {name: shown(split) for name, split in found.splits.items()}


def shown(split):
    return {image.tobytes() for image in split.images(range(len(split)))}


def add(folder):
    make_folder(folder, {"cats/0": 1}, seed=7)


def remove(folder):
    (folder / "cats" / "000.png").unlink()


def rename(folder):
    (folder / "cats" / "000.png").rename(folder / "cats" / "zzz.png")


def move(folder):
    (folder / "cats" / "000.png").rename(folder / "dogs" / "000a.png")


def number_anew(folder):
    files = sorted((folder / "cats").iterdir())
    files[0].rename(folder / "cats" / "aside.png")
    for before, file in pairwise(files):
        file.rename(before)
    (folder / "cats" / "aside.png").rename(files[-1])


@pytest.mark.parametrize("change", [add, remove, rename, move, number_anew])
def test_what_trained_is_not_tested_after_the_folder_was_changed(evaluate, seen, folder, change, qtbot):
    change(folder)
    QTest.mouseClick(evaluate.matrix.evaluate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not evaluate.evaluator.busy, timeout=PATIENCE)
    tested = shown(evaluate.evaluator.result.images)
    assert tested <= seen["test"]
    assert not tested & (seen["train"] | seen["validation"])
    assert not evaluate.figures.changes.isHidden()
