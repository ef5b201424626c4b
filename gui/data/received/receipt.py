"""What the network receives of some images, as a picture shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.augmentation.warning import Values
from engine.data.settings import DataSettings
from engine.data.source import Source
from engine.data.warnings import DataWarning

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """An image after a step, uint8 ``(C, H, W)``, and what was drawn for it; ``doubtful`` if something may be lost.

    ``values`` are those that the ``lines`` tell, with their names, where a single one may be doubtful.
    """

    pixels: Pixels
    lines: tuple[str, ...] = ()
    doubtful: bool = False
    skipped: bool = False
    values: tuple[tuple[str, float], ...] = ()

    def lines_beyond(self, limits: Mapping[str, float]) -> frozenset[int]:
        """The lines that tell a value beyond what is harmless, by its name; all of them where it is doubtful."""
        if self.doubtful:
            return frozenset(range(len(self.lines)))
        return frozenset(
            line for line, (name, value) in enumerate(self.values) if abs(value) > limits.get(name, math.inf)
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A step, and its place among all of them, -1 for what is none."""

    title: str
    icon: str
    place: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One image: its place in the data set, its class, its name, and what it is before and after each step.

    ``outline`` are points ``(P, 2)`` around what the network sees of it, as parts of its width and height.
    """

    image: int
    label: str
    name: str
    original: Pixels
    outline: NDArray[np.float64]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Receipt:
    """The images after each step, the last column as they are normalised.

    ``mean`` and ``std`` are those that normalise, on the scale 0 to 1; ``drawn`` is what each step drew, by its place;
    ``source`` is where the images come from; ``seconds`` is what making it took.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    drawn: Mapping[int, Values]
    source: Source
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What there is to warn of under some settings, and how many seconds the steps add to a batch on the CPU."""

    settings: DataSettings
    warnings: tuple[DataWarning, ...]
    adds: float
    batch_size: int
