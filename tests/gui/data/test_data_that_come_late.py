"""The workspace shows the data set that was chosen last, whichever is read first."""

import pytest
from data_parts import make_folder
from look_parts import PATIENCE


@pytest.fixture
def folders(tmp_path):
    """Two folders of as many classes as their names say."""
    for folder, classes in (("two", "ab"), ("three", "abc")):
        make_folder(tmp_path / folder, dict.fromkeys(classes, 1))
    return tmp_path


@pytest.fixture
def reading(data, panel, sheet, folders, hold):
    """The panel while it reads the first folder, by a call that is held."""
    held = hold("engine.data.user_folder.Folder.listed")
    data.set_active(True)
    panel.choose_folder(str(folders / "two"))
    held.wait()
    return held


def test_a_data_set_left_behind_is_not_shown(reading, data, panel, sheet, folders, qtbot):
    panel.choose_folder(str(folders / "three"))
    qtbot.waitUntil(lambda: data.listing is not None and not data.busy, timeout=PATIENCE)
    reading.let_go()
    qtbot.wait(100)
    assert data.listing.description.classes == ("a", "b", "c")
    assert not data.busy
    assert not sheet.busy.isVisible()


def test_reading_that_was_cancelled_shows_nothing_when_it_comes(reading, data, panel, sheet, qtbot):
    before = data.found
    qtbot.waitUntil(sheet.busy.isVisible, timeout=PATIENCE)
    sheet.busy.cancel.click()
    reading.let_go()
    qtbot.wait(100)
    assert data.found is before
    assert sheet.empty.message.text() == "Reading was cancelled."


def test_what_is_not_read_yet_has_no_counts_of_what_was_shown_before(data, panel, sheet, folders, hold, read):
    read()
    held = hold("engine.data.user_folder.Folder.listed")
    panel.choose_folder(str(folders / "two"))
    held.wait()
    panel.refresh_now()
    assert [field.count.text() for field in panel.split.parts.values()] == ["", "", ""]
    assert not panel.classes.isVisible()
    assert len(data.places()) == 1257
    data.shown.show_classes({9})
    assert sheet.head.about.text() == "9, shuffled"
    held.let_go()
    read()
    assert sheet.head.about.text() == "all classes, shuffled"
