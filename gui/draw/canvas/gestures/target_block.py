"""Which block a drag would put layers into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from engine.network.names import block_name, inside, parent
from gui.draw.canvas.items.frame_item import FrameItem
from gui.draw.canvas.model.boxes import Box

if TYPE_CHECKING:
    from gui.draw.canvas.items.scene import CanvasScene


class TargetBlock:
    """Follows a drag of entries over frames; ``block`` is where they would go, None where they stay in theirs."""

    def __init__(self, scene: CanvasScene, name: str) -> None:
        self._scene = scene
        self._origin = parent(name)
        self._frames: dict[str, Box] = {}
        self.block: str | None = None
        self.hint = ""

    def begin(self, names: Sequence[str]) -> None:
        """These are dragged; frames count as they stand now, whatever grows meanwhile."""
        if all(parent(name) == self._origin for name in names):
            self._frames = {
                name: item.box
                for name, item in self._scene.nodes.items()
                if isinstance(item, FrameItem) and not any(name == each or inside(name, each) for each in names)
            }

    def follow(self, place: QPointF, *, leaves: bool) -> None:
        """The mouse is at a scene point; ``leaves`` if entries may go out of their block."""
        under = self._under(place)
        self.forget()
        if under == self._origin or not self._frames:
            return
        outwards = not under or inside(self._origin, under)
        if outwards and not leaves:
            self.hint = f"Ctrl takes it out of {block_name(self._origin)}"
            return
        self.block = under
        self.hint = f"release to {f'put it into {block_name(under)}' if under else 'take it out of its block'}"
        if under:
            self._scene.nodes[under].set_state(welcome=True)

    def forget(self) -> None:
        """The entries stay where they are."""
        if self.block in self._scene.nodes:
            self._scene.nodes[self.block].set_state(welcome=False)
        self.block, self.hint = None, ""

    def _under(self, place: QPointF) -> str:
        """The innermost frame at a scene point."""
        found = [
            name
            for name, box in self._frames.items()
            if box.left <= place.x() <= box.right and box.top <= place.y() <= box.bottom
        ]
        return max(found, key=lambda name: name.count("."), default="")
