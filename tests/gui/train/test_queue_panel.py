"""The panel of the queue, driven with mouse and keys: what is queued, moved, varied, removed, and how runs differ."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from train_parts import PATIENCE, settings, tiny_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.runs.queue import Entry, QueueFolder
from gui.train.queue.differences import differences
from gui.train.queue.entry_rows import ENTRY
from gui.train.queue.panel import EMPTY, QueuePanel
from gui.train.queue.queue_commands import ENTRY_COMMANDS, ENTRY_PART
from gui.train.queue.vary_dialog import VaryDialog
from gui.widgets.context_menu import context_menu


@pytest.fixture
def said():
    """What the status bar was asked to say."""
    return []


@pytest.fixture
def panel(queue, qtbot, said):
    panel = QueuePanel(queue, said.append)
    qtbot.addWidget(panel)
    panel.resize(304, 900)
    with qtbot.waitExposed(panel, timeout=PATIENCE):
        panel.show()
    panel.activateWindow()
    return panel


@pytest.fixture
def three(panel, queue, qtbot):
    """Three entries, the first of which is chosen and has the keyboard."""
    queue.add(entry(seed) for seed in (1, 2, 3))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3, timeout=PATIENCE)
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(0))
    return queue.queue.entries


def entry(seed, *, data=None, **recipe):
    project = Project(tiny_network(), data or DataSettings(), settings(seed=seed, epochs=1, **recipe))
    return Entry.of(project, name=f"seed {seed}")


def names(queue):
    return [queue.title(one) for one in queue.queue.entries]


def row(panel, place):
    return panel.list.visualRect(panel.model.index(place))


def press(panel, keys):
    QTest.keySequence(panel.list, keys)


def drag(panel, place, to):
    """Drag the row at a place by its handle to a point of the list."""
    port = panel.list.viewport()
    handle = QPoint(16, row(panel, place).center().y())
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=handle)
    QTest.mouseMove(port, (handle + to) / 2)
    QTest.mouseMove(port, to)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=to)


def menu_lines(panel):
    menu = context_menu(panel, panel, list(ENTRY_COMMANDS.values()), ENTRY_PART)
    found = {action.text().partition("\t")[0]: action for action in menu.actions() if not action.isSeparator()}
    menu.deleteLater()
    return {words: action.isEnabled() for words, action in found.items()}


def test_an_empty_queue_says_what_happens_without_one(panel, queue, qtbot):
    assert panel.empty.isVisible()
    assert panel.empty.text() == EMPTY == "Nothing queued. Train starts this run at once."
    assert not panel.list.isVisible()
    assert not panel.train.isEnabled()
    QTest.mouseClick(panel.duplicate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.list.isVisible(), timeout=PATIENCE)
    assert names(queue) == ["tiny"]
    assert panel.model.note(queue.queue.entries[0]).startswith("this form")
    assert panel.count.text() == "1 run, 1 training"
    assert not panel.empty.isVisible()
    assert not panel.differences.isVisible()


def test_keys_move_copy_and_remove_the_chosen_entry(panel, queue, three, said, qtbot):
    press(panel, "Alt+Down")
    assert names(queue) == ["seed 2", "seed 1", "seed 3"]
    qtbot.waitUntil(lambda: panel.place == 1, timeout=PATIENCE)
    press(panel, "Alt+Up")
    qtbot.waitUntil(lambda: panel.place == 0, timeout=PATIENCE)
    press(panel, "Alt+Up")
    assert names(queue) == ["seed 1", "seed 2", "seed 3"]
    press(panel, "Ctrl+D")
    assert names(queue) == ["seed 1", "seed 1", "seed 2", "seed 3"]
    qtbot.waitUntil(lambda: panel.place == 1, timeout=PATIENCE)
    assert panel.model.note(panel.chosen).startswith("copy of 1")
    press(panel, "Down")
    press(panel, "Delete")
    assert names(queue) == ["seed 1", "seed 1", "seed 3"]
    qtbot.waitUntil(lambda: panel.chosen.name == "seed 3", timeout=PATIENCE)
    assert panel.message.text.text() == "Removed run 3, seed 2."
    assert said[-1] == "Removed run 3 from the queue"  # no longer that the form shows its settings
    (undo,) = panel.message.buttons
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert names(queue) == ["seed 1", "seed 1", "seed 2", "seed 3"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_removed_is_put_back_where_it_was(panel, queue, three, place):
    panel.list.setCurrentIndex(panel.model.index(place))
    press(panel, "Delete")
    assert len(queue.queue.entries) == 2
    QTest.mouseClick(panel.message.buttons[0], Qt.MouseButton.LeftButton)
    assert names(queue) == ["seed 1", "seed 2", "seed 3"]


def test_a_row_is_dragged_by_its_handle_and_nowhere_else(panel, queue, three, document):
    drag(panel, 0, row(panel, 2).bottomLeft() + QPoint(20, -4))
    assert names(queue) == ["seed 2", "seed 3", "seed 1"]
    panel.refresh()
    drag(panel, 2, row(panel, 0).topLeft() + QPoint(20, 4))
    assert names(queue) == ["seed 1", "seed 2", "seed 3"]
    panel.refresh()
    drag(panel, 1, row(panel, 1).topLeft() + QPoint(20, 8))
    assert names(queue) == ["seed 1", "seed 2", "seed 3"]
    port, start = panel.list.viewport(), QPoint(16, row(panel, 0).center().y())
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(port, row(panel, 2).center())
    QTest.keyClick(panel.list, Qt.Key.Key_Escape)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(150, 1000))
    assert names(queue) == ["seed 1", "seed 2", "seed 3"]
    assert document.undo_stack.count() == 0


def test_a_click_and_enter_fill_the_form_and_the_arrows_do_not(panel, three, document, said, qtbot):
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=row(panel, 1).center())
    assert document.project.training == three[1].project.training
    assert said == ["The form shows the settings of run 2; Undo brings back its own"]
    press(panel, "Down")
    assert document.project.training == three[1].project.training
    press(panel, "Return")
    assert document.project.training == three[2].project.training
    assert document.undo_stack.count() == 2
    assert [panel.model.note(one).startswith("this form") for one in three] == [False, False, True]


def test_the_form_gives_its_settings_to_the_chosen_entry(panel, queue, three, document, qtbot):
    qtbot.waitUntil(lambda: panel.update_button.isVisible(), timeout=PATIENCE)
    assert panel.update_button.text() == "Give run 1 the form's settings"
    document.change_settings("Change", settings(seed=8, epochs=3))
    QTest.mouseClick(panel.update_button, Qt.MouseButton.LeftButton)
    assert queue.queue.entries[0].project.training == settings(seed=8, epochs=3)
    qtbot.waitUntil(lambda: not panel.update_button.isVisible(), timeout=PATIENCE)
    assert [one.project.training.seed for one in queue.queue.entries] == [8, 2, 3]


def test_an_entry_is_renamed_in_place(panel, queue, three, qtbot):
    press(panel, "F2")
    editor = panel.list.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "a better name")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(queue) == ["a better name", "seed 2", "seed 3"], timeout=PATIENCE)


def test_the_menu_offers_what_can_be_done(panel, queue, three, qtbot):
    lines = menu_lines(panel)
    assert lines["Move down"]
    assert not lines["Move up"]
    assert "Try again" not in lines
    queue.queue = queue.queue.changed(three[0].key, failure="There is no folder /nowhere.")
    panel.refresh()
    assert menu_lines(panel)["Try again"]
    heights = [panel.list.sizeHintForIndex(panel.model.index(place)).height() for place in range(3)]
    assert panel.model.note(queue.queue.entries[0]) == "There is no folder /nowhere."
    assert heights[1] == heights[2]

    def close():
        opened.append(QApplication.activePopupWidget() is not None)
        QApplication.activePopupWidget().close()

    opened = []
    QTimer.singleShot(50, close)
    dots = QPoint(row(panel, 1).right() - 16, row(panel, 1).center().y())
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=dots)
    assert opened == [True]
    assert panel.place == 1


def test_differences_are_those_of_an_independent_comparison(panel, queue, qtbot):
    several = [
        entry(0),
        entry(0, learning_rate=0.01, optimiser={"name": "sgd", "momentum": 0.9}),
        entry(0, data=DataSettings(split={"seed": 4}, test_time=3), ensemble=3),
        entry(5),
    ]
    queue.add(several)
    qtbot.waitUntil(lambda: panel.differences.isVisible(), timeout=PATIENCE)
    saved = [
        {"training": one.project.training.model_dump(mode="json"), "data": one.project.data.model_dump(mode="json")}
        for one in several
    ]
    expected = {
        (part, key)
        for part in ("training", "data")
        for key in saved[0][part]
        if any(one[part][key] != saved[0][part][key] for one in saved)
    }
    shown = panel.differences.table.rows
    assert {part for _, part in expected} == {shown_row.path.split(".")[0] for shown_row in shown}
    words = {shown_row.title: shown_row.words for shown_row in shown}
    assert words["Optimiser"] == ("AdamW", "SGD", "AdamW", "AdamW")
    assert words["Learning rate"] == ("0.003", "0.01", "0.003", "0.003")
    assert words["Split seed"] == ("0", "0", "4", "0")
    assert panel.count.text() == "4 runs, 6 trainings"
    assert [column.number for column in panel.differences.table.columns] == [1, 2, 3, 6]
    all_rows = differences(queue.queue.entries)
    assert panel.differences.count.text() == f"{len(shown)} of {len(all_rows)} settings"
    same = f"{len(all_rows) - len(shown)} settings are the same in all four."
    assert panel.differences.note.text() == f"Marked values differ from run 1. {same}"
    marked = [shown_row.title for shown_row in shown if panel.differences.table.marked(shown_row, 3)]
    assert marked == ["Seed"]
    QTest.mouseClick(panel.differences.show_all, Qt.MouseButton.LeftButton)
    assert len(panel.differences.table.rows) == len(all_rows)
    assert "Learning rate: run 1 0.003, run 2 0.01" in panel.differences.table.accessibleDescription()


def test_unlike_values_of_the_same_words_are_told_apart_and_marked(panel, queue, qtbot):
    steps = [{"name": "rotate", "angle": [-angle, angle]} for angle in (5, 10, 5, 20)]
    queue.add([entry(0, data=DataSettings(steps=[one])) for one in steps])
    qtbot.waitUntil(lambda: panel.differences.isVisible(), timeout=PATIENCE)
    (row,) = panel.differences.table.rows
    assert row.words == tuple(f"Rotate (angle -{angle}, {angle})" for angle in (5, 10, 5, 20))
    assert [panel.differences.table.marked(row, place) for place in range(4)] == [False, True, False, True]


def test_values_are_marked_beside_those_of_the_chosen_entry(panel, three, qtbot):
    panel.list.setCurrentIndex(panel.model.index(2))
    qtbot.waitUntil(lambda: panel.differences.table.columns[2].is_reference, timeout=PATIENCE)
    (seed,) = panel.differences.table.rows
    assert [panel.differences.table.marked(seed, place) for place in range(3)] == [True, True, False]


def test_rows_are_read_aloud(panel, three):
    texts = [panel.model.index(place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(3)]
    assert texts[0] == "Run 1, seed 1, 1 epoch, 1 of 3 in the queue"
    assert re.fullmatch("Run 3, seed 3, .*, 3 of 3 in the queue", texts[2])


def test_choices_are_kept(panel, queue):
    queue.add([entry(1)])
    panel.refresh()
    QTest.mouseClick(panel.after_failure.button(True), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.stops_behind, Qt.MouseButton.LeftButton)
    assert (queue.queue.stops_at_failure, queue.queue.stops_behind) == (True, True)


def test_training_is_begun_paused_and_told_in_the_panel(panel, queue, qtbot):
    queue.add([entry(1, data=DataSettings(source=Folder(path="/nowhere"))), entry(2), entry(3)])
    panel.refresh()
    QTest.mouseClick(panel.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.total.text().startswith("Run 2 of 3 in the queue."), timeout=PATIENCE)
    assert panel.train.text() == "Pause the queue"
    assert panel.model.note(queue.queue.entries[0]).startswith("training · epoch 1 of 1")
    panel.list.setCurrentIndex(panel.model.index(0))
    lines = menu_lines(panel)
    assert not any(lines[words] for words in ("Remove", "Move down", "Take the form's settings"))
    QTest.mouseClick(panel.train, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.train.text() == "Train the queue", timeout=PATIENCE)
    qtbot.waitUntil(lambda: queue.runs.active is None, timeout=PATIENCE)
    assert names(queue) == ["seed 1", "seed 3"]


class TestVarying:
    """The dialog that varies a setting."""

    @pytest.fixture
    def dialog(self, qtbot):
        made = VaryDialog(Project(tiny_network(), training=settings()))
        qtbot.addWidget(made)
        made.show()
        return made

    def choose(self, dialog, path):
        dialog.setting.setCurrentIndex(dialog.setting.findData(path))

    def test_values_are_typed_as_a_list(self, dialog):
        assert dialog.setting.currentData() == "training.learning_rate"
        assert not dialog.add.isEnabled()
        QTest.keyClicks(dialog.values, "0.1, 3e-2, 1/100")
        assert dialog.preview.text() == "3 runs: learning rate 0.1, learning rate 0.03, learning rate 0.01."
        assert dialog.add.text() == "Add 3 runs"
        assert [one.project.training.learning_rate for one in dialog.found] == [0.1, 0.03, 0.01]

    def test_a_range_goes_by_a_factor(self, dialog):
        QTest.mouseClick(dialog.how.button("range"), Qt.MouseButton.LeftButton)
        for name, text in (("From", "1e-4"), ("To", "0.1")):
            assert not dialog.add.isEnabled()
            QTest.keyClicks(dialog.ends[name], text)
        assert [one.name for one in dialog.found] == [
            f"learning rate {rate}" for rate in ("1e-4", "0.001", "0.01", "0.1")
        ]

    def test_words_are_ticked(self, dialog):
        self.choose(dialog, "training.optimiser")
        for name in ("sgd", "rmsprop"):
            QTest.keyClick(dialog.words[name], Qt.Key.Key_Space)
        assert [one.name for one in dialog.found] == ["optimiser SGD", "optimiser RMSprop"]
        self.choose(dialog, "training.seed")
        assert dialog.found == ()
        assert dialog.values.isVisible()

    @pytest.mark.parametrize(
        ("text", "why"), [("0.1, -3", "more than 0"), ("0.1, 0.1", "twice"), ("0.1, x", "Type a number")]
    )
    def test_what_cannot_be_is_told(self, dialog, text, why):
        QTest.keyClicks(dialog.values, text)
        assert why in dialog.preview.text()
        assert not dialog.add.isEnabled()

    def test_every_value_becomes_an_entry_after_the_chosen_one(self, panel, queue, three, qtbot):
        def fill():
            dialog = QApplication.activeModalWidget()
            QTest.keyClicks(dialog.values, "0.1, 0.01")
            QTest.keyClick(dialog.values, Qt.Key.Key_Return)

        QTimer.singleShot(50, fill)
        QTest.mouseClick(panel.vary, Qt.MouseButton.LeftButton)
        assert names(queue) == ["seed 1", "learning rate 0.1", "learning rate 0.01", "seed 2", "seed 3"]
        assert [one.copy_of for one in queue.queue.entries[1:3]] == [three[0].key] * 2
        assert {one.project.training.seed for one in queue.queue.entries[:3]} == {1}


def test_the_list_has_entries_in_its_rows(panel, three):
    assert [panel.model.index(place).data(ENTRY) for place in range(3)] == list(three)


@pytest.mark.parametrize(
    "act",
    [
        QueuePanel.update_entry,
        QueuePanel.fill_form,
        QueuePanel.try_again,
        QueuePanel.remove_entry,
        lambda panel: panel.move_entry(1),
    ],
)
def test_what_is_done_to_an_entry_that_has_just_left_the_queue_changes_nothing(panel, queue, three, act):
    form = queue.runs.document.project
    queue.queue = queue.queue.without(three[0].key)  # as at the end of its run, before the list has followed
    assert panel.list.currentIndex().data(ENTRY) == three[0]
    act(panel)
    assert queue.queue.entries == three[1:]
    assert queue.runs.document.project == form
    assert not panel.message.isVisible()


def test_an_entry_that_leaves_while_it_is_varied_or_dragged_is_followed_at_the_end(queue, panel, three):
    queue.remove(three[0].key)
    queue.move(three[0].key, 1)
    queue.add([three[0].copy()], after=three[0].key)
    assert queue.queue.entries[:2] == three[1:]
    assert queue.queue.entries[2].copy_of == three[0].key


def test_what_another_window_does_to_the_queue_is_shown_when_one_comes_back(panel, queue, three, qtbot):
    other = QueueFolder(queue.runs.place)
    theirs = other.load().queue
    away = QLineEdit()
    qtbot.addWidget(away)
    with qtbot.waitExposed(away, timeout=PATIENCE):
        away.show()
    away.activateWindow()
    qtbot.waitUntil(lambda: not panel.isActiveWindow(), timeout=PATIENCE)
    other.save(theirs.without(three[0].key).added([entry(9)]))
    assert names(queue) == ["seed 1", "seed 2", "seed 3"]
    panel.activateWindow()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3 and names(queue)[-1] == "seed 9", timeout=PATIENCE)
    assert names(queue) == ["seed 2", "seed 3", "seed 9"]
    queue.rename(three[1].key, "ours")
    assert [one.name for one in QueueFolder(queue.runs.place).load().queue.entries] == ["ours", "seed 3", "seed 9"]
