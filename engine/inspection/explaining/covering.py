"""Scores of an image with a patch on it, at one place after another (Zeiler & Fergus 2014, section 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import LayerloomError
from engine.inspection.explaining.evidence import Cover, Explained, Occluded
from engine.inspection.explaining.occlusion import Fill
from engine.inspection.explaining.scoring import class_scores, require_finite
from engine.inspection.explaining.slopes import batches
from engine.inspection.fitting import require_class
from engine.inspection.lens import Lens

_SMALL = 64  # px: up to here the patch goes pixel by pixel
_LESS = 8  # times as many images go together as with gradients


@dataclass(frozen=True, slots=True)
class Covering:
    """Where patches stand on an image ``height`` × ``width``: around the middle of each cell of ``stride`` px."""

    height: int
    width: int
    patch: int
    stride: int

    @classmethod
    def of(cls, image: Tensor, *, patch: int | None, stride: int | None) -> Self:
        """The usual one for what is left out; raises `LayerloomError` for one that does not fit an image."""
        height, width = image.shape[2:]
        shorter = min(height, width)
        if patch is None:
            patch = min(shorter, max(1, round(shorter / 6), stride or 1))
        if patch > shorter:
            raise LayerloomError(f"A patch of {patch} px is larger than the image, {height}×{width}.")
        if stride is None:
            stride = min(patch, 1 if shorter <= _SMALL else round(shorter / 16))
        if stride > patch:
            raise LayerloomError(
                f"With a stride of {stride} px a patch of {patch} px leaves gaps: take at most {patch}."
            )
        return cls(height, width, patch, stride)

    @property
    def rows(self) -> int:
        """How many rows of cells there are."""
        return -(-self.height // self.stride)

    @property
    def columns(self) -> int:
        """How many cells a row has."""
        return -(-self.width // self.stride)

    def rectangle(self, row: int, column: int) -> tuple[slice, slice]:
        """The rows and columns of pixels that the patch around a cell covers."""
        return self._covered(row, self.height), self._covered(column, self.width)

    def _covered(self, cell: int, size: int) -> slice:
        first = cell * self.stride - (self.patch - self.stride) // 2
        return slice(max(0, first), min(size, first + self.patch))

    def enlarged(self, losses: NDArray[np.float32]) -> NDArray[np.float32]:
        """A value a cell as one a pixel ``(H, W)``."""
        return losses.repeat(self.stride, 0).repeat(self.stride, 1)[: self.height, : self.width]


def occluded(
    lens: Lens, image: Tensor, covering: Covering, *, of: int | None, against: int | None, fill: Fill
) -> Iterator[Occluded]:
    """What is lost at each place, row by row of cells, as far as it is known."""
    scores, explained, _ = class_scores(lens, image, of=of)
    if against is not None:
        require_class(lens, against)
        explained = replace(explained, against=against, against_score=float(scores[0, against]))
    paint = _paint(lens, image, fill)
    losses = np.full((covering.rows, covering.columns), np.nan, np.float32)
    for row in range(covering.rows):
        losses[row] = _row(lens, image, covering, row, explained, paint)
        yield _result(lens, covering, losses.copy(), explained, done=(row + 1) / covering.rows)


def _row(
    lens: Lens, image: Tensor, covering: Covering, row: int, explained: Explained, paint: Tensor
) -> NDArray[np.float32]:
    """What is lost at each place of a row of cells."""
    found: list[Tensor] = []
    column = 0
    for count in batches(covering.columns, image, times=_LESS):
        copies = image.repeat(count, 1, 1, 1)
        for one in copies:
            rows, columns = covering.rectangle(row, column)
            one[:, rows, columns] = paint
            column += 1
        scores = lens.scores(copies)
        require_finite(scores)
        found.append(_led(scores, explained))
    whole = explained.score if explained.against is None else explained.lead
    return (whole - torch.cat(found)).float().cpu().numpy()


def _led(scores: Tensor, explained: Explained) -> Tensor:
    """The score of the class, or its lead, of each of ``(N, K)``."""
    score = scores[:, explained.number]
    return score if explained.against is None else score - scores[:, explained.against]


def _paint(lens: Lens, image: Tensor, fill: Fill) -> Tensor:
    """What a patch covers an image with, in the network's range: ``(C, 1, 1)``."""
    if fill == "image":
        return image[0].mean(dim=(1, 2), keepdim=True)
    if fill == "mean":
        return torch.zeros_like(image[0, :, :1, :1])
    pixels = np.full(tuple(lens.shape), 255 if fill == "white" else 0, np.uint8)
    return lens.prepare(pixels)[0, :, :1, :1]


def _result(
    lens: Lens, covering: Covering, losses: NDArray[np.float32], explained: Explained, *, done: float
) -> Occluded:
    known = np.where(np.isnan(losses), 0, losses)
    return Occluded(
        covering.enlarged(known),
        explained,
        by_size=False,
        trained=lens.trained,
        done=done,
        losses=losses,
        patch=covering.patch,
        stride=covering.stride,
        most=_cover(covering, losses, int(np.nanargmax(losses))),
        least=_cover(covering, losses, int(np.nanargmin(losses))),
    )


def _cover(covering: Covering, losses: NDArray[np.float32], place: int) -> Cover:
    row, column = divmod(place, covering.columns)
    rows, columns = covering.rectangle(row, column)
    size = rows.stop - rows.start, columns.stop - columns.start
    return Cover(rows.start, columns.start, *size, float(losses[row, column]))
