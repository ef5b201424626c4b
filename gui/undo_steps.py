"""Undo steps: they hold values and names, act in ``redo`` alone, and undo to an equal project."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtGui import QUndoCommand

from engine.network.changes import Change
from engine.network.network import Network
from engine.settings import Settings


class EditNetwork(QUndoCommand):
    """One edit of the network, as the changes it makes; steps with the same ``merge`` key become one."""

    def __init__(self, label: str, network: Network, changes: Sequence[Change], *, merge: Hashable = None) -> None:
        super().__init__(label)
        self._network = network
        self._changes = list(changes)
        self._merge = merge

    def redo(self) -> None:
        self._network.replay(self._changes)

    def undo(self) -> None:
        self._network.revert(self._changes)

    def id(self) -> int:
        return -1 if self._merge is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditNetwork) or other._merge != self._merge:
            return False
        self._changes += other._changes
        return True


class ChangeSettings(QUndoCommand):
    """One of the project's settings values replaced by another; steps with the same ``merge`` key become one."""

    def __init__(
        self,
        label: str,
        assign: Callable[[Settings], None],
        *,
        before: Settings,
        after: Settings,
        merge: Hashable = None,
    ) -> None:
        super().__init__(label)
        self._assign = assign
        self._before = before
        self._after = after
        self._merge = merge

    def redo(self) -> None:
        self._assign(self._after)

    def undo(self) -> None:
        self._assign(self._before)

    def id(self) -> int:
        return -1 if self._merge is None else 2

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ChangeSettings) or other._merge != self._merge:
            return False
        self._after = other._after
        return True
