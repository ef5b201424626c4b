"""Whether a layer trains."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel

from engine.network import Network
from engine.words import counted
from gui.document import Document
from gui.style.style import role
from gui.widgets.section import Section
from gui.widgets.switch import Switch


class TrainingSection(Section):
    """The Freeze weights switch, for one node or several."""

    def __init__(self, document: Document) -> None:
        super().__init__("Training")
        self.document = document
        self.names: tuple[str, ...] = ()
        self.twins: tuple[str, ...] = ()  # nodes elsewhere that are frozen along with these
        self.freeze = Switch("Freeze weights")
        self.freeze.setToolTip("A frozen layer keeps its weights while the others train (Z)")
        label = QLabel("Freeze weights")
        role(label, "label")
        label.setFixedWidth(104)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.freeze)
        row.addStretch(1)
        self.body.addLayout(row)
        self.freeze.edited.connect(self._freeze)

    def show_nodes(self, names: Sequence[str]) -> None:
        """Show the switch if any of these nodes has weights."""
        nodes, found = self.document.network, self.document.analysis.nodes
        self.names = tuple(name for name in names if name in found and found[name].parameters)
        self.setVisible(bool(self.names))
        states = {nodes[name].frozen for name in self.names}
        self.freeze.set_value(states.pop() if len(states) == 1 else None)

    def _freeze(self, frozen: bool) -> None:
        def change(network: Network) -> None:
            for name in (*self.names, *self.twins):
                network.set_node(name, frozen=frozen)

        who = self.names[0] if len(self.names) == 1 else counted(len(self.names), "layer")
        self.document.edit(f"{'Freeze' if frozen else 'Unfreeze'} {who}", change)
