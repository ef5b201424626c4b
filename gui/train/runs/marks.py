"""What the canvas shows of a run at each node."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage

from engine.inspection.sight import Sight
from engine.network import Network
from engine.training.events import share_of_dead
from gui.draw.canvas.model.marks import TrainingMark
from gui.style.colour_maps import ColourMap, image_of, image_of_pixels, span_of
from gui.train.runs.run import Run
from gui.train.runs.sample import watched_nodes


@dataclass(frozen=True, slots=True)
class Badges:
    """Which marks are wanted."""

    gradients: bool = True
    dead: bool = True
    activations: bool = True


class Thumbnails:
    """Pictures of what each node gives for the sample, made once for each new sight."""

    def __init__(self) -> None:
        self._sight: object = None
        self._images: dict[str, QImage] = {}

    def of(self, run: Run) -> dict[str, QImage]:
        """A picture for each node that was looked at."""
        if run.sight is not self._sight:
            self._sight = run.sight
            self._images = {} if run.sight is None else _pictures(run.sight, run.drawing)
        return self._images


def marks(run: Run, badges: Badges, thumbnails: Thumbnails) -> dict[str, TrainingMark]:
    """The marks of every item that the drawing of the run's network shows."""
    pictures = thumbnails.of(run) if badges.activations else {}
    where, warning = (run.advice.where, run.advice.sign) if run.advice else ("", "")
    found: dict[str, TrainingMark] = {}
    for item, node in watched_nodes(run.drawing).items():
        members = (item,) if item == node else run.drawing.members(item)
        mark = TrainingMark(
            strip=_strip(run, members) if badges.gradients else (),
            thumbnail=pictures.get(node),
            dead=_dead(run, members) if badges.dead else None,
            warning=warning if where and item == _item(run.drawing, where) else "",
        )
        if mark != TrainingMark():
            found[item] = mark
    return found


def _item(drawing: Network, row: str) -> str:
    """What stands for a row of the health: the node or block itself, or the first node of a block that is open."""
    return row if row in drawing or drawing.block(row).collapsed else drawing.members(row)[0]


def _strip(run: Run, members: Iterable[str]) -> tuple[float, ...]:
    """The norm of the gradients of all members together, batch by batch."""
    histories = [run.gradients[name] for name in members if name in run.gradients]
    newest_first = itertools.zip_longest(*(reversed(history) for history in histories), fillvalue=0.0)
    return tuple(math.hypot(*norms) for norms in newest_first)[::-1]


def _dead(run: Run, members: Iterable[str]) -> float | None:
    return share_of_dead(run.health[name] for name in members if name in run.health)


def _pictures(sight: Sight, drawing: Network) -> dict[str, QImage]:
    """The input as it is, and of maps the one that varies most."""
    pictures = {name: image_of_pixels(sight.pixels) for name in drawing.inputs}
    for node, maps in sight.maps.items():
        if maps.ndim == 3 and node not in pictures:
            with np.errstate(over="ignore", invalid="ignore"):  # of a training that blows up
                strongest = maps[int(np.argmax(maps.var(axis=(1, 2))))]
            pictures[node] = image_of(strongest, ColourMap.VIRIDIS, span_of(strongest))
    return pictures
