"""The presets as cards side by side, the person's own after those of the program."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from engine.recipe.presets import Preset
from gui.style.style import role
from gui.train.recipe.preset_card import CARD_HEIGHT, PresetCard
from gui.widgets import layouts

_NARROWEST, _GAP, _MARGIN = 132, 8, 16  # px
_MOST_ROWS = 2  # more scroll


class PresetCards(QScrollArea):
    """``chosen`` carries a preset, ``asked`` a preset and a command of its menu."""

    chosen = Signal(object)
    asked = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[PresetCard] = []
        self._presets: tuple[Preset, ...] = ()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        page = QWidget()
        role(page, "page")
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(_MARGIN, 12, _MARGIN, 12)
        self._grid.setSpacing(_GAP)
        self.setWidget(page)

    def show_presets(self, presets: Sequence[Preset], current: Preset) -> None:
        """Show these, ``current`` as the chosen one."""
        if tuple(presets) != self._presets:
            self._presets = tuple(presets)
            layouts.clear(self._grid)
            self.cards = [self._card(preset) for preset in presets]
            self._arrange()
        for card in self.cards:
            card.show_current(card.preset == current)

    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _card(self, preset: Preset) -> PresetCard:
        card = PresetCard(preset)
        card.clicked.connect(lambda: self.chosen.emit(preset))
        card.asked.connect(lambda command: self.asked.emit(preset, command))
        return card

    def _arrange(self) -> None:
        """As many beside each other as there is room for, all alike."""
        if not self.cards:
            return
        columns = max(1, (self.width() - 2 * _MARGIN + _GAP) // (_NARROWEST + _GAP))
        rows = -(-len(self.cards) // columns)
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, *divmod(place, columns))
        for column in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, column < columns)
        shown = min(rows, _MOST_ROWS)
        self.setFixedHeight(shown * (CARD_HEIGHT + _GAP) - _GAP + 24 + (CARD_HEIGHT // 3) * (rows > _MOST_ROWS))
