"""The panel of the data set: choosing, reading in a thread, dividing, fitting."""

import numpy as np
import pytest
from data_parts import make_folder
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from toy_regression import registered, toy_project

from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import SOURCES
from engine.data.user_folder import Folder
from engine.layers import LAYERS

LEFT = Qt.MouseButton.LeftButton


def row_of(panel, title):
    return next(item for item in panel.chooser._items() if item.text() == title)


def choose(panel, title):
    place = panel.chooser.visualItemRect(row_of(panel, title)).center()
    QTest.mouseClick(panel.chooser.viewport(), LEFT, pos=place)


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def offered(panel):
    return [button.text() for button in panel.offers if button.isVisible()]


def test_every_source_has_a_row_and_nothing_is_listed_by_hand(panel):
    assert [item.text() for item in panel.chooser._items()] == [kind.title for kind in SOURCES.values()]


def test_the_embedded_digits_are_divided_and_counted(panel, data, read):
    read()
    assert data.listing.description.images == 1797
    assert [field.count.text() for field in panel.split.parts.values()] == ["1\u202f257", "270", "270"]
    assert panel.classes.item(0).text() == "All 10"
    assert panel.classes.count() == 11
    assert panel.split.note.text() == "no image is in two parts"


def test_data_without_classes_have_no_list_of_them(panel, data, document, read):
    with registered():
        read()
        assert panel.classes.isVisible()
        document.replace(toy_project())
        read()
        assert not panel.classes.isVisible()
        assert not panel.split.stratified.isVisible()
        assert [field.count.text() for field in panel.split.parts.values()] == ["1\u202f257", "270", "270"]


def test_choosing_a_data_set_is_an_undo_step(panel, data, document, read):
    read()
    choose(panel, "MNIST")
    assert document.project.data.source.name == "mnist"
    assert document.undo_stack.undoText() == "Choose MNIST"
    read()
    assert offered(panel) == ["Download 11.6 MB", "Choose a file…"]
    assert not panel.split.parts["test"].editable
    assert panel.split.parts["validation"].editable
    document.undo_stack.undo()
    read()
    assert data.found.source.name == "digits"
    assert offered(panel) == []


def test_states_stand_beside_the_data_sets(panel, read, qtbot):
    read()
    qtbot.waitUntil(lambda: not panel.chooser._looking.running)
    spoken = {item.text(): item.data(Qt.ItemDataRole.AccessibleTextRole) for item in panel.chooser._items()}
    assert spoken["Digits"] == "Digits, bundled"
    assert spoken["MNIST"] == "MNIST, to download: 11.6 MB"


def test_a_folder_shows_its_classes_and_what_cannot_be_read(panel, data, folder, read):
    panel.choose_folder(str(folder))
    read()
    assert data.listing.description.classes == ("cat", "dog", "owl")
    assert panel.unreadable.text() == "1 of 13 files is left out."
    assert panel.reasons.text() == "1: it is empty"
    assert panel.path.text().endswith("pets")


