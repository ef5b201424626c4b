"""What is worked out about units, away from the window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from engine.data.progress import Progress
from engine.inspection.results import Maximised
from engine.inspection.units.cutting import GREY, cut
from engine.inspection.units.layers import UnitLayer, parameters_of_unit
from engine.network.reach import Reach, Rectangle, reach_of
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.words import counted, with_article
from gui.background import Job
from gui.looker import LoadedLens, Weights
from gui.style.colour_maps import image_of_pixels

if TYPE_CHECKING:  # they bring torch
    from engine.inspection.lens import Lens
    from engine.inspection.units.answers import Answers
    from gui.look.units.pictures import Scene

_LARGEST = 224  # px that a picture of a patch is kept at, at most


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Units of which weights and layer are looked at, in which images; ``most`` bounds their number."""

    weights: Weights
    project: Project
    layer: UnitLayer
    part: str
    most: int | None
    values: int
    """Of one image."""

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same where the answers are."""
        weights = self.weights
        return (weights.folder, weights.which if weights.folder else 0, self.layer.nodes, self.part, self.most)


@dataclass(frozen=True, slots=True, eq=False)
class LookedUp:
    """What is known of a layer without searching: its answers, or how many images there are to search.

    ``useless`` counts the parameters of each dead unit, ``seconds`` is what searching all images takes, about.
    """

    answers: Answers | None
    reach: Reach
    images: int
    useless: Mapping[int, int]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The image that a patch comes from: ``pixels`` ``(C, H, W)``, uint8, its position in the part, its target."""

    pixels: NDArray[np.uint8]
    position: int
    target: NDArray[np.generic]
    class_name: str
    row: int
    column: int
    answer: float
    seen: Rectangle

    @property
    def words(self) -> str:
        """The image in words: "image 137, a 9"."""
        name = self.class_name
        return ", ".join(filter(None, (f"image {self.position + 1}", with_article(name) if name.isdigit() else name)))


@dataclass(frozen=True, slots=True, eq=False)
class Sheets:
    """The patches of a unit, the strongest first, what was projected back of each, and the images they are of."""

    patches: tuple[QImage, ...]
    projected: tuple[QImage, ...]
    sources: tuple[Source, ...]
    rules: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """What it takes."""
        pictures = sum(image.sizeInBytes() for image in (*self.patches, *self.projected))
        return pictures + sum(source.pixels.nbytes for source in self.sources)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The picture that a unit answers to most, what the unit gives for it, and how far it is."""

    image: QImage
    answer: float
    step: int
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class Then:
    """A unit after an epoch: its answer to one image projected back, and its picture."""

    epoch: int
    projected: QImage
    drawn: QImage


class Desk:
    """The network at which all of this is worked out, for one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded = LoadedLens()
        self._own: tuple[tuple[object, ...], Lens] | None = None

    @contextmanager
    def lens(self, asked: Asked, job: Job) -> Iterator[Lens]:
        """The network with its weights; raises `LayerloomError`."""
        with self._lock:  # a thread that was called off may still be on its way out
            job.check()
            lens = self._loaded.lens_with(asked.weights) if asked.weights.folder else self._untrained(asked)
            lens.listener = job.listen
            yield lens

    def _untrained(self, asked: Asked) -> Lens:
        from engine.inspection.lens import Lens

        key = (asked.weights.same_lens, asked.project.data)
        if self._own is None or self._own[0] != key:
            self._own = key, Lens.of_project(asked.project)
        return self._own[1]


def look_up(
    desk: Desk, asked: Asked, layers: Sequence[UnitLayer], job: Job, *, patience: int
) -> dict[UnitLayer, LookedUp]:
    """What is kept of some layers, or of the one asked for; or how long more images than ``patience`` would take."""
    from engine.inspection.units.search import search

    with desk.lens(asked, job) as lens:
        for some in (layers, (asked.layer,)):
            events = search(lens, [layer.node for layer in some], asked.part, most=asked.most)
            first = next(events)
            if not isinstance(first, Progress):
                return {layer: _known(lens, layer, first.answers[layer.node], first.notes) for layer in some}
        assert isinstance(first, Progress)
        seconds = _seconds(events, first) if first.total > patience else 0.0
        reach = reach_of(lens.network, asked.layer.node)
        return {asked.layer: LookedUp(None, reach, first.total, {}, seconds=seconds)}


def search_images(desk: Desk, asked: Asked, layers: Sequence[UnitLayer], job: Job) -> dict[UnitLayer, LookedUp]:
    """Search the images for what excites the units of some layers."""
    from engine.data.progress import finished
    from engine.inspection.units.search import search

    with desk.lens(asked, job) as lens:
        nodes = [layer.node for layer in layers]
        found = finished(search(lens, nodes, asked.part, most=asked.most), lambda it: job.report(it.words, _share(it)))
        return {layer: _known(lens, layer, found.answers[layer.node], found.notes) for layer in layers}


def _seconds(events: Iterator[object], first: Progress) -> float:
    began = time.perf_counter()
    second = next(events)
    done = second.done - first.done if isinstance(second, Progress) else first.total
    return (time.perf_counter() - began) * first.total / max(1, done)


def _share(progress: Progress) -> float:
    return progress.done / progress.total if progress.total else -1.0


