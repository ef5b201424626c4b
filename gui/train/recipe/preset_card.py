"""A preset as a card."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.recipe.presets import RECIPES, Preset
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.recipe.preset_commands import PRESET_COMMANDS, PRESET_PART
from gui.widgets import layouts
from gui.widgets.context_menu import context_menu
from gui.widgets.elided_label import ElidedLabel

CARD_HEIGHT = 68
_KEYS = {QKeySequence(keys): command for command in PRESET_COMMANDS.values() for keys in command.local_keys}


class PresetCard(QPushButton):
    """What a preset is called and sets; one that is chosen has a tick, an own one a menu.

    ``asked`` carries a command of its menu.
    """

    asked = Signal(object)

    def __init__(self, preset: Preset, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset = preset
        self.own = preset.name not in RECIPES
        self.current = False
        self.setFixedHeight(CARD_HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        role(self, "preset")
        self.title = ElidedLabel(preset.title)
        self.title.setMinimumHeight(20)
        role(self.title, "heading")
        self.tick = QLabel()
        self.tick.setFixedSize(16, 20)
        self.menu_button = QToolButton()
        self.menu_button.setAccessibleName(f"What can be done with {preset.title}")
        self.menu_button.setToolTip("Rename or delete")
        self.menu_button.setFixedSize(20, 20)
        self.menu_button.setVisible(self.own)
        self.menu_button.clicked.connect(self._show_menu)
        head = layouts.row(spacing=2)
        head.addWidget(self.title, 1)
        head.addWidget(self.tick)
        head.addWidget(self.menu_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 6, 5, 8)
        column.setSpacing(1)
        column.addLayout(head, 1)
        for line in preset.lines():
            label = ElidedLabel(line)
            role(label, "caption")
            column.addWidget(label)
        for part in self.findChildren(QLabel):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setToolTip("\n".join(filter(None, (preset.title, *preset.lines(), preset.help))))
        appearance().changed.connect(self._show_icons)
        self.show_current(False)

    def show_current(self, current: bool) -> None:
        """Mark it as the one that the recipe is or was made from."""
        self.current = current
        mark(self, "current", current)
        said = ", ".join(("chosen",) * current + self.preset.lines())
        self.setAccessibleName(f"Preset {self.preset.title}, {said}")
        self._show_icons()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.own:
            self._show_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = _KEYS.get(QKeySequence(event.keyCombination())) if self.own else None
        if command is None:
            super().keyPressEvent(event)
        else:
            self.asked.emit(command)

    def _show_menu(self) -> None:
        menu = context_menu(self, self, list(PRESET_COMMANDS.values()), PRESET_PART)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def _show_icons(self) -> None:
        self.tick.setVisible(self.current)
        self.tick.setPixmap(appearance().icon("mdi6.check-circle", "accent").pixmap(QSize(16, 16)))
        self.menu_button.setIcon(appearance().icon("mdi6.dots-vertical"))
