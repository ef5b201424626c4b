"""A list of choices in a form, under real keys and mouse, as undo steps of a document."""

from typing import Annotated, ClassVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from engine.choices import Choice, Registry
from engine.data.augmentation import AUGMENTATION
from engine.data.settings import DataSettings
from engine.project import Project
from engine.settings import Settings, setting
from gui.document import Document
from gui.style.style import apply_style
from gui.widgets import layouts
from gui.widgets.form import Form
from gui.widgets.ordered_card import CardNote, NoteBox
from gui.widgets.settings_link import SettingsLink
from gui.widgets.values import Editor, kinds_of

STEPS = ({"name": "rotate", "angle": (-20, 20), "probability": 0.8}, "mirror", "erase", "colour_jitter", "hue")


def press(keys):
    QTest.keySequence(QApplication.focusWidget(), keys)
    QApplication.processEvents()


@pytest.fixture
def document(qapp):
    apply_style(qapp)
    made = Document(Project(data=DataSettings(steps=STEPS)))
    yield made
    made.deleteLater()


@pytest.fixture
def entries(document, qtbot):
    """The list in a form of the data settings, in a window that scrolls."""
    form = Form(DataSettings, fields=("steps",))
    link = SettingsLink(document, form, lambda project: project.data)
    document.settings_changed.connect(link.show, Qt.ConnectionType.QueuedConnection)  # as panels follow
    window, page = QWidget(), QWidget()
    layouts.column(page, form).addStretch(1)
    layouts.column(window, layouts.scrolling(page))
    window.resize(384, 760)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    link.show()
    QApplication.processEvents()
    found = form.ordered("steps")
    found.window_of_test = window
    found.form = form
    return found


def names(document):
    return [step.name for step in document.project.data.steps]


def drag(card, to):
    """Drag a card by its handle to a point of the screen."""
    handle = card.handle
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    QTest.mouseMove(handle, handle.mapFromGlobal(to))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.mapFromGlobal(to))


def between(entries, place):
    """A point of the screen where what is let go comes to stand at a place."""
    top = entries.cards[place].y() if place < len(entries.cards) else entries.cards[-1].geometry().bottom() + 4
    return entries.mapToGlobal(QPoint(40, top + 2))


class TestAnyModel:
    def test_a_field_of_choices_in_an_order_is_one(self):
        kind = next(kind for kind in kinds_of(DataSettings) if kind.name == "steps")
        assert kind.editor is Editor.CHOICES
        assert kind.registry is AUGMENTATION

    def test_a_foreign_registry_gets_cards_of_its_settings(self, qtbot, qapp):
        registry: Registry[Choice] = Registry("spices", one="spice")

        @registry.register
        class Pepper(Choice):
            name: ClassVar = "pepper"
            title: ClassVar = "Pepper"
            head: ClassVar = ("used",)
            used: bool = setting(True, "Used")
            corns: int = setting(3, "Corns")

        class Dish(Settings):
            spices: tuple[Annotated[Choice, registry], ...] = setting((), "Spices")

        form = Form(Dish)
        qtbot.addWidget(form)
        heard = []
        form.edited.connect(lambda *values: heard.append(values[:2]))
        form.set_values(Dish(spices=("pepper", {"name": "pepper", "corns": 5})).model_dump())
        form.show()
        cards = form.ordered("spices").cards
        assert [card.fields["corns"].editor.text() for card in cards] == ["3", "5"]
        assert cards[1].accessibleName() == "Pepper, spice 2 of 2, on, 5"
        QTest.mouseClick(cards[1].switch, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
        cards[0].fields["corns"].editor.selectAll()
        QTest.keyClicks(cards[0].fields["corns"].editor, "7")
        assert heard == [("spices.1.used", False), ("spices.0.corns", 7)]


class TestOrder:
    def test_a_card_is_dragged_by_its_handle_as_one_step(self, entries, document):
        drag(entries.cards[0], between(entries, 3))
        assert names(document) == ["mirror", "erase", "rotate", "colour_jitter", "hue"]
        assert document.undo_stack.count() == 1
        assert entries.current == 2
        assert [card.choice.name for card in entries.cards] == names(document)
        document.undo_stack.undo()
        assert names(document)[0] == "rotate"
        assert [card.choice.name for card in entries.cards] == names(document)
        assert document.project.data.steps[0].probability == 0.8

    def test_a_line_shows_where_it_will_land(self, entries, document):
        handle = entries.cards[3].handle
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
        QTest.mouseMove(handle, handle.mapFromGlobal(between(entries, 1)))
        assert entries.landing_line.isVisible()
        assert abs(entries.landing_line.y() - entries.cards[1].y()) <= 2
        assert names(document)[3] == "colour_jitter"
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.mapFromGlobal(between(entries, 1)))
        assert not entries.landing_line.isVisible()
        assert names(document)[1] == "colour_jitter"

    def test_dropped_where_it_was_or_beside_the_list_it_stays(self, entries, document):
        drag(entries.cards[1], between(entries, 2))
        drag(entries.cards[1], entries.mapToGlobal(QPoint(900, 40)))
        assert document.undo_stack.count() == 0

    def test_escape_calls_a_drag_off(self, entries, document):
        handle = entries.cards[0].handle
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
        QTest.mouseMove(handle, handle.mapFromGlobal(between(entries, 3)))
        press("Escape")
        assert not entries.landing_line.isVisible()
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.mapFromGlobal(between(entries, 3)))
        assert document.undo_stack.count() == 0

    def test_alt_and_arrows_move_the_current_card(self, entries, document):
        entries.cards[0].setFocus()
        press("Alt+Down")
        press("Alt+Down")
        assert names(document)[:3] == ["mirror", "erase", "rotate"]
        assert entries.cards[2].hasFocus()
        press("Alt+Up")
        assert names(document)[:3] == ["mirror", "rotate", "erase"]
        assert document.undo_stack.count() == 3
        for _ in range(4):
            press("Alt+Up")
        assert document.undo_stack.count() == 4
        assert document.undo_stack.undoText() == "Move Rotate"


