"""The inspector of one layer, or of several at once."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from engine.network import Fix, Network, NetworkError, Problem, names
from engine.network.repeats import twins_of
from engine.words import block_path_text, counted
from gui.document import Document
from gui.draw.inspector.cost_section import CostSection
from gui.draw.inspector.header import Header
from gui.draw.inspector.problem_banner import ProblemBanner
from gui.draw.inspector.repeats_switch import RepeatsSwitch
from gui.draw.inspector.settings_section import SettingsSection
from gui.draw.inspector.shape_section import ShapeSection
from gui.draw.inspector.training_section import TrainingSection
from gui.style.appearance import appearance
from gui.widgets import layouts


class NodePage(QWidget):
    """Header, problem, settings, output shape, cost and training."""

    preview_requested = Signal(object)  # a Fix or None

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.names: tuple[str, ...] = ()
        self.header = Header()
        self.problem = ProblemBanner()
        self.repeats = RepeatsSwitch()
        self.repeats.changed.connect(self._spread)
        self.settings = SettingsSection(document)
        self.shape = ShapeSection()
        self.cost = CostSection(document)
        self.training = TrainingSection(document)
        parts = (self.header, self.problem, self.repeats, self.settings, self.shape, self.cost, self.training)
        layouts.column(self, *parts).addStretch(1)
        self.header.renamed.connect(self._rename)
        self.problem.previewed.connect(self.preview_requested)
        self.problem.chosen.connect(self._apply)
        self._make_menu()

    def show_nodes(self, nodes: tuple[str, ...]) -> None:
        """Show these nodes, at least one."""
        self.names = nodes
        self._show_header()
        self.repeats.show_twins(twins_of(self.document.network, nodes[0]) if len(nodes) == 1 else ())
        self._spread()
        self.settings.show_nodes(nodes)
        self.training.show_nodes(nodes)
        single = len(nodes) == 1
        self.shape.setVisible(single)
        if single:
            found = self.document.analysis[nodes[0]]
            self.problem.show_problem(found.problem or self._warning(nodes[0]))
            self.shape.show_node(found)
            self.cost.show_node(nodes[0])
        else:
            self.problem.show_problem(None)
            self.cost.show_nodes(nodes)

    def _spread(self) -> None:
        """Let edits reach the repeats, or not."""
        self.settings.twins = self.training.twins = self.repeats.others

    def _show_header(self) -> None:
        network, first = self.document.network, self.names[0]
        layers = [network.layer(name) for name in self.names]
        families = {layer.family for layer in layers}
        stripe = appearance().family(layers[0].family) if len(families) == 1 else appearance().colour("muted")
        if len(layers) == 1:
            block = names.parent(first)
            path = f"{network.name} › {block_path_text(block)}" if block else network.name
            about = f"{type(layers[0]).__name__} · {path}"
            self.header.show_name(names.leaf(first), about, stripe=stripe, editable=True)
        else:
            kinds = Counter(layer.title for layer in layers)
            about = ", ".join(f"{number} × {title}" for title, number in kinds.most_common())
            self.header.show_name(counted(len(layers), "layer"), about, stripe=stripe, editable=False)
        self._show_states()

    def _warning(self, name: str) -> Problem | None:
        return next((problem for problem in self.document.analysis.warnings if problem.node == name), None)

    def _rename(self, text: str) -> None:
        before = self.names[0]
        block = names.parent(before)
        after = f"{block}.{text}" if block else text
        try:
            label = f"Rename {names.short_name(before)} to {text}"
            self.document.edit(label, lambda network: network.rename(before, after))
        except NetworkError as error:
            self.header.show_reason(str(error))
        else:
            self.document.select([after])

    def _apply(self, fix: Fix) -> None:
        self.document.edit(fix.label, fix.edit)

    # The menu

    def _make_menu(self) -> None:
        menu = self.header.menu
        self._bypass = QAction("Bypass", menu, checkable=True)
        self._bypass.triggered.connect(self._set_bypassed)
        self._remove = QAction("Delete", menu)
        self._remove.triggered.connect(self._delete)
        menu.addActions([self._bypass, self._remove])

    def _show_states(self) -> None:
        network = self.document.network
        self._bypass.setChecked(all(network[name].bypassed for name in self.names))
        self._bypass.setEnabled(all(_may_bypass(network, name) for name in self.names))

    def _set_bypassed(self, bypassed: bool) -> None:
        def change(network: Network) -> None:
            for name in (*self.names, *self.repeats.others):
                network.set_node(name, bypassed=bypassed)

        self.document.edit("Bypass" if bypassed else "Stop bypassing", change)

    def _delete(self) -> None:
        gone = self.names
        who = names.short_name(gone[0]) if len(gone) == 1 else counted(len(gone), "layer")
        self.document.edit(f"Delete {who}", lambda network: network.remove(*gone))


def _may_bypass(network: Network, name: str) -> bool:
    """Whether the one input of a node can pass through in its place."""
    layer = network.layer(name)
    return layer.has_output and len(network.incoming(name)) == 1
