"""The whole window for the tests of this folder."""

from pathlib import Path

import pytest
from a_person import OFFSCREEN, person, window

from engine.data.settings import DataSettings
from engine.project import Project
from engine.recipe.recipe import Recipe
from templates import build

__all__ = ["person", "window"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN))


@pytest.fixture
def training(window, person):
    """A run that would go on for long, in a project that is not modified."""
    window.document.replace(Project(build("lenet5"), DataSettings(), Recipe(epochs=10_000)))
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading)
    view.train()
    person.until(lambda: view.runs.active.step > 0)
    return view.runs.active
