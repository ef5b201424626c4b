"""The node canvas: the network as a drawing, with what floats over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.layers import Layer
from engine.network import Fix
from gui.canvas.marks import TrainingMark
from gui.canvas.scene import CanvasScene
from gui.canvas.view import CanvasView
from gui.document import Document


class Canvas(QWidget):
    """Draws ``document.network``; ``read_only`` shows without changing, as in Train."""

    open_template_requested = Signal()
    image_folder_dropped = Signal(str)
    rename_requested = Signal(str)
    status_message = Signal(str)

    def __init__(self, document: Document, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.read_only = read_only
        self.scene = CanvasScene(document, self)
        self.view = CanvasView(self.scene, read_only=read_only, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusProxy(self.view)

    def fit(self, names: Iterable[str] = ()) -> None:
        """Show these nodes and blocks, or everything."""
        self.view.fit(names)

    def zoom_to(self, factor: float) -> None:
        """Zoom at the middle; 1.0 is 100 %."""
        self.view.zoom_at(factor)

    def show_preview(self, fix: Fix | None) -> None:
        """Draw what a fix would add, without adding it; None ends the preview."""

    def add_layer(self, layer: Layer) -> None:
        """Add a layer after the selected one, connected to it, and select it."""

    def quick_add(self) -> None:
        """Open the quick add popup."""

    def focus_node(self, name: str) -> None:
        """Select a node and bring it into view."""

    def set_marks(self, marks: Mapping[str, TrainingMark]) -> None:
        """Show what training says of each node."""
        self.scene.set_marks(marks)
