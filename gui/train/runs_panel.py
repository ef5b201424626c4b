"""The list of runs, and below it what the run in view was trained with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Self

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QPushButton,
    QToolButton,
    QWidget,
)

from engine.errors import LayerloomError
from gui.guard import border
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.change_rate import ask_for_rate
from gui.train.run_commands import RUN_COMMANDS, RUN_PART, RunCommand
from gui.train.run_rows import RUN, RunDelegate, RunModel
from gui.train.runs.differences import data_facts, unlike_words
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import RESUME, data_text, settings_facts, to_train
from gui.train.table.window import show_table
from gui.train.train_longer import ask_for_epochs
from gui.widgets import layouts
from gui.widgets.context_menu import context_menu
from gui.widgets.figure_table import FactList
from gui.widgets.inset_label import InsetLabel
from gui.widgets.live import LiveWidget
from gui.widgets.message_bar import MessageBar
from gui.widgets.section import Section

BUSY = "Another run is training"
_INSET = (16, 8, 16, 8)  # px


@PANELS.register
class RunsPanel(LiveWidget):
    """Click a row to bring the run into view, its box to draw its curves; F2 renames, Delete deletes."""

    tab = Tab("runs", "Runs", "mdi6.history", (DockPlace("train", "left", 1), DockPlace("evaluate", "left", 2)))

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = runs
        self.count, self.score = QLabel(), QLabel()
        self.search, self.note = QLineEdit(), QLineEdit()
        self._noted: Run | None = None  # whose note is there
        self.table = QToolButton()
        self._session: Session | None = None
        self.message = MessageBar()
        self.model = RunModel(runs)
        self.list = QListView()
        self.empty, self.left_behind = InsetLabel(inset=_INSET), InsetLabel(inset=_INSET)
        self.facts, self.unlike = FactList(), QLabel()
        self.data = QLabel()
        self.settings_section = Section("Settings")
        self.data_section = Section("Data")
        self.duplicate = QPushButton("Duplicate")
        self.resume = QPushButton(RESUME)
        self._set_up_list()
        self._lay_out()
        self._follow()
        self._restyle()

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        panel = cls(session.part(Runs))
        panel._session = session
        return panel

    # Building

    def _set_up_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(RunDelegate(self.list, self.runs))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setAccessibleName("Runs")
        for command in RUN_COMMANDS.values():
            if command.local_keys:
                self._bind(command)

    def _bind(self, command: RunCommand) -> None:
        action = QAction(command.text, self.list)
        action.setShortcuts([QKeySequence(keys) for keys in command.local_keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: border().do(lambda: self._do(command)))
        self.list.addAction(action)

    def _lay_out(self) -> None:
        column = layouts.column(self)
        self.head = self._head()
        column.addWidget(self.head)
        column.addLayout(self._finding())
        column.addWidget(self.message)
        role(self.empty, "label")
        column.addWidget(self.empty)
        role(self.left_behind, "caption")
        column.addWidget(self.left_behind)
        column.addWidget(self.list, 1)
        details = QWidget()
        role(details, "page")
        below = layouts.column(details)
        self.settings_section.body.addWidget(self.note)
        self.settings_section.body.addSpacing(6)
        self.settings_section.body.addWidget(self.facts)
        role(self.unlike, "caption")
        self.unlike.setWordWrap(True)
        self.settings_section.body.addWidget(self.unlike)
        self.settings_section.body.addSpacing(12)
        self.settings_section.body.addLayout(self._buttons())
        role(self.data, "label")
        self.data.setWordWrap(True)
        self.data_section.body.addWidget(self.data)
        below.addWidget(self.settings_section)
        below.addWidget(self.data_section)
        below.addStretch(1)
        column.addWidget(layouts.scrolling(details), 1)

    def _head(self) -> QWidget:
        head = QWidget()
        head.setFixedHeight(32)
        role(self.count, "caption")
        role(self.score, "caption")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 12, 0)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self.score)
        return head

    def _finding(self) -> QHBoxLayout:
        self.search.setPlaceholderText("Find runs")
        self.search.setAccessibleName("Find runs by name, note, status or setting")
        self.search.setToolTip(self.search.accessibleName())
        self.search.setClearButtonEnabled(True)
        self.table.setToolTip("Table of runs")
        self.table.setAccessibleName("Table of runs")
        self.note.setPlaceholderText("Add a note")
        self.note.setAccessibleName("Note on this run")
        row = layouts.row(None, self.search, self.table, spacing=4)
        row.setContentsMargins(12, 0, 8, 8)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.duplicate, self.resume):
            mark(button, "scale", "small")
            button.setIconSize(QSize(16, 16))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _follow(self) -> None:
        runs = self.runs
        for signal in (runs.listed, runs.shown_changed, runs.viewed, runs.state_changed, runs.chips_due):
            signal.connect(self.invalidate)
        runs.document.settings_changed.connect(self.invalidate)
        runs.readiness.changed.connect(self.invalidate)
        self.list.selectionModel().currentChanged.connect(self._view)
        self.model.refused.connect(self._tell)
        runs.failed.connect(self._tell)
        self.search.textChanged.connect(self._find)
        self.table.clicked.connect(self._show_table)
        self.note.editingFinished.connect(self._keep_note)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.duplicate.clicked.connect(self.duplicate_run)
        self.resume.clicked.connect(self.resume_run)
        appearance().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.duplicate.setIcon(appearance().icon("mdi6.content-copy", "text"))
        self.resume.setIcon(appearance().icon("mdi6.play", "text"))
        self.table.setIcon(appearance().icon("mdi6.table"))
        self.list.viewport().update()

    # Showing

    def refresh(self) -> None:
        """Show the list and the run in view as they are now."""
        runs, run = self.runs, self.runs.current
        self.model.follow()
        self.list.setCurrentIndex(self.model.row_of(run))
        self.list.setVisible(bool(runs.all))
        self.list.setMaximumHeight(self.model.rowCount() * self.list.sizeHintForRow(0))  # the rest is for the settings
        for widget in (self.head, self.search, self.table):
            widget.setVisible(bool(runs.all))
        nothing = f"No run has '{self.search.text()}'." if runs.all else f"No runs yet. {to_train(runs.obstacle)}"
        self.empty.setText(nothing)
        self.empty.setVisible(not self.model.rowCount())
        self._show_note(run)
        self.left_behind.setText(runs.home.left_behind)
        self.left_behind.setVisible(bool(runs.home.left_behind))
        self.count.setText(f"Shown in the charts: {len(runs.shown)} of {len(runs.all)}" if runs.all else "")
        self.score.setText(_score_head(runs.all))
        settings = run.settings if run else runs.document.project.training
        self.settings_section.heading.setText(f"Run {run.number} settings" if run else "Settings for the next run")
        data = run.project.data if run else runs.document.project.data
        self.facts.show_facts([*settings_facts(settings), *data_facts(data)])
        self.unlike.setText(unlike_words(run, runs.all) if run else "")
        self.unlike.setVisible(bool(self.unlike.text()))
        self.data_section.setVisible(run is not None)
        self.data.setText(data_text(run) if run else "")
        self.duplicate.setVisible(run is not None)
        self.duplicate.setEnabled(runs.active is None)
        self.duplicate.setToolTip(BUSY if runs.active else "Train the same network with the same settings again")
        self.resume.setVisible(run is not None and run.resumable)
        self.resume.setEnabled(runs.active is None)

    def _show_note(self, run: Run | None) -> None:
        self.note.setVisible(run is not None)
        if run is not self._noted:
            self._keep_note()
            self._noted = run
        if run is not None and not self.note.isModified() and self.note.text() != run.note:
            self.note.setText(run.note)
            self.note.setCursorPosition(0)

    def _find(self, words: str) -> None:
        self.model.find(words)
        self.refresh()

    # Doing

    def _show_table(self) -> None:
        if self._session is not None:
            show_table(self._session)

    def _keep_note(self) -> None:
        if self._noted in self.runs.all and self.note.isModified():
            self.note.setModified(False)
            self._try(lambda run: self.runs.annotate(run, self.note.text()), self._noted)

    def _view(self, index: QModelIndex) -> None:
        if index.isValid():
            self.runs.view(index.data(RUN))

    def duplicate_run(self) -> None:
        """Train the same network with the same settings again."""
        self._try(lambda run: self.runs.start(project=run.project))

    def resume_run(self) -> None:
        """Go on with a run that stopped."""
        self._try(self.runs.continue_run)

    def complete_ensemble(self) -> None:
        """Train what is left of the ensemble of the run."""
        self._try(self.runs.ensembles.complete)

    def train_longer(self) -> None:
        """Go on with a run that has done all its epochs, for as many more as are asked for."""
        epochs = ask_for_epochs(self, self.runs.current) if self.runs.current is not None else None
        if epochs is not None:
            self._try(partial(self.runs.continue_run, epochs=epochs))

    def change_rate(self) -> None:
        """Let the run that trains go on at the learning rate that is asked for."""
        self._try(self._change_rate)

    def _change_rate(self, run: Run) -> None:
        wanted = ask_for_rate(self, run)
        if wanted is not None:
            self.runs.set_learning_rate(wanted)

    def rename_run(self) -> None:
        """Edit the name of the run in place."""
        self.list.edit(self.model.row_of(self.runs.current))

    def _open_menu(self, place: QPoint) -> None:
        if self.runs.current is None or not self.list.indexAt(place).isValid():
            return
        menu = context_menu(self, self, list(RUN_COMMANDS.values()), RUN_PART)
        menu.exec(self.list.viewport().mapToGlobal(place))
        menu.deleteLater()

    def open_folder(self) -> None:
        """Show where the run is kept."""
        if self.runs.current is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.runs.current.folder)))

    def delete_run(self) -> None:
        """Ask, and delete the run with its weights."""
        run = self.runs.current
        if run is None:
            return
        question = f"Delete run {run.title} with its weights?"
        box = QMessageBox(QMessageBox.Icon.NoIcon, "Delete run", question, parent=self)
        delete = box.addButton("Delete run", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Keep it", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is delete:
            self._try(self.runs.delete)

    def _do(self, command: RunCommand) -> None:
        if command.possible(self):
            command.act(self)

    def _tell(self, text: str) -> None:
        self.message.tell(text)

    def _try(self, act: Callable[[Run], object], run: Run | None = None) -> None:
        """Do something with a run, or the one in view; what prevents it is said above the list."""
        run = run or self.runs.current
        if run is None:
            return
        try:
            act(run)
        except LayerloomError as error:
            self.message.tell(str(error))


def _score_head(runs: Sequence[Run]) -> str:
    """What the figures of the list are: "Val acc %"; where runs are judged by different metrics only "Validation"."""
    watched = {run.watched for run in runs}
    if len(watched) != 1:
        return "Validation"
    metric = watched.pop()
    return f"Val {metric.short} {metric.unit}".rstrip()
