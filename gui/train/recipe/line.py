"""A line of the form: a label, one or more fields beside it, and below them what is to be said of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.style.appearance import appearance
from gui.style.style import FIELD_HEIGHT, mark, role
from gui.widgets import layouts
from gui.widgets.card_note import CardNote, NoteBox
from gui.widgets.form_row import Field, editor_of
from gui.widgets.number_field import NumberField
from gui.widgets.steady import steady_width
from gui.widgets.values import Editor, Kind

INDENT = 12  # px before the label, where the dot of a changed setting is
_LABEL_WIDTH = 102
_GAP = 6
_MOST_ROOMY = 2  # numbers of a line with the usual room beside them
_NARROWEST = {Editor.INTEGER: 50, Editor.REAL: 50, Editor.SWITCH: 64, Editor.LIST: 96, Editor.TABLE: 96}  # px


class LineField(Field):
    """An editor that stands in a `Line`."""

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(kind, editor_of(kind), parent)
        self.editor.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layouts.row(self, self.editor)

    @property
    def room(self) -> int:
        """The least width at which it can be read, in px."""
        if self.kind.when_on is not None:
            return _NARROWEST[Editor.REAL] + 52
        if self.kind.length:
            return (_NARROWEST[Editor.REAL] + _GAP) * self.kind.length - _GAP
        return _NARROWEST.get(self.kind.editor, 0) or max(96, self._words())

    def _words(self) -> int:
        """What the longest word of a choice takes."""
        metrics = self.editor.fontMetrics()
        return max(map(metrics.horizontalAdvance, self.kind.labels or map(str, self.kind.words)), default=0) + 44


class LineLabel(QLabel):
    """What a line is called; where it differs from the preset, a click, Enter or Space asks to restore it."""

    restored = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.changes = ""
        self.setFixedWidth(_LABEL_WIDTH)
        self.setMinimumHeight(FIELD_HEIGHT)
        self.setWordWrap(True)
        role(self, "label")

    def show_changes(self, changes: str, about: str) -> None:
        """Say how the settings differ from the preset, "" where they do not; ``about`` is said in any case."""
        self.changes = changes
        role(self, "link" if changes else "label")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if changes else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if changes else Qt.CursorShape.ArrowCursor)
        self.setToolTip("\n".join(filter(None, (changes, about))))
        self.setAccessibleName(f"{self.text()}, changed. {changes}" if changes else self.text())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.changes and self.rect().contains(event.position().toPoint()):
            self.restored.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.changes and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.restored.emit()
        else:
            super().keyPressEvent(event)


class Line(QWidget):
    """The fields stand below the label where the words beside it would be cut."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: list[LineField] = []
        self.label = LineLabel(title)
        self.fact, self.hint = QLabel(), QLabel()
        for label in (self.fact, self.hint):
            role(label, "caption")
            label.setWordWrap(True)
            label.hide()
        self._row = layouts.row(spacing=_GAP)
        self._offers: list[QPushButton] = []
        self._notes: tuple[CardNote, ...] = ()
        self._reasons, self._boxes = layouts.column(spacing=2), layouts.column(spacing=4)
        self._below: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(INDENT, 2, 0, 3)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._reasons.addWidget(self.hint)
        self._grid.addLayout(self._reasons, 3, 0, 1, 2)
        self._grid.addLayout(self._boxes, 4, 0, 1, 2)
        self._place(below=False)

    def add(self, field: LineField) -> None:
        """Another field at the end of the line."""
        self.fields.append(field)
        self._row.addWidget(field, max(1, field.kind.length))
        self._reasons.addWidget(field.reason)
        numbers = [one for field in self.fields for one in field.findChildren(NumberField)]
        if len(numbers) > _MOST_ROOMY:
            for number in numbers:
                mark(number, "tight", True)
        if len(self.fields) == 1:
            self.label.setBuddy(field.editor)

    def offer(self, button: QPushButton) -> None:
        """A button after the fields, as long as it is shown."""
        self._offers.append(button)
        self._row.addWidget(button)

    def fit(self) -> None:
        """Be there if any of the fields is, with them beside the label or below it."""
        self.setVisible(any(not field.isHidden() for field in self.fields))
        self._settle()

    def show_changes(self, changes: Mapping[str, str]) -> None:
        """Mark it where a field differs from the preset; the words by paths say how."""
        shown = [field for field in self.fields if not field.isHidden()]
        about = "\n".join(dict.fromkeys(field.kind.help for field in shown if field.kind.help))
        told = (changes.get(field.objectName(), "") for field in shown)
        self.label.show_changes("\n".join(filter(None, told)), about)
        self.update()

    def show_facts(self, facts: Mapping[str, str], hints: Mapping[str, str]) -> None:
        """Say what values come to, by their paths: at the end of a number, else below the line, as hints are."""
        below = []
        for field in self.fields:
            text = facts.get(field.objectName(), "")
            if hasattr(field.editor, "set_unit"):
                field.editor.set_unit(text or field.kind.unit)
            elif text:
                below.append(text)
        self.fact.setText(", ".join(below))
        self.fact.setVisible(bool(below))
        self.hint.setText(" ".join(filter(None, (hints.get(field.objectName()) for field in self.fields))))
        self.hint.setVisible(bool(self.hint.text()))

    def show_notes(self, notes: Sequence[CardNote]) -> None:
        """Say below what the settings deserve."""
        if tuple(notes) != self._notes:
            self._notes = tuple(notes)
            layouts.clear(self._boxes)
            for note in notes:
                self._boxes.addWidget(NoteBox(note))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.label.changes:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(appearance().colour("link"))
                painter.drawEllipse(QPointF(INDENT / 2 - 1, self.label.y() + FIELD_HEIGHT / 2), 2.5, 2.5)

    def _settle(self) -> None:
        parts = [field.room for field in self.fields if not field.isHidden()]
        parts += [button.sizeHint().width() for button in self._offers if not button.isHidden()]
        needed = sum(parts) + self._row.spacing() * (len(parts) - 1)
        self._place(below=steady_width(self) - INDENT - _LABEL_WIDTH - _GAP < needed)

    def _place(self, *, below: bool) -> None:
        if below != self._below:
            self._below = below
            self._grid.removeItem(self._row)
            self._grid.removeWidget(self.fact)
            row, column, columns = (1, 0, 2) if below else (0, 1, 1)
            self._grid.addLayout(self._row, row, column, 1, columns)
            self._grid.addWidget(self.fact, 2, column, 1, columns)
            self.updateGeometry()
