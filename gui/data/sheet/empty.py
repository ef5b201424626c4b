"""What stands in the place of the sheet while there are no images: what is to do, and the data sets that there are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from engine.data.source import SOURCES, Source
from engine.words import counted, memory
from gui.data.data_set import DataSet
from gui.readiness import usable
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.offer import OfferButton

_WIDTH, _COLUMNS = 560, 2  # px, and beside each other


class EmptySheet(QWidget):
    """One sentence with the next step; the data sets to choose from where none can be shown."""

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.data = data
        self.title, self.message = QLabel(), QLabel()
        self.offers = [OfferButton(), OfferButton()]
        self.sets = [self._button(kind) for kind in SOURCES.values() if not kind.takes_folder and usable(kind())]
        self.folder = QPushButton("Open folder…")
        mark(self.folder, "scale", "small")
        self.folder.clicked.connect(data.folder_wanted)
        role(self.title, "large")
        self.message.setWordWrap(True)
        self._lay_out()
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def refresh(self) -> None:
        """Say what there is to say now."""
        said, source = self.data.said, self.data.settings.source
        waits = bool(said.offers) and not said.wrong and not source.takes_folder
        self.title.setText(source.title if waits else "Choose a data set")
        role(self.message, "error" if said.wrong else "label")
        self.message.setText(said.text)
        self.message.setVisible(bool(said.text))
        for place, button in enumerate(self.offers):
            button.show_offer(said.offers[place] if place < len(said.offers) else None)
        self._list.setVisible(not waits)
        self.setVisible(not self.data.busy)

    def _button(self, kind: type[Source]) -> QPushButton:
        known = kind().known
        about = counted(known.images, "image") if known else ""
        size = memory(kind.download_bytes) if kind.download_bytes else "bundled"
        button = QPushButton(f"{kind.title}   {about}, {size}" if about else f"{kind.title}   {size}")
        role(button, "row")
        mark(button, "scale", "small")
        button.setToolTip(kind.help())
        button.clicked.connect(lambda: self.data.choose(f"Choose {kind.title}", kind()))
        return button

    def _lay_out(self) -> None:
        offers = layouts.row(None, *self.offers, spacing=8)
        offers.addStretch(1)
        self._list = QWidget()
        column = layouts.column(self._list, spacing=10)
        sets = QGridLayout()
        sets.setVerticalSpacing(2)
        rows = -(-len(self.sets) // _COLUMNS)
        for place, button in enumerate(self.sets):
            sets.addWidget(button, place % rows, place // rows)
        column.addLayout(sets)
        column.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignLeft)
        page = QWidget()
        page.setMaximumWidth(_WIDTH)
        layouts.column(page, self.title, self.message, offers, self._list, spacing=10)
        inside = QWidget()
        role(inside, "page")
        middle = layouts.row(inside)
        middle.setContentsMargins(24, 16, 24, 16)
        middle.addStretch(1)
        middle.addWidget(page, 4, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        layouts.column(self, layouts.scrolling(inside))

    def _show_icons(self) -> None:
        for button in self.sets:
            button.setIcon(appearance().icon("mdi6.database-outline"))
        self.folder.setIcon(appearance().icon("mdi6.folder-image"))
