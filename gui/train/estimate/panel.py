"""What the next run will take: memory by part, time, the largest batch, and what if a setting were another."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.words import memory
from gui.document import Document
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.estimate import words
from gui.train.estimate.bar import Legend, MemoryBar
from gui.train.estimate.estimating import estimating_of
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.busy_bar import BusyBar
from gui.widgets.card_note import CardNote, NoteBox
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.flow import Flow
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.panel import Panel
from gui.widgets.stat_tile import StatTile
from gui.widgets.waiting_line import WaitingLine

_WIDE = 560  # px, from which the cards stand in one row
_MARGIN = 16
_HEAD, _LEAST = 40, 160  # px: the line above all figures, and what of them is seen at least


class EstimatePanel(Panel):
    """Follows each change of network, data and settings; the old estimate stays until there is a new one."""

    template_wanted = Signal()
    problems_wanted = Signal()

    def __init__(self, document: Document, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.runs = runs
        self.estimating = estimating_of(runs)
        self.about = ElidedLabel()
        self.needed, self.of, self.free_sign, self.free = QLabel(), ElidedLabel(), QLabel(), QLabel()
        self.bar, self.legend = MemoryBar(), Legend()
        self.note: NoteBox | None = None
        self.tiles = [StatTile(caption) for caption in ("Step", "Epoch", "Run", "Largest batch")]
        self.basis = QLabel()
        self.measure = QPushButton("Measure")
        self.waiting = WaitingLine()
        self.others, self.no_others = QWidget(), QLabel()
        self.empty, self.offer = QLabel(), OfferButton()
        self._wanted = QSize()
        self._busy_bar, self._busy = BusyBar(self), False
        self._lay_out()
        self.estimating.changed.connect(self._show)
        runs.readiness.changed.connect(self.invalidate)
        runs.state_changed.connect(self._show_measuring)
        self.measure.clicked.connect(self._measure)
        self.waiting.cancel.clicked.connect(self.estimating.paces.stop)
        for one, other in ((self.bar, self.legend), (self.legend, self.bar)):
            one.hovered.connect(one.mark)
            one.hovered.connect(other.mark)

    def _lay_out(self) -> None:
        for label, name in (
            (self.about, "label"),
            (self.needed, "figure"),
            (self.of, "label"),
            (self.basis, "caption"),
            (self.empty, "label"),
            (self.no_others, "label"),
        ):
            role(label, name)
        for label in (self.basis, self.empty, self.no_others):
            label.setWordWrap(True)
        mark(self.measure, "scale", "small")
        self.figures, self.nothing = self._figures(), self._nothing()
        heading = QLabel("Estimate")
        role(heading, "heading")
        head = layouts.row(None, heading, self.about, spacing=12)
        head.setStretch(1, 1)
        head.setContentsMargins(_MARGIN, 10, _MARGIN, 10)
        layouts.column(self, head, self.figures, self.nothing)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # no more than there is to say
        self._show_page(figures=False)

    def _figures(self) -> QScrollArea:
        page = QWidget()
        role(page, "page")
        line = layouts.row(None, self.needed, self.of, spacing=8)
        line.setStretch(1, 1)
        line.addWidget(self.free_sign)
        line.addWidget(self.free)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        known = layouts.row(None, self.basis, self.measure, spacing=12)
        known.setStretch(0, 1)
        Flow(self.others, spacing=8)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(_MARGIN, 0, _MARGIN, _MARGIN)
        self._column.setSpacing(8)
        for part in (line, self.bar, self.legend, self._grid, known, self.waiting, self.others, self.no_others):
            if isinstance(part, QWidget):
                self._column.addWidget(part)
            else:
                self._column.addLayout(part)
        self._column.addStretch(1)
        self._place_tiles()
        page.installEventFilter(self)
        area = layouts.scrolling(page)
        area.setMinimumHeight(_LEAST)
        return area

    def _nothing(self) -> QWidget:
        page = QWidget()
        column = layouts.column(page, self.empty, spacing=8)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, _MARGIN)
        column.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def sizeHint(self) -> QSize:
        if self.figures.isHidden():
            return super().sizeHint()
        return QSize(_WIDE, _HEAD + self._column.totalHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_tiles()
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # which scroll areas keep to themselves
            self._fit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.estimating.paces.measuring:
            self.estimating.paces.stop()
        else:
            super().keyPressEvent(event)

    def _show_page(self, *, figures: bool) -> None:
        self.figures.setVisible(figures)
        self.nothing.setVisible(not figures)
        self._fit()

    def _fit(self) -> None:
        """Ask for as much room as there is to say."""
        if self._wanted != (wanted := self.sizeHint()):
            self._wanted = wanted
            self.updateGeometry()

    def _place_tiles(self) -> None:
        columns = 4 if self.width() >= _WIDE else 2
        for index, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, index // columns, index % columns)

    # Showing

    def refresh(self) -> None:
        """Ask about the document as it is now, or say why there is nothing to estimate."""
        analysis = self.document.analysis
        if not len(self.document.network):
            self._tell("Draw a network first.", Offer("Open a template", self.template_wanted.emit))
        elif not analysis.ok:
            obstacle = self.runs.obstacle
            reason = obstacle.text if obstacle else analysis.blocking[0].message
            self._tell(reason, Offer("Show problems", self.problems_wanted.emit))
        else:
            self.about.setText(words.network_words(self.document.network.name, analysis))
            self.estimating.ask()
            self._show()

    def retheme(self) -> None:
        """Take the signs in the colours of the theme."""
        self._show()

    def _tell(self, text: str, offer: Offer | None) -> None:
        self.estimating.ask()  # which forgets what it found
        self.about.setText("")
        self._show_nothing(text, offer)
        self._show_busy()

    def _show_nothing(self, text: str, offer: Offer | None = None) -> None:
        self.empty.setText(text)
        self.offer.show_offer(offer)
        self._show_page(figures=False)

    def _show(self) -> None:
        found, project = self.estimating.found, self.estimating.project
        self._show_busy()
        if found is None or project is None:
            if self.estimating.failure or self.estimating.busy:
                self._show_nothing(self.estimating.failure or "Estimating what training takes …")
            return
        self.needed.setText(memory(found.bytes))
        self.of.setText(words.of_words(found))
        self.free.setText(words.free_words(found))
        role(self.free, "ok" if found.fits else "error")
        sign = ("mdi6.check-circle", "ok") if found.fits else ("mdi6.alert-circle", "err")
        self.free_sign.setPixmap(appearance().icon(*sign).pixmap(14, 14))
        self.free_sign.setVisible(found.capacity is not None)
        self.bar.show_parts(found.parts, found.capacity)
        self.legend.show_parts(found.parts)
        for tile, card in zip(self.tiles, words.cards(found, project.training), strict=True):
            tile.show_caption(card.caption)
            tile.show_figure(card.figure, card.note)
        self.basis.setText(words.basis_words(found, self.estimating.measured_in))
        self._show_measuring()
        self._show_note()
        self._show_others()
        self._show_page(figures=True)

    def _show_busy(self) -> None:
        if self._busy != self.estimating.busy:
            self._busy = self.estimating.busy
            self._busy_bar.set_busy(self._busy)

    def _show_measuring(self) -> None:
        paces = self.estimating.paces
        self.measure.setEnabled(not (paces.measuring or paces.refusal))
        self.measure.setToolTip(paces.refusal or "Make some steps on a copy of the network, to see how long they take")
        if paces.measuring:
            self.waiting.show_progress("Measuring steps", paces.progress)
        else:
            self.waiting.end()
            if paces.failure:
                self.basis.setText(paces.failure)

    def _show_note(self) -> None:
        found, others = self.estimating.found, self.estimating.others
        text = words.too_large(found) if found else ""
        better = (self._asked_for() or words.remedy(found, others)) if found and text else None
        mend = partial(self._mend, better) if better else None
        note = CardNote(text, better.label if better else "", mend)
        if self.note is not None and (self.note.text.text(), self.note.button.text()) == (note.text, note.label):
            return
        if self.note is not None:
            self.note.hide()
            self.note.deleteLater()
            self.note = None
        if text:
            self.note = NoteBox(note)
            self._column.insertWidget(2, self.note)

    def _asked_for(self) -> words.Remedy | None:
        """What the form offers about the batch, which goes by the memory that is free now; None if it does not."""
        about = (problem for problem in self.runs.readiness.problems if problem.setting == "batch_size")
        suggestion = next((one for problem in about for one in problem.suggestions), None)
        return words.Remedy(suggestion.label, suggestion.settings) if suggestion else None

    def _show_others(self) -> None:
        flow = self.others.layout()
        assert flow is not None
        layouts.clear(flow)
        found, slower = self.estimating.found, self.estimating.slower
        told = [words.otherwise_words(other, found, slower) for other in self.estimating.others if found]
        for text, wrong in [("What if", ""), *told]:
            label = QLabel(f"{text}, {wrong}" if wrong else text)
            role(label, "error" if wrong else "label" if flow.count() else "small")
            label.setContentsMargins(0, 0, 8, 0)
            flow.addWidget(label)
        self.others.setVisible(flow.count() > 1)
        self.no_others.setText(self.estimating.others_failure)
        self.no_others.setVisible(bool(self.estimating.others_failure))

    # Doing

    def _measure(self) -> None:
        self.waiting.begin("Measuring steps")
        self.estimating.measure()

    def _mend(self, better: words.Remedy) -> None:
        settings = self.document.project.training.model_copy(update=dict(better.changes))
        self.document.change_settings(better.label, settings)