class TestKeys:
    def test_arrows_go_from_card_to_card(self, entries):
        entries.cards[0].setFocus()
        press("Down")
        press("Down")
        assert entries.current == 2
        press("Up")
        assert entries.cards[1].hasFocus()
        assert entries.current == 1

    def test_b_switches_and_keeps_the_settings(self, entries, document):
        entries.cards[0].setFocus()
        press("B")
        step = document.project.data.steps[0]
        assert (step.on, step.angle, step.probability) == (False, (-20, 20), 0.8)
        assert "off" in entries.cards[0].accessibleName()
        press("B")
        assert document.project.data.steps[0].on
        assert document.undo_stack.count() == 2

    def test_delete_takes_out_and_the_next_has_the_keyboard(self, entries, document):
        entries.cards[1].setFocus()
        press("Delete")
        assert names(document) == ["rotate", "erase", "colour_jitter", "hue"]
        assert entries.cards[1].hasFocus()
        for _ in range(4):
            press("Delete")
        assert names(document) == []
        assert entries.hasFocus()
        assert entries.current == -1
        document.undo_stack.undo()
        assert names(document) == ["rotate"]

    def test_undoing_what_made_the_current_card_hands_the_keyboard_on(self, entries, document):
        entries.cards[4].setFocus()
        press("Ctrl+D")
        assert entries.cards[5].hasFocus()
        document.undo_stack.undo()
        QApplication.processEvents()
        assert entries.current == 4
        assert entries.cards[4].hasFocus()

    def test_ctrl_d_duplicates_after_itself(self, entries, document):
        entries.cards[0].setFocus()
        press("Ctrl+D")
        assert names(document)[:3] == ["rotate", "rotate", "mirror"]
        assert document.project.data.steps[1].angle == (-20, 20)
        assert entries.cards[1].hasFocus()

    def test_a_opens_a_list_in_which_one_types(self, entries, document):
        entries.cards[1].setFocus()
        press("A")
        finder = entries.finder
        assert finder.isVisible()
        assert finder.field.hasFocus()
        assert finder.list.count() == len(AUGMENTATION)
        QTest.keyClicks(finder.field, "mixing cut")
        press("Return")
        assert names(document)[:4] == ["rotate", "mirror", "cutmix", "erase"]
        assert not finder.isVisible()
        assert entries.cards[2].hasFocus()

    def test_what_there_is_not_is_said_and_escape_closes(self, entries, document):
        entries.cards[1].setFocus()
        press("A")
        QTest.keyClicks(entries.finder.field, "zoom blur")
        assert entries.finder.nothing.text() == "No augmentation step is called 'zoom blur'."
        press("Return")
        press("Escape")
        assert not entries.finder.isVisible()
        assert document.undo_stack.count() == 0
        assert entries.cards[1].hasFocus()

    def test_a_letter_typed_into_a_field_stays_a_letter(self, entries, document):
        share = entries.cards[0].fields["probability"].editor
        share.setFocus()
        press("B")
        assert document.project.data.steps[0].on
        assert len(document.project.data.steps) == 5

    def test_the_menu_has_the_same_commands(self, entries, document, qtbot):
        QTest.mouseClick(entries.cards[2].menu, Qt.MouseButton.LeftButton)
        menu = QApplication.activePopupWidget()
        texts = [action.text().partition("\t") for action in menu.actions() if action.text()]
        assert [text[0] for text in texts] == [
            *("Duplicate", "Switch on or off", "Move up", "Move down", "Delete", "Add…")
        ]
        assert texts[0][2] == "Ctrl+D"
        next(action for action in menu.actions() if action.text().startswith("Delete")).trigger()
        menu.close()
        assert names(document) == ["rotate", "mirror", "colour_jitter", "hue"]


