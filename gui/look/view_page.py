"""What a chosen view gives, by its type of result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from engine.errors import LayerloomError
from engine.inspection.pictures import picture
from engine.inspection.results import Result
from gui.look.chosen_view import ChosenView
from gui.look.images_view import ImagesView, NamedImage
from gui.look.sentence import Sentence
from gui.style.colour_maps import image_of_pixels
from gui.style.style import mark
from gui.widgets import layouts
from gui.widgets.pages import Pages
from gui.widgets.waiting_line import WaitingLine

R = TypeVar("R", bound=Result)

_WAIT = 300  # ms; what comes sooner takes the place of what was seen before at once


class ViewPage(Pages):
    """One page for each type of result, and sentences; a type without a page shows as its picture in grey."""

    def __init__(self, chosen: ChosenView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self._by_type: dict[type[Result], tuple[QWidget, Callable[[Any], object]]] = {}
        self.sentence, self.picture = Sentence(), ImagesView()
        self.waiting, self.again = WaitingLine(), QPushButton("Work it out")
        mark(self.again, "scale", "small")
        self.addWidget(self._words())
        self.addWidget(self.picture)
        self._progressing = False  # whether it is shown how far something is
        self._late = QTimer(self, singleShot=True, interval=_WAIT)
        self._late.timeout.connect(self._tell_it_takes_time)
        chosen.chosen.connect(self._clear)
        chosen.look.node_changed.connect(self._clear)
        chosen.look.asked.connect(self._late.start)
        chosen.shown.connect(self.show_result)
        chosen.refused.connect(self.say)
        chosen.progressed.connect(self._show_progress)
        self.waiting.cancel.clicked.connect(self._call_off)
        self.again.clicked.connect(chosen.ask_again)

    def _words(self) -> QWidget:
        """The page with a sentence, and with how far what takes long is."""
        self._page = QWidget()
        column = layouts.column(self._page, spacing=12)
        column.addStretch(1)
        for widget in (self.sentence, self.waiting):
            column.addWidget(widget)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.again.hide()
        return self._page

    def register(self, kind: type[R], page: QWidget, show: Callable[[R], object]) -> None:
        """Let ``page`` be in front for results of a type, which ``show`` puts into it."""
        self._by_type[kind] = page, show
        self.addWidget(page)

    def show_result(self, result: Result) -> None:
        """Show what a view gives, or that it cannot be shown: whatever a view from outside puts into its result."""
        self._late.stop()
        self.waiting.end()
        self._progressing = False
        pages = (self._by_type[kind] for kind in type(result).__mro__ if kind in self._by_type)
        page, show = next(pages, (self.picture, self._show_picture))
        try:
            with self._chosen.blaming():
                show(result)
        except LayerloomError as error:
            self.say(str(error))
        else:
            self.setCurrentWidget(page)

    def say(self, sentence: str) -> None:
        """Show a sentence instead."""
        self._late.stop()
        self.waiting.end()
        self._progressing = False
        self.again.hide()
        self.sentence.setText(sentence)
        self.setCurrentWidget(self._page)

    def _show_picture(self, result: Result) -> None:
        image = image_of_pixels(np.moveaxis(np.atleast_3d(picture(result)), -1, 0))
        self.picture.show_images([NamedImage(type(result).__name__, image)])

    def _clear(self) -> None:
        """Show nothing of another view or layer; why there is nothing to see still holds."""
        if self._chosen.look.sight is not None:
            self.say("")

    def _show_progress(self, words: str, fraction: float) -> None:
        if not self._progressing:
            self._late.stop()
            self.say("")
            self._progressing = True
            self.waiting.begin(words)
        self.waiting.show_progress(words, fraction)

    def _call_off(self) -> None:
        self._chosen.call_off()
        self.again.show()

    def _tell_it_takes_time(self) -> None:
        if self._chosen.look.busy:
            self.say("Working it out …")
