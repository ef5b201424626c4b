"""The Inspector panel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.document import Document
from gui.draw.inspector.block_page import BlockPage
from gui.draw.inspector.edge_page import EdgePage
from gui.draw.inspector.network_page import NetworkPage
from gui.draw.inspector.node_page import NodePage
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.panel import Panel


@PANELS.register
class InspectorPanel(Panel):
    """Shows what is selected: layers, a block, an edge, or the network when nothing is."""

    tab = Tab(
        "inspector",
        "Inspector",
        "mdi6.information-outline",
        (
            DockPlace("draw", "right", 1),
            DockPlace("data", "right", 3),
            DockPlace("train", "right", 3),
            DockPlace("look_inside", "right", 2),
        ),
    )

    preview_requested = Signal(object)  # a Fix or None
    keep_requested = Signal()  # the block shall go into My blocks
    left = Signal()  # by Esc, or by a fix that takes its own button away: the canvas takes the keyboard back

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.nodes = NodePage(document)
        self.block = BlockPage(document)
        self.edge = EdgePage(document)
        self.network = NetworkPage(document)
        self.pages = (self.nodes, self.block, self.edge, self.network)
        inside = QWidget()
        role(inside, "page")
        for page in self.pages:
            page.hide()
        layouts.column(inside, *self.pages)
        self.area = layouts.scrolling(inside)
        layouts.column(self, self.area)
        document.title_changed.connect(self.invalidate)
        self.nodes.preview_requested.connect(self.preview_requested)
        self.nodes.problem.chosen.connect(self.left)
        self.block.keep_requested.connect(self.keep_requested)

    def focus_settings(self) -> None:
        """Put the keyboard into the first setting of what is selected, as Enter on the canvas does."""
        self.refresh_now()
        section = self.nodes.settings if self.nodes.isVisibleTo(self) else self.network.input
        section.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Show the selection as it is now."""
        selection, network = self.document.selection, self.document.network
        blocks = [name for name in selection.names if network.is_block(name)]
        if selection.edge is not None:
            self.edge.show_edge(selection.edge)
            self._show(self.edge)
        elif len(blocks) == 1 and len(selection.names) == 1:
            self.block.show_block(blocks[0])
            self._show(self.block)
        elif selection.names:
            inside = [network.members(name) if name in blocks else (name,) for name in selection.names]
            self.nodes.show_nodes(tuple(dict.fromkeys(name for part in inside for name in part)))
            self._show(self.nodes)
        else:
            self.network.show_network()
            self._show(self.network)

    def _show(self, page: QWidget) -> None:
        for other in self.pages:
            if other is not page:
                other.hide()
        page.show()
