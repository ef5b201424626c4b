"""What a gesture needs of the view that it is made on."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, SignalInstance

from gui.draw.canvas.floating.hint import Hint
from gui.draw.canvas.items.scene import CanvasScene


class Surface(Protocol):
    """Shows a scene: places in viewport px and in the scene, a hint beside the mouse, and wishes as signals."""

    @property
    def canvas_scene(self) -> CanvasScene:
        """What is shown."""

    @property
    def hint(self) -> Hint:
        """The words beside the mouse."""

    @property
    def zoom(self) -> float:
        """Screen px a scene px."""

    @property
    def layer_wanted(self) -> SignalInstance:
        """Quick add at a scene point, after a node if one is named."""

    @property
    def image_folder_dropped(self) -> SignalInstance:
        """An image folder's path."""

    @property
    def status_message(self) -> SignalInstance:
        """A sentence for the status bar."""

    def scene_at(self, point: QPointF) -> QPointF:
        """The scene point under a viewport point."""

    def shown(self) -> QRectF:
        """The part of the scene in view."""

    def pan(self, dx: float, dy: float) -> None:
        """Move what is shown by viewport px."""
