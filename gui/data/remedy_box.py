"""A warning with what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.elided_button import ElidedButton
from gui.widgets.offer import Offer
from gui.widgets.sentence import Sentence

_ICON_FROM = 216  # px of the box, below which words need all the room of the button


class RemedyBox(QWidget):
    """A sentence on the colour of warnings, a button with what helps, and a menu with what else does."""

    def __init__(self, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "remedy-box")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = icon
        self._offers: tuple[Offer, ...] = ()
        self.sign, self.words = QLabel(), Sentence()
        role(self.words, "small")
        self.button, self.more = ElidedButton(), QToolButton()
        role(self.button, "fix")
        mark(self.button, "scale", "small")
        role(self.more, "fix")
        self.more.setFixedSize(26, 28)
        self.more.setToolTip("What else can be done")
        self.more.setAccessibleName("What else can be done")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self))
        self.button.clicked.connect(self._take)
        buttons = layouts.row(None, self.button, self.more, spacing=6)
        buttons.addStretch(1)
        words = layouts.row(None, spacing=8)
        words.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self.words, 1)
        layouts.column(self, words, buttons, spacing=8).setContentsMargins(10, 8, 10, 10)
        appearance().changed.connect(self._show_icons)
        self._show_icons()
        self.hide()

    def show_warning(self, text: str, offers: Sequence[Offer]) -> None:
        """Warn of something with what helps, the best first; nothing with no text."""
        self._offers = tuple(offers)
        self.words.setText(text)
        self.button.setVisible(bool(offers))
        self.button.setText(offers[0].label if offers else "")
        self.button.setToolTip(self.button.text())
        menu = self.more.menu()
        menu.clear()
        for offer in self._offers[1:]:
            menu.addAction(offer.label).triggered.connect(_runner(offer))
        self.more.setVisible(len(self._offers) > 1)
        self.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_icons()

    def _take(self) -> None:
        self._offers[0].run()

    def _show_icons(self) -> None:
        self.sign.setPixmap(appearance().icon("mdi6.alert", "warn").pixmap(16, 16))
        self.more.setIcon(appearance().icon("mdi6.chevron-down"))
        if self._icon:
            roomy = self.width() >= _ICON_FROM
            self.button.setIcon(appearance().icon(self._icon, "link") if roomy else QIcon())


def _runner(offer: Offer) -> Callable[[], None]:
    """What a menu calls, which has something to say of whether it is checked."""
    return lambda: offer.run()
