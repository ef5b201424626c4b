"""The network as a tree of rows: blocks, and the layers in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Signal

from engine.errors import LayerloomError
from engine.network import Network, Severity, names
from engine.network.blocks import rename
from gui.document import Document
from gui.draw.summary.rows import (
    NUMBERS,
    TITLES,
    Column,
    Figures,
    block_text,
    figure_text,
    node_text,
    settings_text,
)
from gui.draw.summary.typed_settings import typed_layer
from gui.style.appearance import appearance
from gui.widgets.index import Index

NAME_ROLE = Qt.ItemDataRole.UserRole
"""The full name of a row's node or block."""


@dataclass(slots=True, eq=False)
class Row:
    """A node or a block, where it stands, and the rows inside it."""

    name: str
    parent: Row | None
    place: int = 0
    rows: list[Row] = field(default_factory=list)


class SummaryModel(QAbstractItemModel):
    """Reads every cell from the document as it is asked for; only the names of the rows are kept.

    Editing the name renames, editing the settings takes a line of ``name=value``; `refused` says why not.
    """

    refused = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._root = Row("", None)
        self._rows: dict[str, Row] = {}
        self._figures: dict[str, Figures] = {}
        self.follow()

    def follow(self) -> bool:
        """Bring the rows up to date; True if they are other rows than before."""
        self._figures = {}
        root, rows = _tree(self.document.network)
        if list(rows) == list(self._rows):
            if rows:
                last = self.index(self.rowCount() - 1, len(TITLES) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return False
        self.beginResetModel()
        self._root, self._rows = root, rows
        self.endResetModel()
        return True

    def index_of(self, name: str, column: int = 0) -> QModelIndex:
        """The index of a node or block; not valid if there is none."""
        row = self._rows.get(name)
        return self.createIndex(row.place, column, row) if row else QModelIndex()

    def name_at(self, index: Index) -> str:
        """The node or block of an index."""
        return self._row(index).name

    def text(self, name: str, column: Column) -> str:
        """A cell as it is shown."""
        if column in (Column.PARAMETERS, Column.MACS, Column.MEMORY):
            return figure_text(self.figures(name), column, self.document.project.training.batch_size)
        network = self.document.network
        if network.is_block(name):
            return block_text(network, name, column)
        return node_text(network, self.document.analysis, name, column)

    def figures(self, name: str) -> Figures:
        """What a node, a block, or with "" the network costs."""
        if name not in self._figures:
            members = self.document.network.members(name) if name not in self.document.network else (name,)
            nodes = self.document.analysis.nodes
            self._figures[name] = Figures.of([nodes[member] for member in members if member in nodes])
        return self._figures[name]

    def names(self) -> list[str]:
        """All nodes and blocks, top to bottom."""
        return list(self._rows)

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        rows = self._row(parent).rows
        return self.createIndex(row, column, rows[row]) if row < len(rows) else QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # hides QObject.parent(), as Qt's own does
        above = self._row(index).parent
        return self.createIndex(above.place, 0, above) if above and above is not self._root else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._row(parent).rows) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(TITLES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self._can_edit(index) else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, column = self.name_at(index), Column(max(index.column(), 0))
        if not self._stands(name):
            return None  # gone since the rows were last brought up to date
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(name, column)
            case Qt.ItemDataRole.EditRole:
                return names.leaf(name) if column is Column.NAME else settings_text(self.document.network.layer(name))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole if column in NUMBERS:
                return appearance().font(12, mono=True)
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(name, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(name, column)
            case _ if role == NAME_ROLE:
                return name
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name, text = self.name_at(index), str(value).strip()
        if not text or text == self.data(index, Qt.ItemDataRole.EditRole):
            return False
        try:
            if index.column() == Column.NAME:
                self._rename(name, text)
            else:
                layer = typed_layer(self.document.network.layer(name), text)
                label = f"Change settings of {names.short_name(name)}"
                self.document.edit(label, lambda network: network.set_layer(name, layer))
        except LayerloomError as error:
            self.refused.emit(str(error))
            return False
        return True

    def _rename(self, name: str, text: str) -> None:
        block = names.parent(name)
        after = f"{block}.{text}" if block else text
        called = names.entry_name(name, self.document.network)
        self.document.edit(f"Rename {called} to {text}", lambda network: rename(network, name, after))
        self.document.select([after])

    def _row(self, index: Index) -> Row:
        return index.internalPointer() if index.isValid() else self._root

    def _can_edit(self, index: Index) -> bool:
        name = self.name_at(index)
        if index.column() == Column.NAME:
            return self._stands(name)
        return index.column() == Column.SETTINGS and name in self.document.network

    def _stands(self, name: str) -> bool:
        return name in self.document.network or self.document.network.is_block(name)

    def _colour(self, name: str, column: Column) -> Any:
        found = self.document.analysis.nodes.get(name)
        if column is Column.OUTPUT and found and found.problem:
            return appearance().colour("err" if found.problem.severity is Severity.ERROR else "muted")
        return appearance().colour("muted") if column in (Column.TYPE, Column.SETTINGS) else None

    def _tip(self, name: str, column: Column) -> str:
        found = self.document.analysis.nodes.get(name)
        if column is Column.OUTPUT and found and found.problem:
            return found.problem.message
        return name if column is Column.NAME else self.text(name, column)


def _tree(network: Network) -> tuple[Row, dict[str, Row]]:
    """The rows of a network, and each by its name, top to bottom."""
    root, rows = Row("", None), {}

    def fill(row: Row) -> None:
        for place, name in enumerate(network.children(row.name)):
            child = Row(name, row, place)
            row.rows.append(child)
            rows[name] = child
            if network.is_block(name):
                fill(child)

    fill(root)
    return root, rows


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