class TestSettings:
    def test_one_stay_in_a_field_is_one_step(self, entries, document):
        share = entries.cards[0].fields["probability"].editor
        share.setFocus()
        share.selectAll()
        QTest.keyClicks(share, "55")
        assert document.project.data.steps[0].probability == pytest.approx(0.55)
        assert document.undo_stack.count() == 1
        document.undo_stack.undo()
        assert share.text() == "80 %"

    def test_a_refused_value_has_its_reason_below_its_field_alone(self, entries, document):
        share = entries.cards[0].fields["probability"]
        share.editor.setFocus()
        share.editor.selectAll()
        QTest.keyClicks(share.editor, "120")
        assert share.reason.isVisible()
        assert share.reason.text() == "Probability is 0 to 100 %. 80 % stays in force."
        assert document.project.data.steps[0].probability == 0.8
        assert share.editor.text() == "120"
        assert not any(card.fields["probability"].reason.isVisible() for card in entries.cards[1:])
        press("Escape")
        assert share.editor.text() == "80 %"
        assert not share.reason.isVisible()

    def test_what_always_happens_has_no_field(self, entries, document):
        entries.add("crop")
        QApplication.processEvents()
        card = entries.cards[-1]
        assert "probability" not in card.fields
        assert card.always.text() == "always"

    def test_chips_choose_a_word(self, entries, document):
        chips = entries.cards[1].fields["direction"].editor.chips
        assert [chip.text() for chip in chips] == ["Left–right", "Up–down"]
        QTest.mouseClick(chips[1], Qt.MouseButton.LeftButton)
        assert document.project.data.steps[1].direction == "up_down"
        assert chips[1].isChecked()
        assert not chips[0].isChecked()

    def test_only_the_current_card_shows_fields_for_its_ends(self, entries):
        entries.cards[3].setFocus()
        shown = [card.fields["angle"].editor.ends[0].isVisible() for card in entries.cards if "angle" in card.fields]
        assert shown == [False, False]
        assert entries.cards[3].fields["hue"].editor.ends[0].isVisible()

    def test_a_card_is_read_aloud(self, entries):
        assert entries.cards[0].accessibleName() == "Rotate, step 1 of 5, on, minus 20 to 20 degrees"
        assert (
            entries.cards[3].accessibleName().startswith("Colour jitter, step 4 of 5, on, brightness 0.7 to 1.3 times")
        )

    def test_notes_stand_in_their_card_with_what_helps(self, entries):
        done = []
        entries.show_notes({1: [CardNote("It turns 6 into 9.", "Left–right only", lambda: done.append(1))]})
        (box,) = entries.findChildren(NoteBox)
        assert entries.cards[1].isAncestorOf(box)
        QTest.mouseClick(box.button, Qt.MouseButton.LeftButton)
        assert done == [1]
        entries.show_notes({})
        QApplication.processEvents()
        assert not [box for box in entries.findChildren(NoteBox) if box.isVisible()]

    def test_a_drag_scrolls_what_is_too_long(self, entries, document):
        for name in ("affine", "stretch", "shift", "shear"):
            entries.add(name)
            QApplication.processEvents()
        entries.window_of_test.resize(384, 240)
        QApplication.processEvents()
        area = entries.window_of_test.findChild(QScrollArea)
        area.verticalScrollBar().setValue(0)
        handle = entries.cards[0].handle
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
        bottom = area.viewport().mapToGlobal(QPoint(40, area.viewport().height() - 4))
        for _ in range(3):
            QTest.mouseMove(handle, handle.mapFromGlobal(bottom))
        assert area.verticalScrollBar().value() > 0
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.mapFromGlobal(bottom))
        assert names(document)[0] != "rotate"
