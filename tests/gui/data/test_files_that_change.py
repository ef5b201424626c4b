"""Files that come, go and change while their sheet is open are noticed once somebody looks at it again."""

import shutil

import pytest
from a_person import OFFSCREEN
from data_parts import make_folder
from look_parts import PATIENCE
from PIL import Image

pytestmark = pytest.mark.qt_log_ignore(*OFFSCREEN)


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pets", {"cat": 8, "dog": 8, "owl": 8})


@pytest.fixture
def opened(data, panel, sheet, folder, read):
    """The folder, shown by the panel and the sheet."""
    data.set_active(True)
    panel.choose_folder(str(folder))
    read()
    return folder


@pytest.fixture
def come_back(data, read, qtbot):
    """Shows the workspace again, and waits for what that finds."""

    def come_back():
        data.set_active(False)
        data.set_active(True)
        qtbot.waitUntil(lambda: not data.looking.running, timeout=PATIENCE)
        read()

    return come_back


def names_of(data, places):
    return [data.listing.names[place] for place in places]


def repaint(file):
    Image.new("RGB", (9, 5), "red").save(file)


def test_nothing_is_said_or_read_where_nothing_changed(opened, data, panel, come_back):
    before = data.listing
    come_back()
    assert data.listing is before
    assert data.said.text == panel.message.text() == ""


def test_what_came_went_and_changed_is_told_and_shown(opened, data, panel, sheet, come_back):
    marked, current = names_of(data, data.marked.images), data.listing.names[sheet.grid.current]
    others = [name for name in data.listing.names if name not in (*marked, current)]
    for name in others[:3]:
        (opened / name).unlink()
    for name in ("new.png", "newer.png"):
        shutil.copy(opened / others[5], opened / "owl" / name)
    repaint(opened / others[4])
    come_back()
    assert data.said.text == panel.message.text() == "3 images are gone, 2 are new and 1 has changed."
    assert panel.message.isVisible()
    assert not set(others[:3]) & set(data.listing.names)
    assert {"owl/new.png", "owl/newer.png"} < set(data.listing.names)
    assert data.listing.pictures.size(data.listing.names.index(others[4])) == (5, 9)
    assert sum(map(len, data.division)) == 23
    assert names_of(data, data.marked.images) == marked
    assert data.listing.names[sheet.grid.current] == current
    come_back()
    assert data.said.text == panel.message.text() == ""


def test_the_order_of_what_stays_is_as_it_was(opened, data, come_back):
    before = names_of(data, data.listing.shuffled(range(24), 3))
    (opened / before[2]).unlink()
    come_back()
    assert names_of(data, data.listing.shuffled(range(23), 3)) == [*before[:2], *before[3:]]


def test_marks_and_classes_stay_on_what_is_still_there(opened, data, sheet, come_back):
    cat, dog, owl = (data.listing.names.index(f"{name}/0.png") for name in ("cat", "dog", "owl"))
    data.marked.show([owl, cat, dog])
    data.shown.show_classes({2})
    shutil.rmtree(opened / "cat")
    come_back()
    assert names_of(data, data.marked.images) == ["owl/0.png", "dog/0.png"]
    assert sheet.head.about.text() == "owl, shuffled"
    make_folder(opened, {"bat": 2})
    shutil.rmtree(opened / "owl")
    come_back()
    assert data.said.text == "8 images are gone and 2 are new."
    assert names_of(data, data.marked.images) == ["dog/0.png"]
    assert sheet.head.about.text() == "all classes, shuffled"


def test_damaged_files_are_left_out_and_come_back_mended(opened, data, panel, come_back):
    file = opened / "dog" / "3.png"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    come_back()
    assert data.said.text == "1 image has changed."
    assert panel.unreadable.text() == "1 of 24 files is left out."
    file.write_bytes(b"")
    come_back()
    assert data.said.text == "Other files are left out than before."
    file.write_bytes(whole)
    come_back()
    assert data.said.text == "1 image is new."
    assert not data.description.unreadable


def test_a_folder_that_went_is_told_until_it_is_back(opened, data, panel, come_back):
    listing, away = data.listing, opened.with_name("away")
    opened.rename(away)
    come_back()
    assert panel.message.text() == f"The folder {opened} is not there any more."
    assert [button.text() for button in panel.offers if button.isVisible()] == ["Choose folder", "Scan again"]
    assert data.listing is listing
    away.rename(opened)
    come_back()
    assert data.said.text == ""
    for name in ("dog", "owl"):
        shutil.rmtree(opened / name)
    come_back()
    assert panel.message.text().startswith(f"The folder {opened} has one class only, 'cat'")


def test_what_changes_while_images_are_read_is_found_after_that(opened, data, hold, read, qtbot):
    held = hold("gui.data.reading.check")
    data.read_again()
    qtbot.waitUntil(lambda: bool(held.threads), timeout=PATIENCE)
    held.wait()
    (opened / "cat" / "0.png").unlink()
    data.looking.look()
    assert data.busy
    held.let_go()
    qtbot.waitUntil(lambda: data.said.text == "1 image is gone.", timeout=PATIENCE)
    read()
    assert len(data.listing) == 23


def test_what_is_found_late_is_not_told_of_another_data_set(opened, data, document, hold, read, qtbot):
    held = hold("gui.data.reading.look_again")
    (opened / "cat" / "0.png").unlink()
    data.set_active(True)
    held.wait()
    document.undo_stack.undo()
    read()
    held.let_go()
    qtbot.waitUntil(lambda: not data.looking.running, timeout=PATIENCE)
    assert (data.found.source.name, len(data.listing), data.said.text) == ("digits", 1797, "")


def test_what_is_found_while_another_is_chosen_elsewhere_is_dropped(opened, data, document, hold, read, qtbot):
    held = hold("gui.data.reading.look_again")
    (opened / "cat" / "0.png").unlink()
    data.set_active(True)
    held.wait()
    data.set_active(False)
    document.undo_stack.undo()
    held.let_go()
    qtbot.waitUntil(lambda: not data.looking.running, timeout=PATIENCE)
    assert len(data.listing) == 24
    read()
    assert len(data.listing) == 1797
