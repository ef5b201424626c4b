"""The pictures of the tiles in view, read in a thread, the last ones kept."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from engine.data.images import Pixels, UnreadableImageError
from engine.errors import LayerloomError
from gui.background import Job, LatestJob
from gui.style.colour_maps import image_of_pixels

_MOST_BYTES = 96 * 2**20
_SHOW_AFTER = 0.06  # s of reading after which what has been read is shown
_STEP = 32  # px; sizes between are read at the next

Read = dict[int, QImage | None]
"""Pictures by their places; None for what cannot be read."""


class Thumbnails(Protocol):
    """Images of which small pictures can be had, by their places; a thread may ask."""

    def thumbnail(self, place: int, edge: int) -> Pixels:
        """An image for a tile of ``edge`` px; raises `UnreadableImageError`."""
        ...


class TilePictures(QObject):
    """Reads what is asked for, nothing else: what scrolls out of view before its turn is never read.

    ``read`` says that pictures have come, ``failed`` that some cannot be read, ``died`` that reading has, and why.
    """

    read = Signal()
    failed = Signal()
    died = Signal(object)  # the LayerloomError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listing: Thumbnails | None = None
        self._kept: OrderedDict[int, tuple[int, QImage | None]] = OrderedDict()  # with the edge they were read for
        self._bytes, self._dead = 0, False
        self._wanted: tuple[list[int], int] = ([], 0)
        self._job = LatestJob("Reading images", self)

    @property
    def busy(self) -> bool:
        """Whether pictures are still to come."""
        return self._job.running

    @property
    def bytes(self) -> int:
        """What the pictures that are kept take."""
        return self._bytes

    def show_listing(self, listing: Thumbnails | None) -> None:
        """Read images of another listing."""
        if listing is not self._listing:
            self._job.cancel()
            self._listing, self._wanted = listing, ([], 0)
            self._kept.clear()
            self._bytes, self._dead = 0, False

    def picture(self, place: int) -> QImage | None:
        """The picture of an image as far as it is there, perhaps of another size than wanted last."""
        return self._kept[place][1] if place in self._kept else None

    def is_unreadable(self, place: int) -> bool:
        """Whether an image turned out not to be readable."""
        return place in self._kept and self._kept[place][1] is None

    def want(self, places: Iterable[int], edge: int) -> None:
        """Read these now, in this order, for tiles of ``edge`` px, in place of what was wanted before."""
        if self._listing is None or self._dead:
            return
        edge = -(-edge // _STEP) * _STEP
        missing = [place for place in places if place not in self._kept or self._kept[place][0] < edge]
        if (missing, edge) != self._wanted:
            self._wanted = missing, edge
            self._read_on()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._job.close()

    def _read_on(self) -> None:
        listing, (places, edge) = self._listing, self._wanted
        if listing is None or not places:
            self._job.cancel()
            return
        self._job.start(lambda job: _some(listing, places, edge, job), done=self._take, failed=self._give_up)

    def _take(self, found: Read) -> None:
        places, edge = self._wanted
        for place, picture in found.items():
            self._keep(place, edge, picture)
        self._wanted = [place for place in places if place not in found], edge
        self._read_on()
        self.read.emit()
        if None in found.values():
            self.failed.emit()

    def _keep(self, place: int, edge: int, picture: QImage | None) -> None:
        _, before = self._kept.pop(place, (0, None))
        self._bytes -= before.sizeInBytes() if before else 0
        self._kept[place] = edge, picture
        self._bytes += picture.sizeInBytes() if picture else 0
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._bytes -= oldest.sizeInBytes() if oldest else 0

    def _give_up(self, error: LayerloomError) -> None:
        """Leave the tiles as they are: reading died, of a fault that is in the log."""
        self._dead = True
        self.died.emit(error)


def _some(listing: Thumbnails, places: Sequence[int], edge: int, job: Job) -> Read:
    """The first pictures, as many as are read in a moment."""
    found: Read = {}
    began = time.monotonic()
    for place in places:
        job.check()
        try:
            found[place] = image_of_pixels(listing.thumbnail(place, edge))
        except UnreadableImageError:
            found[place] = None
        if time.monotonic() - began > _SHOW_AFTER:
            break
    return found


def paint_picture(painter: QPainter, area: QRect, picture: QImage) -> None:
    """A picture in the middle of its tile, as large as it has room; one that is much smaller shows its pixels."""
    size = picture.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(area.center())
    smooth = 2 * picture.width() > size.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(target, picture)
