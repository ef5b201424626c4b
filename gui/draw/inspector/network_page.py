"""The inspector of the whole network, when nothing is selected: its input form and its totals."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.words import counted, shape_text, thousands
from gui.document import Document
from gui.draw.inspector.cost_section import CostSection
from gui.draw.inspector.header import Header
from gui.draw.inspector.settings_section import SettingsSection
from gui.style.appearance import appearance
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.figure_row import FigureRow
from gui.widgets.inset_label import InsetLabel
from gui.widgets.section import Section


class NetworkPage(QWidget):
    """Totals of the network and the form of its first input."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.header = Header()
        self.header.menu_button.hide()
        told = "No layer yet. Drag one from Layers onto the canvas, or press Tab there."
        self.empty = InsetLabel(told, inset=(16, 0, 16, 12))
        role(self.empty, "caption")
        self.input = SettingsSection(document)
        self.input.heading.setText("Input")
        self.totals = Section("Network")
        self.rows = {title: FigureRow(title) for title in ("Layers", "Inputs", "Outputs")}
        for row in self.rows.values():
            self.totals.body.addWidget(row)
        self.cost = CostSection(document)
        layouts.column(self, self.header, self.empty, self.input, self.totals, self.cost).addStretch(1)

    def show_network(self) -> None:
        """Show the network as it is now."""
        network, analysis = self.document.network, self.document.analysis
        about = f"Network · {counted(len(network), 'layer')}"
        self.header.show_name(network.name, about, stripe=appearance().colour("accent"), editable=False)
        self.empty.setVisible(not len(network))
        for part in (self.totals, self.cost):
            part.setVisible(bool(len(network)))
        self.input.setVisible(bool(network.inputs))
        if network.inputs:
            self.input.show_nodes(network.inputs[:1])
        self.rows["Layers"].show_figure(thousands(len(network)))
        for title, ends in (("Inputs", network.inputs), ("Outputs", network.outputs)):
            shapes = [shape_text(analysis[name].output) for name in ends]
            self.rows[title].show_figure(", ".join(shapes) or "none")
        self.cost.show_nodes(tuple(network))
