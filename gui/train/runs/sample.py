"""One image of the data, and what the run in view makes of it: loaded and asked in threads, once an epoch."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.data.asking import first_image, is_here
from engine.data.intensity import Scaling
from engine.data.source import Source
from engine.errors import LayerloomError
from engine.inspection import FeatureMaps
from engine.inspection.sight import Asked, Sight
from engine.network import Network
from engine.network.exits import exit_of
from gui.background import Job, LatestJob
from gui.looker import Looker, Question, Weights
from gui.train.runs.run import Run

_EDGE = 96  # px of the sample as it is kept
_MOST_NODES = 64  # beyond, thumbnails would cost more than they tell


class _Origin(NamedTuple):
    """Where the sample comes from, and how it is scaled if it has more than 8 bits."""

    source: Source
    scaling: Scaling


class RunSample(QObject):
    """Answers with `Run.sight` for the run in view; ``seen`` says that there is a new one.

    ``failed`` says why there is no image. Nothing is worked out unless one of the watching widgets can be seen.
    """

    seen = Signal(object)  # Run
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watchers: list[QWidget] = []
        self._looker = Looker(self)
        self._looker.answered.connect(self._take_answer)
        self._pixels: tuple[_Origin, NDArray[np.uint8]] | None = None
        self._reading = LatestJob("Reading an image of the data", self)
        self._failed_at: tuple[Run, int] | None = None
        self._message = ""
        self._asked: dict[Question, Run] = {}
        self._asked_for: tuple[Run, int] | None = None
        self._wanted: Run | None = None  # the run that was asked about last

    def watch_for(self, widget: QWidget) -> None:
        """Work while ``widget`` can be seen."""
        self._watchers.append(widget)

    def message(self, run: Run) -> str:
        """Why there is no image for ``run``; empty where there is one, or none was asked for."""
        return self._message if self._failed_at is not None and self._failed_at[0] is run else ""

    def update(self, run: Run | None) -> None:
        """See whether the run has learned more since it was last asked."""
        self._wanted = run
        if run is None or run.record is None or not any(watcher.isVisible() for watcher in self._watchers):
            return
        origin, moment = _Origin(run.project.data.source, run.record.scaling), (run, len(run.epochs))
        if self._pixels is None or self._pixels[0] != origin:
            if not self._reading.running and self._failed_at != moment:
                self._load(origin, moment)
        elif self._asked_for != moment:
            self._ask(run, self._pixels[1])

    def close(self) -> None:
        """End the threads."""
        self._reading.close()
        self._looker.close()

    def _load(self, origin: _Origin, moment: tuple[Run, int]) -> None:
        self._reading.start(
            lambda job: _first_image(origin, job), done=self._take_pixels, failed=partial(self._fail, moment)
        )

    def _fail(self, moment: tuple[Run, int], error: LayerloomError) -> None:
        """Say why there is no image, and try again after the next epoch."""
        self._failed_at, self._message = moment, str(error)
        self.failed.emit(self._message)

    def _take_pixels(self, found: tuple[_Origin, NDArray[np.uint8]]) -> None:
        self._failed_at = None
        self._pixels = found[0], found[1].copy()  # torch wants what it can write to
        self.update(self._wanted)  # it may have ended meanwhile, and tell no more

    def _ask(self, run: Run, pixels: NDArray[np.uint8]) -> None:
        nodes = tuple(watched_nodes(run.drawing).values())[:_MOST_NODES]
        views = tuple(Asked(FeatureMaps(), node) for node in nodes)
        question = Question(Weights(run.project.network, run.project.task, run.folder), pixels, views)
        self._asked, self._asked_for = {question: run}, (run, len(run.epochs))
        self._looker.ask(question)

    def _take_answer(self, question: Question, sight: Sight) -> None:
        run = self._asked.get(question)
        if run is not None:
            run.sight = sight
            self.seen.emit(run)


def watched_nodes(network: Network, prefix: str = "") -> dict[str, str]:
    """For each item that a drawing shows, the node whose output stands for it: a collapsed block's is its exit."""
    found: dict[str, str] = {}
    for name in network.children(prefix):
        if name in network:
            found[name] = name
        elif network.block(name).collapsed:
            found[name] = exit_of(network, name)
        else:
            found.update(watched_nodes(network, name))
    return found


def _first_image(origin: _Origin, job: Job) -> tuple[_Origin, NDArray[np.uint8]]:
    """An image of the data, uint8 ``(3, H, W)``; raises `LayerloomError` if there is none here."""
    source, scaling = origin
    if not is_here(source):
        raise LayerloomError(f"{source.title} has not been downloaded yet: the workspace Data does it.")
    return origin, first_image(source, _EDGE, scaling=scaling, progress=lambda _: job.check())
