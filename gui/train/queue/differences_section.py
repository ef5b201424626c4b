"""The part of the queue's panel that says how its entries differ."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.runs.queue import Entry
from engine.words import counted, thousands
from gui.style.style import role
from gui.train.queue.differences import Column, DifferencesTable, differences
from gui.train.queue.entry_rows import EntryModel
from gui.train.queue.run_queue import RunQueue
from gui.widgets import layouts
from gui.widgets.section import Section

_INSET = 5  # px beside the words of a button that is nothing but words
_NUMBERS = {2: "both", 3: "all three", 4: "all four"}


class DifferencesSection(Section):
    """The table, how many settings are the same, and a button that shows these too."""

    def __init__(self, queue: RunQueue, model: EntryModel, parent: QWidget | None = None) -> None:
        super().__init__("Differences", parent)
        self._queue, self._model = queue, model
        self._all = False
        self._reference: Entry | None = None
        self.count, self.note, self.table = QLabel(), QLabel(), DifferencesTable()
        self.show_all = QPushButton()
        role(self.count, "caption")
        role(self.note, "caption")
        role(self.show_all, "text")
        self.note.setWordWrap(True)
        self._area = layouts.scrolling(self.table, sideways=True)
        self._area.horizontalScrollBar().valueChanged.connect(self.table.update)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.removeWidget(self.heading)
        head = layouts.row(None, self.heading)
        head.addStretch(1)
        head.addWidget(self.count)
        self.body.insertLayout(0, head)
        self.body.addWidget(self._area)
        self.body.addSpacing(8)
        self.body.addWidget(self.note)
        below = layouts.row(None, self.show_all)
        below.addStretch(1)
        below.setContentsMargins(-_INSET, 0, 0, 0)
        self.body.addLayout(below)
        self.show_all.clicked.connect(self._show_other)

    def show_entries(self, reference: Entry | None) -> None:
        """Show how the entries of the queue differ from one of them, the first unless told."""
        self._reference = reference
        entries = self._queue.queue.entries
        self.setVisible(len(entries) > 1)
        if len(entries) < 2:
            return
        keys = [entry.key for entry in entries]
        first = reference.key if reference is not None and reference.key in keys else keys[0]
        rows = differences(entries)
        differ = [row for row in rows if not row.same]
        columns = [Column(self._model.number(entry), entry.key == first) for entry in entries]
        self.table.show_rows(columns, rows if self._all else differ)
        self._area.setFixedHeight(self.table.sizeHint().height() + self._area.horizontalScrollBar().sizeHint().height())
        self.count.setText(f"{thousands(len(differ))} of {counted(len(rows), 'setting')}")
        marked = f"Marked values differ from run {self._model.number(self._queue.entry(first))}. " if differ else ""
        same = len(rows) - len(differ)
        together = _NUMBERS.get(len(entries), f"all {thousands(len(entries))}")
        are = "setting is" if same == 1 else "settings are"
        self.note.setText(f"{marked}{thousands(same)} {are} the same in {together}.")
        self.show_all.setText("Show the differences alone" if self._all else "Show all")

    def _show_other(self) -> None:
        self._all = not self._all
        self.show_entries(self._reference)
