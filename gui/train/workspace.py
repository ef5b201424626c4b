"""Train: the network of the run in view beside its curves, or what is before a run."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from engine.project import Project
from gui.document import Document
from gui.draw.canvas.canvas import Canvas
from gui.draw.canvas.items.mark_painter import REACH
from gui.style.style import role
from gui.train.badge_bar import BadgeBar
from gui.train.before.page import BeforeRun
from gui.train.curves.panel import CurvesPanel
from gui.train.runs.marks import Thumbnails, marks
from gui.train.runs.remedies import remedies
from gui.train.runs.run import DRAWN
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.live import LiveWidget
from gui.widgets.message_bar import MessageBar
from gui.widgets.pages import Pages

_CANVAS_WIDTH, _NARROW_CANVAS = 392, 288  # as much as the settings are wider than the runs: the border stays there
_NARROW_BELOW = 1440  # px of window width, in which the settings are narrower
_MARGIN = 12
_CORNER = QPointF(_MARGIN, 56)  # where the first node stands, below the breadcrumb
_SMALLEST = 0.45  # below, nodes have no text: scrolling sideways is better


class TrainWorkspace(LiveWidget):
    """The canvas shows the network as the run trains it, not as it is drawn now; it cannot be edited."""

    def __init__(self, document: Document, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.runs = runs
        self.document = document
        self.run_document = Document(parent=self)
        self.canvas = Canvas(self.run_document, read_only=True)
        self.badges = BadgeBar()
        self.curves = CurvesPanel(runs)
        self.message = MessageBar()
        self.before = BeforeRun(document, runs)
        self._shows_before = False
        self._thumbnails = Thumbnails()
        self._fitted_zoom, self._dragged = 0.0, False
        self._resized, self._replaced = self.canvas.later(self._follow_width), self.canvas.later(self._show_from_top)
        self._told: tuple[object, bool] = (None, True)
        self._lay_out()
        self._follow()
        runs.sample.watch_for(self)

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self._canvas_side())
        self.splitter.addWidget(self.curves)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.pages = Pages()
        self.pages.addWidget(self.before)
        self.pages.addWidget(self.splitter)
        column = layouts.column(self, self.message)
        column.addWidget(self.pages, 1)

    def _canvas_side(self) -> QWidget:
        side = QWidget()
        role(side, "canvas")
        side.setMinimumWidth(240)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, _MARGIN, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 4)
        row.addWidget(self.badges)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)
        return side

    def _follow(self) -> None:
        self.runs.viewed.connect(self.invalidate)
        self.runs.listed.connect(self.invalidate)
        self.runs.state_changed.connect(self.invalidate)
        self.runs.badges_due.connect(self._mark)
        self.runs.thumbnails_due.connect(self._ask)
        self.runs.sample.seen.connect(self._mark)
        self.badges.changed.connect(self._mark)
        self.splitter.splitterMoved.connect(self._keep_border)
        self.pages.currentChanged.connect(self._fit_width)
        self.run_document.selection_changed.connect(self._select_in_drawing)
        self.document.selection_changed.connect(self._select_here)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def _keep_border(self) -> None:
        """The user has moved the border between canvas and curves."""
        self._dragged = True
        self._fit_width()

    def _fit_width(self) -> None:
        self._resized.start()  # the splitter gives its parts their widths only after this

    def _follow_width(self) -> None:
        """Fit the badges, zoom anew, unless the user chose a zoom, and leave in view what stood at the top."""
        if not self._dragged:
            handle = self.splitter.handleWidth()
            canvas = (_NARROW_CANVAS if self.window().width() < _NARROW_BELOW else _CANVAS_WIDTH) - handle
            self.splitter.setSizes([canvas, self.splitter.width() - handle - canvas])
        self.badges.fit(self.splitter.sizes()[0] - 2 * _MARGIN)
        if self.canvas.view.zoom == self._fitted_zoom:
            self._zoom_to_width(self.canvas.view.scene_at(_CORNER).y())

    # Showing

    def show_before_run(self, shown: bool) -> None:
        """Show what is before a run in place of the run in view; where there is none, it is shown anyway."""
        self._shows_before = shown
        self.invalidate()

    def refresh(self) -> None:
        """Show the run in view."""
        run = self.runs.current
        self.pages.setCurrentWidget(self.before if run is None or self._shows_before else self.splitter)
        self._tell_failure()
        if run is None:
            return
        if self.run_document.network is not run.drawing:
            self.run_document.replace(Project(run.drawing, run.project.data, run.settings, DRAWN))
            self._replaced.start()
        self._select_here()
        self._mark()
        self._ask()

    def _show_from_top(self) -> None:
        box = self.canvas.scene.geometry.bounds()
        if box is not None:
            self._zoom_to_width(box.top)

    def _zoom_to_width(self, top: float) -> None:
        """Zoom so that the column with its marks fits the width, at most to 100 %, with ``top`` as its first line."""
        view, box = self.canvas.view, self.canvas.scene.geometry.bounds()
        if box is not None:
            available = view.viewport().width() - 2 * _MARGIN
            view.zoom_at(max(_SMALLEST, min(1.0, available / (box.width + REACH))))
            view.look_at(QPointF(box.left, top), _CORNER)
            self._fitted_zoom = view.zoom

    def _mark(self) -> None:
        run = self.runs.current
        if run is not None and self.isVisible():
            self.canvas.set_marks(marks(run, self.badges.badges, self._thumbnails))

    def _ask(self) -> None:
        self.runs.sample.update(self.runs.current)

    def _tell_failure(self) -> None:
        run = self.runs.current
        failure = run.failure if run else None
        told = (failure, self.runs.active is None)
        if told == self._told:
            return
        self._told = told
        self.message.hide()
        if run is not None and failure is not None:
            found = remedies(self.runs, run)
            offered = failure.hint.rstrip(".") in (remedy.label for remedy in found)
            self.message.tell(failure.message if offered else f"{failure.message} {failure.hint}".strip(), *found)

    # The selection is shared with Draw, as far as both drawings have the same names

    def _select_in_drawing(self) -> None:
        self._copy_selection(self.run_document, self.document)

    def _select_here(self) -> None:
        self._copy_selection(self.document, self.run_document)

    def _copy_selection(self, source: Document, target: Document) -> None:
        names = source.selection.names
        if all(name in target.network or target.network.is_block(name) for name in names):
            target.select(names)
