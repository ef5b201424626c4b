"""The panel of the files of a data set that are left out, and of those that are copies of others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple, Self

from PySide6.QtCore import QAbstractListModel, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.data.augmentation.warning import Seen
from engine.data.copies import across
from engine.data.part_words import SPOKEN
from engine.data.warnings import DataFix, copies_warnings
from engine.files import readable
from engine.words import thousands
from gui.data.data_set import COPIES, LEFT_OUT, DataSet
from gui.data.declared import DataWorkspace
from gui.data.remedy_box import RemedyBox
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.index import Index
from gui.widgets.offer import Offer
from gui.widgets.panel import Panel
from gui.widgets.segmented import Segment, Segmented

_ROW, _SIDE = 42, 16


class FileRow(NamedTuple):
    """A file, and what there is to say of it."""

    name: str
    about: str


@PANELS.register
class FilesPanel(Panel):
    """Which files are left out and why, and which are the same as others in another part."""

    tab = Tab("data_files", "Files", "mdi6.file-multiple-outline", (DockPlace(DataWorkspace.name, "left", 2),))

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(data.document, parent)
        self.data = data
        self.which = Segmented([Segment(LEFT_OUT, "Left out"), Segment(COPIES, "Copies")], small=True)
        self.which.chosen.connect(self.refresh_now)
        self.about, self.remedy, self.list = QLabel(), RemedyBox(), QListView()
        self._rows = _Rows(self)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Files")
        role(self.about, "caption")
        self.about.setWordWrap(True)
        head = layouts.column(None, spacing=10)
        head.setContentsMargins(_SIDE, 12, _SIDE, 10)
        head.addWidget(self.which, 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.about)
        head.addWidget(self.remedy)
        layouts.column(self, head).addWidget(self.list, 1)
        data.changed.connect(self.invalidate)
        data.listed_files_wanted.connect(self.show_list)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.part(DataSet))

    def refresh(self) -> None:
        """Show the files of the data set as it is now."""
        found = {LEFT_OUT: self._left_out(), COPIES: self._copies()}
        for key, words in ((LEFT_OUT, "Left out"), (COPIES, "Copies")):
            self.which.set_text(key, f"{words}  {thousands(len(found[key]))}")
        rows = found[str(self.which.value)]
        self._rows.show(rows)
        self.about.setText(self._words(rows))
        self._show_remedy()

    def show_list(self, which: str) -> None:
        """Show the files that are left out, or copies."""
        self.which.choose(which)
        self.refresh_now()

    def _left_out(self) -> list[FileRow]:
        found = self.data.description
        return [FileRow(readable(file.name), file.reason) for file in found.unreadable] if found else []

    def _copies(self) -> list[FileRow]:
        """A row for each group of copies, those in several classes or parts first."""
        listing, division = self.data.listing, self.data.division
        if listing is None or division is None:
            return []
        apart = set(across(listing.copies, division, len(listing)))
        labels = listing.labels
        groups = sorted(
            listing.copies, key=lambda group: (len(set(labels[list(group)].tolist())) == 1, group not in apart)
        )
        names = [[readable(str(listing.names[place])) for place in group] for group in groups]
        parts = [dict.fromkeys(SPOKEN.get(self.data.part_of(place), "") for place in group) for group in groups]
        rows = zip(names, parts, strict=True)
        return [FileRow(first, f"also {', '.join(others)}: in {', '.join(where)}") for (first, *others), where in rows]

    def _words(self, rows: Sequence[FileRow]) -> str:
        if self.data.listing is None:
            return "The files show when a folder is read."
        if self.which.value == COPIES:
            return "Files that are the same, byte for byte." if rows else "No file is a copy of another."
        return "These files train nothing, for the reason below each." if rows else "Every file can be used."

    def _show_remedy(self) -> None:
        settings = self.data.settings
        warnings = list(copies_warnings(settings, Seen(copied=self.data.copied())))
        if self.which.value != COPIES or not warnings:
            self.remedy.show_warning("", ())
            return
        offers = [Offer(fix.label, partial(self._take, fix)) for fix in warnings[0].fixes]
        self.remedy.show_warning(warnings[0].message, offers)

    def _take(self, fix: DataFix) -> None:
        self.document.change_settings(fix.label, fix.settings)


class _Rows(QAbstractListModel):
    """Rows of which the view asks for those that it shows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: Sequence[FileRow] = ()

    def show(self, rows: Sequence[FileRow]) -> None:
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()].name
        if role == Qt.ItemDataRole.UserRole:
            return self._rows[index.row()].about
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return ": ".join(self._rows[index.row()])
        return None


class _RowPainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, inside = appearance(), option.rect.adjusted(_SIDE, 5, -_SIDE, -5)
        painter.save()
        half = inside.height() // 2
        lines = (
            (index.data(Qt.ItemDataRole.DisplayRole), look.font(11, mono=True), "text", Qt.TextElideMode.ElideLeft),
            (index.data(Qt.ItemDataRole.UserRole), look.font(11), "muted", Qt.TextElideMode.ElideRight),
        )
        for place, (text, font, token, mode) in enumerate(lines):
            line = QRect(inside.left(), inside.top() + place * half, inside.width(), half)
            painter.setFont(font)
            painter.setPen(look.colour(token))
            words = painter.fontMetrics().elidedText(text, mode, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()
