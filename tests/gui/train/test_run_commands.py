"""The context menu of the list of runs and its keys: what is offered, what can be used, and what it does."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox
from train_parts import PATIENCE

from gui.train.run_commands import RUN_COMMANDS, RUN_PART
from gui.train.runs_panel import RunsPanel
from gui.widgets.context_menu import context_menu


@pytest.fixture
def panel(runs, qtbot):
    panel = RunsPanel(runs)
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    with qtbot.waitExposed(panel, timeout=PATIENCE):
        panel.show()
    panel.activateWindow()
    return panel


def lines(panel):
    """What the menu shows, and whether it can be used."""
    menu = context_menu(panel, panel, list(RUN_COMMANDS.values()), RUN_PART)
    return {action.text(): action.isEnabled() for action in menu.actions() if not action.isSeparator()}


def choose(panel, words):
    menu = context_menu(panel, panel, list(RUN_COMMANDS.values()), RUN_PART)
    next(action for action in menu.actions() if action.text().startswith(words)).trigger()
    menu.deleteLater()


def answer(label):
    """Press a button of the question that is about to open."""

    def press():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            timer.stop()
            next(button for button in box.buttons() if button.text() == label).click()

    timer = QTimer(interval=10)
    timer.timeout.connect(press)
    timer.start()
    return timer


def test_without_a_run_nothing_can_be_used(panel):
    assert not any(lines(panel).values())
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert QApplication.activeModalWidget() is None


def test_while_a_run_trains_it_can_be_renamed_and_its_folder_opened(panel, begin):
    begin()
    able = {"Change learning rate…", "Rename", "Open its folder"}
    assert {words for words, enabled in lines(panel).items() if enabled} == able
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert len(panel.runs.all) == 1


def test_a_finished_run_is_duplicated_renamed_and_deleted(panel, finish, qtbot):
    finish(epochs=1)
    able = ("Train longer…", "Duplicate run", "Rename", "Open its folder", "Delete run…\tDelete")
    assert lines(panel) == dict.fromkeys(able, True)
    choose(panel, "Rename")
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    with qtbot.waitSignal(panel.runs.finished, timeout=PATIENCE):
        choose(panel, "Duplicate")
    assert len(panel.runs.all) == 2
    panel.list.setFocus()
    timer = answer("Delete run")
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    timer.stop()
    assert len(panel.runs.all) == 1


def test_a_stopped_run_can_be_resumed(panel, begin, qtbot):
    run = begin()
    qtbot.waitUntil(lambda: run.epoch > 2, timeout=PATIENCE)
    with qtbot.waitSignal(panel.runs.finished, timeout=PATIENCE):
        panel.runs.stop()
    assert lines(panel)["Resume"]
    choose(panel, "Resume")
    assert panel.runs.active is run
    assert "Resume" not in lines(panel)
