"""The sheet with its head, and what stands in its place."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.data.data_set import DataSet
from gui.data.sheet.commands import IMAGE, SHEET_COMMANDS
from gui.data.sheet.empty import EmptySheet
from gui.data.sheet.grid import Grid
from gui.data.sheet.head import SheetHead
from gui.data.sheet.large_view import LargeView
from gui.data.shown import NUMBER, nearest
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.context_menu import context_menu
from gui.widgets.tile_pictures import TilePictures
from gui.widgets.waiting_line import WaitingLine


class SheetView(QWidget):
    """All images of the data set, or why there are none."""

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.data = data
        self.pictures = TilePictures(self)
        self.head, self.grid, self.empty = SheetHead(data), Grid(self.pictures), EmptySheet(data)
        self.nothing, self.guess = QLabel(), QPushButton()
        self.busy = WaitingLine()
        self.large: LargeView | None = None
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the images that are to be shown now."""
        listing, places = self.data.listing, self.data.places()
        self.head.refresh(len(places))
        self.grid.show_places(listing, places, renewed=self.data.before)
        self.grid.setVisible(len(places) > 0)
        self.empty.setVisible(listing is None)
        self.data.says_in_sheet = listing is None
        if listing is None:
            self.empty.refresh()
        self._show_nothing(searched=listing is not None and not len(places))
        if self.large and self.large.listing is not listing:
            self.large.close_up()

    def current_file(self) -> Path | None:
        """The file of the current image; None where it is none."""
        listing, place = self.data.listing, self.grid.current
        return listing.pictures.path(place) if listing and place is not None else None

    def enlarge(self) -> None:
        """Show the current image at its own size."""
        if self.grid.current is not None:
            self._open(self.grid.current)

    def toggle_mark(self) -> None:
        """Mark the current image for the preview, or take its mark away."""
        if self.grid.current is not None:
            self.data.marked.toggle(self.grid.current)

    def close_jobs(self) -> None:
        """End the threads: the window closes."""
        self.pictures.close()
        if self.large:
            self.large.close_jobs()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_find(event):
            event.accept()  # here it searches images, not the network
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_find(event):
            self.head.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.head.search.selectAll()
        else:
            super().keyPressEvent(event)

    def _open(self, place: int) -> None:
        if self.large is None:
            self.large = LargeView(self.data, self.window())
            self.large.stepped.connect(self._step)
            self.large.toggled.connect(self.data.marked.toggle)
            self.large.closed.connect(self._take_back_keyboard)
        self.large.show_image(place)

    def _step(self, steps: int) -> None:
        self.grid.step(steps)
        self.enlarge()

    def _take_back_keyboard(self) -> None:
        if self.grid.isVisible():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_menu(self, _: int, point: QPoint) -> None:
        menu = context_menu(self, self, tuple(SHEET_COMMANDS.values()), IMAGE)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _show_nothing(self, *, searched: bool) -> None:
        """Say that no image is called so, and what may be meant."""
        listing, shown = self.data.listing, self.data.shown.filter
        of_number = shown.text == NUMBER
        guess = nearest(listing, shown.text) if searched and listing and shown.text and not of_number else ""
        words = f"No image is called '{shown.text}'." if shown.text else "This part has no images of these classes."
        words = "#12 finds the image with the number 12 of each class." if of_number else words
        self.nothing.setText(f"{words} Did you mean {guess}?" if guess else words)
        self.guess.setText(f"Search {guess}")
        self.guess.setVisible(bool(guess))
        self.guess.setProperty("guess", guess)
        self._none.setVisible(searched)

    def _take_guess(self) -> None:
        self.data.shown.search(str(self.guess.property("guess")))

    def _begin(self, text: str) -> None:
        self.busy.begin(text)

    def _lay_out(self) -> None:
        role(self.guess, "fix")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        role(self.nothing, "label")
        self._none = QWidget()
        column = layouts.column(self._none, spacing=12)
        column.addStretch(1)
        column.addWidget(self.nothing)
        column.addWidget(self.guess, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.busy.setContentsMargins(16, 6, 16, 6)
        column = layouts.column(self, self.head, self.busy)
        for part in (self.grid, self.empty, self._none):
            column.addWidget(part, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        data, refresh = self.data, self.refresh
        data.changed.connect(refresh)
        data.shown.changed.connect(refresh)
        data.marked.changed.connect(lambda: self.grid.show_marked(data.marked.images))
        data.began.connect(self._begin)
        data.progressed.connect(self.busy.show_progress)
        data.ended.connect(self.busy.end)
        self.busy.cancel.clicked.connect(data.cancel)
        self.guess.clicked.connect(self._take_guess)
        self.head.slider.valueChanged.connect(self.grid.show_edge)
        self.grid.opened.connect(self._open)
        self.grid.toggled.connect(data.marked.toggle)
        self.grid.menu_wanted.connect(self._show_menu)
        self.pictures.failed.connect(partial(data.looking.look, unreadable=True))
        self.pictures.died.connect(data.tell)


def _is_find(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Find)
