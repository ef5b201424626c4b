"""An editor for several choices in an order: a card each, which are dragged, switched, copied and taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from engine.choices import Choice, Registry
from gui.guard import border
from gui.style.appearance import appearance
from gui.style.style import mark
from gui.widgets import layouts
from gui.widgets.context_menu import context_menu
from gui.widgets.finder import Finder
from gui.widgets.form_row import Field
from gui.widgets.list_commands import ENTRY_PART, LIST_COMMANDS, ListCommand
from gui.widgets.ordered_card import CardNote, OrderedCard
from gui.widgets.setting_paths import with_value

_KEYS = {QKeySequence(keys): command for command in LIST_COMMANDS.values() for keys in command.local_keys}
_NEAR_EDGE = 24  # px; a drag this near to the edge of what scrolls makes it scroll


class OrderedList(QWidget):
    """Cards of the choices that a settings field holds; Up and Down go from card to card.

    Settings of an entry are named by its place: "2.angle". Whatever else is done with the list is told by
    ``rearranged``, as the whole list and what is done. One card is ``current``, and shows all that it has.
    """

    edited = Signal(str, object, object)  # place and setting, value, gesture
    refused = Signal(str, str, object)  # place and setting, why ("": it is over), gesture
    rearranged = Signal(object, str)
    current_changed = Signal(int)  # -1 if there is none

    def __init__(self, registry: Registry[Choice], title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.registry = registry
        self.cards: list[OrderedCard] = []
        self.current = -1
        self._values: tuple[Mapping[str, Any], ...] = ()
        self._coming = -1  # the place of an entry that is added, until it is there
        self._spare: dict[type[Choice], OrderedCard] = {}  # cards that were put away, as making one takes long
        self._coming_kinds: list[type[Choice]] = []  # of which cards are made before they are wanted
        self._making = QTimer(self, interval=0)
        self._making.timeout.connect(self._make_next)
        self.finder = Finder(registry, self)
        self.finder.chosen.connect(self._add_after_current)
        self.adder = QPushButton(f"Add {registry.one}…")
        mark(self.adder, "scale", "small")
        self.adder.clicked.connect(self.open_finder)
        self._column = layouts.column()
        outer = layouts.column(self, self._column, spacing=4)
        outer.addWidget(self.adder, alignment=Qt.AlignmentFlag.AlignLeft)
        outer.addStretch(1)  # or cards would share out what is too much
        self.landing_line = _LandingLine(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]

    # What is in force

    def set_value(self, value: Sequence[Mapping[str, Any]]) -> None:
        """Follow the entries; what is being typed into them stays while it stands for them."""
        self._put(value, Field.set_value)

    def reset(self, value: Sequence[Mapping[str, Any]]) -> None:
        """Show entries whatever is typed."""
        self._put(value, Field.reset)

    hold = reset

    def set_error(self, wrong: bool) -> None:
        """A list is never refused as a whole."""

    def field(self, path: str) -> Field:
        """The field of a setting of an entry: "2.angle"."""
        place, _, setting = path.partition(".")
        return self.cards[int(place)].fields[setting]

    def show_notes(self, notes: Mapping[int, Sequence[CardNote]]) -> None:
        """Show what is to be said of entries, by their places."""
        for place, card in enumerate(self.cards):
            card.show_notes(notes.get(place, ()))

    def prepare(self, kinds: Iterable[type[Choice]]) -> None:
        """Make cards of kinds that are likely to be wanted, one in each turn of the event loop."""
        self._coming_kinds = list(dict.fromkeys(kinds))
        self._making.start()

    # What is done

    def move_entry(self, place: int, to: int) -> None:
        """Bring an entry to another place."""
        moved = list(self._values)
        moved.insert(to, moved.pop(place))
        card = self.cards.pop(place)
        self.cards.insert(to, card)
        self._column.removeWidget(card)
        self._column.insertWidget(to, card)
        self._values = tuple(moved)
        self._number()
        self.make_current(to)
        self.rearranged.emit(self._values, f"Move {card.choice.title}")

    def remove(self, place: int) -> None:
        """Take an entry out; the one after it becomes current, or the last."""
        title = self.cards[place].choice.title
        remaining = (*self._values[:place], *self._values[place + 1 :])
        if self.cards[place].has_keyboard:
            others = (*self.cards[place + 1 : place + 2], *self.cards[max(place - 1, 0) : place], self)
            others[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._drop(place)
        self._values = remaining
        self.make_current(min(place, len(self.cards) - 1))
        self.rearranged.emit(remaining, f"Remove {title}")

    def duplicate(self, place: int) -> None:
        """Add the same entry once more after itself."""
        self._insert(self._values[place], place + 1, f"Duplicate {self.cards[place].choice.title}")

    def add(self, name: str, place: int | None = None) -> None:
        """Add a choice with its usual settings at a place, or at the end."""
        where = len(self.cards) if place is None else place
        self._insert({"name": name}, where, f"Add {self.registry[name].title}")

    def open_finder(self) -> None:
        """Let a person choose by typing what to add after the current entry."""
        card = self.cards[self.current] if self.current >= 0 else None
        self.finder.open_at(card.mapToGlobal(QPoint(28, card.height())) if card else self.mapToGlobal(QPoint(28, 0)))

    def make_current(self, place: int) -> None:
        """Let an entry show all that it has, and the others the most important."""
        changed, self.current = place != self.current, place
        for number, card in enumerate(self.cards):
            card.set_current(number == place)
        if changed:
            self.current_changed.emit(place)

    # Landing: cards and what is dragged in from elsewhere

    def landing_at(self, where: QPoint) -> int | None:
        """The place where what is let go at a point of the screen would come to stand; None beside the list."""
        point = self.mapFromGlobal(where)
        if not self.rect().adjusted(-16, -24, 16, 48).contains(point):
            return None
        return sum(point.y() > card.geometry().center().y() for card in self.cards)

    def show_landing(self, where: QPoint | None) -> None:
        """Draw a line where it would come to stand, or no line."""
        place = None if where is None else self.landing_at(where)
        if place is None or where is None:
            self.landing_line.hide()
            return
        below = place < len(self.cards)
        y = self.cards[place].y() if below else self.cards[-1].geometry().bottom() if self.cards else 0
        self.landing_line.show_at(y, self.width())
        around = self._scrolls()
        if around is not None and (page := around.widget()) is not None:
            at = page.mapFromGlobal(where)
            around.ensureVisible(at.x(), at.y(), 0, _NEAR_EDGE)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.cards:
            self.cards[min(max(self.current, 0), len(self.cards) - 1)].setFocus(event.reason())
        else:
            super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = _KEYS.get(QKeySequence(event.keyCombination()))
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if command is not None:
            self._do(command)
        elif step and self.cards and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.cards[min(max(self.current + step, 0), len(self.cards) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def open_menu(self, place: int, where: QPoint) -> None:
        """Open the menu of an entry at a point of the screen."""
        self.make_current(place)
        menu = context_menu(self, self, list(LIST_COMMANDS.values()), ENTRY_PART)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def _do(self, command: ListCommand) -> None:
        if command.offered(self) and command.possible(self):
            border().do(lambda: command.act(self))

    def _add_after_current(self, name: str) -> None:
        self.add(name, self.current + 1 if self.current >= 0 else None)

    def _insert(self, value: Mapping[str, Any], place: int, label: str) -> None:
        self._coming = place
        self.rearranged.emit((*self._values[:place], value, *self._values[place:]), label)

    # Cards

    def _put(self, value: Sequence[Mapping[str, Any]], put: Callable[[Field, Any], None]) -> None:
        grown = len(value) > len(self.cards)
        self._values = tuple(value)
        choices = [self.registry.make(dict(one)) for one in value]
        while len(self.cards) > len(choices):
            self._drop(len(self.cards) - 1)
        for place, choice in enumerate(choices):
            if place < len(self.cards) and type(self.cards[place].choice) is not type(choice):
                self._drop(place)
                self._insert_card(choice, place)
            elif place == len(self.cards):
                self._insert_card(choice, place)
            self.cards[place].show_choice(choice, put)
        self._number()
        current = min(max(self.current, 0), len(self.cards) - 1)
        if grown and self._coming >= 0:
            current, self._coming = self._coming, -1
            self.cards[current].setFocus(Qt.FocusReason.OtherFocusReason)
        self.make_current(current)

    def _insert_card(self, choice: Choice, place: int) -> None:
        card = self._spare.pop(type(choice), None) or self._make(choice)
        card.show_choice(choice, Field.reset)
        self.cards.insert(place, card)
        self._column.insertWidget(place, card)
        card.show()

    def _make_next(self) -> None:
        if not self._coming_kinds:
            self._making.stop()
            return
        kind = self._coming_kinds.pop(0)
        if kind not in self._spare and all(type(card.choice) is not kind for card in self.cards):
            self._spare[kind] = self._make(self.registry.make({"name": kind.name}))
            self._spare[kind].put_away()

    def _make(self, choice: Choice) -> OrderedCard:
        card = OrderedCard(choice, self.registry.one.rpartition(" ")[2], self)
        card.edited.connect(partial(self._tell, card, self.edited))
        card.refused.connect(partial(self._tell, card, self.refused))
        card.menu_asked.connect(lambda where: self.open_menu(self.cards.index(card), where))
        card.dragged.connect(self.show_landing)
        card.dropped.connect(partial(self._land, card))
        return card

    def _tell(self, card: OrderedCard, signal: Any, setting: str, *rest: Any) -> None:
        place = f"{self.cards.index(card)}.{setting}"
        if signal is self.edited:
            self._values = with_value(self._values, place, rest[0])
        signal.emit(place, *rest)

    def _land(self, card: OrderedCard, where: QPoint) -> None:
        self.landing_line.hide()
        place, to = self.cards.index(card), self.landing_at(where)
        if to is None:
            return
        to -= to > place  # those after it come one place forward
        if to != place:
            self.move_entry(place, to)

    def _drop(self, place: int) -> None:
        card = self.cards.pop(place)
        if card.has_keyboard:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._column.removeWidget(card)
        card.put_away()
        if self._spare.setdefault(type(card.choice), card) is not card:
            card.deleteLater()

    def _number(self) -> None:
        for place, card in enumerate(self.cards):
            card.set_place(place + 1, len(self.cards))

    def _follow_focus(self) -> None:
        """The card that has the keyboard is the current one."""
        for place, card in enumerate(self.cards):
            if card.has_keyboard:
                self.make_current(place)

    def _scrolls(self) -> QScrollArea | None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        return around


class _LandingLine(QWidget):
    """The line where a card would come to stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(2)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        self.hide()

    def show_at(self, y: int, width: int) -> None:
        """Show itself across the list."""
        palette = self.palette()
        palette.setColor(self.backgroundRole(), appearance().colour("accent"))
        self.setPalette(palette)
        self.setGeometry(0, max(0, y - 1), width, 2)
        self.show()
        self.raise_()
