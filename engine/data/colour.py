"""Whether image files are in colour: by what their pixels show, as many a grey picture is kept as RGB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.extents import by_own_range
from engine.data.images import UnreadableImageError, read_image
from engine.data.split import first_of_each
from engine.layers.shape import Shape

_MOST = 40  # files looked at
_EDGE = 32  # px
_TINT = 24  # of 255 that channels of grey pictures may lie apart: JPEG and scanners tint


def in_colour(files: Sequence[Path], labels: NDArray[np.int64]) -> bool:
    """Whether any of the first images of each class has colours."""
    if not len(labels):
        return False
    first = first_of_each(labels, max(1, _MOST // len(np.unique(labels))))
    return any(_has_colours(files[index]) for index in first[:_MOST])


def _has_colours(file: Path) -> bool:
    try:
        pixels = read_image(file, Shape(3, _EDGE, _EDGE), scaling=by_own_range)
    except UnreadableImageError:
        return False
    return int(np.ptp(pixels.astype(np.int16), axis=0).max()) > _TINT
