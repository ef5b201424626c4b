"""A part of the form: a heading, its lines, and folded below them those that few people change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.train.recipe.line import INDENT, Line, LineField
from gui.widgets.disclosure import Disclosure
from gui.widgets.section import MARGIN, Section

_FIRST = 2  # parts of the body before the lines: the heading and some room
_FOLDED = 4  # the last of the groups


class FormSection(Section):
    """First what has settings of its own, then plain settings, those of what is chosen, what can be switched off.

    ``restored`` carries the paths of settings that shall be as the preset has them.
    """

    restored = Signal(tuple)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.body.setContentsMargins(MARGIN - INDENT, 11, MARGIN, 8)
        self.heading.setIndent(INDENT)
        self.more = Disclosure("More settings", indent=INDENT)
        self.body.addWidget(self.more)
        self._groups: tuple[list[Line], ...] = ([], [], [], [], [])
        self._shared: dict[tuple[str, str], Line] = {}  # by whose settings they are, and what they are called

    @property
    def lines(self) -> Iterator[Line]:
        """All of them, in their order."""
        for group in self._groups:
            yield from group

    def take(self, field: LineField, *, owner: str = "") -> None:
        """Give a field a place; it is a setting of ``owner``, if of any."""
        kind = field.kind
        if kind.row and (owner, kind.row) in self._shared:
            self._shared[owner, kind.row].add(field)
            return
        line = Line(kind.row or kind.title)
        line.add(field)
        chooses = kind.registry is not None and None not in kind.words
        places = (chooses, not owner and kind.when_on is None, bool(owner), True)
        self._place(line, _FOLDED if kind.advanced else places.index(True))
        self._shared[owner, kind.row] = line
        line.label.restored.connect(partial(self._restore, line))

    @property
    def widgets(self) -> Iterator[QWidget]:
        """All that is in it, as one reads it."""
        parts = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for part in sorted(parts, key=self.body.indexOf):
            if self.body.indexOf(part) >= 0:
                yield from (part, *part.findChildren(QWidget))

    def _restore(self, line: Line) -> None:
        self.restored.emit(tuple(field.objectName() for field in line.fields if not field.isHidden()))

    def _place(self, line: Line, group: int) -> None:
        self._groups[group].append(line)
        if group == _FOLDED:
            self.more.body_layout.addWidget(line)
        else:
            self.body.insertWidget(_FIRST + sum(map(len, self._groups[: group + 1])) - 1, line)

    def add_below(self, widget: QWidget) -> None:
        """Something below all lines."""
        self.body.addWidget(widget)

    def fit(self) -> None:
        """Show the lines that have fields now, and tell of changed ones that are folded."""
        for line in self.lines:
            line.fit()
        folded = self._groups[_FOLDED]
        self.more.setHidden(all(line.isHidden() for line in folded))
        changed = sum(bool(line.label.changes) for line in folded if not line.isHidden())
        self.more.button.setText(f"More settings, {changed} changed" if changed else "More settings")
        self.more.button.setAccessibleName(f"{self.heading.text()}: {self.more.button.text()}")
