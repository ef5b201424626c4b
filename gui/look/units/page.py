"""The centre of Deconvnet and Maximise a unit: how the cards are shown, and the cards."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QWidget

from engine.data.part_words import SPOKEN
from engine.words import counted, duration, thousands
from gui.look.maps_view import caption
from gui.look.sentence import Sentence
from gui.look.units.grey_legend import GreyLegend
from gui.look.units.grid import Sort, UnitGrid
from gui.look.units.units import PATIENCE, Units
from gui.style.style import FIELD_HEIGHT, mark, role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.pages import Pages
from gui.widgets.switch import Switch
from gui.widgets.waiting_line import WaitingLine

_SPACING = 8
_SIZES = (20, 40)  # tenths: patches of 14 px are 2 to 4 times as large
_ROOM_FOR_LEGEND, _ROOM_FOR_CAPTIONS = 860, 640  # px


class UnitsPage(QWidget):
    """The grid of cards, or what to do to have it.

    ``said`` carries what the pointer is on, ``unsaid`` that it is over; ``large_wanted`` says that the current unit is
    wanted large, ``turned`` how many epochs to go on, ``other_wanted`` that the other tab is wanted.
    """

    said = Signal(str)
    unsaid = Signal(str)
    large_wanted = Signal()
    turned = Signal(int)
    other_wanted = Signal()

    def __init__(self, units: Units, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.units = units
        self._pointed = ""
        self._line: WaitingLine | None = None  # that shows how far something is
        self.title, self.about = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle), ElidedLabel()
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        role(self.title, "title")
        role(self.about, "label")
        self.legend = GreyLegend("projected back")
        self.dead = Switch("Show dead", bare=True)
        self.dead.set_value(True)
        self.sort, self.size_ = QComboBox(), QSlider(Qt.Orientation.Horizontal)
        self.grid = UnitGrid(units)
        self.sentence, self.waiting = Sentence(), WaitingLine()
        self.some, self.all = QPushButton(), QPushButton()
        self.working = WaitingLine()
        self._lay_out()
        self._listen()
        self._show()

    def _lay_out(self) -> None:
        for sort in Sort:
            self.sort.addItem(sort.value, sort)
        self.sort.setAccessibleName("Sort")
        self.sort.setFixedHeight(FIELD_HEIGHT)
        self.size_.setAccessibleName("Size of the cards")
        self.size_.setToolTip("Size of the cards")
        self.size_.setRange(*_SIZES)
        self.size_.setPageStep(5)
        self.size_.setFixedWidth(72)
        self.dead.setToolTip("Show dead units: they give one and the same value for all images")
        self.working.cancel.setText("Stop")
        self.working.cancel.setToolTip("Keep the pictures as they are now (Esc)")
        self._pages = Pages()
        self._pages.addWidget(self._words())
        self._pages.addWidget(self.grid)
        column = layouts.column(self, self._controls(), spacing=_SPACING)
        column.addWidget(self._pages, 1)
        column.addWidget(self.working)

    def _controls(self) -> QHBoxLayout:
        self._captions = [caption(words) for words in ("Show dead", "Sort", "Size")]
        row = layouts.row(None, self.title, spacing=_SPACING)
        row.addWidget(self.about, 1)
        row.addWidget(self.legend)
        for control, words in zip((self.dead, self.sort, self.size_), self._captions, strict=True):
            row.addWidget(words)
            row.addWidget(control)
        return row

    def _words(self) -> QWidget:
        """The page that says what to do, or how far that is."""
        self._empty = QWidget()
        column = layouts.column(self._empty, spacing=12)
        column.addStretch(1)
        column.addWidget(self.sentence)
        buttons = layouts.row(None, spacing=_SPACING)
        buttons.addStretch(1)
        for button in (self.some, self.all):
            mark(button, "scale", "small")
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.waiting)
        column.addStretch(1)
        return self._empty

    def _listen(self) -> None:
        self.units.changed.connect(self._show)
        self.units.progressed.connect(self._show_progress)
        self.grid.pointed.connect(self.point)
        self.grid.opened.connect(self.large_wanted)
        self.grid.turned.connect(self.turned)
        self.grid.other_wanted.connect(self.other_wanted)
        self.grid.dead_wanted.connect(self._show_dead)
        self.some.clicked.connect(self._search_some)
        self.all.clicked.connect(self._search_all)
        self.sort.activated.connect(self._arrange)
        self.size_.valueChanged.connect(self._restyle)
        self.dead.edited.connect(self._arrange)
        for line in (self.waiting, self.working):
            line.cancel.clicked.connect(self.units.stop)

    def show_maximised(self, maximises: bool) -> None:
        """Let cards be about the pictures that units answer to most, or about patches."""
        self.grid.restyle(size=self.grid.size_, maximises=maximises)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stop what takes long by Escape."""
        if event.key() != Qt.Key.Key_Escape or not self.units.stop():
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the legend and the captions before anything is cut off; tooltips have them."""
        super().resizeEvent(event)
        self.legend.setVisible(self.width() >= _ROOM_FOR_LEGEND)
        for words in self._captions:
            words.setVisible(self.width() >= _ROOM_FOR_CAPTIONS)

    # What is shown

    def _show(self) -> None:
        units, answers = self.units, self.units.answers
        self.title.setText(units.asked.layer.title if units.asked else "")
        facts = list(self._facts())
        self.about.setText(" · ".join(facts))
        if answers is not None or (units.busy and self._pages.currentWidget() is self.grid):
            self._turn_to_grid()
            return
        self._say()
        self._pages.setCurrentWidget(self._empty)

    def _turn_to_grid(self) -> None:
        """Bring the cards to the front; they get the keyboard from the button that asked for them."""
        holder = QApplication.focusWidget()
        asked_here = holder is not None and self._empty.isAncestorOf(holder)
        self._pages.setCurrentWidget(self.grid)
        if asked_here:
            self.grid.setFocus()

    def _facts(self) -> list[str]:
        units, answers, found = self.units, self.units.answers, self.units.found
        facts: list[str] = []
        if answers is not None:
            facts.append(counted(answers.units, "unit"))
            counts = ((int(some.sum()), what) for some, what in ((answers.dead, "dead"), (answers.rare, "rare")))
            facts += [f"{thousands(count)} {what}" for count, what in counts if count]
            facts.append(counted(answers.images, f"{SPOKEN[answers.part]} image"))
        facts += [] if units.look.trained else ["untrained"]
        if found is not None and units.asked and answers:
            facts += filter(None, (found.reach.larger_words(units.asked.layer.node), *found.notes))
        return facts

    def _say(self) -> None:
        """Say what to do, and offer it."""
        units = self.units
        found, ready = units.found, units.found is not None and not units.busy
        count, part = units.images or 0, SPOKEN[units.patches.part]
        many = ready and units.patches.most is None and count > PATIENCE
        sentence = units.trouble
        if found is not None and ready and not sentence:
            takes = f"Searching {thousands(count)} images takes about {duration(_rounded(found.seconds))}."
            sentence = takes if many else "No images searched yet."
        self.sentence.setText(sentence)
        self.some.setText(f"Search {thousands(PATIENCE)}")
        self.some.setVisible(bool(many))
        self.all.setText("Search all" if many else f"Search {counted(count, f'{part} image')}")
        self.all.setVisible(ready and not units.trouble)

    def _show_progress(self, words: str, fraction: float) -> None:
        line = self.working if self._pages.currentWidget() is self.grid else self.waiting
        if self._line is not None and (not words or line is not self._line):
            self._line.end()
            self._line = None
        if words and self._line is None:
            self._line = line
            line.begin(words)
        elif words:
            line.show_progress(words, fraction)

    def point(self, unit: int, rank: int) -> None:
        """Say which patch the pointer is on."""
        sheets = self.units.pictures.sheets(unit) if unit >= 0 else None
        words = ""
        if sheets and 0 <= rank < len(sheets.sources):
            words = f"unit {unit}, patch {rank + 1}, {sheets.sources[rank].words}"
        self.say(words)

    def say(self, words: str) -> None:
        """Say what the pointer is on in the status bar; "" when it is on nothing any more."""
        if words != self._pointed:
            self.unsaid.emit(self._pointed)
        self._pointed = words
        if words:
            self.said.emit(words)

    # What is chosen

    def _search_some(self) -> None:
        self.units.search(PATIENCE)

    def _search_all(self) -> None:
        self.units.search()

    def _show_dead(self) -> None:
        self.dead.set_value(True)
        self._arrange()

    def _arrange(self) -> None:
        self.grid.sort, self.grid.shows_dead = Sort(self.sort.currentData()), self.dead.isChecked()
        self.grid.arrange()

    def _restyle(self) -> None:
        self.grid.restyle(size=self.size_.value() / 10, maximises=self.grid.maximises)


def _rounded(seconds: float) -> float:
    """A time that is only about so long: whole minutes from two on, else to 10 s, at least that."""
    return round(seconds / 60) * 60 if seconds >= 120 else max(10, round(seconds / 10) * 10)
