"""What the commands do to the open document and its views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from engine.errors import LayerloomError
from engine.layers import LAYERS, Family
from engine.network import Network
from engine.network.blocks import group, ungroup
from engine.network.layout import Flow, tidy
from engine.recipe.recipe import Device
from gui.shell.action_table import all_specs
from gui.shell.toolbar import WORKSPACES
from gui.train.runs.run import RunStatus

if TYPE_CHECKING:
    from gui.shell.workspace_view import WorkspaceView

T = TypeVar("T")

_WORKSPACE_ACTIONS = {"draw": "draw", "train": "train_view", "look_inside": "look_inside", "evaluate": "evaluate"}


class DocumentCommands:
    """Connects the commands of the open document with what they do, and keeps enabled what can be used."""

    def __init__(self, view: WorkspaceView) -> None:
        self.view = view
        self.document = view.document
        self.actions = view.actions
        self.actions.connect_all(
            {
                "zoom_in": lambda: view.canvas.view.step(1),
                "zoom_out": lambda: view.canvas.view.step(-1),
                "zoom_100": lambda: view.canvas.zoom_to(1.0),
                "reset_panels": view.bench.arrangement.reset,
                "tidy": self.tidy,
                "group": self.group,
                "ungroup": self.ungroup,
                "train": view.train,
                "pause": self.pause_or_resume,
                "stop": view.runs.stop,
                "choose_data": lambda: view.show_panel("data"),
                "training_settings": lambda: view.show_panel("training"),
                "show_maps": lambda: view.show_workspace("look_inside"),
                "show_mistakes": lambda: view.show_workspace("evaluate"),
                "show_weights": lambda: view.show_panel("weights"),
                "next_problem": self.next_problem,
                "apply_fix": view.problems.apply_fix,
                "find_layer": self.find_layer,
                "search_layers": self.search_layers,
                "insert_block": self.choose_block,
            }
        )
        self._connect_choices()
        self._connect_canvas_keys()
        self._fill_layers()
        self.document.selection_changed.connect(self.refresh)
        self.document.replaced.connect(self.refresh)
        self.document.settings_changed.connect(self.refresh)
        self.refresh()

    # Handlers

    def tidy(self) -> None:
        """Lay the whole network out anew."""
        flow, analysis = self.document.project.view.flow, self.document.analysis
        self.document.edit("Tidy layout", lambda network: tidy(network, flow, analysis))
        self.view.canvas.fit()

    def group(self) -> None:
        """Make a block of the selection."""
        names = self.document.selection.names
        block = self._edit("Group", lambda network: group(network, names))
        self.document.select([block] if block else ())

    def ungroup(self) -> None:
        """Take the selected blocks apart."""
        blocks = [name for name in self.document.selection.names if self.document.network.is_block(name)]
        self._edit("Ungroup", lambda network: [ungroup(network, block) for block in blocks])

    def set_flow(self, flow: Flow) -> None:
        """Choose which way tidy layout runs, and tidy."""
        settings = self.document.project.view.model_copy(update={"flow": flow})
        self.document.undo_stack.beginMacro(f"Flow {flow.value.replace('_', ' ')}")
        self.document.change_settings("Flow", settings)
        self.tidy()
        self.document.undo_stack.endMacro()
        self.view.canvas.fit()  # only now is everything where it belongs

    def set_device(self, device: Device) -> None:
        """Choose where training runs."""
        settings = self.document.project.training.model_copy(update={"device": device})
        self.document.change_settings("Device", settings)

    def pause_or_resume(self) -> None:
        """Pause the run that trains, or let it go on."""
        run = self.view.runs.active
        if run is not None and run.status is RunStatus.PAUSED:
            self.view.runs.resume()
        else:
            self.view.runs.pause()

    def next_problem(self) -> None:
        """Go to the next problem."""
        self.view.show_panel("problems")
        self.view.problems.next_problem()

    def find_layer(self) -> None:
        """Ask on the canvas for a layer of the network by its name."""
        self.view.show_workspace("draw")
        self.view.canvas.find_layer()

    def search_layers(self) -> None:
        """Put the keyboard into the palette's search."""
        self.view.show_panel("layers")
        self.view.palette.focus_search()

    def choose_block(self) -> None:
        """Put the keyboard into the list of kept blocks."""
        self.view.show_panel("my_blocks")
        self.view.bench.my_blocks.focus_list()

    # State

    def refresh(self) -> None:
        """Enable what can be used now and check what is chosen."""
        names, network = self.document.selection.names, self.document.network
        blocks = [name for name in names if network.is_block(name)]
        self.actions.enable(("cut", "copy", "duplicate", "group", "repeat", "keep_block"), bool(names))
        self.actions.enable(("bypass", "freeze"), bool(names))
        self.actions.enable(("rename",), len(names) == 1)
        self.actions.enable(("delete", "delete_leave_gap"), bool(names) or self.document.selection.edge is not None)
        self.actions.enable(("ungroup", "toggle_block"), bool(blocks))
        self.actions.enable(("tidy", "select_all", "find_layer"), len(network) > 0)
        self.actions[f"flow_{self.document.project.view.flow.value}"].setChecked(True)
        self.actions[f"device_{self.document.project.training.device.value}"].setChecked(True)

    def _connect_choices(self) -> None:
        flows = {f"flow_{flow.value}": partial(self.set_flow, flow) for flow in Flow}
        devices = {f"device_{device.value}": partial(self.set_device, device) for device in Device}
        places = {_WORKSPACE_ACTIONS[str(w.value)]: partial(self.view.show_workspace, str(w.value)) for w in WORKSPACES}
        self.actions.connect_all(flows | devices | places)
        for side, dock in self.view.bench.docks.items():
            action = self.actions[f"{side}_panel"]
            # PySide calls a bound method of Qt's own without the signal's value here.
            action.triggered.connect(lambda shown, dock=dock: dock.setVisible(shown))
            dock.visibilityChanged.connect(action.setChecked)

    def _connect_canvas_keys(self) -> None:
        """Let the menu entries of keys that the canvas answers press those keys there."""
        for name, (_, spec) in all_specs().items():
            if spec.canvas_keys:
                self.actions.connect_all({name: partial(self._press, spec.canvas_keys)})

    def _press(self, keys: str) -> None:
        key = QKeySequence(keys)[0]  # type: ignore[index]  # PySide6 has it and its stubs forget it
        canvas = self.view.canvas
        canvas.setFocus()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(canvas.view, QKeyEvent(kind, key.key(), key.keyboardModifiers()))

    def _fill_layers(self) -> None:
        by_family = defaultdict(list)
        for layer in LAYERS.values():
            by_family[layer.family].append(layer)
        for family in Family:
            submenu = self.actions.menus["insert_layer"].addMenu(family.value)
            for layer in by_family[family]:
                action = submenu.addAction(layer.title)
                action.triggered.connect(lambda _=False, layer=layer: self.view.canvas.add_layer(layer()))

    def _edit(self, label: str, change: Callable[[Network], T]) -> T | None:
        """What the edit returns; None, and why, if it is refused."""
        try:
            return self.document.edit(label, change)
        except LayerloomError as error:
            self.view.tell(str(error))
            return None
