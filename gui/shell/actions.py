"""The window's commands as Qt actions, and the menus that show them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.guard import border
from gui.registry.commands import Command, entries, top_menus
from gui.registry.menus import Menu
from gui.registry.session import Session
from gui.shell.commands import COMMANDS
from gui.style.appearance import appearance
from gui.widgets.disabled_actions import tell_why_not


class Actions(QObject):
    """One QAction for each command of the window, by name: ``actions["save"]``.

    Whether they are enabled and checked and what they are called is asked anew whenever the session says so.
    ``menus`` holds the menus by name.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._groups: dict[str, QActionGroup] = {}
        self.menus: dict[str, QMenu] = {}
        self._commands = dict(COMMANDS)
        self._actions = {name: self._make(command) for name, command in self._commands.items()}
        self._local_keys = {name: _local_keys(command) for name, command in self._commands.items()}
        session.changed.connect(self.refresh)
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def refresh(self) -> None:
        """Ask every command how it stands."""
        for name, action in self._actions.items():
            command = self._commands[name]
            show = partial(self._show, command, action)
            action.setEnabled(border().ask(f"the command '{command.text}'", show, otherwise=False))

    def _show(self, command: Command, action: QAction) -> bool:
        """Show what it is called and whether it is on, and return whether it can be used."""
        action.setText(command.words(self._session) + self._local_keys[command.name])
        if action.isCheckable():
            action.setChecked(command.checked(self._session))
        action.setToolTip(command.why_not(self._session))  # without one, Qt shows what it is called
        return bool(command.usable(self._session))

    def fill(self, bar: QMenuBar) -> None:
        """Make all menus."""
        for menu in top_menus():
            self._fill_menu(bar.addMenu(menu.text), menu)

    def _fill_menu(self, shown: QMenu, menu: Menu) -> None:
        self.menus[menu.name] = shown
        tell_why_not(shown)
        if menu.fills_itself:
            shown.aboutToShow.connect(lambda: self._fill_anew(shown, menu))
        for group in entries(menu):
            if not shown.isEmpty():
                shown.addSeparator()
            for entry in group:
                if isinstance(entry, Command):
                    shown.addAction(self._actions[entry.name])
                else:
                    self._fill_menu(shown.addMenu(entry.text), entry)

    def _fill_anew(self, shown: QMenu, menu: Menu) -> None:
        shown.clear()
        for child in shown.findChildren(QMenu):
            child.deleteLater()  # clearing leaves the menus within it
        border().ask(f"the menu '{menu.text}'", lambda: menu.fill(shown, self._session), otherwise=None)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self._session.window)
        action.setObjectName(command.name)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        if command.choice:
            self._groups.setdefault(command.choice, QActionGroup(self)).addAction(action)
        action.setCheckable(command.switch or bool(command.choice))
        action.triggered.connect(lambda: self._run(command))
        self._session.window.addAction(action)
        return action

    def _run(self, command: Command) -> None:
        border().do(lambda: command.run(self._session))
        self.refresh()

    def _show_icons(self) -> None:
        for name, action in self._actions.items():
            command = self._commands[name]
            if command.icon and not command.choice:
                action.setIcon(appearance().icon(command.icon))


def _local_keys(command: Command) -> str:
    """What a menu adds to the words: keys that the canvas answers, of which Qt does not know."""
    return f"\t{command.key_text}" if command.local_keys and not command.keys else ""
