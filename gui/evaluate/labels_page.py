"""Images whose label is likely wrong, and moving those that a person ticks into the folder of another class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.errors import LayerloomError
from engine.files import readable
from engine.words import counted, number_text, thousands
from gui.background import Job
from gui.evaluate.answer import Answer
from gui.evaluate.answer_bar import AnswerBar
from gui.evaluate.cards import Card, CardGrid
from gui.evaluate.evaluator import Evaluated, Evaluator
from gui.evaluate.page import GAP, MARGIN, FigurePage, splitter
from gui.style.style import TABLE_ROW, mark, role
from gui.train.runs.run import Run
from gui.widgets import layouts
from gui.widgets.switch import Switch

if TYPE_CHECKING:
    from engine.data.looks import Looks
    from engine.evaluation.label_errors import LabelErrors
    from engine.evaluation.relabelling import Move

_HEADS = ("Relabel", "Image", "Label", "Likely", "Label %", "Likely %", "Margin")
_FILE, _GIVEN, _LIKELY = 1, 2, 3
_PUBLISHED = "The labels of a published data set stay as they are: only a folder of images can change."
_ABOUT = (
    "Judged by probabilities of images that did not train: the margin is that of the label less the largest other "
    "(Northcutt et al. 2021). Look at each image before you move its file."
)


@dataclass(frozen=True, slots=True)
class Row:
    """An image with the class that its folder says and the one that it likely is, and how probable both are."""

    name: str
    given: str
    likely: str
    given_probability: float
    likely_probability: float
    margin: float

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table says, after the box."""
        share = (f"{100 * value:.1f}" for value in (self.given_probability, self.likely_probability))
        return (readable(self.name), self.given, self.likely, *share, number_text(100 * self.margin, 1))


