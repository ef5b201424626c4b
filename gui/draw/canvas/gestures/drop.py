"""Dropping a layer or a kept block: on a wire it goes between, elsewhere it stands by itself; or an image folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem

from engine.errors import LayerloomError
from engine.files import is_folder
from engine.layers import Layer
from engine.network import Edge, Network, Point
from engine.network.clipboard import insert_fragment
from engine.network.edits import insert_on_edge
from engine.network.geometry import NODE_HEIGHT, NODE_WIDTH, SLIM_HEIGHT, snap
from engine.network.making_space import changing
from engine.network.partners import find_partner
from engine.network.rows import insert_in_edge
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.items.wire_item import WireItem
from gui.draw.mime import fragment_from_mime, layer_from_mime

if TYPE_CHECKING:
    from gui.draw.canvas.gestures.surface import Surface
    from gui.draw.canvas.items.scene import CanvasScene

_REACH = 12.0  # px from the mouse to a wire that takes the drop


class Drop:
    """One drag of something from outside over a view."""

    def __init__(self, view: Surface, data: QMimeData) -> None:
        self._view = view
        self._scene = view.canvas_scene
        self.layer: Layer | None = layer_from_mime(data)
        self.fragment = fragment_from_mime(data)
        self.folder = _folder_in(data)
        self._wire: WireItem | None = None

    @property
    def welcome(self) -> bool:
        """Whether the canvas takes it."""
        return self.layer is not None or bool(self.fragment or self.folder)

    def move(self, point: QPointF) -> None:
        """Light the wire that a drop here would go into, and say what would happen."""
        fits = bool(self.fragment) if self.layer is None else self.layer.has_output
        wire = self._wire_at(point) if fits else None
        if wire is not self._wire:
            self._aim(False)
            self._wire = wire
            self._aim(True)
        self._view.hint.say("release to insert in the wire" if wire else "", point, "link")

    def end(self) -> None:
        """The drag left the canvas, or is done."""
        self._aim(False)
        self._wire = None
        self._view.hint.hide()

    def release(self, point: QPointF) -> None:
        """Do it."""
        wire = self._wire
        self.end()
        if self.folder:
            self._view.image_folder_dropped.emit(self.folder)
        elif wire is not None:
            self._insert(next(iter(self._scene.wiring.edges[wire.link])))
        elif self.layer is not None:
            add_at(self._view, self.layer.suited(None), self._view.scene_at(point))
        elif self.fragment:
            self._add_part(self._view.scene_at(point))

    def _insert(self, edge: Edge) -> None:
        layer = self.layer
        if layer is None:
            self._edit("Insert a block", lambda network: insert_in_edge(network, self.fragment, edge))
        else:
            suited = layer.suited(self._scene.document.analysis[edge.source].output)
            self._edit(f"Insert {layer.title}", lambda network: [insert_on_edge(network, suited, edge)])

    def _add_part(self, place: QPointF) -> None:
        block, at = spot_at(self._scene, place, height=NODE_HEIGHT)
        self._edit("Insert a block", lambda network: insert_fragment(network, self.fragment, block=block, at=at))

    def _edit(self, label: str, change: Callable[[Network], list[str]]) -> None:
        """Edit as one step and select what came of it, or say why it cannot be."""
        document = self._scene.document
        try:
            added = document.edit(label, change)
        except LayerloomError as error:
            self._view.status_message.emit(str(error))
        else:
            document.select(added)

    def _aim(self, aimed: bool) -> None:
        if self._wire is not None:
            self._wire.set_state(aimed=aimed)

    def _wire_at(self, point: QPointF) -> WireItem | None:
        reach = _REACH / self._view.zoom
        place = self._view.scene_at(point)
        area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        items = self._scene.items(area, Qt.ItemSelectionMode.IntersectsItemShape)
        return next((item for item in items if isinstance(item, WireItem) and not item.face.names), None)


def add_at(view: Surface, layer: Layer, place: QPointF, *, source: str = "") -> None:
    """Add a layer with its middle at a scene point, in the frame that stands there, fed by ``source`` if given.

    What it would lie upon moves apart.
    """
    scene = view.canvas_scene
    block, position = spot_at(scene, place, height=SLIM_HEIGHT if layer.keeps_shape else NODE_HEIGHT)
    inputs = (source,) if source and layer.input_ports else ()

    def change(network: Network) -> str:
        added = changing(network, block, lambda: network.add(layer, inputs=inputs, position=position, block=block))
        find_partner(network, added)
        return added

    scene.document.select((scene.document.edit(f"Add {layer.title}", change),))


def spot_at(scene: CanvasScene, place: QPointF, *, height: int) -> tuple[str, Point]:
    """The frame that stands at a scene point, and in it the corner of a node that has its middle there."""
    block = _frame_at(scene.items(place))
    origin = scene.geometry.origin(block)
    return block, Point(snap(place.x() - NODE_WIDTH / 2 - origin.x), snap(place.y() - height / 2 - origin.y))


def _frame_at(items: list[QGraphicsItem]) -> str:
    frames = [item.name for item in items if isinstance(item, FrameItem)]
    return max(frames, key=lambda name: name.count("."), default="")


def _folder_in(data: QMimeData) -> str:
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return next((str(path) for path in paths if is_folder(path)), "")
