"""One image at its own size, over the window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from engine.data.listing import Listing
from engine.data.part_words import SPOKEN
from engine.errors import LayerloomError
from engine.files import readable
from engine.words import thousands
from gui.background import Job, LatestJob
from gui.data.data_set import DataSet
from gui.style.colour_maps import image_of_pixels
from gui.style.style import role
from gui.widgets import layouts
from gui.widgets.elided_label import ElidedLabel

_AIR = 96  # px between the picture and the edges of the window
_SMALL = 160  # px; what is smaller is shown in whole multiples of its size
_NARROWEST = 320


@dataclass(frozen=True, slots=True)
class _Read:
    picture: QImage
    width: int
    height: int


class LargeView(QFrame):
    """The picture with its name, file, class and part. Arrow keys go on by ``stepped``, Space marks, Esc closes."""

    stepped = Signal(int)
    toggled = Signal(int)
    closed = Signal()

    def __init__(self, data: DataSet, parent: QWidget) -> None:
        super().__init__(parent)
        self.data, self._over = data, parent
        self._place: int | None = None
        self.listing: Listing | None = None  # which the image is of
        role(self, "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Large view")
        self.title, self.picture, self.facts, self.path = QLabel(), QLabel(), QLabel(), ElidedLabel()
        role(self.title, "title")
        role(self.facts, "label")
        role(self.path, "mono")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = layouts.column(self, self.title, self.picture, self.facts, self.path, spacing=8)
        column.setContentsMargins(16, 12, 16, 12)
        self._job = LatestJob("Reading the image", self)
        parent.installEventFilter(self)
        self.hide()

    def show_image(self, place: int) -> None:
        """Show an image of the data set."""
        listing = self.data.listing
        if listing is None:
            return
        self._place, self.listing = place, listing
        room = (self._over.size() - QSize(_AIR, 2 * _AIR)) * self.devicePixelRatioF()
        label, number = readable(listing.label(place)), thousands(int(listing.numbers[place]))
        self.title.setText(f"{label} · image {number}" if label else number)
        file = listing.pictures.path(place)
        self.path.setText(readable(str(file)) if file else f"image {listing.names[place]} of the data set")
        self._job.start(partial(_read, listing, place, room), done=self._show, failed=self._say)

    @property
    def place(self) -> int | None:
        """The image that is shown; None where none is."""
        return self._place if self.isVisible() else None

    def close_up(self) -> None:
        """Put it away."""
        self._job.cancel()
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def close_jobs(self) -> None:
        """End the thread: the window closes."""
        self._job.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_up()
        elif event.key() == Qt.Key.Key_Space and self._place is not None:
            self.toggled.emit(self._place)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._centre()
        return False

    def focusOutEvent(self, event: QEvent) -> None:
        self.close_up()

    def _show(self, read: _Read) -> None:
        ratio = self.devicePixelRatioF()
        picture, factor = read.picture, max(1, _SMALL // max(read.width, read.height))
        if factor > 1:
            picture = picture.scaled(picture.size() * factor)
        shown = QPixmap.fromImage(picture)
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)
        scale = round(100 * picture.width() / read.width)
        self._say_facts(f"{read.width} × {read.height} px", *((f"shown at {scale} %",) if scale != 100 else ()))

    def _say(self, error: LayerloomError) -> None:
        self.picture.setPixmap(QPixmap())
        self._say_facts(str(error))
        self.data.looking.look(unreadable=True)

    def _say_facts(self, *facts: str) -> None:
        assert self._place is not None  # something was asked for
        label = readable(self.listing.label(self._place)) if self.listing else ""
        part = SPOKEN.get(self.data.part_of(self._place), "")
        self.facts.setText(" · ".join(filter(None, (label, part, *facts))))
        self.setAccessibleDescription(f"{self.title.text()}: {self.facts.text()}")
        self._centre()
        self.show()
        self.raise_()
        self.setFocus()

    def _centre(self) -> None:
        self.adjustSize()
        self.resize(max(self.width(), _NARROWEST), self.height())
        self.move((self._over.width() - self.width()) // 2, (self._over.height() - self.height()) // 2)


def _read(listing: Listing, place: int, room: QSize, job: Job) -> _Read:
    """An image as large as it is and the window has room for; raises `UnreadableImageError`."""
    height, width = listing.pictures.size(place)
    job.check()
    edge = max(1, min(room.width(), room.height() * max(width, height) // max(height, 1), max(width, height)))
    return _Read(image_of_pixels(listing.thumbnail(place, edge)), width, height)
