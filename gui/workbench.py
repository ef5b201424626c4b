"""The open document's surroundings: centre, docks and panels, arranged by workspace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from gui.canvas import Canvas
from gui.docks import Fold, PanelDock, PanelTab
from gui.document import Document
from gui.gallery import Gallery
from gui.panels.code import CodePanel
from gui.panels.data import DataPanel
from gui.panels.gallery import GalleryPanel
from gui.panels.help import HelpPanel
from gui.panels.inspector import InspectorPanel
from gui.panels.my_blocks import MyBlocksPanel
from gui.panels.palette import PalettePanel
from gui.panels.problems import ProblemsPanel
from gui.panels.progress import ProgressPanel
from gui.panels.runs import RunsPanel
from gui.panels.summary import SummaryPanel
from gui.panels.training_settings import TrainingSettingsPanel
from gui.panels.weights import WeightsPanel
from gui.preferences import Preferences
from gui.runs import Runs
from gui.workspaces.evaluate import Evaluate
from gui.workspaces.look_inside import LookInside
from gui.workspaces.train import TrainWorkspace

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

_WIDTHS = {
    "draw": (240, 304),
    "train": (240, 304),
    "look_inside": (304, 400),
    "evaluate": (288, 304),
}  # px of the left and right dock
_BOTTOM_HEIGHT = 200
_FOLDED_AT_FIRST = ("train", "look_inside", "evaluate")  # there the bottom dock is in the way until it is asked for
_FOLDS_BELOW = 820  # px of window height
_RAIL_BELOW = 1280  # px of window width
_FOLDS = {"left": Fold.RAIL, "right": Fold.NEVER, "bottom": Fold.TABS}
_AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


class Workbench(QObject):
    """Makes every panel once and moves them about as the workspace changes."""

    workspace_changed = Signal(str)

    def __init__(
        self, window: QMainWindow, document: Document, runs: Runs, gallery: Gallery, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self.workspace = ""
        self.canvas = Canvas(document)
        self.train = TrainWorkspace(document, runs)
        self.centre = QStackedWidget()
        self.look_inside = LookInside(document, runs, self)
        self.evaluate = Evaluate(runs, self)
        self._pages: dict[str, QWidget] = {
            "draw": self.canvas,
            "train": self.train,
            "look_inside": self.look_inside.maps,
            "evaluate": self.evaluate.matrix,
        }
        for page in self._pages.values():
            self.centre.addWidget(page)
        self.palette = PalettePanel(document)
        self.gallery = GalleryPanel(gallery)
        self.inspector = InspectorPanel(document)
        self.problems = ProblemsPanel(document)
        self.panels = {tab.key: tab for tab in self._make_panels(document, runs)}
        self._in_front: dict[tuple[str, str], str] = {}
        self._folded = {(name, "bottom"): True for name in _FOLDED_AT_FIRST}
        self.docks = {side: self._dock(side) for side in _AREAS}
        self._small = {"left": False, "bottom": False}
        self._wire()

    def show_workspace(self, name: str) -> None:
        """Arrange everything for a workspace, as it was left the last time."""
        if name == self.workspace:
            return
        self.keep_arrangement()
        self.workspace = name
        self.centre.setCurrentWidget(self._pages[name])
        for side, dock in self.docks.items():
            keys = LAYOUTS[name][side]
            dock.set_panels(tuple(self.panels[key] for key in keys), self._in_front.get((name, side), keys[0]))
        self._restore_arrangement(name)
        self.look_inside.set_active(name == "look_inside")
        self.workspace_changed.emit(name)

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front, in Draw if this workspace does not have it."""
        if not any(key in keys for keys in LAYOUTS[self.workspace].values()):
            self.show_workspace(next(name for name, sides in LAYOUTS.items() if any(key in k for k in sides.values())))
        side = next(side for side, keys in LAYOUTS[self.workspace].items() if key in keys)
        self.docks[side].show_panel(key)

    def set_visible(self, visible: bool) -> None:
        """Show or hide all docks at once, as the start screen needs it."""
        if visible:
            self._restore_arrangement(self.workspace)
        else:
            self.keep_arrangement()
            for dock in self.docks.values():
                dock.hide()

    def follow_size(self, width: int, height: int) -> None:
        """Fold what there is no room for when the window has become small, and open it when it is large again."""
        for side, small in (("left", width < _RAIL_BELOW), ("bottom", height < _FOLDS_BELOW)):
            if small != self._small[side]:
                self._small[side] = small
                self.docks[side].set_folded(small or self._folded.get((self.workspace, side), False))

    def keep_arrangement(self) -> None:
        """Note where the docks of this workspace stand."""
        if self.workspace and any(dock.isVisible() for dock in self.docks.values()):
            self._preferences.keep_state(f"docks/{self.workspace}", self._window.saveState())
            for side, dock in self.docks.items():
                self._in_front[self.workspace, side] = dock.current
                if not self._small.get(side, False):
                    self._folded[self.workspace, side] = dock.folded

    def reset_arrangement(self) -> None:
        """Put all docks of this workspace back to where they belong."""
        for side, dock in self.docks.items():
            dock.setFloating(False)
            self._window.addDockWidget(_AREAS[side], dock)
            dock.show()
        self._fold_for_size()
        self._set_sizes()

    def shut_down(self) -> None:
        """End the threads of the panels: the window closes."""
        self.look_inside.close()
        self.evaluate.close()

    def _restore_arrangement(self, name: str) -> None:
        state = self._preferences.state(f"docks/{name}")
        if state.isEmpty() or not self._window.restoreState(state):
            self.reset_arrangement()
        self._fold_for_size()

    def _fold_for_size(self) -> None:
        for side, small in self._small.items():
            self.docks[side].set_folded(small or self._folded.get((self.workspace, side), False))

    def _set_sizes(self) -> None:
        sides = [self.docks["left"], self.docks["right"]]
        self._window.resizeDocks(sides, list(_WIDTHS[self.workspace]), Qt.Orientation.Horizontal)
        self._window.resizeDocks([self.docks["bottom"]], [_BOTTOM_HEIGHT], Qt.Orientation.Vertical)

    def _dock(self, side: str) -> PanelDock:
        dock = PanelDock(f"{side}-dock", side.capitalize(), fold=_FOLDS[side], parent=self._window)
        self._window.addDockWidget(_AREAS[side], dock)
        dock.hide()
        return dock

    def _wire(self) -> None:
        self.palette.layer_chosen.connect(self.canvas.add_layer)
        self.problems.preview_requested.connect(self.canvas.show_preview)
        self.problems.node_activated.connect(self.canvas.focus_node)
        self.inspector.preview_requested.connect(self.canvas.show_preview)
        self.evaluate.image_chosen.connect(self._look_inside)

    def _look_inside(self, pixels: NDArray[np.uint8], label: int) -> None:
        self.show_workspace("look_inside")
        self.look_inside.image.show_image(pixels, "Evaluated image", label=label)

    def _make_panels(self, document: Document, runs: Runs) -> tuple[PanelTab, ...]:
        return (
            PanelTab("layers", "Layers", "mdi6.layers-outline", self.palette),
            PanelTab("templates", "Templates", "mdi6.view-grid-outline", self.gallery),
            PanelTab("my_blocks", "My blocks", "mdi6.card-multiple-outline", MyBlocksPanel(document)),
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
            PanelTab("summary", "Summary", "mdi6.table", SummaryPanel(document)),
            PanelTab("code", "Code", "mdi6.code-tags", CodePanel(document)),
            PanelTab("data", "Data", "mdi6.database-outline", DataPanel(document)),
        )
