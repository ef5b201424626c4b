"""The images that are marked in the sheet, for "What the network receives"."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

MOST_MARKED = 6


class Marked(QObject):
    """Places of up to six images in their data set, in the order in which they were marked."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: tuple[int, ...] = ()

    @property
    def images(self) -> tuple[int, ...]:
        """The marked images, the one marked first in front."""
        return self._images

    def show(self, images: Iterable[int]) -> None:
        """Mark these, and no others."""
        marked = tuple(dict.fromkeys(images))[-MOST_MARKED:]
        if marked != self._images:
            self._images = marked
            self.changed.emit()

    def toggle(self, image: int) -> None:
        """Mark an image, or take its mark away; a seventh takes the place of the first."""
        rest = tuple(one for one in self._images if one != image)
        self.show(rest if len(rest) < len(self._images) else (*rest, image))
