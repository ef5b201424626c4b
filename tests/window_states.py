"""The states that a window can be in, each made anew as often as a test needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from a_person import PATIENCE
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from train_parts import settings, tiny_network

from engine.network import Network
from engine.network.blocks import collapse, group
from engine.network.layout import tidy
from engine.project import Project
from engine.recipe.recipe import Recipe
from gui.shell.main_window import MainWindow
from gui.train.runs.status import RunStatus


def drawing(*, block: bool = False, collapsed: bool = False) -> Network:
    """A network that can train, its first layers perhaps in a block."""
    network = tiny_network()
    if block:
        name = group(network, ["conv", "relu"])
        if collapsed:
            collapse(network, name)
    tidy(network)
    return network


def broken() -> Network:
    """The same without what must stand before the linear layer."""
    network = drawing()
    network.remove("flatten")
    network.connect("relu", "fc")
    return network


@dataclass(frozen=True)
class State:
    """A project (None: the start screen), what is selected, which workspace is in front, and what goes on."""

    network: Callable[[], Network] | None = drawing
    training: Recipe = field(default_factory=settings)
    select: tuple[str, ...] = ()
    wire: bool = False
    workspace: str = "draw"
    run: RunStatus | None = None
    in_field: bool = False


LONG = settings(epochs=100_000)
STATES = {
    "start screen": State(network=None),
    "empty": State(network=Network),
    "nothing selected": State(),
    "one node": State(select=("conv",)),
    "several nodes": State(select=("conv", "relu")),
    "a wire": State(wire=True),
    "a block": State(network=lambda: drawing(block=True), select=("block1",)),
    "a collapsed block": State(network=lambda: drawing(block=True, collapsed=True), select=("block1",)),
    "a node in a block": State(network=lambda: drawing(block=True), select=("block1.conv",)),
    "broken": State(network=broken),
    "training": State(training=LONG, run=RunStatus.RUNNING, workspace="train"),
    "paused": State(training=LONG, run=RunStatus.PAUSED, select=("conv",)),
    "trained": State(training=settings(epochs=1), run=RunStatus.FINISHED, workspace="train"),
    "in Data": State(workspace="data"),
    "in Train": State(workspace="train"),
    "in Look inside": State(workspace="look_inside", select=("conv",)),
    "in Evaluate": State(workspace="evaluate"),
    "in a field": State(select=("conv",), in_field=True),
}


class Stage:
    """A window that is brought into a state, and back into it."""

    def __init__(self, qtbot, state: State) -> None:
        self._qtbot = qtbot
        self.state = state
        self._network: Network | None = None
        self._answers = QTimer(interval=10)
        self._answers.timeout.connect(_answer)
        self._answers.start()
        self._open()

    def restore(self) -> None:
        """Bring the window back into the state, whatever has been done to it."""
        if not self.window.isVisible():
            self.close()
            self._open()
            return
        self._tidy_up()
        if (self.state.network is None) == self.window.has_document or (
            self.window.has_document and self.window.document.network is not self._network
        ):
            self._load()
        self._arrange()

    def close(self) -> None:
        """End the window."""
        self._tidy_up()
        if self.window.isVisible():
            self.window.close_at_once()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def stop(self) -> None:
        """End everything."""
        self.close()
        self._answers.stop()

    def until(self, seen: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(seen, timeout=PATIENCE)

    def _open(self) -> None:
        self.window = MainWindow()
        self.window.resize(1600, 1000)
        self.window.show()
        self.until(lambda: bool(self.window.warm_up.devices) and self.window.view is not None)
        self._load()
        self._arrange()

    def _load(self) -> None:
        window = self.window
        window.document.undo_stack.setClean()
        if self.state.network is None:
            if window.has_document:
                window.files.close()
            return
        self._network = self.state.network()
        window.document.replace(Project(self._network, training=self.state.training))
        window.files.opened.emit()
        self.until(lambda: not window.workspaces().runs.loading)

    def _arrange(self) -> None:
        window, state = self.window, self.state
        window.activateWindow()
        self.until(window.isActiveWindow)
        if state.network is None:
            window.start.setFocus()
            QApplication.processEvents()
            return
        document, view = window.document, window.workspaces()
        document.undo_stack.setIndex(0)
        window.preferences.wheel_zooms = False
        self._bring_run(view.runs)
        view.bench.arrangement.reset()
        view.show_workspace(state.workspace)
        document.select(state.select, edge=document.network.edges()[0] if state.wire else None)
        view.bench.middle().setFocus()
        if state.in_field:
            view.show_panel("inspector")
            view.bench.inspector.focus_settings()
            assert isinstance(QApplication.focusWidget(), QLineEdit)
        QApplication.processEvents()

    def _bring_run(self, runs) -> None:
        wanted = self.state.run
        if wanted is None:
            return
        if wanted is RunStatus.FINISHED:
            if runs.active is not None:
                runs.end()
            if runs.current is None or runs.current.status is not wanted:
                runs.start()
                self.until(lambda: runs.active is None and runs.current.status is wanted)
            return
        if runs.active is None:
            runs.start()
        runs.resume()
        self.until(lambda: runs.active.status is RunStatus.RUNNING and runs.active.step > 0)
        if wanted is RunStatus.PAUSED:
            runs.pause()

    def _tidy_up(self) -> None:
        """Close what a command has opened."""
        if self.window.isFullScreen():
            self.window.showNormal()
        while QApplication.activePopupWidget() is not None:
            QApplication.activePopupWidget().close()
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()
        for popup in self.window.findChildren(QWidget):
            if type(popup).__name__ in {"Chooser", "RepeatPopup", "RenameField"} and popup.isVisible():
                popup.hide()
        QApplication.processEvents()


def _answer() -> None:
    """Leave every dialog as somebody does who thinks better of it."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
