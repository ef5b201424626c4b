"""The inspector of one edge: what flows along it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.network import Edge, names
from engine.words import memory, shape_text, thousands
from gui.document import Document
from gui.draw.inspector.cost_section import BYTES_PER_VALUE
from gui.draw.inspector.header import Header
from gui.style.appearance import appearance
from gui.style.style import mark
from gui.widgets import layouts
from gui.widgets.figure_row import FigureRow
from gui.widgets.section import Section


class EdgePage(QWidget):
    """Shape and bytes of the value on an edge, and a button that deletes the edge."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.edge: Edge | None = None
        self.header = Header()
        self.header.menu_button.hide()
        self.value = Section("Value")
        self.rows = {title: FigureRow(title) for title in ("Shape", "Values", "Type", "One image", "Batch", "Port")}
        for row in self.rows.values():
            self.value.body.addWidget(row)
        self.delete = QPushButton("Delete edge")
        mark(self.delete, "scale", "small")
        self.delete.clicked.connect(self._delete)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 12, 16, 12)
        buttons.addWidget(self.delete, 0, Qt.AlignmentFlag.AlignLeft)
        layouts.column(self, self.header, self.value, buttons).addStretch(1)

    def show_edge(self, edge: Edge) -> None:
        """Show what flows along this edge."""
        self.edge = edge
        self.header.show_name(
            f"{names.short_name(edge.source)} → {names.short_name(edge.target)}",
            f"Edge · {self.document.network.name}",
            stripe=appearance().colour("wire"),
            editable=False,
        )
        shape = self.document.analysis[edge.source].output
        batch = self.document.project.training.batch_size
        self.rows["Shape"].show_figure(shape_text(shape))
        self.rows["Values"].show_figure(thousands(shape.elements) if shape else "?")
        self.rows["Type"].show_figure("float32")
        self.rows["One image"].show_figure(memory(shape.elements * BYTES_PER_VALUE) if shape else "?")
        whole = memory(shape.elements * BYTES_PER_VALUE * batch) if shape else "?"
        self.rows["Batch"].show_figure(whole, suffix=f" @ batch {batch}")
        self.rows["Port"].show_figure(edge.port)

    def _delete(self) -> None:
        if (edge := self.edge) is not None:
            self.document.edit("Delete edge", lambda network: network.disconnect(edge))
