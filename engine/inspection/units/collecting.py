"""Gathering what the units of one layer answer, batch by batch."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.inspection.units.answers import TOP, Answers, Floats, Numbers, PerImage, Top, grid_of
from engine.inspection.units.histogram import Histograms
from engine.layers.shape import Shape


class Strongest:
    """The nine strongest places of each unit so far; images must come in order."""

    def __init__(self, units: int) -> None:
        self.values: Floats = np.full((units, TOP), -np.inf, np.float32)
        self.places: Numbers = np.full((units, TOP, 2), -1, np.int64)  # image, cell

    def beaten_by(self, best: Floats) -> Numbers:
        """The units whose weakest kept place is weaker than the ``best`` ``(U,)`` new one."""
        return np.flatnonzero(best > self.values[:, -1])

    def take(self, units: Numbers, values: Floats, images: Numbers, cells: Numbers) -> None:
        """Let places ``(n, m)`` of ``n`` units compete with theirs; earlier ones win where values are equal."""
        all_values = np.concatenate([self.values[units], values], axis=1)
        places = np.concatenate([self.places[units], np.stack([images, cells], axis=-1)], axis=1)
        order = np.argsort(-all_values, axis=1, kind="stable")[:, :TOP]
        self.values[units] = np.take_along_axis(all_values, order, axis=1)
        self.places[units] = np.take_along_axis(places, order[..., None], axis=1)

    def top(self, width: int) -> Top:
        """What is kept; cells are numbered row by row, ``width`` a row."""
        images, cells = self.places[..., 0], self.places[..., 1]
        there = images >= 0
        rows, columns = (np.where(there, found, -1) for found in np.divmod(cells, width))
        return Top(np.where(there, self.values, np.nan).astype(np.float32), images, rows, columns)


class Collected:
    """All that becomes the `Answers` of a node that gives ``output``."""

    def __init__(self, output: Shape, classes: int) -> None:
        self.output = output
        self.images = 0
        units = output[0]
        self._one, self._any = Strongest(units), Strongest(units)
        self._highest, self._lowest = np.full(units, -np.inf, np.float32), np.full(units, np.inf, np.float32)
        self._cells_above, self._images_above = np.zeros(units), np.zeros(units)
        self._sums, self._class_images = np.zeros((units, classes)), np.zeros(classes, np.int64)
        self._histograms = Histograms(units, classes)

    def add(self, values: Tensor, positions: Numbers, labels: Numbers) -> bool:
        """Take in what the node gives for some images, ``(N, U, …)``; nothing, and False, where that is no number.

        ``positions`` ``(N,)`` are those in the part, ``labels`` ``(N,)`` their classes.
        """
        flat = values.float().flatten(2) if values.ndim > 2 else values.float()[..., None]
        best, cells = (one.cpu().numpy() for one in flat.max(dim=2))
        lowest = flat.amin(dim=(0, 2)).cpu().numpy()
        if not (np.isfinite(best).all() and np.isfinite(lowest).all()):
            return False
        highest = best.max(axis=0)
        self._take_one(best, cells, positions, highest)
        self._take_any(flat, positions, highest)
        self._highest, self._lowest = np.maximum(self._highest, highest), np.minimum(self._lowest, lowest)
        self._cells_above += (flat > 0).sum(dim=(0, 2)).cpu().numpy()
        self._images_above += (best > 0).sum(axis=0)
        self.images += len(best)
        belongs = np.eye(len(self._class_images))[labels]
        self._sums += best.T.astype(np.float64) @ belongs
        self._class_images += belongs.sum(axis=0).astype(np.int64)
        self._histograms.add(best, labels)
        return True

    def answers(self, node: str, part: str, *, of: int, classes: tuple[str, ...]) -> Answers:
        """What came together."""
        seen = np.where(self._class_images > 0, self._class_images, np.nan)
        grid = grid_of(self.output)
        tops: dict[PerImage, Top] = {"one": self._one.top(grid[1]), "any": self._any.top(grid[1])}
        return Answers(
            node=node,
            part=part,
            images=self.images,
            of=of,
            grid=grid,
            classes=classes,
            tops=tops,
            highest=self._highest,
            lowest=self._lowest,
            cells_above=self._cells_above / (self.images * grid[0] * grid[1]),
            images_above=self._images_above / self.images,
            class_means=self._sums / seen,
            class_images=self._class_images,
            bins_from=self._histograms.first,
            bin_width=self._histograms.width,
            counts=self._histograms.counts,
        )

    def _take_one(self, best: Floats, cells: Numbers, positions: Numbers, highest: Floats) -> None:
        units = self._one.beaten_by(highest)
        images = np.broadcast_to(positions, (len(units), len(positions)))
        self._one.take(units, best[:, units].T, images, cells[:, units].T)

    def _take_any(self, flat: Tensor, positions: Numbers, highest: Floats) -> None:
        cells = flat.shape[2]
        for unit in self._any.beaten_by(highest).tolist():
            places = _strongest_of(flat[:, unit], self._any.values[unit, -1])
            image, cell = np.divmod(places, cells)
            values = flat[:, unit].cpu().numpy()[image, cell]
            self._any.take(np.array([unit]), values[None], positions[image][None], cell[None])


def _strongest_of(values: Tensor, above: np.float32) -> NDArray[np.int64]:
    """Where the nine largest of ``values`` ``(N, cells)`` are that lie above one; of equal ones the first, by image."""
    row = values.reshape(-1)
    least = torch.topk(row, min(TOP, row.numel())).values[-1]
    enough = row >= least if float(least) > above else row > float(above)
    places = enough.nonzero().flatten().cpu().numpy()
    order = np.argsort(-row.cpu().numpy()[places], kind="stable")[:TOP]
    return places[order].astype(np.int64)
