"""The centre of Evaluate: its head, and below it an offer to evaluate or the pages of figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QTabBar, QVBoxLayout, QWidget

from engine.data.image_names import may_be_image
from engine.files import readable
from engine.words import counted
from gui.evaluate.compare_page import ComparePage
from gui.evaluate.curves_page import CurvesPage
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.head import OWN, EvaluateHead
from gui.evaluate.labels_page import LabelsPage
from gui.evaluate.matrix_page import MatrixPage
from gui.evaluate.own_images import OwnImages
from gui.evaluate.page import MARGIN, FigurePage
from gui.evaluate.report import ReportLine
from gui.evaluate.slices_page import SlicesPage
from gui.style.style import TAB_BAR_HEIGHT, role
from gui.train.runs.moved_data import CHOOSE_FOLDER, can_have_moved
from gui.train.runs.words import to_train
from gui.widgets import layouts
from gui.widgets.figure_table import FactList
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.pages import Pages
from gui.widgets.section import separator
from gui.widgets.waiting_line import WaitingLine

_PLAIN_WIDTH = 360


class EvaluateCentre(QWidget):
    """Before an evaluation it offers one; after it the figures stay until newer ones are there."""

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "canvas")
        self._evaluator = evaluator
        self.head = EvaluateHead(evaluator)
        self.matrix_page, self.curves = MatrixPage(evaluator), CurvesPage(evaluator)
        self.slices, self.compare = SlicesPage(evaluator), ComparePage(evaluator)
        self.labels = LabelsPage(evaluator)
        self.matrix_page.cell.labels_wanted.connect(self._judge)
        self.matrix, self.table = self.matrix_page.matrix, self.matrix_page.table
        self._make_widgets()
        self._lay_out()
        self.setAcceptDrops(True)
        self.splits.chosen.connect(self._choose_images)
        evaluator.runs.document.replaced.connect(self._begin_anew)
        evaluator.changed.connect(self._show)
        for signal in (evaluator.runs.readiness.changed, evaluator.runs.chips_due):
            signal.connect(self._follow_runs)
        evaluator.progressed.connect(self._show_progress)
        self._show()

    def close_jobs(self) -> None:
        """End the threads: the window closes."""
        for page in self._figures:
            page.close_jobs()
        self.own.close_jobs()
        self.report.report.close()

    def show_page(self, page: QWidget) -> None:
        """Bring one of the pages of figures to the front."""
        self.tabs.setCurrentIndex(self._stack.indexOf(page))

    def show_own(self, places: Sequence[Path]) -> None:
        """Ask the run in view of images of the user's own."""
        self.head.own = True
        self.own.ask(places)
        if self._evaluator.own is not None:
            self._evaluator.choose_split(self._evaluator.split)
        self.head.refresh()
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._evaluator.ready and _images_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        places = _images_in(event)
        if places and self._evaluator.ready:
            event.acceptProposedAction()
            self.show_own(places)

    def _begin_anew(self) -> None:
        """Another project: images and reports of the one before are none of it."""
        self.head.own = False
        self.own.forget()
        self.report.report.forget()
        self.head.refresh()

    def _choose_images(self, which: str) -> None:
        if which != OWN:
            self.head.own = False
            self._evaluator.choose_split(which)
            self.head.refresh()
            self._show()
            return
        chosen = QFileDialog.getExistingDirectory(self, "Folder of images")
        if chosen:
            self.show_own([Path(chosen)])
        else:
            self.head.refresh()

    def _judge(self, place: int) -> None:
        self.show_page(self.labels)
        self.labels.add(place)

    def _make_widgets(self) -> None:
        self.splits = self.head.splits
        self.plain, self.own, self.report = FactList(), OwnImages(self._evaluator), ReportLine(self._evaluator)
        self.head.report.clicked.connect(self.report.ask)
        self.evaluate = QPushButton()
        role(self.evaluate, "primary")
        self.evaluate.clicked.connect(self._evaluator.start)
        self.other_folder = OfferButton()
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self._evaluator.cancel)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        role(self.message, "label")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.waiting, self.trouble, self.mend = WaitingLine(), QLabel(), OfferButton()
        self.waiting.setContentsMargins(MARGIN, 8, MARGIN, 0)
        self.waiting.cancel.clicked.connect(self._evaluator.cancel)
        self.trouble.setWordWrap(True)
        for label in (self.message, self.trouble):
            label.setTextFormat(Qt.TextFormat.PlainText)  # paths may look like tags
        role(self.trouble, "error")
        self.trouble.setContentsMargins(0, 8, 0, 6)

    def _lay_out(self) -> None:
        self.pages = Pages()
        for page in (self._offer(), self._results(), self._plain_page(), self.own):
            self.pages.addWidget(page)
        told = layouts.row(None, self.trouble, self.mend, spacing=8)
        told.setStretch(0, 1)
        told.setContentsMargins(MARGIN, 0, MARGIN, 0)
        layouts.column(self, self.head, self.report, self.waiting, told, self.pages).setStretch(4, 1)

    def _results(self) -> QWidget:
        self._figures: list[FigurePage] = [self.matrix_page, self.curves, self.slices, self.compare, self.labels]
        self.tabs, self._stack = QTabBar(), Pages()
        self.tabs.setAccessibleName("Figures")
        self.tabs.setExpanding(False)
        for page in self._figures:
            self.tabs.addTab(page.title)
            self._stack.addWidget(page)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        bar, whole = QWidget(), QWidget()
        role(bar, "panel")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(TAB_BAR_HEIGHT)
        row = layouts.row(None, self.tabs)
        row.setContentsMargins(6, 0, 6, 0)
        layouts.column(bar, row, separator())
        layouts.column(whole, bar, self._stack).setStretch(1, 1)
        return whole

    def _offer(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(1)
        words = QHBoxLayout()  # between stretches: aligned, it would get the height of one line
        words.addStretch(1)
        words.addWidget(self.message, 1000)  # up to its greatest width
        words.addStretch(1)
        column.addLayout(words)
        for widget in (self.evaluate, self.other_folder, self.progress, self.cancel):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self.message.setMaximumWidth(480)
        self.progress.setFixedWidth(320)
        column.addStretch(2)
        return page

    def _plain_page(self) -> QWidget:
        """The figures of a task that has no pictures of its own."""
        page, self.plain_title = QWidget(), QLabel()
        role(self.plain_title, "title")
        self.plain.setFixedWidth(_PLAIN_WIDTH)
        column = layouts.column(page, spacing=8)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        for widget in (self.plain_title, self.plain):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    # Following

    def _show(self) -> None:
        evaluator = self._evaluator
        result, run = evaluator.result, evaluator.run
        self.trouble.setText(evaluator.message if result is not None else "")
        self.trouble.setVisible(bool(self.trouble.text()))
        self.mend.show_offer(self._other_folder() if self.trouble.text() else None)
        if result is not None and evaluator.busy:
            self.waiting.begin("Starting")
        else:
            self.waiting.end()
        if self.head.own and evaluator.ready and evaluator.own is None:
            self.pages.setCurrentWidget(self.own)
            return
        if result is None:
            self._show_offer()
            self.pages.setCurrentIndex(0)
            return
        if result.classes is None:
            self.plain_title.setText(run.project.task.title if run else "")
            self.plain.show_facts(result.evaluation.figures())
            self.pages.setCurrentIndex(2)
            return
        self.pages.setCurrentIndex(1)
        if self.hasFocus():  # since the button that asked for it went
            self.matrix.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_runs(self) -> None:
        """Offer an evaluation as soon as there is something to evaluate."""
        if self._evaluator.result is None and not self._evaluator.busy:
            self._show()
            self.head.refresh()

    def _show_offer(self) -> None:
        evaluator = self._evaluator
        run = evaluator.run
        if run is not None:
            count = run.record.images.get(evaluator.split) if run.record else None
            images = counted(count, f"{evaluator.split} image") if count else f"its {evaluator.split} images"
            images = f"the images of {readable(evaluator.own.name)}" if evaluator.own else images
            self.evaluate.setText(f"Evaluate run {run.number} on {images}")
        self.other_folder.show_offer(self._other_folder())
        self.evaluate.setVisible(evaluator.ready and not evaluator.busy)
        self.progress.setVisible(evaluator.busy)
        self.cancel.setVisible(evaluator.busy)
        self.progress.setRange(0, 0)
        if evaluator.busy:
            self.message.setText("Starting")
        elif evaluator.message:
            self.message.setText(evaluator.message)
        elif evaluator.ready:
            self.message.setText(f"The best weights of the run, on its {evaluator.split} images.")
        else:
            self.message.setText(self._why_nothing())

    def _other_folder(self) -> Offer | None:
        """What may help where the images of the run are not where they were."""
        evaluator, run = self._evaluator, self._evaluator.run
        if run is None or not evaluator.message or not can_have_moved(run):
            return None
        if evaluator.result is not None and evaluator.result.looks != evaluator.looks:
            return None  # the images were found: to look at them so is what failed
        return Offer(CHOOSE_FOLDER, partial(evaluator.runs.moved_data.ask, run))

    def _why_nothing(self) -> str:
        """Why there is nothing to evaluate, and what leads to it."""
        run = self._evaluator.run
        if run is not None and run.status.active:
            return f"{run.title} can be evaluated after its first epoch."
        return f"No run has finished an epoch yet. {to_train(self._evaluator.runs.obstacle)}"

    def _show_progress(self, text: str, fraction: float) -> None:
        self.message.setText(text)
        self.progress.setRange(0, 0 if fraction < 0 else 100)
        self.progress.setValue(round(100 * fraction))
        self.waiting.show_progress(text, fraction)


def _images_in(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """The image files and folders that are dropped; none where there is anything else among them."""
    places = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return places if all(place.is_dir() or may_be_image(place.name) for place in places) else []
