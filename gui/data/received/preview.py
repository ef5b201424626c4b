"""What the network receives of the marked images: made anew whenever something changes that it hangs on."""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.listing import Listing
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from gui.background import LatestJob
from gui.data.marked import Marked
from gui.data.received.making import Maker, Wish
from gui.data.received.receipt import Judgement, Receipt
from gui.document import Document

_SEEDS = 10_000


class Preview(QObject):
    """One for a document; `preview_of` finds it.

    ``receipt`` stays until the next is there, and ``judgement`` of it comes later; ``trouble`` says why there is none.
    ``selected`` is the place of the step that is looked at, in the list and in the picture.
    """

    changed = Signal()
    judged = Signal()
    selection_changed = Signal()
    busy_changed = Signal(bool)
    progressed = Signal(str)  # what is read before anything can be made

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.document = document
        self.receipt: Receipt | None = None
        self.judgement: Judgement | None = None
        self.trouble = ""
        self.selected = -1
        self._marked: Marked | None = None
        self._listing: Listing | None = None
        self._seed: int | None = None  # None: that of the recipe
        self._test_time = False
        self._viewers: set[QObject] = set()
        self._made: Wish | None = None  # what was asked for last
        self.maker = Maker()
        self._job = LatestJob("Making what the network receives", self)
        self._judging = LatestJob("Looking at what the steps do", self)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._make)
        document.settings_changed.connect(self._ask)
        document.analysed.connect(self._ask)
        document.replaced.connect(self._begin_anew)

    @property
    def seed(self) -> int:
        """What the steps are drawn with: that with which the next run trains, until another is chosen."""
        return self.document.project.training.seed if self._seed is None else self._seed

    @property
    def test_time(self) -> bool:
        """Whether it shows what an evaluation gives the network."""
        return self._test_time

    @property
    def busy(self) -> bool:
        """Whether something else is being made."""
        return self._job.running

    @property
    def up_to_date(self) -> bool:
        """Whether what is shown, or why nothing is, answers what is wished for now."""
        return not self._later.isActive() and not self.busy and self._made == self.wish

    @property
    def fits_source(self) -> bool:
        """Whether what was made last is of the data set that is chosen."""
        return self.receipt is not None and self.receipt.source == self.document.project.data.source

    @property
    def judging(self) -> bool:
        """Whether a judgement is still to come."""
        return self._judging.running

    @property
    def wish(self) -> Wish:
        """What is to be made now."""
        project, images = self.document.project, self._marked.images if self._marked else ()
        recipe = project.training
        return Wish(
            project.data,
            self._input_shape(),
            images,
            self.seed,
            self._test_time,
            batch_size=recipe.batch_size,
            class_weights=recipe.loss.with_class_weights() == recipe.loss,
            listing=self._listing,
        )

    def watch(self, marked: Marked) -> None:
        """Show these images from now on."""
        self._marked = marked
        marked.changed.connect(self._ask)
        self._ask()

    def show_listing(self, listing: Listing | None) -> None:
        """Take originals and numbers from the images as they are listed; other files may be behind the same names."""
        if listing is not self._listing:
            self._listing = listing
            self.read_again()

    def choose_seed(self, seed: int) -> None:
        """Draw with another seed."""
        self._seed = seed
        self._ask()

    def roll(self) -> None:
        """Draw with a seed that chance finds."""
        self.choose_seed(random.choice([seed for seed in range(_SEEDS) if seed != self.seed]))

    def show_test_time(self, test_time: bool) -> None:
        """Show what an evaluation gives the network, or what training gives it."""
        self._test_time = test_time
        self._ask()

    def select(self, place: int) -> None:
        """Look at a step, by its place among all of them; -1 at none."""
        if place != self.selected:
            self.selected = place
            self.selection_changed.emit()

    def set_seen(self, viewer: QObject, seen: bool) -> None:
        """Note who can see it; while nobody can, nothing is made."""
        self._viewers = self._viewers | {viewer} if seen else self._viewers - {viewer}
        self._ask()

    def read_again(self) -> None:
        """Let go of the images that were read: their files may have changed."""
        self.maker, self._made = Maker(), None
        self._ask()

    def close(self) -> None:
        """End what is being made: the window closes."""
        self._later.stop()
        self._job.close()
        self._judging.close()

    def _begin_anew(self) -> None:
        self._seed = self._made = self.receipt = self.judgement = None
        self._ask()

    def _ask(self) -> None:
        if self._viewers:
            self._later.start()

    def _make(self) -> None:
        wish = self.wish
        if wish == self._made:
            return
        self._made = wish
        self._judging.cancel()
        self._job.start(
            lambda job: self.maker.make(wish, job),
            done=self._take,
            failed=self._fail,
            progressed=lambda text, _: self.progressed.emit(text),
        )
        self.busy_changed.emit(True)

    def _take(self, receipt: Receipt) -> None:
        self.receipt, self.trouble = receipt, ""
        self._tell()
        wish = self._made
        if wish is not None:
            self._judging.start(
                lambda job: self.maker.judge(wish, receipt.drawn, job), done=self._judge, failed=self._fail
            )

    def _judge(self, judgement: Judgement) -> None:
        self.judgement = judgement
        self.judged.emit()

    def _fail(self, error: LayerloomError) -> None:
        self.trouble = str(error)
        self._tell()

    def _tell(self) -> None:
        self.busy_changed.emit(False)
        self.changed.emit()

    def _input_shape(self) -> Shape | None:
        """What the network takes, if it takes one kind of images."""
        inputs = self.document.network.inputs
        taken = self.document.analysis[inputs[0]].output if inputs else None
        return taken if taken is not None and taken.is_map else None


def preview_of(document: Document) -> Preview:
    """The one `Preview` of a document."""
    return document.findChild(Preview) or Preview(document)
