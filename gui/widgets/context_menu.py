"""A context menu made of declared commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtWidgets import QMenu, QWidget

from gui.registry.commands import LocalCommand, spots_in
from gui.style.appearance import appearance

S = TypeVar("S")


def context_menu(parent: QWidget, subject: S, commands: Sequence[LocalCommand[S]], *parts: str) -> QMenu:
    """The menu of these parts, one below the other, for what is ``subject`` now."""
    menu = QMenu(parent)
    for part in parts:
        for group in spots_in(commands, part):
            if not menu.isEmpty():
                menu.addSeparator()
            for command in group:
                if command.offered(subject):
                    _add(menu, command, subject, part)
    return menu


def _add(menu: QMenu, command: LocalCommand[S], subject: S, part: str) -> None:
    icon, text = command.face(subject, part)
    action = menu.addAction("\t".join((text, *command.shown_keys[:1])))
    action.triggered.connect(lambda: command.act(subject))
    action.setEnabled(command.possible(subject))
    if icon:
        action.setIcon(appearance().icon(icon))
