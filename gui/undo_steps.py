"""Undo steps: they hold values and names, act in ``redo`` alone, and undo to an equal project.

Steps that merge and together change nothing leave the stack.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from engine.network.changes import Change
    from engine.network.network import Network
    from engine.network.parts import Node
    from engine.settings import Settings


class EditNetwork(QUndoCommand):
    """One edit of the network, as the changes it makes; steps with the same ``merge`` key become one.

    One that ``only_shows`` opens and closes blocks: nobody would miss it in the file.
    """

    def __init__(
        self,
        label: str,
        network: Network,
        changes: Sequence[Change],
        *,
        merge: Hashable = None,
        only_shows: bool = False,
    ) -> None:
        super().__init__(label)
        self._network = network
        self._changes = list(changes)
        self.merge = merge
        self.only_shows = only_shows

    def redo(self) -> None:
        self._network.replay(self._changes)

    def undo(self) -> None:
        self._network.revert(self._changes)

    def id(self) -> int:
        return -1 if self.merge is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditNetwork) or other.merge != self.merge:
            return False
        self._changes = _joined(self._changes, other._changes)
        self.setObsolete(not self._changes)
        return True

    def inverse(self) -> EditNetwork:
        """The step that takes this one back; merged with it nothing is left."""
        changes = [change.inverse() for change in reversed(self._changes)]
        return EditNetwork(self.text(), self._network, changes, merge=self.merge)


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
        self.merge = merge

    def redo(self) -> None:
        self._assign(self._after)

    def undo(self) -> None:
        self._assign(self._before)

    def id(self) -> int:
        return -1 if self.merge is None else 2

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ChangeSettings) or other.merge != self.merge:
            return False
        self._after = other._after
        self.setObsolete(self._before == self._after)
        return True

    def inverse(self) -> ChangeSettings:
        """The step that takes this one back; merged with it nothing is left."""
        return ChangeSettings(self.text(), self._assign, before=self._after, after=self._before, merge=self.merge)


def _joined(changes: Sequence[Change], others: Sequence[Change]) -> list[Change]:
    """Changes and those that followed; none if together they come to nothing."""
    joined = list(changes)
    for change in others:
        if joined and joined[-1] == change.inverse():
            joined.pop()
        else:
            joined.append(change)
    return [] if _come_to_nothing(joined) else joined


def _come_to_nothing(changes: Sequence[Change]) -> bool:
    """Whether every node ends as it began, where nodes are all that changed."""
    from engine.network.changes import NodeChanged  # the first paint does without it

    first: dict[str, Node] = {}
    last: dict[str, Node] = {}
    for change in changes:
        if not isinstance(change, NodeChanged):
            return False
        first.setdefault(change.name, change.before)
        last[change.name] = change.after
    return first == last