def _known(lens: Lens, layer: UnitLayer, answers: Answers, notes: tuple[str, ...]) -> LookedUp:
    dead = np.flatnonzero(answers.dead).tolist()
    useless = {unit: parameters_of_unit(lens.module, layer, unit) for unit in dead}
    reach = reach_of(lens.network, layer.node)
    return LookedUp(answers, reach, answers.images, useless, notes)


def sheets_of(desk: Desk, scene: Scene, units: Sequence[int], job: Job) -> dict[int, Sheets]:
    """The patches of some units, as what the unit sees or as whole images, and the same projected back."""
    from engine.data.progress import finished
    from engine.inspection.units.deconvnet import project

    asked, answers = scene.asked, scene.answers
    with desk.lens(asked, job) as lens:
        split, top = lens.data.part(asked.part), answers.tops[scene.per_image]
        reach = reach_of(lens.network, asked.layer.node)
        places = [(unit, rank) for unit in units for rank in np.flatnonzero(top.images[unit] >= 0).tolist()]
        positions = [int(top.images[place]) for place in places]
        pixels = split.images(positions)
        cells = [(int(top.rows[place]), int(top.columns[place])) for place in places]
        back = finished(
            project(lens, asked.layer.node, pixels, [unit for unit, _ in places], cells),
            lambda it: job.report(it.words, _share(it)),
        )
        targets, names = split.targets.of(np.array(positions, np.int64)), answers.classes
        found: dict[int, list[tuple[QImage, QImage, Source]]] = {unit: [] for unit in units}
        for at, (place, cell, one) in enumerate(zip(places, cells, back, strict=True)):
            seen = reach.whole if scene.whole else reach.at(*cell)
            patch = _cut_out(pixels[at] / np.float32(255), seen, GREY)
            name = names[int(targets.strata[at])] if names else ""
            source = Source(
                pixels[at], positions[at], targets.values[at], name, *cell, float(top.values[place]), reach.at(*cell)
            )
            found[place[0]].append((picture_of(patch), signed_picture(_cut_out(one.values, seen, 0.0)), source))
        rules = back[0].rules if back else ()
        return {unit: Sheets(*_columns(rows), rules) for unit, rows in found.items()}


def _columns(
    rows: Sequence[tuple[QImage, QImage, Source]],
) -> tuple[tuple[QImage, ...], tuple[QImage, ...], tuple[Source, ...]]:
    return tuple(row[0] for row in rows), tuple(row[1] for row in rows), tuple(row[2] for row in rows)


def draw(
    desk: Desk, scene: Scene, units: Sequence[int], job: Job, show: Callable[[dict[int, Drawn]], object]
) -> dict[int, Drawn]:
    """The pictures that some units answer to most; ``show`` gets those so far every few steps."""
    from engine.inspection.units.maximising import maximise

    drawn: dict[int, Drawn] = {}
    with desk.lens(scene.asked, job) as lens:
        for pictures in maximise(lens, scene.asked.layer.node, units, scene.how):
            drawn = {one.unit: Drawn(_of(one), one.answer, one.step, one.steps) for one in pictures}
            show(drawn)
            job.report(f"Maximising {counted(len(units), 'unit')}", pictures[0].step / pictures[0].steps)
    return drawn


def by_epoch(scene: Scene, image: NDArray[np.uint8], job: Job, show: Callable[[Then], object]) -> None:
    """The current unit after each of some epochs of a run, told by ``show`` as it comes."""
    from engine.inspection.lens import Lens
    from engine.inspection.units.deconvnet import Backwards
    from engine.inspection.units.maximising import maximise

    folder, node, unit = scene.asked.weights.folder, scene.asked.layer.node, scene.unit
    assert folder is not None  # there are epochs
    run = RunFolder(folder)
    lens = Lens.of_run(run)
    for epoch in scene.epochs:
        lens.load(run.weights(epoch))
        (one,) = Backwards(lens, node)(lens.prepare(image), (unit,))
        for (drawn,) in maximise(lens, node, (unit,), scene.how):
            job.check()
            last = drawn
        show(Then(epoch, signed_picture(_cut_out(one.values, one.seen, 0.0)), _of(last)))
        job.report("Earlier epochs")


def _of(one: Maximised) -> QImage:
    return picture_of(_cut_out(one.values, one.seen, GREY))


def _cut_out(image: NDArray[np.float32], seen: Rectangle, outside: float) -> NDArray[np.float32]:
    return cut(image, seen, seen.size, outside=outside)


def picture_of(values: NDArray[np.float32]) -> QImage:
    """Pixels ``(C, H, W)`` from 0 to 1 as a picture, of a size that can be kept."""
    image = image_of_pixels((values.clip(0, 1) * 255).round().astype(np.uint8))
    if max(image.width(), image.height()) <= _LARGEST:
        return image
    whole, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(QSize(_LARGEST, _LARGEST), whole, smooth)


def signed_picture(values: NDArray[np.float32]) -> QImage:
    """Values around 0, which is the middle grey, up to the largest of them."""
    there = np.where(np.isfinite(values), values, 0)
    largest = np.abs(there).max(initial=0.0) or 1.0
    return picture_of(((there / largest + 1) / 2).astype(np.float32))
