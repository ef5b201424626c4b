"""The queue and ensembles in the whole window: by keys, menus and buttons, up to what the runs say together."""

import pytest
from a_person import person, window
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.recipe.recipe import Device, Recipe
from gui.evaluate.workspace import Evaluate
from gui.train.queue.panel import QueuePanel
from gui.train.queue.run_queue import RunQueue
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


def test_train_begins_every_run_of_an_ensemble(window, person, queue):
    runs = queue.runs
    window.document.change_settings("Change", Recipe(epochs=1, device=Device.CPU, ensemble=2))
    person.press("Ctrl+Return")
    person.until(lambda: len(runs.all) == 2 and runs.active is None)
    assert [run.member.number for run in runs.all] == [2, 1]
    assert queue.queue.entries == ()
