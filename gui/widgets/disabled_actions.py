"""Menus that say why something in them cannot be chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QMenu, QToolTip


class _Teller(QObject):
    """Shows the tooltips of a menu's disabled actions alone: those of the others would repeat their words."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self._menu = menu
        menu.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            action = self._menu.actionAt(event.pos())
            if action is not None and not action.isEnabled() and not action.isSeparator():
                QToolTip.showText(event.globalPos(), action.toolTip(), self._menu)
                return True
        return super().eventFilter(watched, event)


def tell_why_not(menu: QMenu) -> None:
    """Let a menu show the tooltips of its actions that are disabled."""
    _Teller(menu)
