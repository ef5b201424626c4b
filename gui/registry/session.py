"""The open window as commands, panels and workspaces see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar, cast

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QMainWindow

from gui.document import Document
from gui.preferences import Preferences

T = TypeVar("T")
Tone = Literal["error", "warning", "info"]
"""What a sentence across the top is: something failed, something may go wrong, something is as it should be."""


class Session(QObject):
    """What is open in a window, the parts of it that others use, and ways to bring things to the front.

    ``changed`` says that commands may be enabled, checked or called otherwise than before; whoever knows of
    something else that commands ask about names its signal to `follow`. ``closing`` comes before the window goes:
    threads end then. From then on it is ``closed``. ``front_changed`` says that other panels can be seen.
    """

    changed = Signal()
    front_changed = Signal()
    closing = Signal()

    def __init__(self, window: QMainWindow, document: Document, preferences: Preferences) -> None:
        super().__init__(window)
        self.window = window
        self.document = document
        self.preferences = preferences
        self._parts: dict[type, object] = {}
        self.closed = False
        stack = document.undo_stack
        self.follow(document.replaced, document.selection_changed, document.settings_changed)
        self.follow(stack.indexChanged, stack.canUndoChanged, stack.canRedoChanged)

    def follow(self, *signals: SignalInstance) -> None:
        """Ask the commands anew after each of these signals."""
        for signal in signals:
            signal.connect(self._tell_change)

    def close(self) -> None:
        """Let everyone end what goes on: the window closes."""
        self.closed = True
        self.closing.emit()

    def _tell_change(self) -> None:
        if not self.closed:  # what goes with the window tells of changes until the very end
            self.changed.emit()

    # Parts

    def share(self, part: T) -> T:
        """Let others find a part of the window by its class, such as the canvas or the runs; returns it."""
        self._parts[type(part)] = part
        return part

    def part(self, kind: type[T]) -> T:
        """The part of that class; those of the workspaces are there while a project is open."""
        return cast(T, self._parts[kind])

    # What is in front

    @property
    def is_open(self) -> bool:
        """Whether a project is open, and not the start screen."""
        raise NotImplementedError

    @property
    def workspace(self) -> str:
        """The name of the workspace in front, "" on the start screen."""
        raise NotImplementedError

    def show_workspace(self, name: str) -> None:
        """Go to a workspace."""
        raise NotImplementedError

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, in the first workspace that has it if this one does not."""
        raise NotImplementedError

    def is_in_front(self, panel: str) -> bool:
        """Whether a panel can be seen: its workspace is in front, its dock is open, and it is in front there."""
        raise NotImplementedError

    def give_way(self, panel: str, *, to: str) -> None:
        """Let a panel that is in front give way to another at its side, in whichever workspace that is."""
        raise NotImplementedError

    def announce(self, text: str) -> None:
        """Show a sentence in the status bar for a few seconds; an edit or another workspace ends it too."""
        raise NotImplementedError

    def show_pace(self, workspace: str, text: str) -> None:
        """Say at the right of the status bar how fast a workspace works, whenever it is in front."""
        raise NotImplementedError

    def show_done(self, workspace: str, text: str) -> None:
        """Say at the left of the status bar what is done in a workspace, whenever it is in front; "" for nothing."""
        raise NotImplementedError

    def retract(self, text: str) -> None:
        """Take an announced sentence back, if it is still shown: what it is about is over."""
        raise NotImplementedError

    def tell(
        self, text: str, *, kind: Tone = "error", remedy: str = "", mend: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence across the top of the centre, perhaps with a button called ``remedy`` that mends it."""
        raise NotImplementedError
