"""Which words of a window are cut off, or have a number broken, without a tooltip that has them whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QTabBar,
    QToolButton,
    QWidget,
)

from gui.widgets.elided_label import ElidedLabel
from gui.widgets.figure_table import FigureTable

_MOST_ROWS = 40  # of a list
BREAKABLE = re.compile(r"\d[ \t\u2009]\d{3}(?!\d)")
"""A number with a space between its thousands at which a line may break."""


def cut_texts(window: QWidget) -> list[str]:
    """Each text below ``window`` that is cut, with how and where it stands."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # a text that just changed has its room then
    shown = (one for one in window.findChildren(QWidget) if one.isVisible() and not one.visibleRegion().isEmpty())
    return [f"{_where(one)}: {what}" for one in shown for what in _cut(one)]


def broken_numbers(window: QWidget) -> list[str]:
    """Each text or tooltip below ``window`` in which a line could end within a number."""
    texts = (text for one in window.findChildren(QWidget) for text in _texts(one))
    return sorted({text for text in texts if BREAKABLE.search(text)})


def _texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()


def _cut(widget: QWidget) -> Iterator[str]:
    match widget:
        case ElidedLabel():
            if _is_elided(widget) and widget.toolTip() != widget.text():
                yield f"{widget.text()!r} is elided and no tooltip has it"
        case QLabel() if widget.text():
            yield from _cut_label(widget)
        case QCheckBox() if widget.text() and widget.width() < widget.sizeHint().width():
            yield f"{widget.text()!r} beside a box has {widget.width()} of {widget.sizeHint().width()} px"
        case QAbstractButton() if widget.text() and not _shows_icon_alone(widget):
            needed = _width_of(widget)
            if widget.width() < needed and not _told(widget, widget.text()):
                yield f"{widget.text()!r} has {widget.width()} of {needed} px"
            yield from _out_of_reach(widget, widget.text())
        case QComboBox():
            room = widget.width() - widget.minimumSizeHint().width() + 20
            if room < 0 and not _told(widget, widget.currentText()):
                yield f"{widget.currentText()!r} of a choice has too little room"
        case QTabBar():
            for index in range(widget.count()):
                if widget.tabRect(index).width() < widget.tabSizeHint(index).width():
                    yield f"the tab {widget.tabText(index)!r} is too narrow"
        case QHeaderView() if widget.orientation() is Qt.Orientation.Horizontal and widget.model():
            yield from _cut_heads(widget)
        case FigureTable():
            texts = [text for line in widget.lines for text in (cell.text for cell in line.cells)]
            yield from _cut_cells(widget, texts)
        case QAbstractItemView():
            yield from _cut_items(widget)
        case QLineEdit() if widget.placeholderText() and not widget.text():
            if widget.fontMetrics().horizontalAdvance(widget.placeholderText()) > widget.width() - 12:
                yield f"{widget.placeholderText()!r} of a field has too little room"


def _cut_label(label: QLabel) -> Iterator[str]:
    room = label.contentsRect()
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if label.height() < needed - 1:
            yield f"{label.text()!r} is {label.height()} of {needed} px high"
        words = max(label.text().split(), key=label.fontMetrics().horizontalAdvance)
        if label.fontMetrics().horizontalAdvance(words) > room.width() and "<" not in words:
            yield f"{words!r} is wider than its column"
    elif label.width() < label.minimumSizeHint().width() and not _told(label, label.text()):
        yield f"{label.text()!r} has {label.width()} of {label.minimumSizeHint().width()} px"
    yield from _out_of_reach(label, label.text())


def _cut_cells(table: FigureTable, texts: list[str]) -> Iterator[str]:
    """Cells that would not have room even alone in the table, but for what the tooltip has."""
    for text in texts:
        wide = table.fontMetrics().horizontalAdvance(text)
        if wide > table.width() and text not in table.toolTip():
            yield f"{text!r} of a table needs {wide} px"


def _cut_items(view: QAbstractItemView) -> Iterator[str]:
    model, role = view.model(), Qt.ItemDataRole
    if model is None:
        return
    columns = 1 if isinstance(view, QListView) else model.columnCount(QModelIndex())
    for row in range(min(model.rowCount(QModelIndex()), _MOST_ROWS)):
        for column in range(columns):
            index = model.index(row, column)
            text, room = str(index.data(role.DisplayRole) or ""), view.visualRect(index)
            wide = max(map(view.fontMetrics().horizontalAdvance, text.splitlines()), default=0)
            if room.isValid() and wide > room.width() and text not in str(index.data(role.ToolTipRole) or ""):
                yield f"the item {text!r} has {room.width()} of {wide} px"


def _cut_heads(head: QHeaderView) -> Iterator[str]:
    for section in range(head.count()):
        narrow = head.sectionSize(section) < head.sectionSizeHint(section)
        model, role = head.model(), Qt.ItemDataRole
        text = model.headerData(section, head.orientation(), role.DisplayRole) or ""
        tip = model.headerData(section, head.orientation(), role.ToolTipRole) or ""
        if narrow and text and not head.isSectionHidden(section) and str(text) not in str(tip):
            yield f"the head {text!r} has {head.sectionSize(section)} of {head.sectionSizeHint(section)} px"


def _out_of_reach(widget: QWidget, text: str) -> Iterator[str]:
    """Whether a side of it lies outside of what is around it, where nobody can scroll there."""
    around = widget.parentWidget()
    while around is not None:
        left = widget.mapTo(around, QPoint(0, 0)).x()
        if isinstance(around, QAbstractScrollArea) and around.horizontalScrollBar().maximum() > 0:
            return
        if left < 0 or left + widget.width() > around.width():
            yield f"{text!r} goes {max(-left, left + widget.width() - around.width())} px beyond its surroundings"
            return
        around = around.parentWidget()


def _shows_icon_alone(button: QAbstractButton) -> bool:
    style = button.toolButtonStyle() if isinstance(button, QToolButton) else None
    return style is Qt.ToolButtonStyle.ToolButtonIconOnly


def _width_of(button: QAbstractButton) -> int:
    """What the words of a button take, beside its icon."""
    words = button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text()).width()
    return words + (0 if button.icon().isNull() else button.iconSize().width() + 4)


def _is_elided(label: ElidedLabel) -> bool:
    return "".join(label._rows(label.contentsRect().width())) != label.text()


def _told(widget: QWidget, text: str) -> bool:
    return text.replace("&", "") in widget.toolTip()


def _where(widget: QWidget) -> str:
    names, around = [], widget
    while around is not None and not around.isWindow() and len(names) < 3:
        if type(around).__name__ not in ("QWidget", "QScrollArea", "QStackedWidget", "QSplitter"):
            names.append(type(around).__name__)
        around = around.parentWidget()
    return " in ".join(names)
