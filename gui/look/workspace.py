"""The workspace Look inside: its panels around one `Look`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.inspection import Deconvnet, Embedding, Maximise, View
from engine.inspection.interventions import Off
from engine.inspection.results import Heat, Kernels, Maps, Points, Ranking, Steps
from gui.document import Document
from gui.look.chosen_view import ChosenView
from gui.look.heat_view import HeatView
from gui.look.image import ImagePanel
from gui.look.intervene import IntervenePanel
from gui.look.kernels_view import KernelsView
from gui.look.look import Look
from gui.look.maps import WHY, MapsPanel
from gui.look.maps_view import MapsView
from gui.look.mosaic import Place
from gui.look.points_page import PointsPage
from gui.look.ranking_view import RankingView
from gui.look.renderers import Renderers
from gui.look.step import StepPanel
from gui.look.step_view import StepView
from gui.look.units.layers import LayersPanel
from gui.look.units.page import UnitsPage
from gui.look.units.panel import UnitPanel
from gui.look.units.units import Units
from gui.look.view_page import ViewPage
from gui.look.why.method_panel import MethodPanel
from gui.look.why.why import Why
from gui.train.runs.runs import Runs

_OF_UNITS: dict[type, bool] = {Deconvnet: False, Maximise: True}
"""The views that are cards of units: whether what was maximised is large on them."""


class LookInside(QObject):
    """Left the image, in the centre the maps, right one value step by step.

    The window tells by `set_active` whether the workspace can be seen, and ends it with `close`. ``units_turned`` says
    that the cards of units are in front now, or no longer.
    """

    units_turned = Signal(bool)

    def __init__(self, document: Document, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self.look = Look(document, runs, self)
        self.image = ImagePanel(self.look)
        self.chosen = ChosenView(self.look, self)
        self.why = Why(self.look, self)
        self.maps = MapsPanel(self.look, self.chosen, self.why)
        self.method = MethodPanel(self.why)
        self.step = StepPanel(self.look)
        self.intervene = IntervenePanel(self.look)
        self.renderers = Renderers()
        self.renderers.register(Maps, self.maps.show_maps)
        self.renderers.register(Kernels, self.maps.show_kernels)
        self.renderers.register(Steps, self.step.show_result)
        self.points, self.ranking = PointsPage(), RankingView()
        self.points.chosen.connect(self._look_at)
        self.ranking.wanted.connect(self._switch_off)
        self._register_pages(self.maps.page)
        self._add_units()
        self.look.seen.connect(self._show)
        self.maps.focused.connect(self.image.show_focus)
        self.maps.pinned.connect(self._pin)
        self.maps.explains.connect(self._explain)
        self.maps.why.exported.connect(self.method.export.ask)
        self.maps.why.copied.connect(self.method.export.copy)
        self.image.bars.chosen.connect(self.explain)

    def _register_pages(self, page: ViewPage) -> None:
        """What shows a result of each type, of a view that has no place of its own."""
        look = self.look
        maps, heat, kernels, steps = MapsView(), HeatView(), KernelsView(), StepView()
        maps.mosaic.tiles.pins = False  # steps are those of the layer's own maps
        page.register(Maps, maps, lambda result: maps.show_values(result.values, look.classes))
        page.register(Heat, heat, lambda result: heat.show_heat(result.values, look.shown))
        page.register(Kernels, kernels, kernels.show_kernels)
        page.register(Points, self.points, self._show_points)
        page.register(Ranking, self.ranking, self.ranking.show_ranking)
        page.register(Steps, steps, lambda result: steps.show_steps(result, look.summary(result.node)))

    def _add_units(self) -> None:
        """What units look for: one page for two views, and a panel at each side of it."""
        self.units, self._front = Units(self.look, self), False
        self.unit_page = UnitsPage(self.units)
        self.unit_layers, self.unit = LayersPanel(self.units), UnitPanel(self.units)
        self.maps.add_page(_OF_UNITS, self.unit_page)
        self.maps.turned.connect(self._turn)
        self.units.image_chosen.connect(self._show_image)
        self.unit.pointed.connect(self.unit_page.point)
        page = self.unit_page
        page.said.connect(self.maps.said)
        page.unsaid.connect(self.maps.unsaid)
        page.large_wanted.connect(self.unit.show_large)
        page.turned.connect(self.maps.scrubber.step)
        page.other_wanted.connect(self._turn_over)

    def _show_image(self, pixels: NDArray[np.uint8], name: str, target: NDArray[np.generic]) -> None:
        self.image.show_image(pixels, name, target=target)

    def _turn_over(self) -> None:
        self.maps.tabs.show_view(Deconvnet if self.unit_page.grid.maximises else Maximise)

    def _turn(self, view: View | None) -> None:
        self._front = type(view) in _OF_UNITS
        self.unit_page.show_maximised(_OF_UNITS.get(type(view), False))
        self.units.set_active(self._active and self._front)
        self.units_turned.emit(self._front)

    def set_active(self, active: bool) -> None:
        """Work while the workspace can be seen."""
        self._active = active
        self.look.set_active(active)
        self.why.set_active(active and self.maps.explaining)
        self.units.set_active(active and self._front)
        if not active:
            self.maps.scrubber.stop()

    def show_cell(self, part: str, true: int, taken: int) -> None:
        """Show images of a part as points; those of one class that are taken for another stand out."""
        self.points.want(true, taken)
        self.maps.tabs.show_view(Embedding)
        view = self.chosen.view
        if view is not None and getattr(view, "part", part) != part:
            self.chosen.choose(view.model_copy(update={"part": part}))

    def close(self) -> None:
        """End every thread: the window closes."""
        self.maps.scrubber.stop()
        self.image.close_jobs()
        self.intervene.close_jobs()
        self.points.close_jobs()
        self.why.close()
        self.units.close()
        self.look.close()

    def explain(self, number: int) -> None:
        """Show what speaks for a class."""
        self.why.choose(number)
        self.maps.tabs.show_page(WHY)

    def _explain(self, explains: bool) -> None:
        self.why.set_active(self._active and explains)

    def _show_points(self, points: Points) -> None:
        folder = self.look.weights().folder
        assert folder is not None  # whose images these are
        self.points.show_points(points, folder)

    def _look_at(self, pixels: NDArray[np.uint8], name: str, label: int) -> None:
        self.image.show_image(pixels, name, target=np.asarray(label) if label >= 0 else None)

    def _switch_off(self, unit: int) -> None:
        altered, off = self.look.alterations, Off(node=self.look.node, units=(unit,))
        altered.put(altered.value.with_units(off), f"Switch off unit {unit}")

    def _show(self) -> None:
        self.renderers.show(self.look.results)

    def _pin(self, place: Place) -> None:
        self.look.pin((place.index, place.row, place.column))
