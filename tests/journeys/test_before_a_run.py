"""A person who looks for a learning rate before the first run."""

from cut_text import cut_texts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.recipe.schedules import Constant
from gui.train.range_test.range_test import RangeTest
from gui.train.runs.status import RunStatus


def test_a_rate_is_found_taken_and_trained_with(window, person):
    person.open_template("lenet5")
    recipe = window.document.project.training
    settings = {"epochs": 2, "schedule": Constant(), "batch_size": 64, "learning_rate": 1.0}
    window.document.change_settings("Short", recipe.model_copy(update=settings))
    view, session = window.workspaces(), window.session
    window.activateWindow()
    person.until(window.isActiveWindow)
    person.press("Ctrl+3")
    train, test = view.bench.train, session.part(RangeTest)
    panel = train.before.parts["Range test"]
    person.until(lambda: session.is_in_front("training") and train.before.isVisible())
    train.setFocus()
    person.press("L")
    assert test.going is not None
    train.setFocus()
    person.press("Esc")
    assert (test.going, test.result) == (None, None)
    assert panel.words.text().startswith("Not run yet")
    person.until(lambda: not test.refusal)
    window.actions_["range_test"].trigger()
    person.until(lambda: test.going is None)
    assert test.warning.startswith("1 is above ")
    assert panel.words.text().endswith(" below the present setting.")
    assert cut_texts(window) == []
    steps = window.document.undo_stack.count()
    person.click(panel.action)
    assert window.document.undo_stack.count() == steps + 1
    assert window.document.project.training.learning_rate == test.result.suggested < 1
    person.press("Ctrl+Return")
    person.until(lambda: view.runs.current is not None and view.runs.current.status is RunStatus.FINISHED)
    assert view.runs.current.score > 0.7
    assert view.runs.current.settings.learning_rate == test.result.suggested
    assert session.is_in_front("runs")
    assert train.splitter.isVisible()
    strip = view.bench.docks["left"].strip.tabs
    person.click(strip, strip.tabRect(1).center())
    assert train.before.isVisible()
    assert test.suggested == test.result.suggested
    assert panel.words.text().endswith("set already.")
    window.document.undo_stack.undo()
    assert test.warning.startswith("1 is above ")


def test_closing_the_window_in_mid_test_ends_it(window, person):
    person.open_template("lenet5")
    view = window.workspaces()
    view.show_workspace("train")
    test = window.session.part(RangeTest)
    recipe = window.document.project.training
    window.document.change_settings("Slow", recipe.model_copy(update={"batch_size": 1024}))
    window.activateWindow()
    person.until(lambda: window.isActiveWindow() and not test.refusal)
    QTest.keyClick(view.bench.train, Qt.Key.Key_L)
    person.until(lambda: len(test.going.losses) > 1)
    window.close_at_once()
    person.until(lambda: not test._job.running)
