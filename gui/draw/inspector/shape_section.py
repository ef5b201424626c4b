"""What goes in, what comes out, and the arithmetic between."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from engine.layers import Shape
from engine.network import NodeAnalysis, State
from engine.words import shape_text
from gui.style.style import mark, role
from gui.widgets.disclosure import Disclosure
from gui.widgets.formula_view import FormulaView
from gui.widgets.section import Section

COSTS = ("Parameters", "MACs")
"""The formulas that stand under Cost."""

_MOST_INPUTS = 4


class ShapeSection(Section):
    """``64×56×56 → 128×28×28`` and the formulas of the output."""

    def __init__(self) -> None:
        super().__init__("Output shape")
        self.inputs = [QLabel() for _ in range(_MOST_INPUTS)]
        self.arrow, self.output = QLabel("→"), QLabel()
        role(self.output, "shape-output")
        role(self.arrow, "label")
        column = QVBoxLayout()
        column.setSpacing(4)
        for chip in self.inputs:
            role(chip, "shape")
            column.addWidget(chip)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(column)
        row.addWidget(self.arrow)
        row.addWidget(self.output, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.note = QLabel()
        self.note.setWordWrap(True)
        role(self.note, "caption")
        self.arithmetic = Disclosure("Arithmetic")
        self.arithmetic.button.setChecked(True)
        self.formulas = FormulaView()
        self.arithmetic.body_layout.addWidget(self.formulas)
        self.body.addLayout(row)
        self.body.addSpacing(6)
        self.body.addWidget(self.note)
        self.body.addWidget(self.arithmetic)

    def show_node(self, found: NodeAnalysis) -> None:
        """Show the shapes of one node."""
        texts = _chips(found.inputs)
        for i, chip in enumerate(self.inputs):
            chip.setText(texts[i] if i < len(texts) else "")
            chip.setVisible(i < len(texts))
        self.arrow.setVisible(bool(found.inputs))
        self.output.setText(shape_text(found.output))
        mark(self.output, "state", found.problem.severity.value if found.problem else "")
        self.note.setText(_about(found))
        self.note.setVisible(bool(self.note.text()))
        formulas = [formula for formula in found.explain() if formula.quantity not in COSTS]
        self.formulas.show_formulas(formulas)
        self.arithmetic.setVisible(bool(formulas))


def _chips(shapes: tuple[Shape | None, ...]) -> list[str]:
    texts = [shape_text(shape) for shape in shapes]
    if len(texts) > _MOST_INPUTS:
        kept = _MOST_INPUTS - 1
        return [*texts[:kept], f"and {len(texts) - kept} more"]
    return texts


def _about(found: NodeAnalysis) -> str:
    if found.state is State.ASSUMED:
        return "Assumed: the shape that the first fix would give."
    if found.state is State.BLOCKED and not found.problem:
        return "Waits for what stands above it." if found.inputs else "Waits for its input."
    return ""
