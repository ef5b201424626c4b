"""The queue and ensembles in the whole window: by keys, menus and buttons, up to what the runs say together."""

import pytest
from a_person import person, window
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.recipe.recipe import Device, Recipe
from gui.evaluate.workspace import Evaluate
from gui.train.queue.panel import QueuePanel
from gui.train.queue.run_queue import RunQueue
from gui.train.recipe.panel import RecipePanel
from gui.train.runs.status import RunStatus

__all__ = ["person", "window"]


@pytest.fixture
def queue(window, person):
    """The queue of LeNet-5 on the digits, which trains one epoch."""
    person.open_template("lenet5")
    recipe = Recipe(epochs=1, device=Device.CPU)
    window.document.change_settings("Change", recipe)
    found = window.session.part(RunQueue)
    person.until(lambda: not found.runs.refusal and not found.loading)
    window.workspaces().show_workspace("train")
    window.activateWindow()
    person.until(window.isActiveWindow)
    return found


def test_what_is_queued_by_keys_is_trained_and_its_ensemble_evaluated(window, person, queue):
    actions, runs = window.actions_, queue.runs
    assert not actions["train_queue"].isEnabled()
    person.press("Ctrl+Shift+Return")
    panel = window.findChild(QueuePanel)
    person.until(lambda: panel.isVisible() and panel.list.isVisible())
    window.document.change_settings("Change", Recipe(epochs=1, device=Device.CPU, seed=4, ensemble=2))
    person.press("Ctrl+Shift+Return")
    person.until(lambda: all("about " in panel.model.note(one) for one in queue.queue.entries))
    of_one, of_two = (panel.model.note(one).split(" · ") for one in queue.queue.entries)
    assert of_two[:-1] == ["this form", "2 runs"]
    assert all(words.startswith("about ") for words in (*of_one, of_two[-1]))
    actions["train_queue"].trigger()
    assert actions["train_queue"].text() == "Pause the queue"
    person.until(lambda: runs.active is not None and runs.active.member is not None)
    assert window.workspaces().toolbar.training.turn.text() == "run 2 of 2 in the queue"
    assert not window.messages.isVisible()  # what is said of a run that others follow would be gone at once
    person.until(lambda: runs.active is None and not queue.training)
    assert [(run.settings.seed, run.status) for run in runs.all[::-1]] == [
        (0, RunStatus.FINISHED),
        (4, RunStatus.FINISHED),
        (5, RunStatus.FINISHED),
    ]
    assert window.messages.isVisible()

    runs.view(runs.all[-1])
    assert actions["copy_settings"].text() == "Copy settings of run 1"
    actions["copy_settings"].trigger()
    assert (window.document.project.training.seed, window.document.project.training.ensemble) == (0, 1)

    window.workspaces().show_workspace("evaluate")
    together = window.session.part(Evaluate).figures.together
    assert not together.isVisible()
    runs.view(runs.all[0])
    person.until(together.isVisible)
    assert together.heading.text() == "Ensemble of 2"
    QTest.mouseClick(together.evaluate, Qt.MouseButton.LeftButton)
    person.until(lambda: together.facts.isVisible())
    facts = dict(together.facts.facts)
    assert list(facts) == ["Accuracy of the mean", "2 · lenet5", "3 · lenet5"]
    assert all(text.endswith(" %") for text in facts.values())
    window.session.part(Evaluate).evaluator.choose_split("validation")
    assert not together.facts.isVisible()


def test_a_run_is_named_in_the_form_and_the_next_one_is_not(window, person, queue):
    runs, panel = queue.runs, window.findChild(RecipePanel)
    person.until(panel.name.isVisible)
    assert (panel.name.number.text(), panel.name.field.placeholderText()) == ("Run 1", "lenet5")
    person.click(panel.name.field)
    QTest.keyClicks(panel.name.field, " First ")
    person.press("Ctrl+Return")
    person.until(lambda: len(runs.all) == 1 and runs.active is None)
    assert runs.all[0].name == "First"
    window.session.show_panel("training")
    assert (panel.name.number.text(), panel.name.field.text()) == ("Run 2", "")
    QTest.keyClicks(panel.name.field, "Second")
    person.press("Ctrl+Shift+Return")
    assert [one.name for one in queue.queue.entries] == ["Second"]
    assert panel.name.field.text() == ""


def test_what_helps_a_failed_run_is_queued_under_its_name_and_shown(window, person, queue):
    runs = queue.runs
    window.document.change_settings("Change", Recipe(epochs=1, device=Device.CPU, learning_rate=100, optimiser="sgd"))
    person.press("Ctrl+Return")
    train = window.workspaces().bench.train
    person.until(lambda: runs.active is None and train.message.isVisible())
    button = next(one for one in train.message.buttons if one.text() == "Queue it")
    person.click(button)
    (entry,) = queue.queue.entries
    assert window.session.is_in_front("queue")
    assert entry.name.startswith("Try ")
    assert entry.project.training.learning_rate < 100
    assert window.document.project.training.learning_rate == 100
    person.until(lambda: window.findChild(QueuePanel).list.isVisible())


def test_train_begins_every_run_of_an_ensemble(window, person, queue):
    runs, turns = queue.runs, []
    runs.started.connect(lambda run: turns.append(run.turn))
    window.document.change_settings("Change", Recipe(epochs=1, device=Device.CPU, ensemble=2))
    person.press("Ctrl+Return")
    person.until(lambda: len(runs.all) == 2 and runs.active is None)
    assert [run.member.number for run in runs.all] == [2, 1]
    assert turns == ["run 1 of 2 of the ensemble", "run 2 of 2 of the ensemble"]
    assert queue.queue.entries == ()
