"""The sliding window of a layer, from which receptive fields follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


@dataclass(frozen=True, slots=True)
class Window:
    """How a layer slides over its input, rows first: kernel, stride, padding before, dilation and what is padded."""

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    mode: PaddingMode = "zeros"
