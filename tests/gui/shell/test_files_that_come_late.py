"""The file that was chosen last is the one that opens."""

import pytest
from PySide6.QtWidgets import QWidget

from engine.project import Project, save_project
from gui.document import Document
from gui.preferences import Preferences
from gui.shell.files import Files
from templates import build


@pytest.fixture
def opening(qapp, qtbot, tmp_path, hold):
    """While a file is being opened, by a call that is held."""
    for name in ("mlp", "lenet5"):
        save_project(Project(build(name)), tmp_path / f"{name}.loom")
    held = hold("gui.shell.files.load_project")
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
    with qtbot.waitSignal(files.opened):
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
