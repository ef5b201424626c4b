"""One entry of an ordered list: its handle, switch, title and share in a row, and its settings below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.choices import Choice
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.card_note import CardNote, NoteBox
from gui.widgets.disclosure import Disclosure
from gui.widgets.form_row import Field, FormRow
from gui.widgets.range_field import RangeField
from gui.widgets.range_words import spoken_range
from gui.widgets.switch import Switch
from gui.widgets.unit_field import UnitField
from gui.widgets.values import Editor, Kind, kinds_of, to_text

__all__ = ["CardNote", "OrderedCard"]

_SHARE_WIDTH = 50
_ICON = 16


class OrderedCard(QFrame):
    """The card of a choice; those of its settings that its class names as its ``head`` stand beside the title.

    ``dragged`` and ``dropped`` tell where on the screen the handle is held, None when the drag is called off.
    """

    edited = Signal(str, object, object)  # setting, value, gesture
    refused = Signal(str, str, object)
    menu_asked = Signal(QPoint)
    dragged = Signal(object)
    dropped = Signal(QPoint)

    def __init__(self, choice: Choice, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._noun, self._place = noun, ""
        self._notes: tuple[CardNote, ...] = ()
        self.fields: dict[str, Field] = {}
        self.switch: Switch | None = None
        self._kinds = kinds_of(type(choice))
        self.always, self._off = QLabel(), QLabel("off")
        self._body = QWidget()
        self._more: Disclosure | None = None
        role(self, "entry")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        appearance().changed.connect(self._show_icon)
        self._show_icon()

    def show_choice(self, choice: Choice, put: Callable[[Field, Any], None]) -> None:
        """Show the settings of a choice of the same kind, as ``put`` puts a value into a field."""
        self.choice = choice
        for name, field in self.fields.items():
            put(field, getattr(choice, name))
        self._show_state()

    def set_place(self, number: int, count: int) -> None:
        """Stand as one of several."""
        self._place = f"{self._noun} {number} of {count}"
        self._show_state()

    def set_current(self, current: bool) -> None:
        """Show all that it has, or the most important."""
        mark(self, "current", current)
        for field in self.fields.values():
            if isinstance(field.editor, RangeField):
                field.editor.set_detailed(current)
        if self._more is not None:
            self._more.setVisible(current)

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is in the card, or on something in it."""
        holder = QApplication.focusWidget()
        return holder is not None and (holder is self or self.isAncestorOf(holder))

    def show_notes(self, notes: Sequence[CardNote]) -> None:
        """Say something below the settings, each with what helps."""
        if tuple(notes) != self._notes:
            self._notes = tuple(notes)
            layouts.clear(self._said)
            for note in notes:
                self._said.addWidget(NoteBox(note))

    def put_away(self) -> None:
        """Hide, as good as new for another entry of this kind."""
        self.hide()
        self.show_notes(())
        if self._more is not None:
            self._more.button.setChecked(False)

    def toggle(self) -> None:
        """Switch it on or off."""
        if self.switch is not None:
            self.switch.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.handle.held:
            self.handle.let_go()
            self.dragged.emit(None)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self) as painter:
                painter.setPen(QPen(appearance().colour("accent"), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -2))

    # Making it

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 12, 7)
        column.setSpacing(2)
        head = layouts.row(spacing=6)
        self.handle = _Handle(self)
        self.icon, self.title, self.menu = QLabel(), QLabel(self.choice.title), QToolButton()
        head.addWidget(self.handle)
        self._reasons = layouts.column()
        self._reasons.setContentsMargins(20, 0, 0, 0)
        self._body_column = QVBoxLayout(self._body)
        self._body_column.setContentsMargins(20, 0, 0, 0)
        self._body_column.setSpacing(0)
        named = [kind for kind in self._kinds if kind.name in self.choice.head]
        for kind in named:
            if kind.editor is Editor.SWITCH:
                self.switch = Switch(f"{self.choice.title} on", bare=True)
                head.addWidget(self._head_field(kind, self.switch))
        head.addWidget(self.icon)
        head.addWidget(self.title)
        head.addWidget(self._off)
        head.addStretch(1)
        for kind in named:
            if kind.editor is Editor.REAL:
                self._add_share(kind, head)
        head.addWidget(self.menu)
        self._add_settings([kind for kind in self._kinds if kind not in named])
        self._said = layouts.column(spacing=4)
        self._said.setContentsMargins(20, 0, 0, 0)
        for part in (head, self._reasons):
            column.addLayout(part)
        column.addWidget(self._body)
        column.addLayout(self._said)
        self._dress()

    def _dress(self) -> None:
        self.icon.setFixedSize(_ICON, _ICON)
        self.title.setToolTip(self.choice.help())
        role(self.title, "heading")
        role(self.always, "caption")
        role(self._off, "faint")
        self.menu.setFixedSize(20, 22)
        self.menu.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its commands have keys
        self.menu.setToolTip("More commands")
        self.menu.setAccessibleName(f"Commands of {self.choice.title}")
        self.menu.clicked.connect(lambda: self.menu_asked.emit(self.menu.mapToGlobal(self.menu.rect().bottomLeft())))

    def _head_field(self, kind: Kind, editor: Any) -> Field:
        field = Field(kind, editor, self)
        layouts.row(field, editor)
        self._connect(kind, field)
        self._reasons.addWidget(field.reason)
        return field

    def _add_share(self, kind: Kind, head: QHBoxLayout) -> None:
        if kind.least >= kind.most:  # there is nothing to choose
            self.always.setText("always")
            head.addWidget(self.always)
            return
        in_percent = replace(kind, editor=Editor.SHARE, unit="%")
        name = f"{kind.title} of {self.choice.title}"
        head.addWidget(self._head_field(in_percent, UnitField(in_percent, name, _SHARE_WIDTH)))

    def _add_settings(self, kinds: list[Kind]) -> None:
        for kind in kinds:
            if not kind.advanced:
                self._body_column.addWidget(self._row(kind))
        advanced = [kind for kind in kinds if kind.advanced]
        if advanced:
            self._more = Disclosure("More settings", self)
            self._body_column.addWidget(self._more)
            for kind in advanced:
                self._more.body_layout.addWidget(self._row(kind))
        if not kinds:
            self._body.hide()

    def _row(self, kind: Kind) -> FormRow:
        row = FormRow(kind, self, small=True)
        self._connect(kind, row)
        return row

    def _connect(self, kind: Kind, field: Field) -> None:
        self.fields[kind.name] = field
        field.setObjectName(kind.name)
        field.editor.edited.connect(lambda value: self._announce(field, value))
        if hasattr(field.editor, "refused"):
            field.editor.refused.connect(lambda why: self.refused.emit(kind.name, why, field.gesture))

    def _announce(self, field: Field, value: Any) -> None:
        field.show_reason("")
        self.edited.emit(field.kind.name, value, field.gesture)

    # Showing

    @property
    def _is_on(self) -> bool:
        return self.switch is None or self.switch.isChecked()

    def _show_state(self) -> None:
        mark(self.title, "quiet", not self._is_on)
        self._off.setVisible(not self._is_on)
        self._body.setEnabled(self._is_on)
        self.setAccessibleName(", ".join(self._spoken()))

    def _spoken(self) -> Iterator[str]:
        """The card as it is read aloud: "Rotate", "step 3 of 5", "on", "minus 20 to 20 degrees"."""
        yield self.choice.title
        yield self._place
        if self.switch is not None:
            yield "on" if self._is_on else "off"
        told = [kind for kind in self._kinds if not kind.advanced and kind.name not in self.choice.head]
        for kind in told:
            value = getattr(self.choice, kind.name)
            if kind.editor is Editor.RANGE:
                words = spoken_range(value, kind.unit)
            elif kind.editor is Editor.CHOICE:
                words = kind.labels[kind.words.index(value)]
            else:
                words = f"{to_text(kind, value)} {kind.unit}".strip()
            yield words if len(told) == 1 else f"{kind.title.lower()} {words}"

    def _show_icon(self) -> None:
        if self.choice.icon:
            self.icon.setPixmap(appearance().icon(self.choice.icon).pixmap(QSize(_ICON, _ICON)))
        self.icon.setHidden(not self.choice.icon)
        self.menu.setIcon(appearance().icon("mdi6.dots-vertical"))


class _Handle(QWidget):
    """Six points by which a card is dragged."""

    def __init__(self, card: OrderedCard) -> None:
        super().__init__(card)
        self._card = card
        self.held = False
        self.setFixedSize(14, 22)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag to another place (Alt+Up, Alt+Down)")

    def let_go(self) -> None:
        """Be held no longer."""
        self.held = False
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.held = True
            self._card.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.held:
            self._card.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.held:
            self.let_go()
            self._card.dropped.emit(event.globalPosition().toPoint())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(appearance().colour("faint"))
            for row in range(4):
                for column in range(2):
                    painter.drawRect(3 + 4 * column, 5 + 4 * row, 2, 2)
