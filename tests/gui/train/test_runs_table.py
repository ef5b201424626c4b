"""Finding runs by words, notes on them, and all of them as a table."""

import csv
import io
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from train_parts import PATIENCE

from engine.errors import LayerloomError
from engine.runs.labels import Label, keep_label, read_label
from gui.preferences import Preferences
from gui.train.runs.finding import matches
from gui.train.runs.places import load_runs
from gui.train.runs_panel import RunsPanel
from gui.train.table.window import RunsTable


class Going:
    """A job that nobody calls off."""

    def check(self):
        pass


@pytest.fixture
def show(qtbot):
    def show(widget, width, height):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget, timeout=PATIENCE):
            widget.show()
        widget.activateWindow()
        return widget

    return show


@pytest.fixture
def three(finish, runs):
    """Three short runs that differ in seed, rate and length."""
    made = finish(epochs=1), finish(epochs=2, seed=4), finish(epochs=1, learning_rate=0.01, optimiser="sgd")
    runs.rename(made[1], "the long one")
    return made


@pytest.fixture
def table(runs, three, tmp_path, show):
    table = RunsTable(runs, Preferences(tmp_path / "p.ini"))
    table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    return show(table, 1200, 400)


def column(table, key):
    """Where a column stands, and what it says from top to bottom."""
    place = [one.key for one in table.model.columns].index(key)
    return [table.found.index(row, place).data() for row in range(table.found.rowCount())]


def sort(table, key):
    """Click the head of a column."""
    place = [one.key for one in table.model.columns].index(key)
    head = table.view.horizontalHeader()
    where = head.viewport().rect().center()
    where.setX(head.sectionViewportPosition(place) + 20)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=where)


def type_into(widget, text):
    widget.setFocus()
    QTest.keyClicks(widget, text)


def test_a_note_is_typed_below_the_list_and_lasts(runs, three, show):
    panel = show(RunsPanel(runs), 300, 800)
    runs.view(three[0])
    type_into(panel.note, "the first try")
    QTest.keyClick(panel.note, Qt.Key.Key_Return)
    assert three[0].note == "the first try"
    type_into(panel.note, ", slow")
    runs.view(three[1])  # while it is being typed
    assert (three[0].note, three[1].note, panel.note.text()) == ("the first try, slow", "", "")
    again = {run.number: run for run in load_runs(three[0].folder.parent, Going()).runs}
    assert [(again[number].name, again[number].note) for number in (1, 2)] == [
        ("", "the first try, slow"),
        ("the long one", ""),
    ]


def test_a_name_that_was_kept_before_there_were_notes_is_read(tmp_path):
    (tmp_path / "name.json").write_text(json.dumps({"name": "old"}))
    assert read_label(tmp_path) == Label("old", "")
    for damaged in ("[1]", "{", "null", '{"name": 7, "note": ["a"]}', '"\\ud800"'):
        (tmp_path / "name.json").write_text(damaged)
        assert read_label(tmp_path) == Label()
    (tmp_path / "name.json").unlink()
    (tmp_path / "name.json").mkdir()
    with pytest.raises(LayerloomError, match="cannot be written"):
        keep_label(tmp_path, Label("new"))


def test_runs_are_found_by_name_note_status_and_settings(runs, three):
    runs.annotate(three[2], "Plain descent")
    first, second, third = three
    for words, found in (
        ("long", [second]),
        ("DESCENT plain", [third]),
        ("finished", [first, second, third]),
        ("sgd", [third]),
        ("seed 4", [second]),
        ("eed", []),
        ("long sgd", []),
        ("  ", [first, second, third]),
    ):
        assert [run for run in three if matches(run, words)] == found, words


def test_the_list_shows_what_is_found_and_says_if_nothing_is(runs, three, show):
    panel = show(RunsPanel(runs), 300, 800)
    type_into(panel.search, "long")
    assert panel.model.rowCount() == 1
    runs.listed.emit()
    assert panel.model.rowCount() == 1
    type_into(panel.search, "er still")
    assert panel.model.rowCount() == 0
    assert panel.empty.isVisible()
    assert panel.empty.text() == "No run has 'longer still'."
    panel.search.clear()
    assert panel.model.rowCount() == 3
    assert not panel.empty.isVisible()


def test_the_table_sorts_by_value_and_shows_what_differs(table, three, runs):
    shown = [one.key for one in table.model.columns if table.shows(one)]
    assert shown == [
        *("number", "name", "note", "status", "score", "best", "epochs", "time"),
        *("training.optimiser", "training.learning_rate", "training.seed"),
    ]
    assert column(table, "number") == ["3", "2", "1"]
    sort(table, "training.learning_rate")
    assert column(table, "training.learning_rate") == ["0.003", "0.003", "0.01"]
    sort(table, "name")
    assert column(table, "name") == ["the long one", "tiny", "tiny"]
    runs.rename(three[0], "Tidy")
    assert column(table, "name") == ["the long one", "Tidy", "tiny"]
    table.view.setCurrentIndex(table.found.index(1, 0))
    assert runs.current is three[0]
    sort(table, "score")
    scores = [float(score) for score in column(table, "score")]
    assert scores == sorted(scores) or scores == sorted(scores, reverse=True)


def test_names_and_notes_are_edited_in_place(table, three, runs, qtbot):
    place = [one.key for one in table.model.columns].index("note")
    table.view.setCurrentIndex(table.found.index(0, place))
    QTest.keyClick(table.view, Qt.Key.Key_F2)
    editor = table.view.findChild(QLineEdit)
    QTest.keyClicks(editor, "seen")
    runs.chips_due.emit()  # a run tells something meanwhile
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: three[2].note == "seen", timeout=PATIENCE)
    assert runs.current is three[2]
    assert not table.found.flags(table.found.index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_columns_are_chosen_and_remembered_and_what_is_seen_is_exported(table, runs, tmp_path, show):
    table.columns.menu().aboutToShow.emit()
    offered = {action.text(): action for action in table.columns.menu().actions()}
    for title in ("Status", "Time", "Weight decay"):
        offered[title].trigger()
    type_into(table.search, "tiny")
    assert table.count.text() == "2 of 3 runs"
    assert [not table.view.isColumnHidden(place) for place in range(len(table.model.columns))] == [
        table.shows(one) for one in table.model.columns
    ]
    table.save(str(tmp_path / "runs.csv"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "runs.csv").read_text())))
    assert [row["Run"] for row in rows] == ["3", "1"]
    assert {"Status", "Time"}.isdisjoint(rows[0])
    assert rows[0]["Weight decay"] == "0"
    again = RunsTable(runs, Preferences(tmp_path / "p.ini"))
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(again, 1200, 400)
    assert [one.key for one in again.model.columns if again.shows(one)] == [
        one.key for one in table.model.columns if table.shows(one)
    ]


def test_the_table_follows_runs_that_come_and_go(table, runs, finish, three):
    finish(epochs=1)
    assert column(table, "number") == ["4", "3", "2", "1"]
    runs.delete(three[1])
    assert column(table, "number") == ["4", "3", "1"]
    type_into(table.search, "nothing like it")
    assert table.count.text() == "0 of 3 runs"
    assert QApplication.focusWidget() is table.search
