"""What follows a run: how it ended, in one sentence, with what one does next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from engine.errors import LayerloomError
from gui.look.workspace import LookInside
from gui.registry.workspaces import WORKSPACES
from gui.train.runs.run import Run
from gui.train.runs.status import RunStatus
from gui.train.runs.words import RESUME, ending_text
from gui.train.train_longer import ask_for_epochs
from gui.widgets.message_bar import Remedy

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow
    from gui.shell.workspace_view import WorkspaceView

_SHOWN = 10_000  # ms that the system shows a notification, where it asks


class AfterRun(QObject):
    """Tells across the top how a run ended, and by the system where the window is not in front."""

    def __init__(self, window: MainWindow, view: WorkspaceView) -> None:
        super().__init__(window)
        self._window, self._view, self._runs = window, view, view.runs
        self._tray: QSystemTrayIcon | None = None
        self._told: tuple[Run, str] | None = None
        self._runs.finished.connect(self._tell)
        self._runs.started.connect(self._retract)
        self._runs.listed.connect(self._follow_list)

    def _tell(self, run: Run) -> None:
        text = ending_text(run)
        followed = self._runs.more_follow and run.status is not RunStatus.FAILED
        if not text or followed or run is not self._runs.current or self._window.session.closed:
            return
        failed = run.status is RunStatus.FAILED
        if not (failed and WORKSPACES[self._view.bench.workspace].follows_run):  # which tells of it by itself
            self._window.tell(text, *self._next_steps(run), kind="error" if failed else "info")
            self._told = run, text
        if not self._window.isActiveWindow():
            self._notify(run.title, text)

    def _retract(self) -> None:
        """Say no more how a run ended: another one trains, or it goes on, or is deleted."""
        if self._told is not None:
            self._window.messages.retract(self._told[1])
        self._told = None

    def _follow_list(self) -> None:
        if self._told is not None and self._told[0] not in self._runs.all:
            self._retract()

    def _next_steps(self, run: Run) -> Iterator[Remedy]:
        if run.status is RunStatus.FAILED:
            yield Remedy("Show it in Train", partial(self._go, run, "train"))
            return
        if run.status is RunStatus.STOPPED:
            yield Remedy(RESUME, partial(self._try, partial(self._runs.continue_run, run)))
        yield Remedy("Look inside", partial(self._look_inside, run))
        yield Remedy("Evaluate", partial(self._go, run, "evaluate"))
        if run.status is RunStatus.FINISHED:
            yield Remedy("Train longer…", partial(self.train_longer, run))

    def train_longer(self, run: Run) -> None:
        """Ask for how many epochs in all a run shall train, and go on with it."""
        epochs = ask_for_epochs(self._window, run)
        if epochs is not None:
            self._try(partial(self._runs.continue_run, run, epochs=epochs))

    def _go(self, run: Run, workspace: str) -> None:
        self._runs.view(run)
        self._view.show_workspace(workspace)

    def _look_inside(self, run: Run) -> None:
        """Go there with the weights of the best epoch, which are those that the words are about."""
        self._go(run, "look_inside")
        look = self._window.session.part(LookInside).look
        if run.best_epoch is not None and run.best_epoch in look.epochs:
            look.choose_epoch(run.best_epoch)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except LayerloomError as error:
            self._window.tell(str(error))
        else:
            self._view.show_workspace("train")

    def _notify(self, title: str, text: str) -> None:
        """Tell by the system, as far as it can: by a notification, and by the window's place in its bar."""
        QApplication.alert(self._window)
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QIcon(QApplication.windowIcon()), self)
            self._tray.messageClicked.connect(self._come)
        self._tray.show()
        self._tray.showMessage(title, text, QApplication.windowIcon(), _SHOWN)

    def _come(self) -> None:
        self._window.raise_()
        self._window.activateWindow()
