"""The panel of the queue: runs to come, how they differ, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Self

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.runs.queue import Entry
from engine.training.behind import AT_EPOCH
from engine.words import counted
from gui.guard import border
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.train.queue.differences_section import DifferencesSection
from gui.train.queue.entry_list import EntryList
from gui.train.queue.entry_rows import ENTRY, EntryModel
from gui.train.queue.queue_commands import ENTRY_COMMANDS, ENTRY_PART, Duplicate, EntryCommand, Update, Vary
from gui.train.queue.run_queue import RunQueue
from gui.train.queue.vary_dialog import ask_to_vary
from gui.train.queue.words import done_words, for_words
from gui.widgets import layouts
from gui.widgets.context_menu import context_menu
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.inset_label import InsetLabel
from gui.widgets.live import LiveWidget
from gui.widgets.message_bar import MessageBar, Remedy
from gui.widgets.section import MARGIN, Section, separator
from gui.widgets.segmented import Segment, Segmented
from gui.widgets.switch import Switch

EMPTY = "Nothing queued. Train starts this run at once."
_INSET = (MARGIN, 8, MARGIN, 8)  # px
_LIST_SHARE = 5 * 52 + 26  # px that the list takes before it scrolls


@PANELS.register
class QueuePanel(LiveWidget):
    """A click on an entry, or Enter, lets the form show its settings; its handle or Alt+arrows move it."""

    tab = Tab("queue", "Queue", "mdi6.playlist-play", (DockPlace("train", "right", 2),))

    def __init__(self, queue: RunQueue, announce: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queue = queue
        self._announce = announce
        self._chosen = ""
        self.model = EntryModel(queue)
        self.list = EntryList(self.model)
        self.message = MessageBar()
        self.head, self.count = QWidget(), QLabel()
        self.empty, self.told = InsetLabel(EMPTY, inset=_INSET), InsetLabel(inset=_INSET)
        self.duplicate, self.vary = QPushButton("Duplicate"), QPushButton("Vary a setting…")
        self.update_button = QPushButton()
        self.differences = DifferencesSection(queue, self.model)
        self.after_failure = Segmented([Segment(False, "Go on"), Segment(True, "Stop")], small=True)
        self.stops_behind = Switch("Stop a run that is behind", bare=True)
        self.length, self.of, self.total = QLabel(), ElidedLabel(), QLabel()
        self.train = QPushButton("Train the queue")
        self._minute = QTimer(self, interval=60_000)
        self._lay_out()
        self._follow()
        self._restyle()

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.part(RunQueue), session.announce)

    # What is chosen

    @property
    def chosen(self) -> Entry | None:
        """The entry that commands are about; None too where it has left the queue, and the list still shows it."""
        index = self.list.currentIndex()
        key = index.data(ENTRY).key if index.isValid() else ""
        return next((one for one in self.queue.queue.entries if one.key == key), None)

    @property
    def place(self) -> int:
        """Where the chosen entry stands; -1 without one."""
        return self.queue.queue.place(self.chosen.key) if self.chosen else -1

    @property
    def first_place(self) -> int:
        """The first place that an entry can be moved to."""
        return 1 if self.queue.active else 0

    # Building

    def _lay_out(self) -> None:
        for label in (self.empty, self.told):
            role(label, "label")
        self.head = self._head()
        page = QWidget()
        role(page, "page")
        inner = layouts.column(page, self.list, self._buttons(), self.told, self.differences, self._rules())
        inner.addStretch(1)
        column = layouts.column(self, self.message, self.head, self.empty)
        column.addWidget(layouts.scrolling(page), 1)
        column.addWidget(separator())
        column.addLayout(self._foot())

    def _head(self) -> QWidget:
        head, order = QWidget(), QLabel("Runs to come, top first")
        head.setFixedHeight(32)
        row = QHBoxLayout(head)
        row.setContentsMargins(MARGIN, 0, 12, 0)
        for label in (order, self.count):
            role(label, "caption")
        row.addWidget(order)
        row.addStretch(1)
        row.addWidget(self.count)
        return head

    def _buttons(self) -> QVBoxLayout:
        for button in (self.duplicate, self.vary, self.update_button):
            mark(button, "scale", "small")
            button.setIconSize(QSize(16, 16))
        row = layouts.row(None, self.duplicate, self.vary, spacing=8)
        row.addStretch(1)
        box = layouts.column(None, row, spacing=8)
        box.addWidget(self.update_button, 0, Qt.AlignmentFlag.AlignLeft)
        box.setContentsMargins(MARGIN, 12, MARGIN, 14)
        return box

    def _rules(self) -> QWidget:
        self.rules = Section("When the queue runs")
        note = QLabel(
            f"On: a run ends after epoch {AT_EPOCH} if its validation loss is above the median of the others there."
        )
        note.setWordWrap(True)
        role(note, "caption")
        rules = {"After a failed run": self.after_failure, "Stop a run that is behind": self.stops_behind}
        for title, editor in rules.items():
            label = QLabel(title)
            role(label, "label")
            row = layouts.row(None, label, spacing=8)
            row.addStretch(1)
            row.addWidget(editor)
            self.rules.body.addLayout(row)
            self.rules.body.addSpacing(6)
        self.rules.body.addWidget(note)
        return self.rules

    def _foot(self) -> QVBoxLayout:
        for label, name in ((self.length, "figure"), (self.of, "label"), (self.total, "caption")):
            role(label, name)
        self.total.setWordWrap(True)
        self._sum = QWidget()
        row = layouts.row(self._sum, self.length, self.of, spacing=8)
        row.setStretch(1, 1)
        self.train.setIconSize(QSize(18, 18))
        box = layouts.column(None, self._sum, self.total, self.train, spacing=8)
        box.setContentsMargins(MARGIN, 12, MARGIN, 12)
        return box

    def _follow(self) -> None:
        queue, runs = self.queue, self.queue.runs
        for signal in (queue.changed, runs.state_changed, runs.document.settings_changed, runs.document.analysed):
            signal.connect(self.invalidate)
        runs.readiness.changed.connect(self.invalidate)
        runs.progressed.connect(self.model.refresh)
        self.model.times.changed.connect(self._show_times)
        self._minute.timeout.connect(self._show_total)
        self._minute.start()
        queue.failed.connect(self.message.tell)
        self.list.chosen.connect(self.fill_form)
        self.list.dropped.connect(queue.move)
        self.list.menu_asked.connect(self._open_menu)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.model.renamed.connect(queue.rename)
        for command in ENTRY_COMMANDS.values():
            if command.local_keys:
                action = QAction(command.text, self.list)
                action.triggered.connect(lambda _=False, one=command: border().do(lambda: self._do(one)))
                self.list.bind(command.local_keys, action)
        self.duplicate.clicked.connect(self.duplicate_entry)
        self.vary.clicked.connect(self.vary_setting)
        self.update_button.clicked.connect(self.update_entry)
        self.after_failure.chosen.connect(lambda stops: queue.choose(stops_at_failure=bool(stops)))
        self.stops_behind.edited.connect(lambda stops: queue.choose(stops_behind=bool(stops)))
        self.train.clicked.connect(self._train_or_wait)
        appearance().changed.connect(self._restyle)

    def _restyle(self) -> None:
        icons = {self.duplicate: Duplicate.icon, self.vary: Vary.icon, self.update_button: Update.icon}
        for button, icon in icons.items():
            button.setIcon(appearance().icon(icon, "text"))
        self._show_button()
        self.list.viewport().update()

    # Showing

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.queue.look_again()

    def refresh(self) -> None:
        """Show the queue as it is now."""
        queue = self.queue.queue
        before = self._chosen
        self.model.follow()
        if before and (row := self.model.row_of(before)).isValid():
            self.list.setCurrentIndex(row)
        there = bool(queue.entries)
        for part in (self.head, self.list, self.differences, self.rules):
            part.setVisible(there)
        self.list.setFixedHeight(min(self.list.content_height(), _LIST_SHARE) if there else 0)
        self.empty.setVisible(not there and not self.queue.loading)
        self.told.setText(self.queue.told)
        self.told.setVisible(bool(self.queue.told))
        self.count.setText(f"{counted(len(queue.entries), 'run')}, {counted(queue.trainings, 'training')}")
        self.after_failure.choose(queue.stops_at_failure)
        self.stops_behind.set_value(queue.stops_behind)
        self._show_chosen()
        self._show_button()

    def _show_chosen(self) -> None:
        """Show what depends on which entry is chosen."""
        entry = self.chosen
        unlike = entry is not None and entry.key != self.queue.active and not self.queue.is_form(entry)
        self.update_button.setVisible(unlike)
        self.duplicate.setText(Duplicate.text if entry else "Add this form")
        if entry is not None:
            self.update_button.setText(f"Give run {self.model.number(entry)} the form's settings")
        self.differences.show_entries(entry)

    def _show_button(self) -> None:
        trains = self.queue.training
        self.train.setText("Pause the queue" if trains else "Train the queue")
        icon = "mdi6.pause" if trains else "mdi6.playlist-play"
        self.train.setEnabled(trains or self.queue.queue.next is not None)
        self.train.setIcon(appearance().icon(icon, "text" if self.train.isEnabled() else "faint"))
        self.train.setToolTip("The run that trains goes on, and no other begins after it" if trains else "")
        self._show_total()

    def _show_times(self) -> None:
        self.model.refresh()
        self._show_total()

    def _show_total(self) -> None:
        """Say how far the queue is, how long it takes, and when it is done."""
        runs, total = self.queue.runs, self.model.times.total()
        waits = self.queue.training and not self.queue.active and runs.active is not None
        of = "the ensemble of " if runs.ensembles.coming else ""
        told = [f"The queue begins when {of}{runs.active.title} has ended."] if waits and runs.active else []
        told += [f"{self.queue.turn.capitalize()}."] if self.queue.turn else []
        if total is not None:
            to_come = sum(not entry.failure for entry in self.queue.queue.entries)
            self.length.setText(total.words)
            self.of.setText("left" if self.queue.active else for_words(to_come))
            told += [] if waits else [done_words(datetime.now(), total.seconds)]
        told += [self.model.times.failure] if self.model.times.failure else []
        self._sum.setVisible(total is not None)
        self.total.setText(" ".join(told))
        self.total.setVisible(bool(told))

    # Doing

    def fill_form(self) -> None:
        """Let the form show the settings of the chosen entry."""
        entry = self.chosen
        if entry is not None and not self.queue.is_form(entry):
            self.queue.fill_form(entry.key)
            self._announce(f"The form shows the settings of run {self.model.number(entry)}; Undo brings back its own")

    def update_entry(self) -> None:
        """Give the chosen entry the settings of the form."""
        self._try(lambda entry: self.queue.update(entry.key))

    def try_again(self) -> None:
        """Let the chosen entry have its turn again."""
        self._try(lambda entry: self.queue.try_again(entry.key))

    def duplicate_entry(self) -> None:
        """Queue the chosen entry once more after itself, or the form where none is."""
        entry = self.chosen
        if entry is None:
            self._try_anyhow(self.queue.add_form)
            return
        copy = entry.copy()
        self._chosen = copy.key
        self.queue.add([copy], after=entry.key)

    def vary_setting(self) -> None:
        """Queue the chosen entry, or the form where none is, once for each of several values of a setting."""
        entry = self.chosen
        project = entry.project if entry else self.queue.runs.document.project
        found = ask_to_vary(self, project)
        if found:
            of = entry.key if entry else ""
            self.queue.add([Entry.of(one.project, name=one.name, copy_of=of) for one in found], after=of)

    def rename_entry(self) -> None:
        """Edit the name of the chosen entry in place."""
        self.list.edit(self.list.currentIndex())

    def move_entry(self, place: int) -> None:
        """Bring the chosen entry to another place."""
        self._try(lambda entry: self.queue.move(entry.key, place))

    def remove_entry(self) -> None:
        """Take the chosen entry out, and offer to put it back."""
        self._try(self._remove)

    def _remove(self, entry: Entry) -> None:
        place, number = self.place, self.model.number(entry)
        entries = self.queue.queue.entries
        self.queue.remove(entry.key)
        others = (*entries[place + 1 : place + 2], *entries[max(place - 1, 0) : place])
        self._chosen = others[0].key if others else ""
        self.invalidate()
        after = entries[place - 1].key if place else ""
        remedy = Remedy("Undo", lambda: self._put_back(entry, after))
        self._announce(f"Removed run {number} from the queue")  # what was told of the run that is gone ends with it
        self.message.tell(f"Removed run {number}, {self.queue.title(entry)}.", remedy, kind="info")

    def _put_back(self, entry: Entry, after: str) -> None:
        self._chosen = entry.key
        self.queue.put_back(entry, after=after)

    def _train_or_wait(self) -> None:
        if self.queue.training:
            self.queue.wait()
        else:
            self.queue.train()

    def _choose(self) -> None:
        if self.chosen is not None:
            self._chosen = self.chosen.key
        self._show_chosen()

    def _open_menu(self, where: QPoint) -> None:
        menu = context_menu(self, self, list(ENTRY_COMMANDS.values()), ENTRY_PART)
        menu.exec(where)
        menu.deleteLater()

    def _do(self, command: EntryCommand) -> None:
        if command.possible(self):
            command.act(self)

    def _try(self, act: Callable[[Entry], object]) -> None:
        entry = self.chosen
        if entry is not None:
            self._try_anyhow(lambda: act(entry))

    def _try_anyhow(self, act: Callable[[], object]) -> None:
        """Do something; what prevents it is said above the list."""
        try:
            act()
        except LayerloomError as error:
            self.message.tell(str(error))
