"""The bar at the top: mark, menus, and in the middle the name of the document."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QWidget

from gui.registry.commands import top_menus
from gui.shell.actions import Actions
from gui.style.style import MENU_HEIGHT, role
from gui.widgets.logo import Logo


class MenuBar(QWidget):
    """All menus, and the document's name in the middle of the window."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "menu-row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(MENU_HEIGHT)
        self._actions = actions
        self.bar = QMenuBar()
        self.bar.setNativeMenuBar(False)
        actions.fill(self.bar)
        self.title = QLabel(self)
        self.title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        role(self.title, "menu-title")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 1)
        row.setSpacing(8)
        row.addWidget(Logo(18))
        row.addWidget(self.bar)
        row.addStretch(1)
        self.show_document(False)

    def set_title(self, text: str) -> None:
        """Name the document."""
        self.title.setText(text)
        self._place_title()

    def show_document(self, open_: bool) -> None:
        """Show the menus for an open document, or those of the start screen."""
        for menu in top_menus():
            self._actions.menus[menu.name].menuAction().setVisible(open_ or menu.on_start_screen)
        self._place_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_title()

    def _place_title(self) -> None:
        self.title.adjustSize()
        self.title.move((self.width() - self.title.width()) // 2, (self.height() - self.title.height()) // 2)
        self.title.setVisible(self.title.x() > self.bar.sizeHint().width() + 48)
