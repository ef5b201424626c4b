"""The panel of figures of a data set."""

from __future__ import annotations

from functools import partial
from typing import Self

import numpy as np
from PySide6.QtWidgets import QLabel, QWidget

from engine.data.data_words import memory_words
from engine.data.listing import Listing, Size
from engine.data.measuring import Measures, measure
from engine.data.part_words import SPOKEN
from engine.data.progress import Progress
from engine.data.split import Division
from engine.errors import LayerloomError
from engine.files import readable
from engine.layers.shape import Shape
from engine.words import thousands
from gui.background import Job, LatestJob
from gui.data.data_set import DataSet
from gui.data.declared import DataWorkspace
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.figure_table import Cell, FactList, FigureTable, TableLine
from gui.widgets.panel import Panel
from gui.widgets.section import Section
from gui.widgets.waiting_line import WaitingLine

_CHANNELS = {1: ("Grey",), 3: ("Red", "Green", "Blue")}
_USUAL = Shape(3, 224, 224)


@PANELS.register
class StatisticsPanel(Panel):
    """Mean and deviation a channel, sizes, colours, memory, and how many images each part has of each class.

    Images are measured in a thread while the panel can be seen.
    """

    tab = Tab("data_statistics", "Statistics", "mdi6.chart-bar", (DockPlace(DataWorkspace.name, "left", 3),))

    def __init__(self, data: DataSet, parent: QWidget | None = None) -> None:
        super().__init__(data.document, parent)
        self.data = data
        self._measured: tuple[Listing, Division, Shape] | None = None  # what is, or is being, measured
        self._measuring = LatestJob("Measuring the images", self)
        self.channels = FigureTable(("Channel", "Mean", "Deviation"), (2, 1.4, 1.4))
        self.facts, self.said, self.memory, self.busy = FactList(), QLabel(), QLabel(), WaitingLine(below=True)
        self.parts = FigureTable(("Class", "Train", "Val.", "Test"), (2.2, 1, 1, 1))
        self.busy.cancel.clicked.connect(self._cancel)
        self._lay_out()
        for signal in (data.changed, data.ended):
            signal.connect(self.invalidate)

    @classmethod
    def make(cls, session: Session) -> Self:
        """Make the one of a window."""
        panel = cls(session.part(DataSet))
        session.closing.connect(panel.close_jobs)
        return panel

    def refresh(self) -> None:
        """Show what is known, and measure what is not."""
        listing, division = self.data.listing, self.data.division
        self._show_parts(listing, division)
        if listing is None or division is None:
            self._forget("The figures come with the images: choose a data set.")
        elif not self._is_measured(listing, division):
            self._measure(listing, division, self._shape())

    def close_jobs(self) -> None:
        """End the thread: the window closes."""
        self._measuring.close()

    def _is_measured(self, listing: Listing, division: Division) -> bool:
        if self._measured is None:
            return False
        measured, divided, shape = self._measured
        return measured is listing and divided is division and shape == self._shape()

    def _shape(self) -> Shape:
        """What the network takes, or what is usual."""
        inputs = self.document.network.inputs
        taken = self.document.analysis[inputs[0]].output if inputs else None
        return taken if taken is not None and taken.is_map and taken.channels in _CHANNELS else _USUAL

    def _measure(self, listing: Listing, division: Division, shape: Shape) -> None:
        self._measured = listing, division, shape
        self.said.setText("")
        self.busy.begin("Measuring images")
        self._measuring.start(
            partial(_measure, listing, division, shape),
            done=self._show,
            failed=self._fail,
            progressed=self.busy.show_progress,
        )

    def _show(self, answer: tuple[Measures, str]) -> None:
        found, memory = answer
        self.busy.end()
        self.memory.setText(memory)
        assert self._measured is not None  # it was asked for
        _, division, shape = self._measured
        rows = zip(_CHANNELS[shape.channels], found.mean, found.std, strict=True)
        self.channels.show_lines([TableLine((Cell(n), Cell(f"{m:.3f}"), Cell(f"{s:.3f}"))) for n, m, s in rows])
        of = f" of {thousands(len(division.train))}" if found.images < len(division.train) else ""
        self.said.setText(f"On the scale 0 to 1, over {thousands(found.images)}{of} training images at {shape}.")
        self.facts.show_facts(list(_facts(found)))

    def _fail(self, error: LayerloomError) -> None:
        self._clear(str(error))

    def _cancel(self) -> None:
        self._measuring.cancel()
        self.busy.end()
        self.said.setText("Measuring was cancelled; Scan again does it anew.")

    def _forget(self, text: str) -> None:
        self._measured = None
        self._measuring.cancel()
        self._clear(text)

    def _clear(self, text: str) -> None:
        self.busy.end()
        self.channels.show_lines([])
        self.facts.show_facts([])
        self.memory.setText("")
        self.said.setText(text)

    def _show_parts(self, listing: Listing | None, division: Division | None) -> None:
        self._counted.setVisible(listing is not None and division is not None)
        if listing is None or division is None:
            return
        classes = listing.description.classes or ("Images",)
        counts = [np.bincount(listing.labels[part], minlength=len(classes)) for part in division]
        rows = [(readable(name), [int(part[place]) for part in counts]) for place, name in enumerate(classes)]
        if len(classes) > 1:
            rows.append(("All", [*map(len, division)]))
        self.parts.show_lines([TableLine((Cell(name), *(Cell(thousands(n)) for n in row))) for name, row in rows])
        self.parts.setAccessibleName(f"Images of {', '.join(SPOKEN.values())}, a class a row")

    def _lay_out(self) -> None:
        for label in (self.said, self.memory):
            role(label, "caption")
            label.setWordWrap(True)
        measured, described = Section("Channels"), Section("Images")
        self._counted = Section("Parts")
        measured.body.addWidget(self.channels)
        measured.body.addWidget(self.said)
        measured.body.addWidget(self.busy)
        described.body.addWidget(self.facts)
        described.body.addWidget(self.memory)
        self._counted.body.addWidget(self.parts)
        inside = QWidget()
        role(inside, "page")
        layouts.column(inside, measured, described, self._counted).addStretch(1)
        layouts.column(self, layouts.scrolling(inside))


def _measure(listing: Listing, division: Division, shape: Shape, job: Job) -> tuple[Measures, str]:
    def told(progress: Progress) -> None:
        job.report(progress.words, progress.done / progress.total)

    found = measure(listing, division.train, shape, progress=told)
    return found, memory_words(listing.description, shape)  # which imports torch


def _facts(found: Measures) -> list[tuple[str, str]]:
    smallest, middle, largest = map(_size, found.sizes)
    sizes = [("Size", smallest)] if found.same_size else []
    sizes = sizes or [("Smallest", smallest), ("Middle", middle), ("Largest", largest)]
    colours = [("In colour", thousands(found.colour)), ("Grey", thousands(found.images - found.colour))]
    return [*sizes, *colours, ("Bit depth", found.bit_depth)]


def _size(size: Size) -> str:
    height, width = size
    return f"{width} × {height} px"
