"""A context menu made of declared commands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QWidget

from gui.guard import border
from gui.registry.commands import LocalCommand, spots_in
from gui.style.appearance import appearance
from gui.widgets.disabled_actions import tell_why_not

S = TypeVar("S")


def context_menu(parent: QWidget, subject: S, commands: Sequence[LocalCommand[S]], *parts: str) -> QMenu:
    """The menu of these parts, one below the other, for what is ``subject`` now."""
    menu = QMenu(parent)
    tell_why_not(menu)
    for part in parts:
        for group in spots_in(commands, part):
            if not menu.isEmpty():
                menu.addSeparator()
            for command in group:
                border().ask(
                    f"the command '{command.text}'", partial(_add, menu, command, subject, part), otherwise=None
                )
    return menu


def _add(menu: QMenu, command: LocalCommand[S], subject: S, part: str) -> None:
    if not command.offered(subject):
        return
    icon, text = command.face(subject, part)
    shown = appearance().icon(icon) if icon else QIcon()
    possible = command.possible(subject)
    action = menu.addAction(shown, "\t".join((text, *command.shown_keys[:1])))
    action.triggered.connect(lambda: border().do(lambda: command.act(subject)))
    action.setEnabled(possible)
    action.setToolTip("" if possible else command.in_vain)
