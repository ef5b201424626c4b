"""The Templates tab: the start screen's cards in one column."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.guard import Guard
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.start.gallery import Gallery
from gui.start.template_card import TemplateCard, matches
from gui.style.style import role
from gui.widgets import layouts


@PANELS.register
class GalleryPanel(QWidget):
    """Cards of all templates with a search above; they are made when the panel is first seen."""

    tab = Tab("templates", "Templates", "mdi6.view-grid-outline", (DockPlace("draw", "left", 2),))

    template_chosen = Signal(str, dict)

    def __init__(self, gallery: Gallery, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._guard = Guard()
        self.cards: list[TemplateCard] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search templates")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self._nothing = QLabel()
        role(self._nothing, "label")
        self._nothing.setWordWrap(True)
        self._nothing.hide()
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(12, 4, 12, 12)
        self._column.setSpacing(12)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        area = layouts.scrolling(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.addWidget(self.search)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        gallery.listed.connect(self._make_cards)
        gallery.unlisted.connect(self._tell_no_cards)
        self.setFocusProxy(self.search)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.part(Gallery))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._guard.run(self._load)

    def _load(self) -> None:
        self._gallery.load()
        self._make_cards()

    def _make_cards(self) -> None:
        if self.cards or not self.isVisible():
            return
        self._nothing.hide()
        for index, template in enumerate(sorted(self._gallery.templates.values(), key=lambda t: t.year)):
            card = TemplateCard(template, self._gallery, compact=True)
            card.opened.connect(self.template_chosen)
            self.cards.append(card)
            self._column.insertWidget(index, card)

    def _tell_no_cards(self, why: str) -> None:
        self._nothing.setText(why)
        self._nothing.show()

    def _filter(self, text: str) -> None:
        for card in self.cards:
            card.setVisible(matches(card.template, text))
        self._nothing.setVisible(not any(matches(card.template, text) for card in self.cards))
        self._nothing.setText(f"No template is called '{text}'.")
