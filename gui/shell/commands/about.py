"""The menu Help."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from gui.registry.commands import COMMANDS, Command
from gui.registry.menus import HELP, Place
from gui.registry.session import Session
from gui.shell.shortcuts_window import ShortcutsWindow
from gui.start.version import VERSION


@COMMANDS.register
class Shortcuts(Command):
    """Show all keys."""

    name = "shortcuts"
    text = "Keyboard shortcuts"
    icon = "mdi6.help-circle-outline"
    keys = ("F1",)
    place = Place(HELP, 1, 1)
    needs_project = False

    def run(self, session: Session) -> None:
        open_before = [one for one in session.window.findChildren(ShortcutsWindow) if one.isVisible()]
        shortcuts = open_before[0] if open_before else ShortcutsWindow(session.window)
        shortcuts.setWindowState(shortcuts.windowState() & ~Qt.WindowState.WindowMinimized)
        shortcuts.show()
        shortcuts.raise_()
        shortcuts.activateWindow()


@COMMANDS.register
class About(Command):
    """Say what this is."""

    name = "about"
    text = "About Layerloom"
    place = Place(HELP, 1, 3)
    needs_project = False

    def run(self, session: Session) -> None:
        QMessageBox.about(
            session.window,
            self.text,
            f"<b>Layerloom {VERSION}</b><p>Draw convolutional networks, see every shape, train them on your own "
            "machine and look inside while they learn.</p><p>MIT licence. Fonts: Inter and JetBrains Mono (OFL). "
            "Icons: Material Design Icons.</p>",
        )
