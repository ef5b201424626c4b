"""The Layers panel."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.document import Document
from gui.draw.palette.entries import Entry, entries, nearest, search
from gui.draw.palette.view import PaletteView
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts


@PANELS.register
class PalettePanel(QWidget):
    """Search, nine families, and how to use them. `layer_chosen` carries the `Layer` to add after the selection."""

    tab = Tab("layers", "Layers", "mdi6.layers-outline", (DockPlace("draw", "left", 1), DockPlace("train", "left", 3)))

    layer_chosen = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = entries()
        self._suggested: Entry | None = None
        self.search = _SearchField(f"Search {len(self._entries)} layers")
        self.view = PaletteView(self._entries)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._choose)
        self.search.installEventFilter(self)
        self.nothing.linkActivated.connect(self._take_suggestion)
        self.view.chosen.connect(self.layer_chosen)
        self.view.typed.connect(self._type_into_search)
        self.setFocusProxy(self.search)
        appearance().changed.connect(self._retheme)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.document)

    def focus_search(self) -> None:
        """Put the keyboard into the search, its text selected, as Ctrl+K does."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                begun = self.view.currentIndex().isValid()
                self.view.setFocus(Qt.FocusReason.TabFocusReason)  # makes the first row current if none is
                if begun:
                    self.view.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _retheme(self) -> None:
        self.view.viewport().update()
        text = self.nothing.text()
        self.nothing.clear()  # a link keeps the colour it was written in, until it is written anew
        self.nothing.setText(text)

    def _find(self, text: str) -> None:
        found = search(text, self._entries)
        self.view.show_entries(found, best=found[0] if found and text.strip() else None)
        self._suggested = None if found else nearest(text, self._entries)
        hint = f' Did you mean <a href="#">{self._suggested.title}</a>?' if self._suggested else ""
        self.nothing.setText(f"No layer is called '{text.strip()}'.{hint}")
        self.nothing.setVisible(not found)
        self.view.setVisible(bool(found))

    def _choose(self) -> None:
        self.view.choose_current()

    def _take_suggestion(self) -> None:
        if self._suggested:
            self.search.setText(self._suggested.title)
            self.search.setFocus()

    def _type_into_search(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.setText(text)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(12, 0, 12, 8)
        top.setSpacing(12)
        top.addWidget(self.search)
        top.addWidget(self.nothing)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addStretch(0)
        layout.addWidget(_footer())


class _SearchField(QLineEdit):
    """A line to search in, with its shortcut shown while it is empty."""

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        self.setAccessibleName(placeholder)
        self._lens = self.addAction(appearance().icon("mdi6.magnify"), QLineEdit.ActionPosition.LeadingPosition)
        self._key = QLabel("Ctrl+K", self)
        role(self._key, "key")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 5, 0)
        row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.textChanged.connect(self._show_key)
        appearance().changed.connect(self._retheme)

    def _show_key(self, text: str) -> None:
        self._key.setVisible(not text)

    def _retheme(self) -> None:
        self._lens.setIcon(appearance().icon("mdi6.magnify"))


def _footer() -> QWidget:
    footer = QWidget()
    hint = QLabel("Drag onto the canvas, or press Enter to add after the selected layer.")
    role(hint, "caption")
    hint.setWordWrap(True)
    line = QWidget()
    role(line, "line")
    line.setFixedHeight(1)
    layout = layouts.column(footer, line)
    row = QHBoxLayout()
    row.setContentsMargins(16, 8, 16, 12)
    row.addWidget(hint)
    layout.addLayout(row)
    return footer
