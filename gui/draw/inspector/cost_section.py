"""What a layer, a block or the network costs."""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers import Formula
from engine.network import NodeAnalysis
from engine.words import known_part, memory, si, thousands
from gui.document import Document
from gui.widgets.figure_row import FigureRow
from gui.widgets.section import Section

BYTES_PER_VALUE = 4  # float32


class CostSection(Section):
    """Parameters, multiply-adds, memory and receptive field, each unfolding to its formula."""

    def __init__(self, document: Document, title: str = "Cost") -> None:
        super().__init__(title)
        self.document = document
        self.parameters = FigureRow("Parameters")
        self.macs = FigureRow("MACs")
        self.activations = FigureRow("Activations")
        self.field = FigureRow("Receptive field")
        for row in (self.parameters, self.macs, self.activations, self.field):
            self.body.addWidget(row)

    def show_node(self, name: str) -> None:
        """Show the cost of one node, with its arithmetic."""
        found = self.document.analysis[name]
        formulas = {formula.quantity: formula for formula in found.explain()}
        self._show_counts([found], formulas)
        self._show_field(found, name)

    def show_nodes(self, names: Sequence[str]) -> None:
        """Show what several nodes cost together."""
        found = [self.document.analysis[name] for name in names if name in self.document.analysis.nodes]
        self._show_counts(found, {})
        self.field.hide()

    def _show_counts(self, found: Sequence[NodeAnalysis], formulas: dict[str, Formula]) -> None:
        parameters = sum(node.parameters for node in found)
        trainable = sum(node.trainable_parameters for node in found)
        quiet = "" if trainable == parameters else f" · {si(trainable)} train"
        known = all(node.counted for node in found)
        said = known_part(thousands(parameters), known=known, value=parameters)
        self.parameters.show_figure(said, formulas.get("Parameters"), suffix=quiet)
        macs, multiply_adds = formulas.get("MACs"), sum(node.multiply_adds for node in found)
        result = macs.result if macs else known_part(si(multiply_adds), known=known, value=multiply_adds)
        self.macs.show_figure(result, macs)
        batch = self.document.project.training.batch_size
        elements = sum(node.activation_elements for node in found)
        size = memory(elements * batch * BYTES_PER_VALUE)
        formula = Formula("Activations", (f"{thousands(elements)}·{batch}·4 B",), size, _ABOUT_ACTIVATIONS)
        known = all(node.output is not None for node in found)
        said = known_part(size, known=known, value=elements)
        suffix = f" @ batch {batch}" if known or elements else ""
        self.activations.show_figure(said, formula if elements else None, suffix=suffix)

    def _show_field(self, found: NodeAnalysis, name: str) -> None:
        seen = found.receptive_field
        self.field.setVisible(seen is not None)
        if seen is not None:
            formula = self._field_formula(found, name)
            self.field.show_figure(f"{seen.size[0]}×{seen.size[1]}", formula, suffix=" px")

    def _field_formula(self, found: NodeAnalysis, name: str) -> Formula | None:
        """How a window widens what one value sees (Araujo et al., Distill 2019); rows, as columns go alike.

        None where it comes out otherwise, as borders cut the field or the layer has no such window.
        """
        sources = self.document.network.incoming(name)
        above = self.document.analysis[sources[0].source].receptive_field if len(sources) == 1 else None
        reads = above and found.inputs[0] and not found.bypassed
        window = found.layer.window(*found.inputs) if reads else None
        if above is None or window is None or found.receptive_field is None:
            return None
        kernel, dilation, image = window.kernel[0], window.dilation[0], above.image[0]
        unlimited, rows = above.size[0] + dilation * (kernel - 1) * above.jump[0], found.receptive_field.size[0]
        if min(unlimited, image) != rows:
            return None
        jump = f"{above.jump[0]:g}"
        reach = f"{dilation}·({kernel} − 1)" if dilation > 1 else f"{kernel} − 1"
        symbols = "r_in + (k − 1)·j_in" if dilation == 1 else "r_in + d·(k − 1)·j_in"
        numbers = f"{above.size[0]} + ({reach})·{jump}"
        note = f"j_in = {jump}: neighbours in the input of this layer are {jump} pixels apart in the image."
        if unlimited > image:
            symbols, numbers = f"min({symbols}, H)", f"min({numbers}, {image})"
            note += f" The image has no more than {image} rows."
        return Formula("r", (symbols, numbers), str(rows), note)


_ABOUT_ACTIVATIONS = "Bytes of the output, as float32, for every image of the batch."
