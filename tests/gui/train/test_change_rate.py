"""The learning rate changed while a run trains, in the window: asked for, told, marked and kept."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog
from train_parts import PATIENCE

from gui.train.curves.panel import CurvesPanel
from gui.train.run_commands import RUN_COMMANDS, RUN_PART
from gui.train.runs_panel import RunsPanel
from gui.widgets.context_menu import context_menu


@pytest.fixture
def panel(runs, qtbot):
    panel = RunsPanel(runs)
    qtbot.addWidget(panel)
    return panel


def change(panel, text):
    """Choose the command, type ``text`` where it asks, and agree."""

    def agree():
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QInputDialog):
            timer.stop()
            dialog.setTextValue(text)
            dialog.accept()

    timer = QTimer(interval=10)
    timer.timeout.connect(agree)
    timer.start()
    menu = context_menu(panel, panel, list(RUN_COMMANDS.values()), RUN_PART)
    next(action for action in menu.actions() if action.text() == "Change learning rate…").trigger()
    menu.deleteLater()


def test_a_run_goes_on_at_the_rate_that_is_typed(panel, begin, qtbot):
    run = begin(schedule="constant", learning_rate=0.01)
    change(panel, "0.01/4")
    qtbot.waitUntil(lambda: run.steps["learning_rate"][-1] == 0.0025, timeout=PATIENCE)
    ((step, rate),) = run.settings.rate_changes
    assert rate == 0.0025
    assert run.rate_share == 1
    curves = CurvesPanel(panel.runs)
    qtbot.addWidget(curves)
    curves.refresh()
    (mark,) = curves.learning_rate._remarks
    assert mark.words == ("changed to 0.0025",)
    assert mark.x == pytest.approx(step / run.steps_per_epoch, abs=1)
    assert mark.y == 0.0025


@pytest.mark.parametrize(
    ("text", "why"), [("fast", "Type a number or arithmetic"), ("-1", "but must be above 0"), ("1000", "at most 100")]
)
def test_what_is_no_rate_is_refused_in_a_sentence(panel, begin, text, why):
    run = begin()
    change(panel, text)
    assert why in panel.message.text.text()
    assert run.settings.rate_changes == ()
