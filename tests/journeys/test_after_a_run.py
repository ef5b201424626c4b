"""What follows a run: how it ended, with what one does next."""

import json

import pytest
from PySide6.QtWidgets import QInputDialog

from engine.recipe.optimisers import SGD
from engine.recipe.schedules import Constant
from gui.train.runs.status import RunStatus


@pytest.fixture
def runs(window, person):
    person.open_template("lenet5")
    recipe = window.document.project.training
    window.document.change_settings("Short", recipe.model_copy(update={"epochs": 2, "schedule": Constant()}))
    return window.workspaces().runs


def buttons(window):
    return {button.text(): button for button in window.messages.buttons}


def figures(run):
    lines = (run.folder / "metrics.jsonl").read_text("utf-8").splitlines()
    return [line["validation"] for line in map(json.loads, lines) if line["event"] == "epoch_done"]


def test_a_finished_run_offers_to_look_to_evaluate_and_to_train_longer(window, person, runs, monkeypatch):
    window.workspaces().train()
    person.until(lambda: runs.current.status is RunStatus.FINISHED and window.messages.isVisible())
    run = runs.current
    accuracies = [epoch["accuracy"] for epoch in figures(run)]
    best = max(accuracies)
    epoch = accuracies.index(best) + 1
    assert window.messages.text.text() == (
        f"Finished: {100 * best:.1f} %, the best validation accuracy, after epoch {epoch} of 2."
    )
    assert list(buttons(window)) == ["Look inside", "Evaluate", "Train longer…"]
    person.click(buttons(window)["Evaluate"])
    assert window.workspaces().bench.workspace == "evaluate"
    assert not window.messages.isVisible()
    asked = []
    monkeypatch.setattr(QInputDialog, "getInt", lambda *words: asked.append(words[1:]) or (3, True))
    window.workspaces().after_run.train_longer(run)
    assert asked[0][:2] == ("Train longer", f"{run.title} has done 2 epochs. How many shall it do in all?")
    assert asked[0][2:4] == (4, 3)
    assert window.workspaces().bench.workspace == "train"
    person.until(lambda: run.status is RunStatus.FINISHED and window.messages.isVisible())
    assert [epoch["accuracy"] for epoch in figures(run)][:2] == accuracies
    assert len(figures(run)) == 3
    assert window.messages.text.text().endswith(" of 3.")


def test_a_stopped_run_offers_to_resume_it(window, person, runs):
    recipe = window.document.project.training
    window.document.change_settings("Long", recipe.model_copy(update={"epochs": 500}))
    window.workspaces().train()
    person.until(lambda: runs.current is not None and len(runs.current.epochs) > 0)
    runs.stop()
    person.until(window.messages.isVisible)
    assert window.messages.text.text().startswith("Stopped in epoch ")
    assert " of 500: " in window.messages.text.text()
    assert list(buttons(window)) == ["Resume", "Look inside", "Evaluate"]
    done = len(runs.current.epochs)
    person.click(buttons(window)["Resume"])
    person.until(lambda: len(runs.current.epochs) > done)
    runs.stop()
    person.until(lambda: runs.active is None)


def test_a_run_that_fails_is_told_in_every_workspace(window, person, runs):
    window.workspaces().show_workspace("draw")
    growing = {"learning_rate": 100.0, "optimiser": SGD(), "weight_decay": 1.0}  # 99 times larger with each step
    runs.start(settings=window.document.project.training.model_copy(update=growing))
    person.until(lambda: runs.active is None and window.messages.isVisible())
    assert window.messages.text.text().startswith("Loss became ")
    person.click(buttons(window)["Show it in Train"])
    assert window.workspaces().bench.workspace == "train"


def test_look_inside_opens_with_the_weights_that_the_words_are_about(window, person, runs):
    window.workspaces().train()
    person.until(lambda: runs.current.status is RunStatus.FINISHED and window.messages.isVisible())
    runs.current.best_epoch = 1  # of 2
    person.click(buttons(window)["Look inside"])
    assert window.workspaces().bench.workspace == "look_inside"
    assert window.workspaces().bench.look_inside.look.epoch == 1


def test_an_evaluated_image_is_looked_at_with_the_weights_that_were_evaluated(window, person, runs):
    view = window.workspaces()
    view.train()
    person.until(lambda: runs.current.status is RunStatus.FINISHED and window.messages.isVisible())
    runs.current.best_epoch = 1  # of 2
    view.show_workspace("evaluate")
    evaluator = view.bench.evaluate.evaluator
    evaluator.start()
    person.until(lambda: evaluator.result is not None)
    evaluator.look_at(int(evaluator.result.classes.predictions.in_cell(3, 3)[0]))
    look = view.bench.look_inside.look
    person.until(lambda: look.sight is not None)
    assert view.bench.workspace == "look_inside"
    assert (look.epoch, int(look.target)) == (1, 3)
