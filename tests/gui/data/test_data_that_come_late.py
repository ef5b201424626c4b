"""The Data panel shows the data set that was chosen last, whichever is read first."""

import numpy as np
import pytest
from look_parts import PATIENCE
from PIL import Image

from gui.data.panel import DataPanel


@pytest.fixture
def folders(tmp_path):
    """Two folders of as many classes as their names say."""
    for folder, classes in (("two", "ab"), ("three", "abc")):
        for name in classes:
            (tmp_path / folder / name).mkdir(parents=True)
            Image.fromarray(np.zeros((6, 6), np.uint8)).save(tmp_path / folder / name / "one.png")
    return tmp_path


@pytest.fixture
def reading(document, show, folders, hold):
    """The panel while it reads the first folder, by a call that is held."""
    held = hold("engine.data.user_folder.Folder.thumbnails")
    panel = DataPanel(document)
    show(panel, 1056, 330)
    panel.choose_folder(str(folders / "two"))
    panel.refresh_now()
    held.wait()
    yield panel, held
    panel.shut_down()


def test_a_data_set_left_behind_is_not_shown(reading, folders, qtbot):
    panel, held = reading
    panel.choose_folder(str(folders / "three"))
    qtbot.waitUntil(lambda: "3 classes" in panel.about.text(), timeout=PATIENCE)
    held.let_go()
    qtbot.wait(100)
    assert panel.samples.description.classes == ("a", "b", "c")
    assert not panel.loader.running
    assert not panel.busy.isVisible()


def test_reading_that_was_cancelled_shows_nothing_when_it_comes(reading, qtbot):
    panel, held = reading
    before = panel.samples
    panel.busy.cancel.click()
    held.let_go()
    qtbot.wait(100)
    assert panel.samples is before
    assert panel.message.text() == "Reading was cancelled."
