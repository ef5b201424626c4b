"""The left side of Look inside: an image by pen, data set or file, and what the network takes it for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.data.intensity import Scaling
from engine.errors import LayerloomError
from engine.layers import Shape
from engine.tasks import Reading
from engine.words import shape_text
from gui.background import LatestJob
from gui.look.draw_pad import DrawPad
from gui.look.look import Look
from gui.look.prediction_bars import PredictionBars
from gui.look.received import ReceivedPicture
from gui.look.sample_reader import SamplePlace, SampleReader, Samples
from gui.registry.panels import PANELS, DockPlace, Tab
from gui.registry.session import Session
from gui.style.style import role
from gui.train.runs.moved_data import CHOOSE_FOLDER, can_have_moved
from gui.train.runs.run import Run
from gui.widgets import layouts
from gui.widgets.busy_bar import BusyBar
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.image_grid import ImageGrid
from gui.widgets.offer import Offer
from gui.widgets.section import MARGIN, Section
from gui.widgets.segmented import Segment, Segmented

_SOURCES = (
    Segment("draw", "Draw"),
    Segment("data", "Data set"),
    Segment("file", "Open image"),
)

_TOOLS = (Segment("pen", "Pen", "mdi6.brush"), Segment("eraser", "Eraser", "mdi6.eraser"))
_ROLES = {True: "ok", False: "error", None: "caption"}
_FILES = "Images (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff)"


@PANELS.register
class ImagePanel(QWidget):
    """Chooses the image that is looked at."""

    tab = Tab("image", "Image", "mdi6.brush", (DockPlace("look_inside", "left", 1),))

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role(self, "panel")
        self.look = look
        self._opening = LatestJob("Opening the image", self)
        self._file = Path()  # the one that is being opened
        self.samples: Samples | None = None
        self._about = ""  # the image, or why there is none
        self._received: NDArray[np.uint8] | None = None  # what the network receives, if not what was drawn
        self._damaged = False  # whether something else is shown that it receives
        self.sources = Segmented(_SOURCES, small=True)
        self.sources.chosen.connect(self._choose_source)
        self.pad = DrawPad()
        self.pad.drawn.connect(self._look_at_pad)
        self.grid = ImageGrid()
        self.grid.chosen.connect(self._look_at_sample)
        self.note = QLabel()
        self.note.setWordWrap(True)
        role(self.note, "caption")
        self.received = ReceivedPicture()
        self.reader = SampleReader()
        self.bars = PredictionBars()
        self.truth = ElidedLabel(lines=2, elide=Qt.TextElideMode.ElideMiddle)  # the verdict stands at the end
        role(self.truth, "caption")
        self._lay_out()
        self._busy = BusyBar(self)
        self.reader.read.connect(self._take_samples)
        self.reader.failed.connect(self._say_unread)
        look.runs.moved_data.found.connect(self._read_found)
        self.reader.changed.connect(self._show_busy)
        look.reset.connect(self._reset)
        look.seen.connect(self._show_sight)
        look.image_changed.connect(self._show_truth)

    @classmethod
    def make(cls, session: Session) -> Self:
        """The one that Look inside has made."""
        return session.part(cls)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(MARGIN, 12, MARGIN, 12)
        top.setSpacing(10)
        top.addWidget(self.sources)
        top.addWidget(self._tools())
        top.addWidget(self.pad)
        told = layouts.row(None, self.received, spacing=10)
        told.addWidget(self.note, 1)
        top.addLayout(layouts.column(None, told, self.reader))
        self._prediction = Section("Prediction")
        self._prediction.body.addWidget(self.bars)
        self._prediction.body.addSpacing(8)
        self._prediction.body.addWidget(self.truth)
        layout = layouts.column(self, top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self._prediction)
        layout.addStretch(0)
        self.grid.hide()

    def _tools(self) -> QWidget:
        self._pen = Segmented(_TOOLS, small=True)
        self._pen.chosen.connect(self._choose_pen)
        self.clear = QPushButton("Clear")
        role(self.clear, "quiet")
        self.clear.clicked.connect(self._clear_pad)
        box = QWidget()
        row = layouts.row(box, self._pen, spacing=None)
        row.addStretch(1)
        row.addWidget(self.clear)
        return box

    def show_focus(self, box: QRectF | None) -> None:
        """Mark the receptive field of the value below the pointer, in image pixels."""
        self.pad.show_focus(box)

    # Choosing

    def _choose_source(self, source: str) -> None:
        if source == "file":
            path, _ = QFileDialog.getOpenFileName(self, "Open image", "", _FILES)
            if path:
                self.open_file(Path(path))
            return
        self.grid.setVisible(source == "data" and self.samples is not None)

    def _choose_pen(self, tool: str) -> None:
        self.pad.erasing = tool == "eraser"

    def _clear_pad(self) -> None:
        self.pad.clear()
        self._look_at_pad()

    def open_file(self, path: Path) -> None:
        """Read the image in a file and look at it, unless another is chosen first; what fails is said below the pad."""
        if not self._drawable:
            return
        shape, scaling, self._file = self.look.shape, self.look.scaling, path
        self._opening.start(
            lambda _: _read(path, shape, scaling),
            done=lambda pixels: self.show_image(pixels, path.name),
            failed=self._fail,
        )
        self._show_busy()

    def show_image(self, pixels: NDArray[np.uint8], name: str, *, target: NDArray[np.generic] | None = None) -> None:
        """Look at an image ``(C, H, W)``, with its target if that is known."""
        self._stop_opening()
        self.pad.set_pixels(pixels)
        self._say(f"{name}, {about(pixels)}")
        self.look.choose_image(pixels, target=target)

    def _look_at_pad(self) -> None:
        self._stop_opening()
        pixels = self.pad.pixels()
        words = " ".join(filter(None, (f"{about(pixels)}.", self._about_drawing(pixels))))
        self._say(words, received=pixels if self.pad.moved else None)
        self.look.choose_image(pixels)

    def _about_drawing(self, pixels: NDArray[np.uint8]) -> str:
        """What is done to a drawing so that it stands as the images of the data do, and whether it is like one."""
        likeness = self.samples.likeness if self.samples else None
        unlike = likeness is not None and not self.pad.blank and not likeness.is_like(pixels)
        return " ".join(
            (
                "The network receives this picture, which stands as the data's images do." if self.pad.moved else "",
                "It is unlike all images of the data: the answer says little." if unlike else "",
            )
        ).strip()

    def _look_at_sample(self, index: int) -> None:
        if self.samples is not None:
            target = np.asarray(self.samples.targets[index])
            self.show_image(self.samples.pixels[index], f"Test image {index + 1}", target=target)

    def _stop_opening(self) -> None:
        self._opening.cancel()
        self._show_busy()

    @property
    def busy(self) -> bool:
        """Whether a file or the data set's images are being read."""
        return self._opening.running or self.reader.busy

    @property
    def _drawable(self) -> bool:
        return bool(self.look.shape) and self.look.shape.channels in (1, 3)

    # Following

    def _reset(self) -> None:
        shape = self.look.shape
        self.pad.setVisible(self._drawable)
        self.bars.show_readings(())
        if not self._drawable:
            self._forget_samples()
            self._stop_opening()
            self.received.show_pixels(None)
            self.note.setText("The network has no image input yet.")
            return
        run = self.look.run
        place = SamplePlace((run or self.look.document).project.data, shape, run.folder if run and run.record else None)
        if self.look.target is not None and (self.reader.place is None or self.reader.place.data != place.data):
            self.look.forget_image()  # it is one of other data
            self.truth.setText("")
        if self.look.pixels is None:
            self.pad.set_shape(shape)
            self._say("Draw here, or choose an image.")
        self.note.setText(self._about)
        if self._opening.running:
            self.open_file(self._file)
        if self.reader.place != place:
            self._forget_samples()
            self.reader.start(place)
        elif self.look.pixels is None and self.samples is not None:
            self._look_at_sample(0)

    def _forget_samples(self) -> None:
        self.reader.forget()
        self.samples = self.pad.pose = None
        self.grid.show_images(None)

    def _take_samples(self, samples: Samples) -> None:
        self.samples = samples
        self.pad.pose, self.pad.own = samples.pose, samples.own
        if self.look.sight is not None:
            self._show_sight()  # the classes have names now
        self.grid.show_images(samples.pixels)
        self.grid.setVisible(self.sources.value == "data")
        if self.look.pixels is None and len(samples.pixels):
            self._look_at_sample(0)

    def _say(self, words: str, *, received: NDArray[np.uint8] | None = None) -> None:
        self._about, self._received = words, received
        self.note.setText(words)
        if not self._damaged:
            self.received.show_pixels(received)

    def _fail(self, error: LayerloomError) -> None:
        self._show_busy()
        self._say(str(error))

    def _say_unread(self, error: LayerloomError) -> None:
        """Say why the images of the data cannot be read; those of a run may be elsewhere now."""
        self._fail(error)
        run = self.look.run
        if run is not None and can_have_moved(run):
            self.reader.show_offer(Offer(CHOOSE_FOLDER, partial(self.look.runs.moved_data.ask, run)))

    def _read_found(self, run: Run) -> None:
        if run is self.look.run:
            self._reset()

    def _show_busy(self) -> None:
        self._busy.set_busy(self.busy)

    def _show_sight(self) -> None:
        assert self.look.sight is not None  # `Look.seen` brings it
        sight = self.look.sight
        if np.isfinite(sight.prediction).all():
            before = () if sight.before is None else self._readings(sight.before)
            named = self.look.task.targets == "classes" and sight.prediction.size > 1
            numbers = (-sight.prediction).argsort(kind="stable").tolist() if named else ()
            self.bars.show_readings(self._readings(sight.prediction), before=before, numbers=numbers)
        else:
            self.bars.show_readings((), instead="The network gives no number for this image.")
        heading = "Prediction" if self.look.trained else "Prediction, untrained"
        self._prediction.heading.setText(heading if sight.before is None else f"{heading}; before dashed")
        if sight.damaged is not None:
            self.received.show_pixels(sight.damaged)
            self._damaged = True
        elif self._damaged:
            self._damaged = False
            self._say(self._about, received=self._received)
        self._show_truth()

    def _readings(self, prediction: NDArray[np.float64]) -> tuple[Reading, ...]:
        names = self._classes()
        return self.look.task.readings(prediction, names if len(names) == prediction.size else ())

    def _show_truth(self) -> None:
        target, sight = self.look.target, self.look.sight
        of_this_image = sight is not None and sight.pixels is self.look.pixels
        if target is None or sight is None or not (of_this_image and np.isfinite(sight.prediction).all()):
            self.truth.setText("")
            return
        names = self.samples.classes if self.samples else ()
        learned = self.look.classes if self.look.trained else None
        verdict = self.look.task.verdict(sight.prediction, target, names, learned=learned)
        self.truth.setText(verdict.words)
        role(self.truth, _ROLES[verdict.right])

    def _classes(self) -> tuple[str, ...]:
        return self.look.classes or (self.samples.classes if self.samples else ())

    def close_jobs(self) -> None:
        """End what loads in the background: the window closes."""
        self._opening.close()
        self.reader.close_job()


def _read(path: Path, shape: Shape, scaling: Scaling) -> NDArray[np.uint8]:
    from engine.data.images import read_image

    return read_image(path, shape, scaling=scaling)


def about(pixels: NDArray[np.uint8]) -> str:
    """What an image is: "3×28×28 grey, values 0 to 255"."""
    from engine.data.colour import has_colours

    return f"{shape_text(pixels.shape)} {'in colour' if has_colours(pixels) else 'grey'}, values 0 to 255"
