"""A task that lives in the tests, in the whole window: every panel of every workspace."""

import re

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from toy_regression import registered, toy_project

from gui.registry.panels import PANELS, SIDES
from gui.registry.workspaces import WORKSPACES

OF_CLASSES = re.compile("class|accuracy|acc\\b|F1|mistake", re.IGNORECASE)


@pytest.fixture(autouse=True)
def toy():
    with registered():
        yield


def test_every_panel_opens_before_and_after_a_run_and_says_nothing_of_classes(window, person):
    window.document.replace(toy_project())
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading)
    assert look_around(window, person) == []
    view.train()
    person.until(lambda: view.runs.active is None and view.runs.current is not None)
    view.show_workspace("evaluate")
    person.click(view.bench.evaluate.matrix.evaluate)
    person.until(lambda: view.bench.evaluate.evaluator.result is not None)
    assert look_around(window, person) == []


def look_around(window, person):
    """What labels say of classes when each panel of every workspace has been in front once."""
    view, said = window.workspaces(), []
    for workspace in WORKSPACES:
        view.show_workspace(workspace)
        for key in (key for side in SIDES for key in PANELS.at(workspace, side) if key != "templates"):
            view.show_panel(key)
            QApplication.processEvents()
            person.until(lambda: not view.bench.data.data.busy)
            QApplication.processEvents()
            said += [(workspace, key, label.text()) for label in window.findChildren(QLabel) if label.isVisible()]
    return [place for place in said if OF_CLASSES.search(place[2])]
