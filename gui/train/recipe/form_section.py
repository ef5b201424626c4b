"""A part of the form: a heading, its lines, and folded below them those that few people change."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from gui.train.recipe.line import INDENT, Line, LineField
from gui.widgets.disclosure import Disclosure
from gui.widgets.section import MARGIN, Section


class FormSection(Section):
    """First what has settings of its own, then plain settings, those of what is chosen, what can be switched off."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.body.setContentsMargins(MARGIN - INDENT, 12, MARGIN, 10)
        self.heading.setIndent(INDENT)
        self.more = Disclosure("More settings")
        self._groups: tuple[list[Line], ...] = ([], [], [], [], [])
        self._last: tuple[str, str, Line] | None = None

    @property
    def lines(self) -> Iterator[Line]:
        """All of them, in their order."""
        for group in self._groups:
            yield from group

    def take(self, field: LineField, *, owner: str = "") -> None:
        """Give a field a place; it is a setting of ``owner``, if of any."""
        kind = field.kind
        if kind.row and self._last is not None and self._last[:2] == (owner, kind.row):
            self._last[2].add(field)
            return
        line = Line(kind.row or kind.title)
        line.add(field)
        chooses = kind.registry is not None and None not in kind.words
        places = (chooses, not owner and kind.when_on is None, bool(owner), True)
        self._groups[4 if kind.advanced else places.index(True)].append(line)
        self._last = (owner, kind.row, line)

    def lay_out(self) -> None:
        """Place the lines: all fields are there."""
        for line in self.lines:
            folded = line in self._groups[4]
            (self.more.body_layout if folded else self.body).addWidget(line)
        self.body.addWidget(self.more)

    def add_below(self, widget: QWidget) -> None:
        """Something below all lines."""
        self.body.addWidget(widget)

    def fit(self) -> None:
        """Show the lines that have fields now, and tell of changed ones that are folded."""
        for line in self.lines:
            line.fit()
        folded = self._groups[4]
        self.more.setHidden(all(line.isHidden() for line in folded))
        changed = sum(bool(line.label.changes) for line in folded if not line.isHidden())
        self.more.button.setText(f"More settings, {changed} changed" if changed else "More settings")
