"""Docks are as wide as their own workspace has them, whatever stood in them in another."""

import pytest
from PySide6.QtCore import Qt

from engine.project import Project
from gui.registry.workspaces import WORKSPACES
from templates import build


@pytest.fixture
def bench(window, person):
    """The workbench of a window at 1280×800."""
    window.resize(1280, 800)
    window.document.replace(Project(build("lenet5")))
    window.files.opened.emit()
    person.until(lambda: not window.workspaces().runs.loading)
    return window.workspaces().bench


def _rests_at(bench, person, name: str, width: int) -> None:
    """Go to a workspace and wait until its left dock is so wide."""
    bench.show_workspace(name)
    person.until(lambda: bench.arrangement._settled and bench.docks["left"].extent == width)


def test_a_wide_panel_of_one_workspace_widens_no_other(bench, person):
    for name in (*WORKSPACES, *WORKSPACES):
        _rests_at(bench, person, name, WORKSPACES[name].narrow_left_width or WORKSPACES[name].left_width)


def test_what_a_change_of_workspace_does_to_a_dock_is_no_drag_of_it(bench, person, window):
    for name in ("draw", "train", "look_inside", "evaluate", "train", "draw"):
        _rests_at(bench, person, name, WORKSPACES[name].left_width)
    assert [window.preferences.values(f"sizes/{name}") for name in WORKSPACES] == [{}] * len(WORKSPACES)


def test_a_dragged_dock_keeps_its_width_beside_a_wide_panel(bench, person, window):
    _rests_at(bench, person, "train", 240)
    window.resizeDocks([bench.docks["left"]], [260], Qt.Orientation.Horizontal)
    person.until(lambda: bench.docks["left"].extent == 260)
    _rests_at(bench, person, "look_inside", 304)
    _rests_at(bench, person, "train", 260)
