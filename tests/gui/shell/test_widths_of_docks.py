"""Docks are as wide as their own workspace has them, whatever stood in them in another."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from engine.project import Project
from gui.registry.panels import PANELS
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
    bench.give_way("training", to="runs")
    person.until(lambda: bench.arrangement._settled and bench.docks["left"].extent == width)


def test_a_wide_panel_of_one_workspace_widens_no_other(bench, person):
    for name in (*WORKSPACES, *WORKSPACES):
        _rests_at(bench, person, name, WORKSPACES[name].narrow_left_width or WORKSPACES[name].left_width)


def test_what_a_change_of_workspace_does_to_a_dock_is_no_drag_of_it(bench, person, window):
    for name in ("draw", "train", "look_inside", "evaluate", "train", "draw"):
        _rests_at(bench, person, name, WORKSPACES[name].left_width)
    assert [window.preferences.values(f"sizes/{name}") for name in WORKSPACES] == [{}] * len(WORKSPACES)


@pytest.mark.parametrize(("size", "form", "rest"), [((1600, 1000), 632, 240), ((1280, 800), 528, 240)])
def test_the_settings_take_the_room_of_the_canvas_and_each_arrangement_keeps_its_own_width(
    bench, person, size, form, rest
):
    dock, train, window = bench.docks["left"], bench.train, bench.session.window
    window.resize(*size)
    bench.show_workspace("train")

    def rests(panel: str, width: int) -> bool:
        return bench.arrangement._settled and (dock.front, dock.extent) == (panel, width)

    def choose(panel: str) -> None:
        place = [tab.key for tab in dock._tabs].index(panel)
        QTest.mouseClick(dock.strip.tabs, Qt.MouseButton.LeftButton, pos=dock.strip.tabs.tabRect(place).center())

    person.until(lambda: rests("training", form))
    assert train.before.isVisible()
    window.resizeDocks([dock], [form + 20], Qt.Orientation.Horizontal)
    person.until(lambda: dock.extent == form + 20)
    choose("runs")
    person.until(lambda: rests("runs", rest))
    window.resizeDocks([dock], [rest + 30], Qt.Orientation.Horizontal)
    person.until(lambda: dock.extent == rest + 30)
    choose("training")
    person.until(lambda: rests("training", form + 20))
    bench.show_workspace("draw")
    bench.show_workspace("train")
    person.until(lambda: rests("training", form + 20))
    choose("runs")
    person.until(lambda: rests("runs", rest + 30))


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 800), (2560, 1440)])
def test_no_border_moves_when_a_run_takes_the_place_of_the_settings(bench, person, window, size):
    window.resize(*size)
    bench.show_workspace("train")
    train, left = bench.train, bench.docks["left"]

    def border(part):
        return part.mapTo(window, QPoint(0, 0)).x()

    person.until(lambda: bench.arrangement._settled and left.front == "training" and train.before.isVisible())
    settled = (border(train.before), bench.docks["right"].x())
    window.workspaces().train()
    person.until(lambda: window.workspaces().runs.active is None and train.curves.isVisible())
    person.until(lambda: (border(train.curves), bench.docks["right"].x()) == settled)


def test_what_folding_opening_and_resetting_do_to_a_dock_is_no_drag_of_it(bench, person, window):
    window.resize(1600, 1000)
    bench.show_workspace("train")
    dock = bench.docks["left"]

    def rests(width: int) -> None:
        person.until(lambda: bench.arrangement._settled and dock.extent == width)

    rests(632)
    for change in (lambda: (dock.toggle_folded(), dock.toggle_folded()), bench.arrangement.reset):
        change()
        rests(632)
        window.resize(1280, 800)
        rests(528)
        window.resize(1600, 1000)
        rests(632)
    dock.toggle_folded()
    rests(48)
    bench.show_workspace("draw")
    bench.show_workspace("train")
    rests(48)
    dock.show_panel("training")
    rests(632)
    assert window.preferences.values("sizes/train") == {}


def test_a_run_that_starts_takes_the_place_of_the_settings(bench, person, window):
    window.resize(1100, 700)
    bench.show_workspace("train")
    dock = bench.docks["left"]
    person.until(lambda: bench.arrangement._settled and (dock.front, dock.extent) == ("training", 320))
    bench.show_workspace("draw")
    view = window.workspaces()
    view.train()
    person.until(lambda: view.runs.active is None and dock.extent == 48)
    assert bench.train.splitter.isVisible()
    QTest.mouseClick(dock.findChild(QToolButton, "rail-training"), Qt.MouseButton.LeftButton)
    person.until(lambda: bench.arrangement._settled and (dock.front, dock.extent) == ("training", 320))
    assert bench.train.before.isVisible()


def test_in_a_narrow_window_the_settings_take_the_room_of_the_queue(bench, person, window):
    window.resize(1100, 700)
    bench.show_workspace("train")
    left, right = bench.docks["left"], bench.docks["right"]

    def rests(*extents):
        person.until(lambda: bench.arrangement._settled and (left.extent, right.extent) == extents)

    rests(320, 48)
    QTest.mouseClick(right.findChild(QToolButton, "rail-queue"), Qt.MouseButton.LeftButton)
    rests(320, 304)
    assert right.front == "queue"
    left.show_panel("runs")
    rests(240, 304)
    left.show_panel("training")
    rests(320, 48)
    bench.show_workspace("draw")
    rests(48, 304)
    bench.show_workspace("train")
    rests(320, 48)
    window.resize(1600, 1000)
    rests(632, 304)


def test_what_a_panel_wants_beside_it_comes_and_goes_with_it(bench, person, monkeypatch):
    wanted = replace(PANELS["training"].tab, room=replace(PANELS["training"].tab.room, beside=("weights", "nothing")))
    dock, right = bench.docks["left"], bench.docks["right"]
    bench.show_workspace("train")
    person.until(lambda: dock.front == "training")
    bench.give_way("training", to="runs")
    tabs = tuple(replace(tab, tab=wanted) if tab.key == "training" else tab for tab in dock._tabs)
    monkeypatch.setattr(dock, "_tabs", tabs)
    right.show_panel("inspector")
    for front, beside in (("training", "weights"), ("runs", "inspector"), ("training", "weights")):
        dock.show_panel(front)
        assert right.front == beside
    right.show_panel("progress")
    dock.show_panel("runs")
    assert right.front == "progress"


def test_a_dragged_dock_keeps_its_width_beside_a_wide_panel(bench, person, window):
    _rests_at(bench, person, "train", 240)
    window.resizeDocks([bench.docks["left"]], [260], Qt.Orientation.Horizontal)
    person.until(lambda: bench.docks["left"].extent == 260)
    _rests_at(bench, person, "look_inside", 304)
    _rests_at(bench, person, "train", 260)
