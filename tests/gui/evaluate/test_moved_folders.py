"""Images that were moved: Evaluate, Look inside and Train ask where they are and go on, if they are the same."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.layers import LAYERS
from engine.runs.run_folder import RunFolder
from gui.look.workspace import LookInside
from gui.train.runs.remedies import remedies
from gui.train.runs.status import RunStatus

sys.path.append(str(Path(__file__).parents[2] / "engine" / "data"))
from image_files import make_folder


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pets", {"cats": 12, "dogs": 12})


@pytest.fixture
def run(document, evaluate, runs, folder, qtbot):
    """A run of a window on a folder that is elsewhere now."""
    document.edit("Two classes", lambda network: network.set_layer("fc", LAYERS["Linear"](out_features=2)))
    data = DataSettings(source=Folder(path=str(folder)), split=SplitSettings(validation=0.25, test=0.25))
    document.replace(replace(document.project, data=data))
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.start()
    shutil.move(folder, folder.with_name("archive"))
    return runs.current


@pytest.fixture
def choose(monkeypatch):
    """Have the dialog of the system answer with a folder."""

    def answer(folder):
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))

    return answer


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_evaluate_asks_for_the_folder_and_goes_on(evaluate, run, folder, choose, qtbot):
    matrix, evaluator = evaluate.matrix, evaluate.evaluator
    assert matrix.other_folder.isHidden()
    click(matrix.evaluate)
    qtbot.waitUntil(lambda: bool(evaluator.message), timeout=PATIENCE)
    assert "There is no folder" in matrix.message.text()
    assert matrix.other_folder.text() == "Choose folder…"
    choose("")
    click(matrix.other_folder)
    assert not evaluator.runs.moved_data.busy
    choose(folder.with_name("archive"))
    said = []
    evaluator.runs.moved_data.looking.connect(said.append)
    with qtbot.waitSignal(evaluator.runs.moved_data.found, timeout=PATIENCE) as told:
        click(matrix.other_folder)
    assert said == [f"Looking for the images of run {run.title} in {folder.with_name('archive')}", ""]
    assert told.args[1].words == "24 of the 24 images of the run are there, by name and content."
    qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)
    assert evaluator.result.evaluation.images == 6
    assert RunFolder(run.folder).project().data.source.path == str(folder.with_name("archive"))
    assert matrix.other_folder.isHidden()


def test_other_images_are_not_taken(evaluate, run, folder, choose, qtbot):
    make_folder(folder.with_name("others"), {"cats": 12, "dogs": 12}, seed=5)
    choose(folder.with_name("others"))
    moved = evaluate.evaluator.runs.moved_data
    said = []
    moved.looking.connect(said.append)
    with qtbot.waitSignal(moved.failed, timeout=PATIENCE) as told:
        moved.ask(run)
    assert said == [f"Looking for the images of run {run.title} in {folder.with_name('others')}", ""]
    assert told.args[0].startswith("0 of the 24 images of the run are there")
    assert RunFolder(run.folder).project().data.source.path == str(folder)
    assert run.project.data.source.path == str(folder)


def test_train_asks_for_the_folder_and_trains_longer(run, runs, folder, choose, qtbot):
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(run, epochs=run.total_epochs + 1)
    assert run.status is RunStatus.FAILED
    (remedy,) = remedies(runs, run)
    assert remedy.label == "Choose folder…"
    choose(folder.with_name("archive"))
    done = len(run.epochs)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        remedy.action()
    assert run.status is RunStatus.FINISHED
    assert len(run.epochs) == run.total_epochs == done + 1


def test_look_inside_asks_for_the_folder_of_a_run(document, run, runs, folder, choose, qtbot):
    inside = LookInside(document, runs)
    qtbot.addWidget(inside.image)
    inside.image.show()
    inside.set_active(True)
    offer = inside.image.reader.offer
    qtbot.waitUntil(offer.isVisible, timeout=PATIENCE)
    assert (offer.text(), inside.image.samples) == ("Choose folder…", None)
    choose(folder.with_name("archive"))
    click(offer)
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)
    assert not offer.isVisible()
    inside.close()
    for part in (inside.maps, inside.step):
        part.deleteLater()


def test_a_run_on_a_published_set_asks_for_no_folder(evaluate, trained):
    assert evaluate.matrix.other_folder.isHidden()
