"""A main window as commands, panels and workspaces see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gui.registry.session import Session, Tone
from gui.widgets.message_bar import Remedy

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow


class WindowSession(Session):
    """The session of a `MainWindow`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, window.document, window.preferences)
        self._window = self.share(window)

    @property
    def is_open(self) -> bool:
        return self._window.has_document

    @property
    def workspace(self) -> str:
        return self._window.workspaces().bench.workspace if self.is_open else ""

    def show_workspace(self, name: str) -> None:
        self._window.workspaces().show_workspace(name)

    def show_panel(self, name: str) -> None:
        self._window.workspaces().show_panel(name)

    def is_in_front(self, panel: str) -> bool:
        return self.is_open and self._window.workspaces().bench.is_in_front(panel)

    def give_way(self, panel: str, *, to: str) -> None:
        self._window.workspaces().bench.give_way(panel, to=to)

    def announce(self, text: str) -> None:
        self._window.workspaces().status.announce(text)

    def show_pace(self, workspace: str, text: str) -> None:
        self._window.workspaces().status.show_pace(workspace, text)

    def show_done(self, workspace: str, text: str) -> None:
        self._window.workspaces().status.show_done(workspace, text)

    def retract(self, text: str) -> None:
        self._window.workspaces().status.retract(text)

    def tell(
        self, text: str, *, kind: Tone = "error", remedy: str = "", mend: Callable[[], object] | None = None
    ) -> None:
        self._window.tell(text, *([Remedy(remedy, mend)] if mend is not None else []), kind=kind)


def window_of(session: Session) -> MainWindow:
    """The window itself, for what only it can do."""
    from gui.shell.main_window import MainWindow  # it imports the commands

    return session.part(MainWindow)
