"""How the run in view is doing: figures, the health of its layers, its epochs, the watched sample."""

from __future__ import annotations

from typing import Self

from PySide6.QtWidgets import QGridLayout, QWidget

from engine.data.data_words import unread_words
from engine.recipe.metrics import LossValue
from engine.words import thousands
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.style import role
from gui.train.progress.epochs_section import EpochsSection
from gui.train.progress.health_section import HealthSection
from gui.train.progress.sample_section import SampleSection
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import NOTHING, figure_text, figure_with_unit, loss_text, to_train
from gui.widgets import layouts
from gui.widgets.inset_label import InsetLabel
from gui.widgets.live import LiveWidget
from gui.widgets.stat_tile import StatTile

_INSET = (16, 12, 16, 0)  # px


@PANELS.register
class ProgressPanel(LiveWidget):
    """Follows the run in view."""

    tab = Tab("progress", "Progress", "mdi6.chart-line", (DockPlace("train", "right", 1),))

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = runs
        self.empty, self.notes = InsetLabel(inset=_INSET), InsetLabel(inset=_INSET)
        self.score = StatTile("Validation accuracy")
        self.loss = StatTile("Validation loss")
        self.train_score = StatTile("Training accuracy")
        self.best = StatTile("Best epoch")
        self.patience = StatTile("Early stopping")
        self.health = HealthSection(runs)
        self.epochs = EpochsSection()
        self.sample = SampleSection()
        self._lay_out()
        for signal in (runs.viewed, runs.listed, runs.state_changed, runs.badges_due, runs.readiness.changed):
            signal.connect(self.invalidate)
        for signal in (runs.sample.seen, runs.sample.failed):
            signal.connect(self.invalidate)
        runs.sample.watch_for(self)
        runs.thumbnails_due.connect(self._ask)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.part(Runs))

    def _lay_out(self) -> None:
        page = QWidget()
        role(page, "page")
        column = layouts.column(page)
        for label in (self.empty, self.notes):
            role(label, "label")
            column.addWidget(label)
        self.tiles = QWidget()
        grid = QGridLayout(self.tiles)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(8)
        for index, tile in enumerate((self.score, self.loss, self.train_score, self.best)):
            grid.addWidget(tile, index // 2, index % 2)
            grid.setColumnStretch(index % 2, 1)
        grid.addWidget(self.patience, 1, 1)
        column.addWidget(self.tiles)
        for section in (self.health, self.epochs, self.sample):
            column.addWidget(section)
        column.addStretch(1)
        layouts.column(self, layouts.scrolling(page))

    def _ask(self) -> None:
        self.runs.sample.update(self.runs.current)

    def refresh(self) -> None:
        """Show the run in view as it is now."""
        run = self.runs.current
        self.runs.sample.update(run)
        self.empty.setText(f"No runs yet. {to_train(self.runs.obstacle)}")
        self.empty.setVisible(run is None)
        notes = self._notes(run) if run and run.started else ""
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self.tiles.setVisible(run is not None)
        self.health.show_run(run)
        self.epochs.show_run(run)
        self.sample.show_run(run)
        if run is not None:
            self._show_figures(run)

    def _notes(self, run: Run) -> str:
        """What there is to know of a run that has started."""
        began = run.started.notes if run.started else ()
        waited = run.waited.sentence() if run.waited and run.waited.matters else ""
        return " ".join(filter(None, (*began, unread_words(run.unread), waited, self.runs.sample.message(run))))

    def _show_figures(self, run: Run) -> None:
        metric, loss = run.judged_by, LossValue.measured()
        best, lowest = run.best_of(metric), run.best_of(loss)
        own = figure_with_unit(metric, run.metric(f"validation_{metric.name}"))
        self.score.show_caption(f"Validation {metric.title.lower()}")
        self.score.show_figure(own, f"best {figure_text(metric, best[0])}, epoch {thousands(best[1])}" if best else "")
        lowest_text = f"best {loss_text(lowest[0])}, epoch {thousands(lowest[1])}" if lowest else ""
        self.loss.show_figure(loss_text(run.metric("validation_loss")), lowest_text)
        trained = figure_with_unit(metric, run.metric(f"train_{metric.name}"))
        self.train_score.show_caption(f"Training {metric.title.lower()}")
        self.train_score.show_figure(trained, "over the last epoch" if len(run.epochs) else "")
        self._show_best(run)

    def _show_best(self, run: Run) -> None:
        """The best epoch, or with early stopping how much of its patience is used up."""
        patience, since = run.settings.patience, run.without_gain
        self.best.setVisible(not patience)
        self.patience.setVisible(bool(patience))
        without = f"{'epoch' if since == 1 else 'epochs'} without gain"
        self.patience.show_figure(f"{since} of {patience}", without, warns=since > patience / 2)
        if run.best_epoch is None:
            self.best.show_figure(NOTHING)
            return
        ago = len(run.epochs) - run.best_epoch
        kept = f"{thousands(ago)} {'epoch' if ago == 1 else 'epochs'} ago" if ago else "its weights are kept"
        self.best.show_figure(thousands(run.best_epoch), kept)
