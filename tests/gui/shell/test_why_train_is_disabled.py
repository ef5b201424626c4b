"""Wherever Train cannot be used, its tooltip and the status bar say why, and so does Problems."""

import pytest
from a_person import PATIENCE
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from train_parts import settings, tiny_network
from window_states import broken

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.layers.input_output import Input
from engine.network import Network
from engine.project import Project
from engine.recipe.recipe import Device


def two_channels():
    network = tiny_network()
    network.set_layer("input", Input(channels=2, height=8, width=8))
    return network


NETWORKS = {
    "fine": tiny_network,
    "broken": broken,
    "empty": Network,
    "three classes": lambda: tiny_network(3),
    "two channels": two_channels,
}
DATA = {
    "here": lambda path: "digits",
    "none": lambda path: Folder(),
    "gone": lambda path: Folder(path=str(path / "gone")),
}


@pytest.mark.parametrize("device", [Device.CPU, Device.MPS])
@pytest.mark.parametrize("data", list(DATA))
@pytest.mark.parametrize("network", list(NETWORKS))
def test_either_train_is_enabled_or_its_reason_is_shown_and_listed(window, person, tmp_path, network, data, device):
    source = DataSettings(source=DATA[data](tmp_path))
    window.document.replace(Project(NETWORKS[network](), source, settings(device=device)))
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading)
    view.runs.readiness.learn_devices([Device.CPU])
    fine = (network, data, device) == ("fine", "here", Device.CPU)
    person.until(lambda: view.toolbar.train.isEnabled() == fine)  # a folder is read in a thread
    action = window.actions_["train"]
    errors = [problem for problem in view.runs.readiness.problems if problem.severity.blocks]
    assert action.isEnabled() == fine
    assert bool(errors) == (not fine)
    window.view.show_panel("problems")
    view.problems.refresh_now()
    assert view.problems.empty.text().startswith("No problems") or errors
    assert view.problems._empty_line.isVisibleTo(view.problems) == fine
    if not fine:
        reason = view.runs.obstacle.text
        assert reason == action.toolTip() == view.toolbar.train.toolTip()
        view.status.forget()
        assert view.status.sentence.text() == ("Press Tab to add a layer" if network == "empty" else reason)
        assert {row.message.text() for row in view.problems.rows if row.isVisibleTo(view.problems)} >= {
            error.message for error in errors[:1]
        }
    _says_how_to_begin(view, person, "Press Ctrl+Enter to train." if fine else view.runs.obstacle.text)


def _says_how_to_begin(view, person, words):
    """No panel without a run tells to press keys in vain, and none to draw where one cannot."""
    for workspace, told in (
        ("train", lambda: view.bench.panels["runs"].widget.empty.text()),
        ("train", lambda: view.bench.panels["progress"].widget.empty.text()),
        ("evaluate", lambda: view.bench.evaluate.matrix.message.text()),
    ):
        view.show_workspace(workspace)
        person.until(lambda told=told: told().endswith(f"yet. {words}"))
        assert "Tab" not in view.status.sentence.text()
    heading = view.bench.train.before.first.heading.text()
    assert heading == ("No runs yet. " + words if view.runs.obstacle is None else "No runs yet.")


def test_while_a_run_goes_on_its_name_is_the_reason(window, training):
    action = window.actions_["train"]
    assert action.toolTip() == f"{training.title} is still training: stop it first."
    window.workspaces().status.forget()
    assert window.workspaces().status.sentence.text() == f"Training {training.title}"


def test_a_disabled_entry_of_a_menu_says_why_and_an_enabled_one_nothing(window, person, qtbot):
    person.open_template("lenet5")
    menu, shown = window.actions_.menus["edit"], []
    menu.popup(QPoint(0, 0))
    for name in ("select_all", "undo"):
        place = menu.actionGeometry(window.actions_[name]).center()
        QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, place, menu.mapToGlobal(place)))
        shown.append(QToolTip.text() if QToolTip.isVisible() else "")
    menu.hide()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=PATIENCE)
    assert shown == ["", "There is nothing to undo."]
