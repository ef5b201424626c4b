"""The presets as cards side by side, the person's own after those of the program."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from engine.recipe.presets import Preset
from engine.words import counted
from gui.style.style import role
from gui.train.recipe.preset_card import PresetCard
from gui.widgets import layouts

_NARROWEST, _GAP, _MARGIN = 132, 8, 16  # px
_MOST_ROWS = 2  # a button unfolds more


class PresetCards(QWidget):
    """``chosen`` carries a preset, ``asked`` a preset and a command of its menu.

    Of many, those that have no room in two rows are folded, but for the one that is chosen.
    """

    chosen = Signal(object)
    asked = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[PresetCard] = []
        self._presets: tuple[Preset, ...] = ()
        self._all = False
        self.more = QPushButton()
        role(self.more, "text")
        self.more.clicked.connect(self._fold_other)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        below = layouts.row(None, self.more)
        below.addStretch(1)
        column = layouts.column(self, self._grid, below, spacing=4)
        column.setContentsMargins(_MARGIN, 12, _MARGIN, 12)

    def show_presets(self, presets: Sequence[Preset], current: Preset) -> None:
        """Show these, ``current`` as the chosen one."""
        if tuple(presets) != self._presets:
            self._presets = tuple(presets)
            self._make_cards()
        for card in self.cards:
            card.show_current(card.preset == current)
        self._arrange()

    def _make_cards(self) -> None:
        """Another card has the keyboard in place of one that had it."""
        holder = self.window().focusWidget()
        held = next((place for place, card in enumerate(self.cards) if holder and _within(card, holder)), None)
        for card in self.cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(preset) for preset in self._presets]
        self._arrange()
        if held is not None:
            card = self.cards[min(held, len(self.cards) - 1)]
            self._all = self._all or card.isHidden()
            card.show()  # what is hidden takes no keys, and layouts show what is new only later
            card.setFocus()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _card(self, preset: Preset) -> PresetCard:
        card = PresetCard(preset, self)
        card.clicked.connect(lambda: self.chosen.emit(preset))
        card.asked.connect(lambda command: self.asked.emit(preset, command))
        return card

    def _arrange(self) -> None:
        """As many beside each other as there is room for, all alike."""
        columns = max(1, (self.width() - 2 * _MARGIN + _GAP) // (_NARROWEST + _GAP))
        room = len(self.cards) if self._all else columns * _MOST_ROWS
        shown = [card for place, card in enumerate(self.cards) if place < room or card.current]
        for card in self.cards:
            self._grid.removeWidget(card)
            card.setVisible(card in shown)
        for place, card in enumerate(shown):
            self._grid.addWidget(card, *divmod(place, columns))
        for column in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, column < columns)
        folds = len(self.cards) > columns * _MOST_ROWS
        left = len(self.cards) - len(shown)
        self.more.setText(f"{counted(left, 'more preset')}" if left else "Fewer presets")
        self.more.setVisible(folds and (self._all or left > 0))

    def _fold_other(self) -> None:
        self._all = not self._all
        self._arrange()


def _within(card: QWidget, widget: QWidget) -> bool:
    return card is widget or card.isAncestorOf(widget)
