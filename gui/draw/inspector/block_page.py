"""The inspector of a block: its name, its kind, how often it stands there and what it costs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from engine.network import NetworkError, names
from engine.network.blocks import collapse, expand, rename_block, ungroup
from engine.network.exits import leaves
from engine.network.repeats import repeats_of
from engine.network.rows import repeat_block
from engine.words import block_path_text, counted, shape_text, thousands
from gui.document import Document
from gui.draw.inspector.cost_section import CostSection
from gui.draw.inspector.header import Header
from gui.draw.inspector.repeat_row import RepeatRow
from gui.style.appearance import appearance
from gui.style.style import mark, role
from gui.widgets import layouts
from gui.widgets.figure_row import FigureRow
from gui.widgets.section import Section


class BlockPage(QWidget):
    """Totals of a block, its kind, and buttons that expand, ungroup, keep or repeat it."""

    keep_requested = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.prefix = ""
        self.header = Header()
        self.header.menu_button.hide()
        self.header.renamed.connect(self._rename)
        self.block = Section("Block")
        self.kind = QLineEdit()
        self.kind.setAccessibleName("Kind")
        self.kind.setPlaceholderText("such as BasicBlock")
        self.kind.editingFinished.connect(self._set_kind)
        self.expand = QPushButton()
        self.expand.clicked.connect(self._expand)
        self.ungroup = QPushButton("Ungroup")
        self.ungroup.clicked.connect(self._ungroup)
        self.keep = QPushButton("Keep")
        self.keep.setToolTip("Keep it in My blocks, for other networks (K on the canvas)")
        self.keep.clicked.connect(self.keep_requested)
        self.repeat = RepeatRow()
        self.repeat.asked.connect(self._repeat)
        self.totals = Section("Network")
        self.totals.heading.setText("Contents")
        self.rows = {title: FigureRow(title) for title in ("Layers", "Output", "Repeats")}
        for row in self.rows.values():
            self.totals.body.addWidget(row)
        self.cost = CostSection(document)
        self._lay_out()

    def show_block(self, prefix: str) -> None:
        """Show this block."""
        self.prefix = prefix
        network = self.document.network
        members = network.members(prefix)
        block = network.block(prefix)
        around = names.parent(prefix)
        path = f"{network.name} › {block_path_text(around)}" if around else network.name
        self.header.show_name(
            names.leaf(prefix), f"Block · {path}", stripe=appearance().colour("accent"), editable=True
        )
        if not self.kind.hasFocus():
            self.kind.setText(block.kind)
        self.expand.setText("Expand" if block.collapsed else "Collapse")
        self.rows["Layers"].show_figure(thousands(len(members)))
        repeats = repeats_of(network, prefix)
        self.rows["Repeats"].show_figure(counted(len(repeats), "equal block") if len(repeats) > 1 else "none")
        self.rows["Repeats"].setToolTip(", ".join(repeats) if len(repeats) > 1 else "")
        self.repeat.show_block(prefix)
        self.rows["Output"].show_figure(", ".join(self._outputs(members)) or "none")
        self.cost.show_nodes(members)

    def _outputs(self, members: tuple[str, ...]) -> list[str]:
        """Shapes of what leaves the block."""
        network = self.document.network
        leaving = [name for name in members if leaves(network, name, self.prefix)]
        return [shape_text(self.document.analysis[name].output) for name in leaving]

    def _rename(self, text: str) -> None:
        around = names.parent(self.prefix)
        before, after = self.prefix, f"{around}.{text}" if around else text
        try:
            self.document.edit(f"Rename {names.block_name(before)} to {text}", lambda n: rename_block(n, before, after))
        except NetworkError as error:
            self.header.show_reason(str(error))
        else:
            self.document.select([after])

    def _set_kind(self) -> None:
        prefix, kind = self.prefix, self.kind.text().strip()
        try:
            self.document.edit(f"Call {names.block_name(prefix)} a {kind}", lambda n: n.set_block(prefix, kind=kind))
        except NetworkError as error:
            self.header.show_reason(str(error))

    def _expand(self) -> None:
        prefix = self.prefix
        collapsed = self.document.network.block(prefix).collapsed
        verb, change = ("Expand", expand) if collapsed else ("Collapse", collapse)
        self.document.edit(f"{verb} {names.block_name(prefix)}", lambda n: change(n, prefix))

    def _ungroup(self) -> None:
        prefix = self.prefix
        try:
            self.document.edit(f"Ungroup {names.block_name(prefix)}", lambda n: ungroup(n, prefix))
        except NetworkError as error:
            self.header.show_reason(str(error))

    def _repeat(self, times: int) -> None:
        prefix, analysis = self.prefix, self.document.analysis
        label = f"Repeat {names.block_name(prefix)} {times} times"
        try:
            row = self.document.edit(label, lambda n: repeat_block(n, prefix, times, analysis=analysis))
        except NetworkError as error:
            self.repeat.refuse(str(error))
        else:
            self.document.select(row)

    def _lay_out(self) -> None:
        label = QLabel("Kind")
        label.setFixedWidth(104)
        role(label, "label")
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.kind, 0, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.setContentsMargins(0, 8, 0, 0)
        for button in (self.expand, self.ungroup, self.keep):
            mark(button, "scale", "small")
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        buttons.addStretch(1)
        self.block.body.addLayout(grid)
        self.block.body.addWidget(self.repeat)
        self.block.body.addLayout(buttons)
        layouts.column(self, self.header, self.block, self.totals, self.cost).addStretch(1)
