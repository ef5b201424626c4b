"""The window's commands as Qt actions, and the menus that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui.shell.action_table import MENUS, ActionSpec, MenuItem, Submenu, all_specs
from gui.style.appearance import appearance


class Actions(QObject):
    """One QAction for each line of the table, by name: ``actions["save"]``.

    ``menus`` holds the menus by name, so that the window can fill those that change.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._groups: dict[str, QActionGroup] = {}
        self.menus: dict[str, QMenu] = {}
        self._actions = {name: self._make(spec) for name, (_, spec) in all_specs().items()}
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def connect_all(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Say what each of some commands does; every handler is called without arguments."""
        for name, handler in handlers.items():
            self._actions[name].triggered.connect(lambda _=False, call=handler: call())

    def enable(self, names: Iterable[str], on: bool) -> None:
        """Enable or disable some commands."""
        for name in names:
            self._actions[name].setEnabled(on)

    def fill(self, bar: QMenuBar) -> None:
        """Make the menus of the table."""
        for name, items in MENUS.items():
            menu = bar.addMenu(name)
            self.menus[name] = menu
            self._fill_menu(menu, items)

    def _fill_menu(self, menu: QMenu, items: Iterable[MenuItem]) -> None:
        for item in items:
            match item:
                case None:
                    menu.addSeparator()
                case ActionSpec():
                    menu.addAction(self._actions[item.name])
                case Submenu():
                    self.menus[item.name] = menu.addMenu(item.text)
                    self._fill_menu(self.menus[item.name], item.items)

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        if spec.canvas_keys:
            action.setText(f"{spec.text}\t{canvas_keys_text(spec)}")
        if spec.choice:
            group = self._groups.setdefault(spec.choice, QActionGroup(self))
            group.addAction(action)
        action.setCheckable(spec.checkable or bool(spec.choice))
        self._window.addAction(action)
        return action

    def _show_icons(self) -> None:
        for name, (_, spec) in all_specs().items():
            if spec.icon and not spec.choice:
                self._actions[name].setIcon(appearance().icon(spec.icon))


def canvas_keys_text(spec: ActionSpec) -> str:
    """The keys with which the canvas answers a command, as this system writes them."""
    return QKeySequence(spec.canvas_keys).toString(QKeySequence.SequenceFormat.NativeText)
