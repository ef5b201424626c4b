"""The list of data sets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.data.asking import availability
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, Availability, DataDescription, Source, State
from engine.errors import LayerloomError
from engine.words import counted, memory, thousands
from gui.background import Job, LatestJob
from gui.readiness import usable
from gui.style.appearance import appearance
from gui.widgets.index import Index

_NAME = Qt.ItemDataRole.UserRole
_COUNT = Qt.ItemDataRole.UserRole + 1
_STATE = Qt.ItemDataRole.UserRole + 2
_ICON = Qt.ItemDataRole.UserRole + 3
ROW = 24
_TEXT, _RIGHT, _GAP = 40, 16, 8  # px: where titles begin, the margin at the right, between columns
_STATE_WIDTH = 76
_RADIO, _DOT = 12, 6
_SIGNS = {
    State.BUNDLED: ("mdi6.check", "ok"),
    State.ON_DISK: ("mdi6.check", "ok"),
    State.TO_DOWNLOAD: ("mdi6.tray-arrow-down", "muted"),
    State.INCOMPLETE: ("mdi6.progress-download", "warn"),
    State.GONE: ("mdi6.alert", "warn"),
}


class DataChooser(QListWidget):
    """The data sets that there are, each with how many images it has and where it is. Clicking or Enter chooses."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RowPainter(self))
        self.setMouseTracking(True)
        self.setAccessibleName("Data sets")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._looking = LatestJob("Looking for the data sets", self)
        for kind in SOURCES.values():
            if usable(kind()):
                self._add(kind)
        self.setFixedHeight(ROW * self.count() + 8)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        appearance().changed.connect(self.viewport().update)

    def show_choice(self, settings: DataSettings, found: DataDescription | None) -> None:
        """Mark the data set in use, with what it holds as far as that is known."""
        source = settings.source
        for item in self._items():
            name = item.data(_NAME)
            if SOURCES[name].takes_folder:
                here = source.name == name and usable(source) and bool(source.folder)
                self._show_folder(item, found if here else None, Path(source.about).name if here else "")
            if name == source.name and self.currentItem() is not item:
                self.setCurrentItem(item)

    def look(self) -> None:
        """Find out where the data sets are."""
        names = [item.data(_NAME) for item in self._items() if not SOURCES[item.data(_NAME)].takes_folder]
        self._looking.start(lambda job: _states(names, job), done=self._show_states, failed=_ignore)

    def close_jobs(self) -> None:
        """End the thread: the window closes."""
        self._looking.close()

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    def _add(self, kind: type[Source]) -> None:
        item = QListWidgetItem(kind.title)
        item.setData(_NAME, kind.name)
        known = kind().known
        item.setData(_COUNT, thousands(known.images) if known else "")
        item.setData(_STATE, "")
        item.setToolTip(f"{counted(known.images, 'image')}: {kind.help()}" if known else kind.help())
        self.addItem(item)

    def _show_folder(self, item: QListWidgetItem, found: DataDescription | None, name: str) -> None:
        classes = counted(len(found.classes), "class", "classes") if found and found.classes else ""
        item.setData(_COUNT, thousands(found.images) if found else "")
        item.setData(_STATE, classes or name or "choose …")

    def _show_states(self, found: dict[str, Availability]) -> None:
        for item in self._items():
            if (state := found.get(item.data(_NAME))) is not None:
                to_download = state.state is State.TO_DOWNLOAD
                item.setData(_STATE, memory(state.in_all) if to_download else str(state.state))
                item.setData(_ICON, _SIGNS.get(state.state))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}, {state.words}")

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_NAME))


def _states(names: list[str], job: Job) -> dict[str, Availability]:
    """Where each data set is that can say so."""
    found = {}
    for name in names:
        job.check()
        try:
            found[name] = availability(SOURCES[name]())
        except LayerloomError:
            continue  # choosing it says what is wrong
    return found


def _ignore(_: LayerloomError) -> None:
    """Without states the list is as good as before."""


class _RowPainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, row = appearance(), option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(row, look.colour("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, look.colour("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        _paint_radio(painter, QRect(row.left() + 16, row.center().y() - _RADIO // 2 + 1, _RADIO, _RADIO), on=chosen)
        self._paint_words(painter, row, index, strong=chosen)
        painter.restore()

    def _paint_words(self, painter: QPainter, row: QRect, index: Index, *, strong: bool) -> None:
        look, middle = appearance(), Qt.AlignmentFlag.AlignVCenter
        title = index.data(Qt.ItemDataRole.DisplayRole)
        painter.setFont(look.font(12, weight=600 if strong else 400))
        painter.setPen(look.colour("text"))
        width = painter.fontMetrics().horizontalAdvance(title)
        painter.drawText(row.adjusted(_TEXT, 0, 0, 0), middle, title)
        state = row.adjusted(row.width() - _RIGHT - _STATE_WIDTH, 0, -_RIGHT, 0)
        room = state.left() - _GAP - (row.left() + _TEXT + width)
        painter.setFont(look.font(11, mono=True))
        painter.setPen(look.colour("muted"))
        count = index.data(_COUNT)
        if painter.fontMetrics().horizontalAdvance(count) + _GAP <= room:
            painter.drawText(row.adjusted(0, 0, -_RIGHT - _STATE_WIDTH - _GAP, 0), _right(), count)
        painter.setFont(look.font(11))
        words = painter.fontMetrics().elidedText(index.data(_STATE), Qt.TextElideMode.ElideRight, state.width())
        painter.drawText(state, _right(), words)
        if sign := index.data(_ICON):
            left = state.right() - painter.fontMetrics().horizontalAdvance(words) - 17
            look.icon(*sign).paint(painter, left, row.center().y() - 6, 14, 14)


def _paint_radio(painter: QPainter, area: QRect, *, on: bool) -> None:
    look = appearance()
    painter.setPen(look.colour("accent" if on else "wire"))
    painter.setBrush(look.colour("field"))
    painter.drawEllipse(area)
    if on:
        rest = (_RADIO - _DOT) // 2
        painter.setBrush(look.colour("accent"))
        painter.drawEllipse(area.adjusted(rest, rest, -rest, -rest))


def _right() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
