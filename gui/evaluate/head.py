"""The head of Evaluate: which run, on which images, and what is done with the figures."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from engine.words import thousands
from gui.evaluate.evaluator import Evaluator
from gui.evaluate.looks_choice import LooksChoice
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.curves.chart_lines import run_colour
from gui.train.runs.run import Run
from gui.widgets import layouts
from gui.widgets.fitted_row import FittedRow
from gui.widgets.segmented import Segment, Segmented

HEIGHT = 44
OWN = "own"
"""The segment that stands for images of the user's own."""
_RUN_WIDTH = 220  # px


class EvaluateHead(FittedRow):
    """Run and images to choose; ``again`` evaluates once more."""

    levels = 2

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "tool-row")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._evaluator = evaluator
        self.run, self.again = QComboBox(), QPushButton("Evaluate again")
        self.report, self.looks = QPushButton("Report…"), LooksChoice()
        self.own = False  # whether images of the user's own are shown
        self.run.setAccessibleName("Run")
        self.run.setFixedWidth(_RUN_WIDTH)
        self.splits = Segmented(
            (Segment("validation", "Validation"), Segment("test", "Test"), Segment(OWN, "Folder…")), small=True
        )
        self.splits.choose(evaluator.split)
        self._names = QLabel("Run"), QLabel("Images")
        for name in self._names:
            role(name, "label")
        for button in (self.again, self.report):
            mark(button, "scale", "small")
            button.setIconSize(QSize(16, 16))
        self.report.setToolTip("Write the figures as a web page or a PDF")
        self.splits.button(OWN).setToolTip("Ask the run of images of your own; files can also be dropped here")
        self._lay_out()
        self.run.activated.connect(self._view)
        self.looks.chosen.connect(evaluator.choose_looks)
        self.again.clicked.connect(evaluator.start)
        evaluator.changed.connect(self.refresh)
        for signal in (evaluator.runs.listed, evaluator.runs.viewed, evaluator.runs.epoch_done):
            signal.connect(self.refresh)
        appearance().changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        run, images = self._names
        self.right = layouts.row(None, self.report, self.again, spacing=8)
        row = layouts.row(self, spacing=8)
        for part in (run, self.run, images, self.splits, self.looks):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.setContentsMargins(16, 0, 12, 1)
        row.addStretch(1)
        row.addLayout(self.right)

    def show_level(self, level: int) -> None:
        """Leave out the names of what can be chosen."""
        for name in self._names:
            name.setVisible(level < 1)

    def refresh(self) -> None:
        """Show which runs there are, and what is in view."""
        evaluator = self._evaluator
        runs = [run for run in evaluator.runs.all if len(run.epochs)]
        shown = [self.run.itemData(index) for index in range(self.run.count())]
        words = [_words(run) for run in runs]
        if shown != runs or words != [self.run.itemText(index) for index in range(self.run.count())]:
            self.run.clear()
            for run, text in zip(runs, words, strict=True):
                self.run.addItem(_square(evaluator.runs.shown.get(run)), text, run)
        self.run.setCurrentIndex(runs.index(evaluator.run) if evaluator.run in runs else -1)
        self.run.setToolTip(self.run.currentText())
        self.run.setEnabled(bool(runs))
        self.splits.choose(OWN if self.own else evaluator.split)
        for part in (self.splits, self.looks):
            part.setEnabled(evaluator.ready)
        for button in (self.again, self.report):
            button.setVisible(evaluator.result is not None and not self.own)
        self.again.setEnabled(not evaluator.busy)
        self.fit()

    def _view(self, index: int) -> None:
        run: Run = self.run.itemData(index)
        self._evaluator.runs.view(run)

    def _restyle(self) -> None:
        self.again.setIcon(appearance().icon("mdi6.target", "text"))
        self.report.setIcon(appearance().icon("mdi6.export-variant", "text"))
        self.run.clear()  # the squares have the runs' colours
        self.refresh()


def _words(run: Run) -> str:
    """ "Run 7, best, epoch 14"."""
    best = f"best, epoch {thousands(run.best_epoch)}" if run.best_epoch else "last epoch"
    return f"{run.title}   {best}"


def _square(colour: int | None) -> QIcon:
    """A square in the colour that a run has in the charts."""
    picture = QPixmap(12, 12)
    picture.fill(appearance().colour("line2") if colour is None else run_colour(colour))
    return QIcon(picture)
