"""The Compare window: choose two networks, see what each costs and where they differ."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.network.comparison import Comparison, Match, compare
from engine.network.comparison_words import MARKS
from gui.background import LatestJob
from gui.compare.lesson_card import LessonCard
from gui.compare.letter import LETTERS
from gui.compare.rows_view import RowsModel, RowsView
from gui.compare.side_chooser import SideChooser, Source
from gui.compare.totals_view import TotalsView
from gui.document import Document
from gui.preferences import Preferences
from gui.start.gallery import Gallery
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.busy_bar import BusyBar
from gui.widgets.keyboard import Keyboard
from gui.widgets.message_bar import MessageBar
from gui.widgets.switch import Switch

_SETTLE = 120  # ms; typing "128" compares once
FIRST_SIZE = QSize(1280, 800)
_FIRST = {"drawing": ("drawing", "resnet"), "no drawing": ("vgg", "resnet")}


class CompareWindow(QDialog):
    """Stays open beside the main window and follows its drawing; networks are drawn and compared in a thread."""

    def __init__(self, document: Document, gallery: Gallery, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare")
        Keyboard(self, lambda: self)
        self.document = document
        self._gallery = gallery
        self.comparison: Comparison | None = None
        self._lesson = ""
        self._offers_drawing: bool | None = None
        self._comparing = LatestJob("Comparing", self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self._start)
        self.sides = {letter: SideChooser(letter, document, preferences) for letter in LETTERS}
        self.lessons: dict[str, QPushButton] = {}
        self.lesson_card = LessonCard()
        self.messages = MessageBar()
        self.totals = TotalsView()
        self.model = RowsModel(self)
        self.rows = RowsView(self.model)
        self.counts = QLabel()
        self.only_differences = Switch("Only differences")
        self._lay_out()
        self._busy = BusyBar(self)
        self._connect()
        parent.installEventFilter(self)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))

    def open(self) -> None:
        """Come to the front; the first time and after a lesson with the drawing against a template."""
        self._come()
        if self._lesson:
            self._leave_lesson()
            for side, first in zip(self.sides.values(), self._first, strict=True):
                side.choose(first)

    def _come(self) -> None:
        self._gallery.load()
        self._offer()
        if self.isHidden():
            self.show()
            self.sides["A"].combo.setFocus()
        self.raise_()
        self.activateWindow()

    def show_lesson(self, name: str) -> None:
        """Come to the front with a cost lesson."""
        from templates.lessons import LESSONS

        self._come()
        lesson = LESSONS[name]
        self._lesson = name
        for side, draw, title in zip(self.sides.values(), (lesson.a, lesson.b), lesson.titles, strict=True):
            side.choose(draw, title)
        self.lesson_card.show_lesson(lesson)
        self._show_lesson_buttons()

    # Making

    def _lay_out(self) -> None:
        column = layouts.column(self, self.messages)
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 12, 16, 16)
        inner.setSpacing(12)
        inner.addLayout(self._lesson_row())
        sides = QHBoxLayout()
        sides.setSpacing(16)
        for side in self.sides.values():
            sides.addWidget(side, 1)
        inner.addLayout(sides)
        inner.addWidget(self.lesson_card)
        inner.addWidget(self.totals)
        inner.addLayout(self._table_head())
        inner.addWidget(self.rows, 1)
        column.addLayout(inner, 1)

    def _lesson_row(self) -> QHBoxLayout:
        from templates.lessons import LESSONS

        row = QHBoxLayout()
        row.setSpacing(8)
        caption = QLabel("Cost lessons")
        role(caption, "label")
        row.addWidget(caption)
        for lesson in LESSONS.values():
            button = QPushButton(lesson.title)
            mark(button, "scale", "small")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setToolTip(lesson.sentence)
            button.setProperty("lesson", lesson.name)
            button.clicked.connect(self._take_lesson)
            self.lessons[lesson.name] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _table_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        heading = QLabel("Structure")
        role(heading, "heading")
        role(self.counts, "label")
        words = QLabel("Only differences")
        role(words, "small")
        row.setSpacing(12)
        row.addWidget(heading)
        row.addWidget(self.counts, 1)
        row.addWidget(words)
        row.addWidget(self.only_differences)
        return row

    def _connect(self) -> None:
        for side in self.sides.values():
            side.changed.connect(self._settle.start)
            side.picked.connect(self._leave_lesson)
            side.refused.connect(self._tell_refusals)
        self.only_differences.edited.connect(self._show_rows)
        self._gallery.listed.connect(self._offer)
        self.document.analysed.connect(self._follow_drawing)
        self.document.replaced.connect(self._follow_drawing)
        appearance().changed.connect(self._show_lesson_buttons)
        self._show_lesson_buttons()

    # What is compared

    @property
    def _first(self) -> tuple[str, str]:
        """What is compared when nothing has been chosen."""
        return _FIRST["drawing" if len(self.document.network) else "no drawing"]

    def _offer(self) -> None:
        """List what can be chosen: once the templates are there, and when a drawing comes or goes."""
        drawing = len(self.document.network) > 0
        if not self._gallery.templates or drawing is self._offers_drawing:
            return
        self._offers_drawing = drawing
        for side, first in zip(self.sides.values(), self._first, strict=True):
            side.set_templates(self._gallery.templates, drawing=drawing)
            if side.is_empty:
                side.choose(first)

    def _take_lesson(self) -> None:
        self.show_lesson(self.sender().property("lesson"))

    def _leave_lesson(self) -> None:
        self._lesson = ""
        self.lesson_card.hide()
        self._show_lesson_buttons()

    def _follow_drawing(self) -> None:
        self._offer()
        if any(side.is_drawing for side in self.sides.values()):
            self._settle.start()

    # Comparing, in a thread

    def _start(self) -> None:
        sources = [source for side in self.sides.values() if (source := side.source())]
        if not self.isVisible() or len(sources) < len(self.sides):
            return
        self._comparing.start(lambda _: _compare(sources), done=self._show, failed=self._tell)
        self._busy.set_busy(True)

    def _cancel(self) -> None:
        self._comparing.cancel()
        self._busy.set_busy(False)

    def _show(self, comparison: Comparison) -> None:
        self._busy.set_busy(False)
        self._tell_refusals()
        self.comparison = comparison
        self.totals.show_comparison(comparison)
        said = (f"{comparison.count(match)} {MARKS[match][2:]}" for match in Match if comparison.count(match))
        self.counts.setText(" · ".join(said))
        self._show_rows()

    def _show_rows(self) -> None:
        rows = self.comparison.rows if self.comparison else ()
        if self.only_differences.isChecked():
            rows = tuple(row for row in rows if row.match is not Match.SAME)
        self.model.show_rows(rows)

    def _tell_refusals(self) -> None:
        """Say what is refused as long as a field shows it; what else was said is over."""
        refusal = next((side.refusal for side in self.sides.values() if side.refusal), "")
        if refusal:
            self.messages.tell(refusal)
        else:
            self.messages.hide()

    def _tell(self, error: LayerloomError) -> None:
        self._busy.set_busy(False)
        self.messages.tell(str(error))

    def _show_lesson_buttons(self) -> None:
        for name, button in self.lessons.items():
            button.setChecked(name == self._lesson)
            button.setIcon(appearance().icon("mdi6.school-outline", "text" if name == self._lesson else "muted"))

    # Window events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Hide and not event.spontaneous() and watched is self.parentWidget():
            self.close()  # else it would outlive the main window and keep the program running
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()
        self._cancel()


def _compare(sources: list[Source]) -> Comparison:
    networks = []
    for letter, draw in zip(LETTERS, sources, strict=True):
        try:
            networks.append(draw())
        except LayerloomError as error:
            raise LayerloomError(f"{letter}: {error}") from error
    return compare(*networks)