class _Suspects(QTableWidget):
    """A table in which the space bar ticks the row, wherever in it the keyboard is."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        box = self.item(self.currentRow(), 0)
        if event.key() != Qt.Key.Key_Space or box is None or not box.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            super().keyPressEvent(event)
            return
        ticked = box.checkState() is Qt.CheckState.Checked
        box.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)


class LabelsPage(FigurePage):
    """The suspects of the run in view, or of all runs of its classes; nothing is moved before it is asked for."""

    title = "Label errors"

    def __init__(self, evaluator: Evaluator, parent: QWidget | None = None) -> None:
        super().__init__(evaluator, parent)
        self.errors: Answer[LabelErrors] = Answer("Looking for label errors", self)
        self.rows: list[Row] = []
        self._added: list[Row] = []
        self._back: tuple[Move, ...] = ()
        self._moved: dict[str, str] = {}  # where files lie now, by the names that rows have
        self._moved_in: Path | None = None  # the folder that what is undone by these moves was done in
        self.table, self.images = _Suspects(0, len(_HEADS)), CardGrid("The image", usual=220)
        self.every = Switch("Ask all runs", bare=True)
        self.every_words, self.about, self.said = QLabel(), QLabel(_ABOUT), QLabel()
        self.move_button, self.undo = QPushButton(), QPushButton("Undo the move")
        self._set_up()
        self._lay_out()
        self.errors.changed.connect(self._show_errors)
        self.every.clicked.connect(self.refresh)
        self.table.itemChanged.connect(self._follow_tick)
        self.table.itemSelectionChanged.connect(self._show_image)
        self.move_button.clicked.connect(self._move)
        self.undo.clicked.connect(self._undo)

    def answers(self) -> tuple[Answer[Any], ...]:
        return (self.errors,)

    def refresh(self) -> None:
        runs = self._runs()
        self.every_words.setText(f"Ask all {thousands(len(runs))} runs of these classes")
        for part in (self.every, self.every_words):
            part.setVisible(len(runs) > 1)
        asked = runs if self.every.isChecked() else runs[:1]
        folders = tuple(run.folder for run in asked)
        if self.errors.key is None or self.errors.key != (self.result, folders):
            self._added, self._moved = [], {}
        looks = self.result.looks if self.result is not None else None
        self.errors.ask((self.result, folders), lambda job: _errors(folders, looks, job))

    def add(self, place: int) -> None:
        """Put an image of the evaluation first, ticked, as what it was taken for."""
        result = self.result
        if result is None or result.classes is None:
            return
        said, classes = result.classes.predictions, result.classes.classes
        label, taken = int(said.labels[place]), int(said.predicted[place])
        own, likely = (float(said.probabilities[place, index]) for index in (label, taken))
        row = Row(result.names[place], classes[label], classes[taken], own, likely, own - likely)
        self._added = [row, *(one for one in self._added if one.name != row.name)]
        self._fill(also=row.name if label != taken else "")
        self.table.selectRow(0)

    # Building

    def _set_up(self) -> None:
        table, fixed = self.table, QHeaderView.ResizeMode.ResizeToContents
        table.setAccessibleName("Suspected labels")
        table.setHorizontalHeaderLabels(list(_HEADS))
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(fixed)
        table.horizontalHeader().setSectionResizeMode(_FILE, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(TABLE_ROW)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        for label, name in ((self.about, "caption"), (self.said, "small"), (self.every_words, "label")):
            role(label, name)
        for label in (self.about, self.said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for button in (self.move_button, self.undo):
            mark(button, "scale", "small")

    def _lay_out(self) -> None:
        left, right = QFrame(), QFrame()
        for card in (left, right):
            role(card, "card")
        top = layouts.row(None, self.every, self.every_words, spacing=6)
        top.addStretch(1)
        foot = layouts.row(None, self.move_button, self.undo, spacing=8)
        foot.addWidget(self.said, 1)
        bar = AnswerBar(self.errors, "Looking for label errors")
        column = layouts.column(left, top, bar, self.table, self.about, foot, spacing=8)
        column.setContentsMargins(10, 8, 10, 10)
        column.setStretch(2, 1)
        layouts.column(right, self.images).setContentsMargins(0, 12, 0, 8)
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

    def _fill(self, *, also: str = "") -> None:
        """List what was added and what is suspected; ticks stay, and one is ticked ``also``."""
        found, result = self.errors.value, self.result
        ticked = {row.name for row in self._ticked()} | {also}
        suspects = [] if found is None else [_row(found, one) for one in found.suspects]
        names = {row.name for row in self._added}
        self.table.blockSignals(True)
        self.rows = [*self._added, *(row for row in suspects if row.name not in names)]
        self.table.setRowCount(len(self.rows))
        can_move = result is not None and result.folder is not None
        for row, one in enumerate(self.rows):
            self._write(row, one, ticked=one.name in ticked, can_move=can_move and one.name not in self._moved)
        self.table.blockSignals(False)
        if self.rows and self.table.currentRow() < 0:
            self.table.selectRow(0)
        self._count()
        self._show_image()

    def _write(self, row: int, one: Row, *, ticked: bool, can_move: bool) -> None:
        place = self._moved.get(one.name)
        box = QTableWidgetItem("moved" if place else "")
        why = f"It is {readable(place)} now." if place else _PUBLISHED
        box.setToolTip("Move this file when the button below is pressed" if can_move else why)
        enabled = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        box.setFlags(enabled | Qt.ItemFlag.ItemIsUserCheckable if can_move else enabled)
        if can_move:
            box.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.table.setItem(row, 0, box)
        for column, text in enumerate(one.cells, 1):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.table.setItem(row, column, item)

    def _show_image(self) -> None:
        row = self.table.currentRow()
        if not 0 <= row < len(self.rows) or self.result is None:
            self.images.show_cards(None, ())
            return
        one = self.rows[row]
        card = Card(0, one.likely, f"{100 * one.likely_probability:.0f} %", f"{one.name}: labelled {one.given}")
        self.images.show_cards(_OneImage(self.result, self._moved.get(one.name, one.name)), [card])

    def _ticked(self) -> list[Row]:
        boxes = (self.table.item(row, 0) for row in range(self.table.rowCount()))
        ticked = [box is not None and box.checkState() is Qt.CheckState.Checked for box in boxes]
        return [one for one, wanted in zip(self.rows, ticked, strict=True) if wanted]

    def _follow_tick(self, box: QTableWidgetItem) -> None:
        """Show the image that is ticked: Qt leaves the row as it was when a box is clicked."""
        self.table.selectRow(box.row())
        self._count()

    def _count(self) -> None:
        ticked = len(self._ticked())
        published = self.result is not None and self.result.folder is None
        self.move_button.setText(f"Move {counted(ticked, 'file')}…" if ticked else "Move files…")
        self.move_button.setEnabled(bool(ticked))
        self.move_button.setToolTip(_PUBLISHED if published else "" if ticked else "Tick the images to relabel first.")
        self.undo.setVisible(bool(self._back))

    # Moving

    def _move(self) -> None:
        from engine.evaluation.relabelling import beside_others, to_class

        ticked, root = self._ticked(), self.result.folder if self.result is not None else None
        if root is None:
            return
        try:
            wanted = [to_class(one.name, one.given, one.likely) for one in ticked]
        except LayerloomError as error:
            self.said.setText(str(error))
            return
        moves = beside_others(root, wanted)
        renamed = [move for move, plain in zip(moves, wanted, strict=True) if move != plain]
        if _confirmed(self, ticked, root, renamed):
            self._do(root, moves, undone=False)

    def _undo(self) -> None:
        if self._moved_in is not None:  # whichever run is in view by now
            self._do(self._moved_in, self._back, undone=True)

    def _do(self, root: Path, moves: Sequence[Move], *, undone: bool) -> None:
        from engine.evaluation.relabelling import relabel

        try:
            back = relabel(root, moves)
        except LayerloomError as error:
            self.said.setText(str(error))
            return
        self._back, self._moved_in = () if undone else back, root
        moved = counted(len(moves), "file")
        if undone:
            self._moved = {name: place for name, place in self._moved.items() if name not in dict(back)}
            self.said.setText(f"{moved} moved back.")
        else:
            self._moved |= dict(moves)
            self.said.setText(f"{moved} moved. Runs trained before know them by their old places: train again.")
        self._fill()

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
            and one.project.data.source == run.project.data.source
        ]
        return [run, *same]


class _OneImage:
    """An image by its name, for a card."""

    def __init__(self, result: Evaluated, name: str) -> None:
        self._result, self._name = result, name

    def thumbnail(self, place: int, edge: int) -> Any:
        """The image, of which there is one."""
        return self._result.named(self._name, edge)


def _row(found: LabelErrors, suspect: Any) -> Row:
    classes, name = found.classes, suspect.name
    shares = suspect.given_probability, suspect.likely_probability, suspect.margin
    shown = f"image {name}" if isinstance(name, int) else name
    return Row(shown, classes[suspect.given], classes[suspect.likely], *shares)


def _confirmed(parent: QWidget, ticked: Sequence[Row], root: Path, renamed: Sequence[Move]) -> bool:
    """Ask whether files shall be moved, with how many, from which folder into which, and under which other names."""
    pairs = Counter((one.given, one.likely) for one in ticked)
    lines = [f"{thousands(count)} from {given} to {likely}" for (given, likely), count in pairs.most_common()]
    if renamed:
        taken = f"{counted(len(renamed), 'name is', 'names are')} taken there"
        first = f"{readable(renamed[0].source)} becomes {readable(renamed[0].target)}"
        lines += ["", f"{taken}: {first}{', and so on' if len(renamed) > 1 else ''}."]
    question = f"Move {counted(len(ticked), 'file')} in {root}?"
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Move files", question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names may look like tags
    box.setInformativeText("\n".join(lines))
    move = box.addButton(f"Move {counted(len(ticked), 'file')}", QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Leave them", QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is move


def _errors(folders: Sequence[Path], looks: Looks | None, job: Job) -> LabelErrors:
    from engine.evaluation.label_errors import find_label_errors
    from engine.runs.run_folder import RunFolder

    return find_label_errors([RunFolder(folder) for folder in folders], looks=looks, progress=job.listen)
