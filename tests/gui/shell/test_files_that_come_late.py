"""The file that was chosen last is the one that opens."""

import pytest
from a_person import PATIENCE
from PySide6.QtWidgets import QWidget

from engine.layers import LAYERS
from engine.project import Project, save_project
from gui.document import Document
from gui.preferences import Preferences
from gui.shell.files import Files
from gui.shell.leaving import Leave
from templates import build


@pytest.fixture
def opening(qapp, qtbot, tmp_path, hold):
    """While a file is being opened, by a call that is held."""
    for name in ("mlp", "lenet5"):
        save_project(Project(build(name)), tmp_path / f"{name}.loom")
    held = hold("engine.project.load_project")
    window = QWidget()
    qtbot.addWidget(window)
    files = Files(Document(parent=window), Preferences(tmp_path / "preferences.ini"), window)
    busy = []
    files.busy.connect(busy.append)
    files.open_file(tmp_path / "mlp.loom")
    held.wait()
    yield files, held, busy, window
    files.cancel()


def test_a_file_left_behind_does_not_open(opening, tmp_path, qtbot):
    files, held, busy, _ = opening
    with qtbot.waitSignal(files.opened, timeout=PATIENCE):
        files.open_file(tmp_path / "lenet5.loom")
    held.let_go()
    qtbot.wait(100)
    assert files.document.path == tmp_path / "lenet5.loom"
    assert busy[-1] == ""


def test_opening_that_was_given_up_opens_nothing(opening, qtbot):
    files, held, busy, _ = opening
    files.cancel()
    assert busy[-1] == ""
    held.let_go()
    qtbot.wait(100)
    assert files.document.path is None


@pytest.mark.parametrize("leave", ["new", "close"])
def test_a_file_does_not_open_over_what_was_chosen_meanwhile(opening, qtbot, leave):
    files, held, busy, _ = opening
    getattr(files, leave)()
    assert busy[-1] == ""
    held.let_go()
    qtbot.wait(100)
    assert files.document.path is None
    assert not len(files.document.network)


def test_what_was_drawn_while_a_file_opens_is_asked_about(opening, qtbot, monkeypatch):
    files, held, _, _ = opening
    asked = []
    monkeypatch.setattr("gui.shell.files.ask_to_leave", lambda *_, **about: asked.append(about) or Leave.STAY)
    files.document.edit("Add a layer", lambda network: network.add(LAYERS["ReLU"](), "relu"))
    held.let_go()
    qtbot.waitUntil(lambda: bool(asked), timeout=PATIENCE)
    assert asked[0]["unsaved"]
    assert list(files.document.network) == ["relu"]
    assert files.document.modified
