"""What the units of a layer answered to some images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.data.part_words import SPOKEN
from engine.layers.shape import Shape
from engine.words import counted, signed_text, thousands

TOP = 9
"""Places that are kept of each unit."""

_MOST_NAMED = 12  # units in a sentence

RARE = 0.01
"""A unit that is above 0 in fewer of the images is rare."""

PerImage = Literal["one", "any"]
"""Whether each image counts with its strongest place alone, or with any of its places."""

Floats: TypeAlias = "NDArray[np.float32]"
Sums: TypeAlias = "NDArray[np.float64]"
Numbers: TypeAlias = "NDArray[np.int64]"


@dataclass(frozen=True, slots=True, eq=False)
class Top:
    """The strongest places of each unit ``(U, 9)``, the strongest first: ``values``, and where they were.

    ``images`` are positions in the part, ``rows`` and ``columns`` the cell. Of equal values that of the first image
    comes first, in an image that of the first cell, row by row. Where there are fewer places, ``images`` is -1 and the
    value NaN.
    """

    values: Floats
    images: Numbers
    rows: Numbers
    columns: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the ``U`` units of ``node`` answered to ``images`` images of a part, in figures.

    ``tops`` has the strongest places with each image counting once ("one") and with all places counting ("any").
    ``highest`` and ``lowest`` ``(U,)`` are over all cells of all images, ``cells_above`` the share of those cells that
    are above 0, ``images_above`` the share of images with such a cell. ``class_means`` ``(U, K)`` are the means of the
    strongest answer to each image by its class, NaN for a class without images; ``class_images`` ``(K,)`` counts
    those; without classes K is 1. ``counts`` ``(U, K or 1, 64)`` are histograms of those answers: bin ``b`` of unit
    ``u`` is from ``bins_from[u] + b * bin_width[u]``; of many units and classes there is one a unit for all classes.
    ``grid`` is the number of rows and columns, ``classes`` are the names. ``of`` is how many images the part has.
    """

    node: str
    part: str
    images: int
    of: int
    grid: tuple[int, int]
    classes: tuple[str, ...]
    tops: dict[PerImage, Top]
    highest: Floats
    lowest: Floats
    cells_above: Sums
    images_above: Sums
    class_means: Sums
    class_images: Numbers
    bins_from: Sums
    bin_width: Sums
    counts: NDArray[np.int32]

    @property
    def units(self) -> int:
        """How many units the layer has."""
        return len(self.highest)

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Which units ``(U,)`` give one and the same value everywhere; behind a ReLU that is 0."""
        found: NDArray[np.bool_] = self.highest == self.lowest
        return found

    @property
    def rare(self) -> NDArray[np.bool_]:
        """Which units ``(U,)`` that never go below 0 rise above it for fewer than one image in a hundred."""
        found: NDArray[np.bool_] = ~self.dead & (self.lowest >= 0) & (self.images_above < RARE)
        return found

    @property
    def best_class(self) -> Numbers:
        """The class ``(U,)`` with the highest mean."""
        found: Numbers = np.where(np.isnan(self.class_means), -np.inf, self.class_means).argmax(axis=1)
        return found

    @property
    def summary(self) -> str:
        """How many units there are, and which are dead or rare: "16 units, on 270 test images: 2 dead (0, 6)."."""
        told = (_listed(what, some) for what, some in (("dead", self.dead), ("rare", self.rare)) if some.any())
        searched = f"{counted(self.units, 'unit')}, on {counted(self.images, f'{SPOKEN[self.part]} image')}"
        return f"{': '.join(filter(None, (searched, '; '.join(told))))}."

    def dead_words(self, unit: int) -> str:
        """What a dead unit gives: "0 for all 270 images"."""
        value = signed_text(f"{self.highest[unit]:.3g}")
        return f"{value} for " + ("the one image" if self.images == 1 else f"all {counted(self.images, 'image')}")


def _listed(what: str, which: NDArray[np.bool_]) -> str:
    numbers = np.flatnonzero(which).tolist()
    more = " …" if len(numbers) > _MOST_NAMED else ""
    return f"{thousands(len(numbers))} {what} ({', '.join(map(str, numbers[:_MOST_NAMED]))}{more})"


def useless_words(parameters: int) -> str:
    """What is said of the parameters of a dead unit: "Its 151 parameters do nothing."."""
    return f"Its {counted(parameters, 'parameter')} {'does' if parameters == 1 else 'do'} nothing."


def grid_of(output: Shape) -> tuple[int, int]:
    """Rows and columns of cells of a node that gives ``output``; a vector has one."""
    return (output.height, output.width) if output.is_map else (1, 1)
