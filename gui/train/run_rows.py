"""The rows of the run list: a check box in the colour of the curve, title, note, the score it is known by."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from engine.errors import LayerloomError
from gui.style.appearance import appearance
from gui.train.curves.chart_lines import run_colour
from gui.train.runs.differences import unlike_words
from gui.train.runs.finding import matches
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.train.runs.words import figure_text, figure_with_unit, status_icon, status_note
from gui.widgets.index import Index

RUN = Qt.ItemDataRole.UserRole
_ROW, _MARGIN, _BOX, _TEXT = 52, 12, 16, 36


class RunModel(QAbstractListModel):
    """The runs, newest first; ``refused`` says why a name cannot be kept."""

    refused = Signal(str)

    def __init__(self, runs: Runs) -> None:
        super().__init__(runs)
        self.runs = runs
        self._rows = list(runs.all)
        self._words = ""

    def follow(self) -> None:
        """Take over the list as it is now, but for the runs that do not match what is looked for."""
        rows = [run for run in self.runs.all if matches(run, self._words)]
        if self._rows != rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self.refresh()

    def find(self, words: str) -> None:
        """List only the runs in which all these words stand."""
        self._words = words
        self.follow()

    def refresh(self) -> None:
        """What the rows show may have changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def row_of(self, run: Run | None) -> QModelIndex:
        """The index of a run."""
        return self.index(self._rows.index(run)) if run in self._rows else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return run
            case Qt.ItemDataRole.DisplayRole:
                return run.title
            case Qt.ItemDataRole.EditRole:
                return run.name or run.project.network.name
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if run in self.runs.shown else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"Run {run.title}, {status_note(run)}, {_score_words(run)}"
            case Qt.ItemDataRole.ToolTipRole:
                failure = run.failure.message if run.failure else ""
                told = (run.title, run.note, status_note(run), unlike_words(run, self.runs.all), failure)
                return "\n".join(filter(None, told))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        run = self._rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            self.runs.show_in_charts(run, Qt.CheckState(value) is Qt.CheckState.Checked)
        elif role == Qt.ItemDataRole.EditRole:
            try:
                self.runs.rename(run, value)
            except LayerloomError as error:
                self.refused.emit(str(error))
                return False
        else:
            return False
        return True


class RunDelegate(QStyledItemDelegate):
    """Paints a run in 52 px; a click on its box shows or hides its curves."""

    def __init__(self, view: QAbstractItemView, runs: Runs) -> None:
        super().__init__(view)
        self._runs = runs

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, run, row = appearance(), index.data(RUN), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, look.colour("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, look.colour("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(look.colour("accent"))
            painter.drawRect(row.adjusted(0, 0, -1, -1))
        self._draw_box(painter, row, run)
        right = self._draw_score(painter, row, run)
        rect = QRect(row.left() + _TEXT, row.top() + 8, right - row.left() - _TEXT - 8, 18)
        painter.setFont(look.font(13))
        painter.setPen(look.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, _elided(painter, run.title, rect))
        rect.translate(0, 19)
        icon, token = status_icon(run)
        look.icon(icon, token).paint(painter, QRect(rect.left(), rect.top() + 3, 12, 12))
        rect.setLeft(rect.left() + 16)
        rect.setRight(row.right() - _MARGIN)
        painter.setFont(look.font(11))
        painter.setPen(look.colour("muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, _elided(painter, status_note(run), rect))
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if isinstance(event, QMouseEvent):
            clicked = event.type() is QEvent.Type.MouseButtonRelease
            return clicked and event.position().x() < option.rect.left() + _TEXT and self._toggle(model, index)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space:
            return self._toggle(model, index)
        return False

    def helpEvent(self, event: QHelpEvent, view: Any, option: QStyleOptionViewItem, index: Index) -> bool:
        text = "Show in the charts" if event.pos().x() < _TEXT else index.data(Qt.ItemDataRole.ToolTipRole)
        QToolTip.showText(event.globalPos(), text or "", view)
        return True

    def _toggle(self, model: QAbstractItemModel, index: Index) -> bool:
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        return model.setData(
            index, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole
        )

    def _draw_box(self, painter: QPainter, row: QRect, run: Run) -> None:
        look, colour = appearance(), self._runs.shown.get(run)
        box = QRectF(row.left() + _MARGIN, row.center().y() - _BOX / 2, _BOX, _BOX)
        if colour is None:
            painter.setPen(look.colour("wire"))
            painter.setBrush(look.colour("field"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(run_colour(colour))
        painter.drawRoundedRect(box, 4, 4)
        look.icon("mdi6.check-bold", "panel").paint(painter, box.toRect().adjusted(2, 2, -2, -2))

    def _draw_score(self, painter: QPainter, row: QRect, run: Run) -> int:
        painter.setFont(appearance().font(12, mono=True))
        painter.setPen(appearance().colour("text" if run.score is not None else "faint"))
        text = figure_text(run.watched, run.score)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRect(row.left(), row.top() + 8, row.width() - _MARGIN, 18), right, text)
        return row.right() - _MARGIN - painter.fontMetrics().horizontalAdvance(text)


def _score_words(run: Run) -> str:
    return f"validation {run.watched.title.lower()} {figure_with_unit(run.watched, run.score)}"


def _elided(painter: QPainter, text: str, rect: QRect) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
