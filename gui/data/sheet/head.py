"""The head of the sheet: which part is shown, in which order, what is searched for, and how large tiles are."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QSlider, QToolButton, QWidget

from engine.data.part_words import SPOKEN
from engine.words import thousands
from gui.data.data_set import DataSet
from gui.data.sheet.grid import LARGEST, SMALLEST, USUAL
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.fitted_row import FittedRow
from gui.widgets.segmented import Segment, Segmented

HEIGHT = 44
_SEARCH_WIDTHS = (112, 224)
_ALL_WORDS = 210  # px of the search from which all its words have room
_SLIDER_WIDTH = 64
_SEARCH_AFTER = 120  # ms without a key


class SheetHead(FittedRow):
    """Follows and changes what is shown."""

    levels = 5  # all, and without each of four

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "tool-row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self.data = data
        self.title, self.about = QLabel("Images"), QToolButton()
        role(self.title, "heading")
        self.parts = Segmented([Segment(part, words.capitalize()) for part, words in SPOKEN.items()], small=True)
        self.parts.chosen.connect(data.shown.show_part)
        self.search = _Search()
        self.search.searched.connect(lambda: data.shown.search(self.search.text()))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._icons = QLabel(), QLabel()
        self._lay_out()
        appearance().changed.connect(self._show_icons)
        self._show_icons()

    def refresh(self, images: int) -> None:
        """Show what is shown now, and how many images it is where they are searched for."""
        shown, listing, division = self.data.shown, self.data.listing, self.data.division
        classes = listing.description.classes if listing else ()
        order = "shuffled" if shown.filter.shuffled else "in order of class" if classes else "in order"
        found = f"{thousands(images)} found in " if shown.filter.text else ""
        self.about.setText(f"{found}{shown.words(classes)}, {order}")
        counts = division._asdict() if division else {}
        for part, words in SPOKEN.items():
            count = f"  {thousands(len(counts[part]))}" if part in counts else ""
            self.parts.set_text(part, f"{words.capitalize()}{count}")
        self.parts.choose(shown.filter.part)
        self.search.show_text(shown.filter.text)
        self._shuffle.setChecked(shown.filter.shuffled)
        self._order.setChecked(not shown.filter.shuffled)
        self.fit()

    def show_level(self, level: int) -> None:
        needed_least: tuple[tuple[QWidget, ...], ...] = (self._icons, (self.title,), (self.about,), (self.slider,))
        for place, parts in enumerate(needed_least):
            for part in parts:
                part.setVisible(level <= place)

    def _lay_out(self) -> None:
        menu = QMenu(self)
        self._shuffle = self._action(menu, "Shuffled", shuffled=True)
        self._order = self._action(menu, "In order of class", shuffled=False)
        role(self.about, "disclosure")
        self.about.setMenu(menu)
        self.about.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.about.setToolTip("In which order the images stand")
        self.about.setAccessibleName("Order of the images")
        self.slider.setRange(SMALLEST, LARGEST)
        self.slider.setValue(USUAL)
        self.slider.setFixedWidth(_SLIDER_WIDTH)
        self.slider.setAccessibleName("Size of the tiles")
        self.slider.setToolTip("Size of the tiles")
        row = layouts.row(self, self.title, self.about, spacing=10)
        row.addWidget(self.parts, 0, Qt.AlignmentFlag.AlignVCenter)
        row.setContentsMargins(16, 0, 16, 1)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        for widget in (self._icons[0], self.slider, self._icons[1]):
            row.addWidget(widget)

    def _action(self, menu: QMenu, words: str, *, shuffled: bool) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.triggered.connect(lambda: self._take_order(shuffled))
        return action

    def _take_order(self, shuffled: bool) -> None:
        self._shuffle.setChecked(shuffled)  # Qt has unticked one that was in force already
        self._order.setChecked(not shuffled)
        self.data.shown.shuffle(shuffled)

    def _show_icons(self) -> None:
        for label, size in zip(self._icons, (12, 16), strict=True):
            label.setPixmap(appearance().icon("mdi6.image-outline").pixmap(QSize(size, size)))
        self.search.show_icon()


class _Search(QLineEdit):
    """Tells by ``searched`` of its text when typing pauses; Esc empties it."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Search names and labels")
        self.setAccessibleName("Search names and labels")
        self.setToolTip("Search names and labels (Ctrl+F); #12 finds images of this number")
        self.setMinimumWidth(_SEARCH_WIDTHS[0])
        self.setMaximumWidth(_SEARCH_WIDTHS[1])
        self.setClearButtonEnabled(True)
        self._icon = QAction(self)
        self.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_AFTER)
        self.searched = self._pause.timeout
        self.textChanged.connect(self._pause.start)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setPlaceholderText("Search" if self.width() < _ALL_WORDS else "Search names and labels")

    def show_icon(self) -> None:
        self._icon.setIcon(appearance().icon("mdi6.magnify"))

    def show_text(self, text: str) -> None:
        """Show what is searched for, unless something is being typed."""
        if not self._pause.isActive() and text != self.text().strip():
            self.blockSignals(True)
            self.setText(text)
            self.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
