"""The rows of the queue: a handle, the number of the run, its name, what it is a copy of, its time, and a menu."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.runs.queue import Entry
from engine.words import counted
from gui.style.appearance import appearance
from gui.train.queue.queue_times import QueueTimes
from gui.train.queue.run_queue import RunQueue
from gui.widgets.index import Index

ENTRY = Qt.ItemDataRole.UserRole
HANDLE_WIDTH, MENU_WIDTH = 32, 36
_ROW, _TEXT, _LINE, _TOP = 52, 66, 18, 8
_NUMBER = QRect(HANDLE_WIDTH, _TOP, 26, _LINE)


class EntryModel(QAbstractListModel):
    """The entries, the first one first."""

    renamed = Signal(str, str)  # key, name

    def __init__(self, queue: RunQueue) -> None:
        super().__init__(queue)
        self.queue, self.times = queue, QueueTimes(queue)
        self._rows: tuple[Entry, ...] = ()
        self._numbers: dict[str, int] = {}
        self._other_networks: set[str] = set()  # keys of entries whose network is not the one that is open

    def follow(self) -> None:
        """Take over the queue as it is now."""
        entries, self._numbers = self.queue.queue.entries, self.queue.numbers()
        network = self.queue.runs.document.network
        self._other_networks = {entry.key for entry in entries if entry.project.network != network}
        if [entry.key for entry in entries] != [entry.key for entry in self._rows]:
            self.beginResetModel()
            self._rows = entries
            self.endResetModel()
        self._rows = entries
        self.times.follow()
        self.refresh()

    def refresh(self) -> None:
        """What the rows show may have changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def number(self, entry: Entry) -> int:
        """The number of its run."""
        return self._numbers.get(entry.key, 0)

    def note(self, entry: Entry) -> str:
        """The line below its name: "this form · copy of 8 · about 26 min"."""
        parts = ["this form"] if self.queue.is_form(entry) else []
        if entry.failure:
            return entry.failure
        run = self.queue.begun(entry)
        if entry.key == self.queue.active and self.queue.runs.active is not None:
            run = self.queue.runs.active
            return f"training · epoch {max(run.epoch, 1)} of {run.total_epochs}"
        if run is not None:
            parts.append(f"goes on in epoch {max(run.epoch, 1)}")
        origin = int(entry.copy_of) if entry.copy_of.isdecimal() else self._numbers.get(entry.copy_of, 0)
        parts += [f"copy of {origin}"] if origin else []
        parts += [counted(entry.trainings, "run")] if entry.trainings > 1 else []
        length = self.times.left_of(entry)
        parts += [length.words] if length else []
        if entry.key in self._other_networks:
            parts.append("its own network")
        return " · ".join(parts or [counted(entry.project.training.epochs, "epoch")])

    def row_of(self, key: str) -> Index:
        """The index of an entry; an invalid one where it is not there."""
        keys = [entry.key for entry in self._rows]
        return self.index(keys.index(key)) if key in keys else self.index(-1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return entry
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self.queue.title(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                place = f"{index.row() + 1} of {len(self._rows)} in the queue"
                return f"Run {self.number(entry)}, {self.queue.title(entry)}, {self.note(entry)}, {place}"
            case Qt.ItemDataRole.ToolTipRole:
                return f"{self.queue.title(entry)}\n{self.note(entry)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        self.renamed.emit(self._rows[index.row()].key, str(value))
        return True


class EntryDelegate(QStyledItemDelegate):
    """Paints an entry; why it failed takes as many lines as it needs."""

    def __init__(self, view: QAbstractItemView, model: EntryModel) -> None:
        super().__init__(view)
        self._model, self._view = model, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(ENTRY)
        if not entry.failure:
            return QSize(200, _ROW)
        width = self._view.viewport().width() - _TEXT - MENU_WIDTH
        box = QFontMetrics(appearance().font(11)).boundingRect(QRect(0, 0, width, 1000), _WRAPPED, entry.failure)
        return QSize(200, _TOP + _LINE + box.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, entry, row = appearance(), index.data(ENTRY), option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(row, look.colour("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, look.colour("hover"))
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.colour("accent"))
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        trains = entry.key == self._model.queue.active
        middle = row.top() + _ROW // 2
        if trains:
            look.icon("mdi6.play", "accent").paint(painter, QRect(row.left() + 10, middle - 8, 16, 16))
        else:
            look.icon("mdi6.drag", "muted").paint(painter, QRect(row.left() + 10, middle - 8, 16, 16))
        look.icon("mdi6.dots-vertical", "muted").paint(painter, QRect(row.right() - 25, middle - 8, 16, 16))
        self._write(painter, row, entry)
        painter.restore()

    def _write(self, painter: QPainter, row: QRect, entry: Entry) -> None:
        look, model = appearance(), self._model
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(12, mono=True, weight=600))
        number = str(model.number(entry))
        painter.drawText(_NUMBER.translated(row.topLeft()), _RIGHT, number)
        text = QRect(row.left() + _TEXT, row.top() + _TOP, row.width() - _TEXT - MENU_WIDTH, _LINE)
        painter.setFont(look.font(13))
        painter.drawText(text, _LEFT, _elided(look.font(13), model.queue.title(entry), text.width()))
        text.translate(0, _LINE + 1)
        note, font = model.note(entry), look.font(11)
        painter.setFont(font)
        if entry.failure:
            text.setBottom(row.bottom())
            painter.setPen(look.colour("err"))
            painter.drawText(text, _WRAPPED, note)
        else:
            painter.setPen(look.colour("muted"))
            painter.drawText(text, _LEFT, _elided(font, note, text.width()))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the run")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row = option.rect
        editor.setGeometry(QRect(row.left() + _TEXT - 8, row.top() + 4, row.width() - _TEXT - MENU_WIDTH + 8, 28))


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_WRAPPED = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)


def _elided(font: QFont, text: str, width: int) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
