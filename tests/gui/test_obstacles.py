"""What the window says of a project that cannot train."""

import pytest
from train_parts import PATIENCE, tiny_network

from engine.data.settings import DataSettings
from engine.data.source import DataDescription
from engine.data.user_folder import Folder
from engine.layers import LAYERS, Shape
from engine.network.edits import add_after
from engine.project import Project
from gui.document import Document
from gui.readiness import readiness_of


@pytest.fixture
def document(qapp):
    return Document(Project(tiny_network()))


@pytest.fixture
def readiness(document):
    readiness = readiness_of(document)
    yield readiness
    readiness.close()


def choose(document, source):
    document.change_settings("Data", DataSettings(source=source))


def test_the_classes_of_one_source_are_not_those_of_another(document, readiness, tmp_path, qtbot):
    two, gone = Folder(path=str(tmp_path / "two")), Folder(path=str(tmp_path / "gone"))
    choose(document, two)
    readiness.learn(two, DataDescription("two", ("cats", "dogs"), (9, 9), Shape(1, 8, 8)))
    assert readiness.obstacle.text == "Output gives 10 classes, the folder has 2."
    choose(document, gone)
    assert readiness.obstacle is None
    qtbot.waitUntil(lambda: readiness.obstacle is not None, timeout=PATIENCE)
    assert readiness.obstacle.text == f"There is no folder {gone.path}."
    choose(document, "digits")
    assert readiness.obstacle is None


def test_an_obstacle_has_its_own_fix_and_no_other(document, readiness):
    document.edit("Norm", lambda network: add_after(network, LAYERS["BatchNorm2d"](), "conv"))
    assert [fix.label for problem in readiness.problems for fix in problem.fixes] == ["Turn bias off"]
    choose(document, Folder())
    assert readiness.obstacle.text.startswith("No image folder is chosen")
    assert (readiness.obstacle.fix_label, readiness.obstacle.fix) == ("", None)
    choose(document, "digits")
    assert readiness.obstacle is None
