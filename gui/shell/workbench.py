"""The open document's surroundings: centre, docks and panels, arranged by workspace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.data import DataPanel
from gui.document import Document
from gui.draw.canvas import Canvas
from gui.draw.code import CodePanel
from gui.draw.help import HelpPanel
from gui.draw.inspector import InspectorPanel
from gui.draw.my_blocks import MyBlocksPanel
from gui.draw.palette import PalettePanel
from gui.draw.problems import ProblemsPanel
from gui.draw.summary import SummaryPanel
from gui.evaluate.workspace import Evaluate
from gui.look.weights import WeightsPanel
from gui.look.workspace import LookInside
from gui.preferences import Preferences
from gui.shell.arrangement import Arrangement
from gui.shell.docks import PanelTab
from gui.start.gallery import Gallery
from gui.start.gallery_panel import GalleryPanel
from gui.train.progress.panel import ProgressPanel
from gui.train.runs.runs import Runs
from gui.train.runs_panel import RunsPanel
from gui.train.training_settings import TrainingSettingsPanel
from gui.train.workspace import TrainWorkspace
from gui.widgets.pages import Pages

_BOTTOM = ("problems", "summary", "code", "data")
LAYOUTS: dict[str, dict[str, tuple[str, ...]]] = {
    "draw": {
        "left": ("layers", "templates", "my_blocks"),
        "right": ("inspector", "weights", "help"),
        "bottom": _BOTTOM,
    },
    "train": {
        "left": ("runs", "training", "layers"),
        "right": ("progress", "inspector", "weights"),
        "bottom": _BOTTOM,
    },
    "look_inside": {"left": ("image",), "right": ("step", "inspector"), "bottom": _BOTTOM},
    "evaluate": {"left": ("figures", "runs"), "right": ("inspector", "weights"), "bottom": _BOTTOM},
}
"""Which panels stand where in each workspace, the first of each side in front."""


class Workbench(QObject):
    """Makes every panel once and moves them about as the workspace changes."""

    workspace_changed = Signal(str)

    def __init__(
        self, window: QMainWindow, document: Document, runs: Runs, gallery: Gallery, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self.workspace = ""
        self.canvas = Canvas(document)
        self.train = TrainWorkspace(document, runs)
        self.centre = Pages()
        self.look_inside = LookInside(document, runs, self)
        self.evaluate = Evaluate(runs, self)
        self._pages: dict[str, QWidget] = {
            "draw": self.canvas,
            "train": self.train,
            "look_inside": self.look_inside.maps,
            "evaluate": self.evaluate.matrix,
        }
        self._middles: dict[str, QWidget] = {
            "draw": self.canvas.view,
            "train": self.train.curves.loss,
            "look_inside": self.look_inside.maps.mosaic,
            "evaluate": self.evaluate.matrix.matrix,
        }
        for page in self._pages.values():
            self.centre.addWidget(page)
        self.palette = PalettePanel(document)
        self.gallery = GalleryPanel(gallery)
        self.my_blocks = MyBlocksPanel(document)
        self.inspector = InspectorPanel(document)
        self.problems = ProblemsPanel(document)
        self.summary = SummaryPanel(document)
        self.data = DataPanel(document)
        self.panels = {tab.key: tab for tab in self._make_panels(document, runs)}
        self._in_front: dict[tuple[str, str], str] = {}
        self.arrangement = Arrangement(window, preferences)
        self.docks = self.arrangement.docks
        self._wire()

    def show_workspace(self, name: str) -> None:
        """Arrange everything for a workspace, as it was left the last time."""
        if name == self.workspace:
            return
        for side, dock in self.docks.items():
            if self.workspace:
                self._in_front[self.workspace, side] = dock.current
            keys = LAYOUTS[name][side]
            dock.set_panels(tuple(self.panels[key] for key in keys), self._in_front.get((name, side), keys[0]))
        self.workspace = name
        self.centre.setCurrentWidget(self._pages[name])
        self.arrangement.show(name)
        self.look_inside.set_active(name == "look_inside")
        if self.centre.hasFocus():
            self.middle().setFocus(Qt.FocusReason.OtherFocusReason)
        self.workspace_changed.emit(name)

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front, in Draw if this workspace does not have it."""
        if not any(key in keys for keys in LAYOUTS[self.workspace].values()):
            self.show_workspace(next(name for name, sides in LAYOUTS.items() if any(key in k for k in sides.values())))
        side = next(side for side, keys in LAYOUTS[self.workspace].items() if key in keys)
        self.docks[side].show_panel(key)

    def middle(self) -> QWidget:
        """What the workspace is about: canvas, curves, maps or matrix; or what stands there until they do."""
        places = (self._middles[self.workspace], self._pages[self.workspace])
        return next((place for place in places if place.isVisible()), self.centre)

    def set_visible(self, visible: bool) -> None:
        """Show or hide all docks at once, as the start screen needs it."""
        if visible:
            self.arrangement.show(self.workspace)
        else:
            self.arrangement.hide()

    def shut_down(self) -> None:
        """End the threads of the panels: the window closes."""
        self.look_inside.close()
        self.evaluate.close()
        self.data.shut_down()

    def _wire(self) -> None:
        self.palette.layer_chosen.connect(self.canvas.add_layer)
        self.problems.preview_requested.connect(self.canvas.show_preview)
        self.problems.node_activated.connect(self.canvas.focus_node)
        self.problems.left.connect(self.canvas.take_focus)
        self.summary.context_menu_requested.connect(self.canvas.show_menu)
        self.inspector.preview_requested.connect(self.canvas.show_preview)
        self.inspector.keep_requested.connect(self._keep_block)
        self.inspector.left.connect(self.canvas.take_focus)
        self.canvas.keep_requested.connect(self._keep_block)
        self.evaluate.image_chosen.connect(self._look_inside)

    def _keep_block(self) -> None:
        self.show_panel("my_blocks")
        self.my_blocks.keep_selection()

    def _look_inside(self, pixels: NDArray[np.uint8], label: int) -> None:
        self.show_workspace("look_inside")
        self.look_inside.image.show_image(pixels, "Evaluated image", target=np.asarray(label))

    def _make_panels(self, document: Document, runs: Runs) -> tuple[PanelTab, ...]:
        return (
            PanelTab("layers", "Layers", "mdi6.layers-outline", self.palette),
            PanelTab("templates", "Templates", "mdi6.view-grid-outline", self.gallery),
            PanelTab("my_blocks", "My blocks", "mdi6.card-multiple-outline", self.my_blocks),
            PanelTab("runs", "Runs", "mdi6.history", RunsPanel(runs)),
            PanelTab("training", "Settings", "mdi6.tune", TrainingSettingsPanel(document)),
            PanelTab("image", "Image", "mdi6.brush", self.look_inside.image),
            PanelTab("figures", "Summary", "mdi6.target", self.evaluate.figures),
            PanelTab("step", "Step through", "mdi6.calculator-variant-outline", self.look_inside.step),
            PanelTab("inspector", "Inspector", "mdi6.information-outline", self.inspector),
            PanelTab("progress", "Progress", "mdi6.chart-line", ProgressPanel(runs)),
            PanelTab("weights", "Weights", "mdi6.chart-histogram", WeightsPanel(document, runs)),
            PanelTab("help", "Help", "mdi6.help-circle-outline", HelpPanel(document)),
            PanelTab("problems", "Problems", "mdi6.alert-circle", self.problems),
            PanelTab("summary", "Summary", "mdi6.table", self.summary),
            PanelTab("code", "Code", "mdi6.code-tags", CodePanel(document)),
            PanelTab("data", "Data", "mdi6.database-outline", self.data),
        )
