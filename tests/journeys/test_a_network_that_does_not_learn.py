"""A beginner whose network does not learn: what Train says, what helps, and which of the two is better."""

import math

from cut_text import cut_texts
from PySide6.QtCore import Qt

from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from gui.train.progress.panel import ProgressPanel
from gui.train.queue.panel import QueuePanel
from gui.train.recipe.panel import RecipePanel
from gui.train.runs.status import RunStatus
from gui.train.table.window import RunsTable


def sigmoids(depth=12):
    """The digits, and below them so many linear layers with a sigmoid each."""
    network = Network("sigmoids")
    pair = (LAYERS["Linear"](out_features=32), LAYERS["Sigmoid"]())
    first = (LAYERS["Input"](channels=1, height=8, width=8), LAYERS["Flatten"]())
    before = ()
    for layer in (*first, *(depth * pair), LAYERS["Linear"](out_features=10), LAYERS["Output"]()):
        before = (network.add(layer, inputs=before),)
    return network


def test_advice_is_followed_in_the_queue_and_the_table_says_that_it_was_right(window, person, monkeypatch):
    monkeypatch.setattr("engine.training.health._COST", math.inf)  # whatever the machine, each step is measured
    monkeypatch.setattr("engine.training.health._INTERVAL", 0)
    window.document.replace(Project(sigmoids(), training=Recipe(epochs=4, batch_size=64, device=Device.CPU)))
    window.files.opened.emit()
    view, find = window.workspaces(), window.findChild
    runs = view.runs
    person.until(lambda: not runs.loading and not runs.refusal)
    window.activateWindow()
    person.until(window.isActiveWindow)

    person.press("Ctrl+3")
    form = find(RecipePanel)
    person.until(form.isVisible)
    assert view.bench.train.before.first.heading.text() == "No runs yet. Press Ctrl+Enter to train."
    person.press("Ctrl+Return")
    person.until(lambda: bool(runs.all) and runs.active is None and runs.all[0].status is RunStatus.FINISHED)
    assert runs.all[0].score < 0.3

    health = find(ProgressPanel).health
    person.until(lambda: health.hint.isVisible() and health.hint.buttons.isVisible())
    assert "vanishes" in health.hint.message.text()
    person.until(lambda: cut_texts(window) == [])  # layouts follow what the end of the run has changed
    person.click(health.hint.queue)
    queue = find(QueuePanel)
    person.until(lambda: queue.isVisible() and queue.train.isEnabled())
    person.click(queue.train)
    person.until(lambda: len(runs.all) == 2 and runs.active is None and not queue.queue.training)
    assert runs.all[0].score > 2 * runs.all[1].score

    window.actions_["runs_table"].trigger()
    table = find(RunsTable)
    person.until(table.isVisible)
    place = next(
        column
        for column in range(table.found.columnCount())
        if table.found.headerData(column, Qt.Orientation.Horizontal) == "Val acc (%)"
    )
    table.view.sortByColumn(place, Qt.SortOrder.DescendingOrder)
    assert table.found.index(0, 0).data() == "2"
    assert table.found.index(0, 1).data().startswith("Try ")
    assert [cut for cut in cut_texts(table) if "item" not in cut] == []
    table.close()
