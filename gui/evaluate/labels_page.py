"""Images whose label is likely wrong, and moving those that a person ticks into the folder of another class."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QTableWidgetItem, QWidget

from engine.errors import LayerloomError
from engine.files import readable
from engine.words import counted, thousands
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.evaluator import Evaluated, Evaluator
from gui.evaluate.label_moves import LabelMoves, confirmed
from gui.evaluate.label_rows import PUBLISHED, LabelTable, Row, row_of
from gui.evaluate.page import GAP, MARGIN, FigurePage, splitter
from gui.style.style import mark, role
from gui.train.runs.run import Run
from gui.widgets import layouts
from gui.widgets.switch import Switch
from gui.widgets.waiting_line import WaitingLine

if TYPE_CHECKING:
    from engine.data.looks import Looks
    from engine.data.source import Source
    from engine.evaluation.label_errors import LabelErrors

_ABOUT = (
    "Judged by probabilities of images that did not train: the margin is that of the label less the largest other "
    "(Northcutt et al. 2021). Look at each image before you move its file."
)


class LabelsPage(FigurePage):
    """The suspects of the run in view, or of all runs of its classes; nothing is moved before it is asked for."""

    title = "Label errors"

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(evaluator, parent)
        self.errors: Answer[LabelErrors] = Answer("Looking for label errors", self)
        self.moves = LabelMoves(self)
        self.rows: list[Row] = []
        self._added: list[Row] = []
        self._chosen: dict[str, str] = {}  # the classes that images shall have instead of the likely ones
        self.table, self.images = LabelTable(), CardGrid("The image", usual=220)
        self.every = Switch("Ask all runs", bare=True)
        self.every_words, self.about, self.said = QLabel(), QLabel(_ABOUT), QLabel()
        self.move_button, self.undo, self.moving = QPushButton(), QPushButton(), WaitingLine()
        self.target_words, self.target = QLabel("Relabel as"), QComboBox()
        self._set_up()
        self._lay_out()
        self.errors.changed.connect(self._show_errors)
        self.moves.changed.connect(self._show_moves)
        self.moves.progressed.connect(self.moving.show_progress)
        self.moving.cancel.clicked.connect(self.moves.call_off)
        self.every.clicked.connect(self.refresh)
        self.table.itemChanged.connect(self._follow_tick)
        self.table.itemSelectionChanged.connect(self._show_image)
        self.target.activated.connect(self._choose_target)
        self.move_button.clicked.connect(self._move)
        self.undo.clicked.connect(self.moves.move_back)

    def answers(self) -> tuple[Answer[Any], ...]:
        return (self.errors,)

    def close_jobs(self) -> None:
        super().close_jobs()
        self.moves.close()

    def refresh(self) -> None:
        runs, result = self._runs(), self.result
        self.every_words.setText(f"Ask all {thousands(len(runs))} runs of these classes")
        for part in (self.every, self.every_words):
            part.setVisible(len(runs) > 1)
        asked = runs if self.every.isChecked() else runs[:1]
        folders = tuple(run.folder for run in asked)
        if self.errors.key is None or self.errors.key != (result, folders):
            self._added, self._chosen, self.moves.moved = [], {}, {}
        self.moves.look(result.folder if result is not None else None)
        looks = result.looks if result is not None else None
        self.errors.ask((result, folders), lambda job: _errors(folders, looks, job))

    def add(self, place: int) -> None:
        """Put an image of the evaluation first, ticked as what it was taken for; a right one as the next likely."""
        result = self.result
        if result is None or result.classes is None:
            return
        said, classes = result.classes.predictions, result.data.classes
        label, values = int(said.labels[place]), said.probabilities[place]
        likely = int(np.where(np.arange(len(values)) == label, -1.0, values).argmax())
        own, other = float(values[label]), float(values[likely])
        row = Row(result.names[place], classes[label], classes[likely], own, other, own - other)
        self._added = [row, *(one for one in self._added if one.name != row.name)]
        self._fill(also=row.name if said.predicted[place] == likely else "")
        self.table.selectRow(0)

    # Building

    def _set_up(self) -> None:
        for label, name in (
            (self.about, "caption"),
            (self.said, "small"),
            (self.every_words, "label"),
            (self.target_words, "label"),
        ):
            role(label, name)
        for label in (self.about, self.said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for button in (self.move_button, self.undo):
            mark(button, "scale", "small")
        self.target.setAccessibleName("Relabel as")
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _lay_out(self) -> None:
        left, right = QFrame(), QFrame()
        for card in (left, right):
            role(card, "card")
        top = layouts.row(None, self.every, self.every_words, spacing=6)
        top.addStretch(1)
        foot = layouts.row(None, self.move_button, self.undo, spacing=8)
        foot.addWidget(self.said, 1)
        bar = AnswerBar(self.errors, "Looking for label errors")
        column = layouts.column(left, top, bar, self.table, self.about, self.moving, foot, spacing=8)
        column.setContentsMargins(10, 8, 10, 10)
        column.setStretch(2, 1)
        choice = layouts.row(None, self.target_words, self.target, spacing=8)
        choice.setStretch(1, 1)
        choice.setContentsMargins(12, 0, 12, 8)
        layouts.column(right, choice, self.images).setContentsMargins(0, 8, 0, 8)
        parts = splitter(Qt.Orientation.Horizontal, left, right, shares=(3, 1))
        layouts.column(self, parts).setContentsMargins(MARGIN, GAP, MARGIN, GAP)

    # Showing

    def _show_errors(self) -> None:
        self._fill()
        found = self.errors.value
        if found is None:
            self.said.clear()
        else:
            judged = f"{counted(found.judged, 'image')} judged, {thousands(len(found.suspects))} suspected"
            left = f"; {thousands(found.not_judged)} trained, so that they are not judged" if found.not_judged else ""
            self.said.setText(f"{judged}{left}.")

    def _show_moves(self) -> None:
        if self.moves.words:
            self.said.setText(self.moves.words)
        if self.moves.busy:
            self.moving.begin("Moving files")
        else:
            self.moving.end()
        self._fill()

    def _fill(self, *, also: str = "") -> None:
        """List what was added and what is suspected; ticks stay, and one is ticked ``also``."""
        found = self.errors.value
        ticked = {row.name for row in self.table.ticked(self.rows)} | {also}
        suspects = [] if found is None else [row_of(found, one) for one in found.suspects]
        names = {row.name for row in self._added}
        rows = [*self._added, *(row for row in suspects if row.name not in names)]
        self.rows = [replace(row, chosen=self._chosen.get(row.name, "")) for row in rows]
        self.table.blockSignals(True)
        self.table.setRowCount(len(self.rows))
        for row, one in enumerate(self.rows):
            place = self.moves.moved.get(one.name, "")
            self.table.write(row, one, ticked=one.name in ticked, can_move=self._can_move(one), place=place)
        self.table.blockSignals(False)
        if self.rows and self.table.currentRow() < 0:
            self.table.selectRow(0)
        self._count()
        self._show_image()

    def _can_move(self, one: Row) -> bool:
        return self.result is not None and self.result.folder is not None and one.name not in self.moves.moved

    @property
    def _current(self) -> Row | None:
        row = self.table.currentRow()
        return self.rows[row] if 0 <= row < len(self.rows) and self.result is not None else None

    def _show_image(self) -> None:
        one, result = self._current, self.result
        for part in (self.target_words, self.target):
            part.setVisible(one is not None)
        if one is None or result is None:
            self.images.show_cards(None, ())
            return
        about = f"{readable(one.name)}: labelled {readable(one.given)}"
        card = Card(0, readable(one.likely), f"{100 * one.likely_probability:.0f} %", about)
        self.images.show_cards(_OneImage(result, self.moves.moved.get(one.name, one.name)), [card])
        self.target.clear()
        self.target.addItem(f"{readable(one.likely)}, likely", one.likely)
        for name in result.data.classes:
            if name not in (one.given, one.likely):
                self.target.addItem(readable(name), name)
        self.target.setCurrentIndex(self.target.findData(one.target))
        self.target.setEnabled(self._can_move(one))
        self.target.setToolTip(PUBLISHED if result.folder is None else "The class whose folder the file is moved to")

    def _choose_target(self) -> None:
        """Let the image that is looked at become of another class, which is as good as a tick."""
        one = self._current
        if one is not None:
            self._chosen[one.name] = self.target.currentData()
            self._fill(also=one.name)

    def _follow_tick(self, box: QTableWidgetItem) -> None:
        """Show the image that is ticked: Qt leaves the row as it was when a box is clicked."""
        self.table.selectRow(box.row())
        self._count()

    def _count(self) -> None:
        ticked, busy, latest = len(self.table.ticked(self.rows)), self.moves.busy, self.moves.latest
        published = self.result is not None and self.result.folder is None
        self.move_button.setText(f"Move {counted(ticked, 'file')}…" if ticked else "Move files…")
        self.move_button.setEnabled(bool(ticked) and not busy)
        self.move_button.setToolTip(PUBLISHED if published else "" if ticked else "Tick the images to relabel first.")
        self.undo.setVisible(latest is not None)
        self.undo.setEnabled(not busy)
        if latest is not None:
            files, time = counted(len(latest.moves), "file"), latest.time.astimezone()
            self.undo.setText(f"Move {files} back")
            self.undo.setToolTip(f"Undo what was moved on {time.day} {time:%B %Y at %H:%M} in {self.moves.root}")

    # Moving

    def _move(self) -> None:
        from engine.evaluation.relabelling import beside_others, to_class

        ticked, result = self.table.ticked(self.rows), self.result
        if result is None or result.folder is None:
            return
        root, folders = result.folder, result.data.folders
        try:
            wanted = [
                to_class(one.name, folders.get(one.given, one.given), folders.get(one.target, one.target))
                for one in ticked
            ]
        except LayerloomError as error:
            self.said.setText(str(error))
            return
        moves = beside_others(root, wanted)
        renamed = [move for move, plain in zip(moves, wanted, strict=True) if move != plain]
        if confirmed(self, ticked, root, renamed):
            self.moves.move(root, moves)

    def _runs(self) -> list[Run]:
        """The run in view, and the others of its classes and its folder."""
        run = self.evaluator.run
        if run is None or run.record is None:
            return []
        same = [
            one
            for one in self.evaluator.runs.all
            if one is not run
            and len(one.epochs)
            and one.record is not None
            and one.record.classes == run.record.classes
            and _place(one.project.data.source) == _place(run.project.data.source)
        ]
        return [run, *same]


class _OneImage:
    """An image by its name, for a card."""

    def __init__(self, result: Evaluated, name: str) -> None:
        self._result, self._name = result, name

    def thumbnail(self, place: int, edge: int) -> Any:
        """The image, of which there is one."""
        return self._result.named(self._name, edge)


def _place(source: Source) -> Hashable:
    """What two sources have in common that are the same images, however their folder was typed."""
    if source.folder is None:
        return source
    return type(source), source.leaves_out, source.folder.expanduser().resolve()


def _errors(folders: Sequence[Path], looks: Looks | None, job: Job) -> LabelErrors:
    from engine.evaluation.label_errors import find_label_errors
    from engine.runs.run_folder import RunFolder

    return find_label_errors([RunFolder(folder) for folder in folders], looks=looks, progress=job.listen)
