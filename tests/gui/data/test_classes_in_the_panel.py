"""The classes in the panel of the data set: filtered, warned of with what helps, left out and brought back."""

import pytest
from data_parts import make_folder
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from engine.data.source import SOURCES

LEFT = Qt.MouseButton.LeftButton


def test_classes_stand_by_count_or_by_name_and_a_click_filters(panel, data, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"ant": 3, "bee": 9, "cow": 6})))
    read()
    names = [panel.classes.item(row).text() for row in range(4)]
    assert names == ["All 3", "bee", "cow", "ant"]
    click_class(panel, "cow")
    assert data.shown.filter.classes == {2}
    click_class(panel, "ant", Qt.KeyboardModifier.ControlModifier)
    assert data.shown.filter.classes == {0, 2}
    assert set(data.listing.labels[data.places()].tolist()) == {0, 2}
    click_class(panel, "All 3")
    assert data.shown.filter.classes == frozenset()
    QTest.mouseClick(panel.order, LEFT)
    assert [panel.classes.item(row).text() for row in range(4)] == ["All 3", "ant", "bee", "cow"]


def click_class(panel, name, modifiers=Qt.KeyboardModifier.NoModifier):
    item = panel.classes.findItems(name, Qt.MatchFlag.MatchExactly)[0]
    QTest.mouseClick(panel.classes.viewport(), LEFT, modifiers, panel.classes.visualItemRect(item).center())


def test_classes_of_unlike_sizes_are_warned_of_with_what_helps(panel, document, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 60, "cow": 10})))
    read()
    assert panel.imbalance.words.text() == "bee has 5.2 times the training images of cow: 42 against 8."
    assert [action.text() for action in panel.imbalance.more.menu().actions()] == ["Class weights", "Leave"]
    QTest.mouseClick(panel.imbalance.button, LEFT)
    assert document.project.data.sampling.balances
    read()
    assert not panel.imbalance.isVisible()
    document.undo_stack.undo()
    read()
    panel.imbalance.more.menu().actions()[0].trigger()
    assert document.project.training.loss.class_weights
    read()
    assert not panel.imbalance.isVisible()
    document.undo_stack.undo()
    read()
    panel.imbalance.more.menu().actions()[1].trigger()
    assert not panel.imbalance.isVisible()


def test_copies_in_other_parts_are_warned_of_with_what_helps(panel, document, data, tmp_path, read):
    top = make_folder(tmp_path / "pets", {"bee": 30, "cow": 30})
    for number in range(30):
        (top / "cow" / f"copy_{number}.png").write_bytes((top / "cow" / f"{number}.png").read_bytes())
    panel.choose_folder(str(top))
    read()
    copied = data.copied()
    assert panel.copies.isVisible()
    assert panel.copies.words.text() == (
        f"{copied['validation']} validation images and {copied['test']} test images are also in training."
    )
    assert not panel.notes.isVisible()
    QTest.mouseClick(panel.copies.button, LEFT)
    read()
    assert document.project.data.split.copies_together
    assert not panel.copies.isVisible()
    assert panel.split.note.text() == "no image is in two parts"


def test_runs_that_divided_otherwise_are_told_with_the_way_back(panel, document, data, read):
    read()
    first = document.project.data
    data.readiness.learn_runs([(1, first), (2, first)])
    assert not panel.other_split.isVisible()
    data.change("Seed", first.split.model_copy(update={"seed": 7}))
    read()
    assert panel.other_split.words.text() == "Runs 1–2 used another split; figures will not compare."
    QTest.mouseClick(panel.other_split.button, LEFT)
    read()
    assert document.project.data.split == first.split
    assert not panel.other_split.isVisible()


@pytest.mark.parametrize("width", [240, 288])
def test_what_helps_can_be_read_in_a_narrow_dock(panel, show, tmp_path, read, width):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 60, "cow": 10})))
    read()
    show(panel, width, 1100)
    assert panel.imbalance.button.width() >= panel.imbalance.button.sizeHint().width()


def test_five_to_one_is_no_imbalance(panel, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 50, "cow": 10})))
    read()
    assert not panel.imbalance.isVisible()


def test_a_class_that_is_too_small_for_all_parts_is_told(panel, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 9, "cow": 2})))
    read()
    assert panel.small.words.text() == "cow has 2 images; three parts need 3."


def test_a_class_that_is_too_small_is_left_out_and_comes_back(panel, data, document, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 9, "cow": 2, "dog": 8})))
    read()
    before = document.project.data
    assert panel.small.button.text() == "Leave it out"
    QTest.mouseClick(panel.small.button, LEFT)
    read()
    assert document.project.data.source.left_out == ("cow",)
    assert not panel.small.isVisible()
    assert data.description.classes == ("bee", "dog")
    assert len(data.listing) == 17
    assert not any(name.startswith("cow/") for name in data.listing.names)
    assert panel.notes.text() == "cow is left out, 2 images."
    document.undo_stack.undo()
    read()
    assert document.project.data == before
    assert panel.small.isVisible()
    document.undo_stack.redo()
    read()
    last = panel.classes.item(panel.classes.count() - 1)
    assert last.data(Qt.ItemDataRole.AccessibleTextRole) == "cow, 2 images, left out: Enter brings it back"
    QTest.mouseClick(panel.classes.viewport(), LEFT, pos=panel.classes.visualItemRect(last).center())
    read()
    assert document.project.data == before
    assert data.description.classes == ("bee", "cow", "dog")


def test_classes_are_left_out_and_brought_back_with_keys_alone(panel, data, document, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 9, "cow": 7, "dog": 8})))
    read()
    panel.classes.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Delete):
        QTest.keyClick(panel.classes, key)
    read()
    assert document.project.data.source.left_out == ("dog",)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Return):
        QTest.keyClick(panel.classes, key)
    read()
    assert document.project.data.source.left_out == ()
    QTest.keyClick(panel.classes, Qt.Key.Key_Home)
    QTest.keyClick(panel.classes, Qt.Key.Key_Delete)
    assert document.project.data.source.left_out == (), "all of them are no class"


def test_the_menu_of_a_class_leaves_it_out(panel, data, document, tmp_path, read):
    panel.choose_folder(str(make_folder(tmp_path / "pets", {"bee": 9, "cow": 7, "dog": 8})))
    read()
    for row, offered in ((0, False), (3, True)):
        place = panel.classes.visualItemRect(panel.classes.item(row)).center()
        panel.classes.customContextMenuRequested.emit(place)
        assert (panel.classes.findChild(QMenu) is not None) == offered
    panel.classes.findChild(QMenu).actions()[0].trigger()
    read()
    assert document.project.data.source.left_out == ("cow",)
    data.choose("Choose Digits", SOURCES["digits"]())
    read()
    QTest.keyClick(panel.classes, Qt.Key.Key_End)
    QTest.keyClick(panel.classes, Qt.Key.Key_Delete)
    assert document.project.data.source.name == "digits", "its classes stay"
