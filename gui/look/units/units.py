"""The units of the layer that is looked into: which they are, and what they answered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.part_words import SPOKEN
from engine.errors import LayerloomError
from engine.inspection import Maximise, TopPatches
from engine.inspection.units.layers import UnitLayer, layer_of, layers_with_units
from gui.background import LatestJob
from gui.look.look import Look
from gui.look.units import desk
from gui.look.units.desk import Asked, Desk, LookedUp, Source
from gui.look.units.pictures import Pictures, Scene

if TYPE_CHECKING:
    from engine.inspection.units.answers import Answers

PATIENCE = 5_000
"""Images that are searched without a question."""

_TOGETHER = 12  # layers that are searched in one pass
_REST = 300  # ms that the scrubber rests before images are searched
_EPOCHS = 8  # that a unit is shown after
_MOST_KEPT = 256  # answers of a layer after an epoch


class Units(QObject):
    """Looks up and searches what units answered, and lets `pictures` work; nothing while not `set_active`.

    ``changed`` says that another layer, epoch or part is looked at, or more is known of it; ``unit_changed`` that
    another unit is current; ``progressed`` tells of what takes long, "" when it is over. ``image_chosen`` carries the
    pixels of an image to look at, what it is called, and its target.
    """

    changed = Signal()
    unit_changed = Signal()
    progressed = Signal(str, float)
    image_chosen = Signal(object, str, object)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.patches, self.whole, self.how = TopPatches(), False, Maximise()
        self.asked: Asked | None = None
        self.found: LookedUp | None = None
        self.trouble = ""
        self.layers: tuple[UnitLayer, ...] = ()
        self._active, self._stale, self.searching = False, True, False
        self._desk = Desk()
        self.pictures = Pictures(self._desk, self)
        self.pictures.progressed.connect(self._pass_on)
        self._known: OrderedDict[Hashable, LookedUp] = OrderedDict()
        self._wanted: set[Hashable] = set()  # the parts that are searched for every epoch
        self._job = LatestJob("Searching images", self)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self.search)
        look.reset.connect(self._forget)
        look.epochs_changed.connect(self.refresh)
        look.node_changed.connect(self.refresh)

    # What is looked at

    @property
    def answers(self) -> Answers | None:
        """What the units answered, once the images are searched."""
        return self.found.answers if self.found else None

    @property
    def unit(self) -> int:
        """The unit that is current."""
        answers = self.answers
        return min(self.look.unit, answers.units - 1) if answers else self.look.unit

    @property
    def busy(self) -> bool:
        """Whether anything is still to come."""
        return self._job.running or self._rest.isActive() or self.pictures.busy

    @property
    def images(self) -> int | None:
        """How many images there are to search, as far as that is known."""
        if self.found is not None:
            return self.found.images
        record = self.look.run.record if self.look.run else None
        return record.images.get(self.patches.part) if record else None

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that a unit is shown after: the first, the last, and some between."""
        kept = self.look.epochs
        places = np.unique(np.linspace(0, len(kept) - 1, min(_EPOCHS, len(kept))).round().astype(int))
        return tuple(kept[place] for place in places.tolist()) if kept else ()

    def dead_in(self, layer: UnitLayer) -> int | None:
        """How many units of a layer are dead; None while that is not known."""
        known = self._known.get(self._asked(layer).key) if self.asked else None
        return int(known.answers.dead.sum()) if known and known.answers else None

    def source(self, rank: int) -> Source | None:
        """The image of a patch of the current unit."""
        sheets = self.pictures.sheets(self.unit)
        return sheets.sources[rank] if sheets and 0 <= rank < len(sheets.sources) else None

    # What the user chooses

    def set_active(self, active: bool) -> None:
        """Work while units can be seen, and rest while they cannot."""
        if active == self._active:
            return
        self._active = active
        if not active:
            self._stale = self._stale or self._job.running or self._rest.isActive()
            self._end()
            self.pictures.show(None)
        elif self._stale:
            self.refresh()
        else:
            self.unit_changed.emit()
            self._show_pictures()

    def choose(self, unit: int) -> None:
        """Make another unit current."""
        if self.answers is not None and 0 <= unit < self.answers.units and unit != self.look.unit:
            self.look.unit = unit
            self.unit_changed.emit()
            self._show_pictures()

    def take_patches(self, patches: TopPatches, *, whole: bool) -> None:
        """Look at other images, or at other patches of them."""
        before, self.patches, self.whole = self.patches, patches, whole
        if (patches.part, patches.most) != (before.part, before.most):
            self.refresh()
        else:
            self._show_pictures()
            self.pictures.changed.emit()

    def draw_again(self, how: Maximise) -> None:
        """Draw the pictures of the units anew."""
        self.how = how
        self._show_pictures()
        self.pictures.draw_again()

    def stop(self) -> bool:
        """Stop what takes long; pictures that are being drawn stay as they are. False if nothing takes long."""
        if self.searching or self._rest.isActive():
            self._wanted.discard(self._part_key())
            self._end()
            self.changed.emit()
            return True
        return self.pictures.stop_drawing()

    def search(self, most: int | None = None) -> None:
        """Search the images of the part, or at most so many of them, here and after other epochs."""
        if most is not None:
            self.patches = self.patches.model_copy(update={"most": most})
        if self.asked is None or not self._active:
            return
        self.asked = asked = self._asked(self.asked.layer)
        self._wanted.add(self._part_key())
        layers = self._together(asked)
        self._end()
        self.searching = True
        self._job.start(
            lambda job: desk.search_images(self._desk, asked, layers, job),
            done=partial(self._take, asked),
            failed=self._fail,
            progressed=self.progressed.emit,
        )
        self.changed.emit()

    def look_at(self, rank: int) -> None:
        """Let the image of a patch be the image of Look inside."""
        if source := self.source(rank):
            name = f"{SPOKEN[self.patches.part].capitalize()} image {source.position + 1}"
            self.image_chosen.emit(source.pixels, name, source.target)

    def close(self) -> None:
        """End the threads: the window closes."""
        self._active = False
        self._rest.stop()
        self._job.close()
        self.pictures.close()

    # Following

    def _forget(self) -> None:
        """Another network, or none, is looked into."""
        self._known.clear()
        self._wanted.clear()
        self.pictures.forget()
        self.refresh()

    def refresh(self) -> None:
        """Look at the layer, the epoch and the part that are chosen now."""
        self._stale = not self._active
        self._end()
        if self._stale:
            return
        look = self.look
        self.found, self.trouble = None, self._obstacle()
        self.layers = layers_with_units(look.network) if look.analysis.ok else ()
        self.asked = asked = None if self.trouble else self._asked(layer_of(look.network, look.node))
        if asked is not None:
            self.found = self._known.get(asked.key)
            if self.found is None:
                self._look_up(asked)
        self._tell()

    def _obstacle(self) -> str:
        look = self.look
        errors = len(look.analysis.errors)
        if errors:
            return f"Units need a network without errors; there {'is' if errors == 1 else 'are'} {errors}."
        if look.analysis.unfinished:
            first = look.analysis.unfinished[0]
            return f"Units need a network that is finished. {first.message} {first.hint}"
        return "" if look.node in look.network else "Units show as you draw. Add an input first."

    def _asked(self, layer: UnitLayer) -> Asked:
        look = self.look
        project = (look.run or look.document).project
        return Asked(look.weights(), project, layer, self.patches.part, self.patches.most, look.shape.elements)

    def _together(self, asked: Asked) -> tuple[UnitLayer, ...]:
        """The layers that are searched in one pass."""
        return self.layers if asked.layer in self.layers and len(self.layers) <= _TOGETHER else (asked.layer,)

    def _look_up(self, asked: Asked) -> None:
        layers = self._together(asked)
        self._job.start(
            lambda job: desk.look_up(self._desk, asked, layers, job, patience=PATIENCE),
            done=partial(self._take, asked),
            failed=self._fail,
            progressed=self.progressed.emit,
        )

    def _take(self, asked: Asked, found: Mapping[UnitLayer, LookedUp]) -> None:
        self.searching = False
        self.progressed.emit("", -1.0)
        self._known |= {self._asked(layer).key: one for layer, one in found.items() if one.answers is not None}
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
        self.found = found[asked.layer]
        if self.found.answers is None and self._part_key() in self._wanted:
            self._rest.start()
        self._tell()

    def _fail(self, error: LayerloomError) -> None:
        self._end()
        self.trouble = str(error)
        self.changed.emit()

    def _end(self) -> None:
        self._rest.stop()
        self._job.cancel()
        self.searching = False
        self.progressed.emit("", -1.0)

    def _tell(self) -> None:
        self.changed.emit()
        self.unit_changed.emit()
        self._show_pictures()

    def _show_pictures(self) -> None:
        scene = None
        if self._active and self.asked and self.answers:
            per_image = self.patches.per_image
            scene = Scene(self.asked, self.answers, self.unit, self.epochs, per_image, self.whole, self.how)
        self.pictures.show(scene)

    def _pass_on(self, words: str, fraction: float) -> None:
        if not self._job.running:
            self.progressed.emit(words, fraction)

    def _part_key(self) -> Hashable:
        return self.patches.part, self.patches.most
