"""The weights of the selected node as the run in view last kept them: histogram, norm, kernels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.errors import LayerloomError
from engine.network import Network
from engine.network.sameness import changed_layers
from engine.words import path_text, signed_text, thousands
from gui.background import Job, LatestJob
from gui.document import Document
from gui.look.histogram import Histogram
from gui.look.kernel_view import MOST, KernelView
from gui.look.node_weights import NodeWeights, read_weights
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.style import role
from gui.train.runs.run import Run
from gui.train.runs.runs import Runs
from gui.widgets import layouts
from gui.widgets.busy_bar import BusyBar
from gui.widgets.figure_table import FactList
from gui.widgets.live import LiveWidget
from gui.widgets.section import Section

NO_WEIGHTS = "Weights exist after the first training step."


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """What is shown of the weights of a node."""

    histogram: tuple[NDArray[np.int64], NDArray[np.float64]]
    facts: tuple[tuple[str, str], ...]
    kernels: NDArray[np.float32] | None


@PANELS.register
class WeightsPanel(LiveWidget):
    """Follows the selection and the run in view; the file is read in a thread."""

    tab = Tab(
        "weights",
        "Weights",
        "mdi6.chart-histogram",
        (DockPlace("draw", "right", 2), DockPlace("train", "right", 4)),
    )

    def __init__(self, document: Document, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._runs = document, runs
        self._reading = LatestJob("Reading the weights", self)
        self._shown: tuple[object, ...] = ()
        self.line = QLabel(NO_WEIGHTS)
        self.name, self.origin = QLabel(), QLabel()
        self.facts = FactList()
        self.histogram = Histogram()
        self.kernels = KernelView()
        self.kernels_section = Section("Kernels")
        self.page = QWidget()
        self._lay_out()
        self._busy = BusyBar(self)
        document.selection_changed.connect(self.invalidate)
        document.analysed.connect(self.invalidate)
        for signal in (runs.viewed, runs.listed, runs.state_changed, runs.chips_due):
            signal.connect(self.invalidate)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        return cls(session.document, session.part(Runs))

    def _lay_out(self) -> None:
        role(self.line, "label")
        role(self.name, "title")
        self.line.setWordWrap(True)
        self.line.setContentsMargins(16, 12, 16, 12)
        role(self.page, "page")
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 16, 16)
        top.setSpacing(12)
        role(self.origin, "warning")
        self.origin.setWordWrap(True)
        for widget in (self.name, self.origin, self.histogram, self.facts):
            top.addWidget(widget)
        self.kernels_section.body.addWidget(self.kernels)
        layouts.column(self.page, top, self.kernels_section).addStretch(1)
        self.area = layouts.scrolling(self.page)
        layouts.column(self, self.line).addWidget(self.area, 1)

    def refresh(self) -> None:
        """Read the weights of what is selected, unless that is what is shown."""
        run, names = self._runs.current, self._document.selection.names
        if run is None or not run.step:
            self._show_nothing(NO_WEIGHTS)
            return
        if len(names) != 1:
            self._show_nothing("Select a layer to see its weights.")
            return
        name, then, now = names[0], run.project.network, self._document.network
        if not parts_of(then, name):
            self._show_nothing(f"Run {run.number} has no {path_text(name)}: it was drawn since.")
            return
        self.origin.setVisible(_differs(then, now, name))
        self.origin.setText(f"As run {run.number} trained it; the drawing has changed since.")
        wanted = (run, name, len(run.epochs), run.status.active)
        waits_for_same = self._reading.running and wanted[:2] == self._shown[:2]
        if wanted != self._shown and not waits_for_same:
            self._shown = wanted
            self._read(run, name)

    def _read(self, run: Run, name: str) -> None:
        network = run.project.network
        nodes = parts_of(network, name)
        checkpoint = run.folder / "checkpoints" / "last.safetensors"
        self._reading.start(
            lambda job: _figures(checkpoint, nodes, name, job), done=partial(self._take, name), failed=self._fail
        )
        self._busy.set_busy(True)

    def _take(self, name: str, figures: _Figures | None) -> None:
        self._show(name, figures)
        self.invalidate()  # the run may have learned more in the meantime

    def _show(self, name: str, figures: _Figures | None) -> None:
        self._busy.set_busy(False)
        if figures is None:
            self._say(f"{path_text(name)} has no weights.")
            return
        self.line.hide()
        self.area.show()
        self.name.setText(path_text(name))
        self.histogram.show_counts(*figures.histogram)
        self.facts.show_facts(figures.facts)
        kernels = figures.kernels
        self.kernels_section.setVisible(kernels is not None)
        if kernels is not None:
            more = f", the first {thousands(MOST)} of {thousands(len(kernels))}" if len(kernels) > MOST else ""
            self.kernels_section.heading.setText(f"Kernels{more}")
            self.kernels.show_kernels(kernels)

    def _fail(self, error: LayerloomError) -> None:
        self._say(str(error))

    def _show_nothing(self, why: str) -> None:
        self._reading.cancel()
        self._shown = ()
        self._say(why)

    def _say(self, text: str) -> None:
        self._busy.set_busy(False)
        self.line.setText(text)
        self.line.show()
        self.area.hide()


def parts_of(network: Network, name: str) -> set[str]:
    """The nodes that a name stands for in a network: one, those of a block, or none."""
    return {name} if name in network else set(network.members(name))


def _differs(then: Network, now: Network, name: str) -> bool:
    """Whether a node or block is another one now."""
    nodes = parts_of(then, name)
    return parts_of(now, name) != nodes or not nodes.isdisjoint(changed_layers(then, now))


def _figures(checkpoint: Path, nodes: Collection[str], name: str, job: Job) -> _Figures | None:
    """What a checkpoint says of the weights of ``nodes``; 17 s for the largest layer of VGG-16, 10⁸ weights."""
    weights = read_weights(checkpoint, nodes, name)
    if weights is None:
        return None
    job.check()
    histogram = weights.histogram
    job.check()
    return _Figures(histogram, tuple(_facts(weights)), weights.kernels)


def _facts(weights: NodeWeights) -> list[tuple[str, str]]:
    values = weights.values
    shapes = [(name, "×".join(map(str, array.shape))) for name, array in weights.parameters.items()]
    return [
        *shapes[:8],
        ("Values", thousands(values.size)),
        ("Norm ‖W‖", f"{float(np.linalg.norm(values)):.4g}"),
        ("Mean", signed_text(f"{float(values.mean()):.3g}")),
        ("Standard deviation", f"{float(values.std()):.3g}"),
        ("Not finite", thousands(int((~np.isfinite(values)).sum()))),
    ]