def test_files_that_turn_out_damaged_leave_the_sheet_once_all_are_read(panel, data, folder, read):
    whole = (folder / "dog" / "0.png").read_bytes()
    (folder / "dog" / "cut.png").write_bytes(whole[: len(whole) // 2])
    panel.choose_folder(str(folder))
    read()
    assert [file.name for file in data.listing.description.unreadable] == ["cat/broken.png", "dog/cut.png"]
    assert "dog/cut.png" not in data.listing.names
    assert panel.unreadable.text() == "2 of 14 files are left out."
    assert sum(map(len, data.division)) == 12


def test_classes_that_do_not_fit_offer_the_fix(panel, document, folder, read):
    panel.choose_folder(str(folder))
    read()
    assert panel.fit.text().startswith("Output gives 10 classes")
    QTest.mouseClick(panel.fix_button, LEFT)
    assert document.network.layer("fc").out_features == 3
    read()
    assert not panel.fix_button.isVisible()


def test_a_wrong_folder_is_one_sentence(panel, tmp_path, read):
    panel.choose_folder(str(tmp_path / "none"))
    read()
    assert panel.message.property("role") == "error"
    assert "none" in panel.message.text()
    assert not panel.fit.isVisible()  # it would say the same
    assert offered(panel)[0] == "Choose folder"


def test_no_folder_asks_for_one(panel, data, document, read):
    document.change_settings("Folder", document.project.data.from_source(Folder()))
    read()
    assert offered(panel) == ["Choose folder"]
    assert not data.busy


def test_cancelling_keeps_what_was_there(panel, data, folder, read, hold):
    read()
    held = hold("engine.data.user_folder.Folder.listed")
    panel.choose_folder(str(folder))
    held.wait()
    data.cancel()
    held.let_go()
    read()
    assert data.found.source.name == "digits"
    assert panel.message.text() == "Reading was cancelled."
    QTest.mouseClick(panel.offers[0], LEFT)
    read()
    assert data.found.source.name == "folder"


@pytest.mark.parametrize(
    ("part", "typed", "split"),
    [("validation", "12.5", (0.125, 0.15)), ("test", "0", (0.15, 0)), ("train", "80", (0.1, 0.1))],
)
def test_shares_sum_to_100_and_are_one_step(panel, document, read, part, typed, split):
    read()
    type_into(panel.split.parts[part].editor, typed)
    found = document.project.data.split
    assert (found.validation, found.test) == split
    assert document.undo_stack.count() == 1
    read()
    shown = [field.editor.meaning() for field in panel.split.parts.values()]
    assert sum(shown) == 100
    counts = [int(field.count.text().replace("\u202f", "")) for field in panel.split.parts.values()]
    assert sum(counts) == 1797
    assert counts[1:] == [round(1797 * share) for share in split]


def test_a_share_that_cannot_be_is_refused_in_a_sentence(panel, document, read):
    read()
    field = panel.split.parts["validation"].editor
    type_into(field, "12.5")
    field.selectAll()
    QTest.keyClicks(field, "90")
    assert panel.split.reason.text().startswith("Validation and test take 105 %")
    field.selectAll()
    QTest.keyClicks(field, "82")
    assert panel.split.reason.text() == "Validation is 0 to 80 %. 15 stays in force."
    assert document.project.data.split.validation == 0.15
    assert document.undo_stack.count() == 0
    read()
    assert field.text() == "82"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "15"
    assert not panel.split.reason.isVisible()


def test_the_seed_divides_otherwise(panel, data, document, read):
    read()
    before = data.division
    type_into(panel.split.seed, "7")
    assert document.project.data.split.seed == 7
    read()
    assert len(data.division.train) == len(before.train)
    assert not np.array_equal(data.division.train, before.train)
    type_into(panel.split.seed, "7-")
    assert panel.split.reason.text().endswith("0 stays in force.")
    assert document.project.data.split.seed == 0
    read()
    assert np.array_equal(data.division.train, before.train)


def test_classes_may_be_divided_without_their_shares(panel, data, document, read):
    read()
    QTest.mouseClick(panel.split.stratified, LEFT, pos=panel.split.stratified.rect().center())
    assert document.project.data.split == SplitSettings(stratified=False)
    read()
    assert np.bincount(data.listing.labels[data.division.test]).tolist() != [27] * 7 + [28, 26, 27]
    document.undo_stack.undo()
    assert document.project.data.split.stratified


def test_it_says_how_images_reach_the_input(panel, document, read):
    read()
    assert panel.fit.text() == "The images fit the input, 1×8×8."
    assert not panel.fit.isVisible(), "there is nothing to heed"
    document.edit("Grow", lambda n: n.set_layer("input", LAYERS["Input"](channels=3, height=16, width=16)))
    read()
    assert panel.fit.text() == (
        "Images of 1×8×8 are resized, with their one channel three times, to fit the input, 3×16×16."
    )
    assert panel.fit.isVisible()


def test_an_unseen_workspace_reads_nothing(data, panel, document, folder):
    panel.choose_folder(str(folder))
    assert not data.busy
    assert data.found is None


def test_parts_of_a_folder_are_shown_and_not_cut(panel, data, tmp_path, read):
    make_folder(tmp_path / "seg_train", {"cat": 4, "dog": 4})
    make_folder(tmp_path / "seg_test", {"cat": 4, "dog": 4}, size=(5, 6))
    (tmp_path / "seg_pred").mkdir()
    Image.new("RGB", (6, 6)).save(tmp_path / "seg_pred" / "0.png")
    panel.choose_folder(str(tmp_path))
    read()
    assert panel.notes.text() == (
        "2 parts found: seg_train for training and seg_test for test. "
        "seg_pred is left out: it has no sub-folder for each class. "
        "Images for validation are cut from training."
    )
    assert data.listing.description.counts == (8, 8)
    assert {part: field.editable for part, field in panel.split.parts.items()} == {
        "train": True,
        "validation": True,
        "test": False,
    }
    assert panel.split.parts["test"].given.isVisible()
    counts = [field.count.text() for field in panel.split.parts.values()]
    assert counts == ["6", "2", "8"]  # a class of four is in every part


def test_a_folder_that_may_be_read_in_two_ways_offers_another(panel, tmp_path, read):
    for part in ("train", "test"):
        (tmp_path / part).mkdir()
        Image.new("RGB", (6, 6)).save(tmp_path / part / "0.png")
    panel.choose_folder(str(tmp_path))
    read()
    assert panel.message.property("role") == "error"
    assert "can be read in two ways" in panel.message.text()
    assert offered(panel)[0] == "Choose folder"


@pytest.mark.parametrize("width", [240, 288])
def test_a_long_sentence_is_never_cut(panel, read, show, tmp_path, width):
    for name in ("v1", "v2"):
        for owner in ("cats", "dogs"):
            (tmp_path / name / owner).mkdir(parents=True)
            Image.new("L", (6, 6)).save(tmp_path / name / owner / "a.png")
    panel.choose_folder(str(tmp_path))
    panel.window().resize(width, 900)
    read()
    assert "If they are no classes, choose the one that has the classes" in panel.message.text()
    assert panel.message.height() >= panel.message.heightForWidth(panel.message.width())
    assert panel.message.width() > 0.7 * width


def test_where_too_few_classes_are_left_all_come_back(panel, data, document, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 9, "cow": 7, "dog": 8})))
    read()
    data.leave_out("cow")
    read()
    data.leave_out("bee")
    read()
    assert panel.message.text().endswith(
        "has one class only, 'dog', as others are left out; training needs two: bring another one back."
    )
    assert offered(panel) == ["Choose folder", "Bring back all classes"]
    QTest.mouseClick(panel.offers[1], LEFT)
    read()
    assert document.project.data.source.left_out == ()
    assert data.description.classes == ("bee", "cow", "dog")


def test_a_folder_that_goes_while_it_is_shown_leaves_what_was_shown(panel, data, folder, read):
    panel.choose_folder(str(folder))
    read()
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    folder.rmdir()
    data.read_again()
    read()
    assert str(folder) in panel.message.text()
    assert panel.message.text().count(". ") == 0
    assert offered(panel) == ["Choose folder", "Scan again"]
    assert len(data.listing) == 12
    assert panel.classes.count() == 4


def test_data_settings_of_another_project_are_shown(panel, data, document, folder, read):
    panel.choose_folder(str(folder))
    read()
    document.undo_stack.undo()
    read()
    assert document.project.data == DataSettings()
    assert panel.classes.count() == 11
