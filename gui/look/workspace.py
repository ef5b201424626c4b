"""The workspace Look inside: its panels around one `Look`."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.inspection.results import Kernels, Maps, Steps
from gui.document import Document
from gui.look.image import ImagePanel
from gui.look.look import Look
from gui.look.maps import MapsPanel
from gui.look.mosaic import Place
from gui.look.renderers import Renderers
from gui.look.step import StepPanel
from gui.train.runs.runs import Runs


class LookInside(QObject):
    """Left the image, in the centre the maps, right one value step by step.

    The window tells by `set_active` whether the workspace can be seen, and ends it with `close`.
    """

    def __init__(self, document: Document, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = Look(document, runs, self)
        self.image = ImagePanel(self.look)
        self.maps = MapsPanel(self.look)
        self.step = StepPanel(self.look)
        self.renderers = Renderers()
        self.renderers.register(Maps, self.maps.show_maps)
        self.renderers.register(Kernels, self.maps.show_kernels)
        self.renderers.register(Steps, self.step.show_steps)
        self.look.seen.connect(self._show)
        self.maps.focused.connect(self.image.show_focus)
        self.maps.pinned.connect(self._pin)

    def set_active(self, active: bool) -> None:
        """Work while the workspace can be seen."""
        self.look.set_active(active)
        if not active:
            self.maps.scrubber.stop()

    def close(self) -> None:
        """End every thread: the window closes."""
        self.maps.scrubber.stop()
        self.image.close_jobs()
        self.look.close()

    def _show(self) -> None:
        self.renderers.show(self.look.results)

    def _pin(self, place: Place) -> None:
        self.look.pin((place.index, place.row, place.column))
