"""The form of a recipe, in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from engine.choices import Registry
from engine.recipe.recipe import Recipe
from engine.recipe.sections import Section
from gui.train.recipe.form_section import FormSection
from gui.train.recipe.line import Line, LineField
from gui.widgets import layouts
from gui.widgets.card_note import CardNote
from gui.widgets.form import Form
from gui.widgets.form_row import Field
from gui.widgets.section import separator
from gui.widgets.values import Editor, Kind

TWO_COLUMNS = 500  # px from which on there are two
_LEFT = (Section.LOSS, Section.OPTIMISER, Section.SCHEDULE)


class RecipeForm(Form):
    """Which setting stands in which section is declared with the setting; two columns where there is room.

    ``restored`` carries the paths of settings that shall be as the preset has them.
    """

    restored = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.sections = {title: FormSection(title) for title in Section}
        self._columns: QBoxLayout
        self._chained = False  # whether Tab goes through all that there is
        super().__init__(Recipe, parent=parent)

    @property
    def lines(self) -> Iterator[Line]:
        """All lines, shown or not."""
        for section in self.sections.values():
            yield from section.lines

    def line(self, path: str) -> Line:
        """The line in which a setting stands now."""
        field = self.row(path)
        return next(line for line in self.lines if field in line.fields)

    def show_changes(self, changes: Mapping[str, str]) -> None:
        """Mark what differs from the preset; the words by paths say how."""
        for line in self.lines:
            line.show_changes(changes)
        self._fit()

    def show_facts(self, facts: Mapping[str, str], hints: Mapping[str, str]) -> None:
        """Say what values come to, by their paths, and below them what else is good to know."""
        for line in self.lines:
            line.show_facts(facts, hints)

    def show_notes(self, notes: Mapping[str, Sequence[CardNote]]) -> None:
        """Say below settings what they deserve, by their paths."""
        for line in self.lines:
            line.show_notes([note for field in line.fields for note in notes.get(field.objectName(), ())])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= TWO_COLUMNS
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._upright.setVisible(beside)

    def _make_field(self, kind: Kind) -> LineField:
        return LineField(kind, self)

    def _list_row(self, kind: Kind, registry: Registry[Any]) -> Field:
        """A row of choices that have no order and no settings."""
        row = self._make_field(kind)
        row.setObjectName(kind.name)
        row.editor.edited.connect(
            lambda names: self.edited.emit(kind.name, [{"name": name} for name in names], row.gesture)
        )
        return row

    def _lay_out(self, kinds: list[Kind]) -> None:
        for kind in kinds:
            field = self._add(kind)
            if kind.editor is Editor.CHOICE and len(kind.words) == 1:
                field.hide()  # there is nothing to choose
            self._take(field, kind.section)
        for one in self.sections.values():
            one.restored.connect(self.restored)
        self._upright = separator()
        self._upright.setMaximumHeight(16_777_215)
        self._upright.setMinimumHeight(0)
        self._upright.setFixedWidth(1)
        left, right = QWidget(), QWidget()
        for column, of_left in ((layouts.column(left), True), (layouts.column(right), False)):
            for title, section in self.sections.items():
                if (title in _LEFT) is of_left:
                    column.addWidget(section)
            column.addStretch(1)
        self._columns = layouts.row(self, left, self._upright, right)
        self._columns.setStretch(0, 1)
        self._columns.setStretch(2, 1)

    def _place_nested(self, field: str, name: str, rows: list[Field]) -> None:
        for row in rows:
            self._take(row, row.kind.section or self.rows[field].kind.section, owner=f"{field}.{name}")
        self._chained = False

    def _take(self, field: Field, section: str, *, owner: str = "") -> None:
        assert isinstance(field, LineField)
        self.sections[Section(section)].take(field, owner=owner)

    def chain(self) -> None:
        """Let Tab go down one column and then the other."""
        stops = [
            widget
            for section in self.sections.values()
            for widget in section.widgets
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
            and widget.window() is section.window()  # lists that drop down are windows
        ]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _put(self, values: Mapping[str, Any], put: Any) -> None:
        super()._put(values, put)
        self._fit()
        if not self._chained:
            self.chain()
            self._chained = True

    def _fit(self) -> None:
        for section in self.sections.values():
            section.fit()
