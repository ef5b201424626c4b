"""The window while a document is open: toolbar, workbench and status bar, and the runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.machine.memory import device_memory
from engine.network import Severity
from engine.runs.run_folder import RunFolder
from engine.words import counted
from gui.data.declared import ChooseData
from gui.draw.declared import Draw
from gui.registry.workspaces import WORKSPACES
from gui.shell.after_run import AfterRun
from gui.shell.commands.file import NewFromFolder, Templates
from gui.shell.commands.view import FullScreen
from gui.shell.status import StatusBar
from gui.shell.toolbar import MainToolbar
from gui.shell.workbench import Workbench
from gui.train.declared import DEVICE, Train
from gui.train.queue.run_queue import RunQueue
from gui.train.runs.moved_data import Found
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import memory_text

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow


class WorkspaceView(QObject):
    """Made once for a window; `open` shows it, `close` gives way to the start screen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.document = window.document
        self.actions = window.actions_
        self.session = window.session
        self.runs = self.session.share(Runs(self.document, self))
        self.session.closing.connect(self.runs.shutdown)  # before what follows them
        self.queue = self.session.share(RunQueue(self.runs, self))
        self.session.closing.connect(self.queue.close)
        self.toolbar = MainToolbar(self.actions)
        window.add_toolbar(self.toolbar)
        self.status = StatusBar(self.document)
        window.setStatusBar(self.status)
        self.bench = Workbench(self.session)
        self.centre: QWidget = self.bench.centre
        self.canvas = self.bench.canvas
        self.problems = self.bench.problems
        self.palette = self.bench.palette
        self.warm_up = window.warm_up
        self.after_run = AfterRun(window, self)
        self._fresh = self.canvas.later(self._fit)
        self._connect()
        self.bench.show_workspace(Draw.name)
        self.close()

    def open(self) -> None:
        """Show toolbar, docks and status bar."""
        self.toolbar.show()
        self.status.show()
        self.bench.set_visible(True)
        self.follow_size()

    def close(self) -> None:
        """Hide everything but the centre's place."""
        self.toolbar.hide()
        self.status.hide()
        self.bench.set_visible(False)

    def show_fresh(self) -> None:
        """Show a document that has just been opened: Draw, all in view."""
        self.show_workspace(Draw.name)
        self.canvas.setFocus()
        self._fresh.start()

    def _fit(self) -> None:
        self.canvas.view.fit(animate=False)

    def show_workspace(self, name: str) -> None:
        """Go to a workspace."""
        self.bench.show_workspace(name)

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front."""
        self.bench.show_panel(key)

    def train(self) -> None:
        """Start a run, or say what is in the way."""
        Train().run(self.session)

    def apply_preferences(self) -> None:
        """Take over what the preferences say."""
        self.canvas.view.wheel_zooms = self._window.preferences.wheel_zooms

    def follow_size(self) -> None:
        """Fold what the window has no room for."""
        self.bench.arrangement.follow_size(self._window.width(), self._window.height())

    def keep_arrangement(self) -> None:
        """Note where the docks stand."""
        self.bench.arrangement.keep()

    # What follows from what

    def _connect(self) -> None:
        self.toolbar.workspace_chosen.connect(self.show_workspace)
        self.toolbar.data_clicked.connect(self.actions[ChooseData.name].trigger)
        self.toolbar.device.setMenu(self.actions.menus[DEVICE.name])
        self.status.problems_clicked.connect(self._show_problems)
        self.bench.workspace_changed.connect(self._show_workspace)
        self.bench.gallery.template_chosen.connect(self._window.files.open_template)
        self.problems.counts_changed.connect(self._show_counts)
        self.canvas.status_message.connect(self.status.announce)
        self.canvas.open_template_requested.connect(self.actions[Templates.name].trigger)
        self.canvas.image_folder_dropped.connect(self._use_folder)
        self.canvas.image_folder_requested.connect(self.actions[NewFromFolder.name].trigger)
        self.canvas.full_screen_requested.connect(self.actions[FullScreen.name].trigger)
        self.bench.look_inside.maps.other_drawing.wanted.connect(self._open_drawing)
        runs = self.runs
        self.session.follow(runs.started, runs.state_changed, runs.listed, runs.viewed, runs.readiness.changed)
        self.session.follow(self.queue.changed)
        self.runs.started.connect(self._show_run)
        self.runs.state_changed.connect(self._show_run)
        self.runs.moved_data.looking.connect(self.status.announce)
        self.runs.moved_data.failed.connect(self._window.tell)
        self.runs.moved_data.found.connect(self._show_found)
        self.runs.progressed.connect(self.toolbar.training.show_run)
        self.runs.chips_due.connect(self._show_device)
        self.runs.chips_due.connect(self.status.refresh)
        self.runs.readiness.changed.connect(self._show_readiness)
        self.runs.readiness.changed.connect(self._show_chips)
        self.document.settings_changed.connect(self._show_chips)
        self.document.replaced.connect(self._show_chips)
        self.warm_up.ready.connect(self._show_chips)
        self.warm_up.failed.connect(self._show_chips)
        self.warm_up.ready.connect(self._learn_devices)
        self.apply_preferences()
        self._show_counts(self.problems.counts)
        self._show_readiness()
        self._show_chips()
        self._learn_devices()

    def _show_problems(self) -> None:
        self.show_panel("problems")

    def _open_drawing(self, run: Run) -> None:
        self._window.files.open_run(RunFolder(run.folder))

    def _use_folder(self, folder: str) -> None:
        self._window.use_folder(Path(folder))

    def _show_workspace(self, name: str) -> None:
        self.status.show_workspace(WORKSPACES[name])
        self.toolbar.workspaces.choose(name)
        self.toolbar.show_training(WORKSPACES[name], active=self.runs.active is not None)

    def _show_counts(self, counts: dict[Severity, int]) -> None:
        self.bench.docks["bottom"].set_badges("problems", {severity.value: counts[severity] for severity in counts})

    def _show_run(self, run: Run) -> None:
        active = self.runs.active is not None
        self.toolbar.training.show_run(run)
        workspace = WORKSPACES[self.bench.workspace]
        self.toolbar.show_training(workspace, active=active)
        self.status.show_run(run)
        self._show_device()
        self._window.show_title()
        self._show_readiness()

    def _show_found(self, _: Run, found: Found) -> None:
        """Say that the images of a run were found, and let the project have them there if it had the same."""
        self._window.tell(found.words, kind="info")
        data = self.document.project.data
        if data.source == found.before:
            self.document.change_settings("Choose the image folder", data.from_source(found.source))

    def _learn_devices(self) -> None:
        self.runs.readiness.learn_devices(self.warm_up.devices)

    def _show_readiness(self) -> None:
        self.toolbar.set_trainable(self.runs.refusal)

    def _show_chips(self) -> None:
        source, found = self.document.project.data.source, self.runs.readiness.description
        words = (source.note, source.about) if self.runs.readiness.usable else ("", "")
        if found is not None and found.classes:
            words = counted(len(found.classes), "class", "classes"), source.about
        self.toolbar.data.set_words(found.title if found else source.title, *words)
        self._show_device()
        self.toolbar.fit()

    def _show_device(self) -> None:
        """The device of the next run; while one trains, also how much of its memory the program holds."""
        run = self.runs.active
        memory = device_memory(run.started.device) if run is not None and run.started is not None else None
        name, about, tip = self.warm_up.words(run.settings.device if run else self.document.project.training.device)
        if memory is None:
            self.toolbar.show_device(name, about, tip)
            return
        words = memory_text(memory)
        tip = f"{tip} Layerloom holds {words} of its memory."
        self.toolbar.show_device(name, words, tip, share=memory.used / memory.total)
