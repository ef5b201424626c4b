"""Short spellings of the layers that templates use most."""

from __future__ import annotations

from typing import Literal

from engine.layers.convolution import Conv2d
from engine.layers.linear import Linear
from engine.layers.pooling import AvgPool2d, MaxPool2d

Size = int | tuple[int, int]


def pair(size: Size) -> tuple[int, int]:
    """One number for both directions."""
    return (size, size) if isinstance(size, int) else size


def conv(
    maps: int,
    kernel: Size,
    *,
    stride: int = 1,
    padding: Size | Literal["same"] = 0,
    groups: int = 1,
    bias: bool = True,
) -> Conv2d:
    """``conv(64, 7, stride=2, padding=3)``."""
    return Conv2d(
        out_channels=maps,
        kernel_size=pair(kernel),
        stride=pair(stride),
        padding=padding if padding == "same" else pair(padding),
        groups=groups,
        bias=bias,
    )


def max_pool(kernel: int, *, stride: int, padding: int = 0, ceil: bool = False) -> MaxPool2d:
    """``max_pool(3, stride=2)``."""
    return MaxPool2d(kernel_size=pair(kernel), stride=pair(stride), padding=pair(padding), ceil_mode=ceil)


def average_pool(kernel: int, *, stride: int, padding: int = 0, ceil: bool = False) -> AvgPool2d:
    """``average_pool(2, stride=2)``."""
    return AvgPool2d(kernel_size=pair(kernel), stride=pair(stride), padding=pair(padding), ceil_mode=ceil)


def fc(features: int, *, bias: bool = True) -> Linear:
    """``fc(4096)``."""
    return Linear(out_features=features, bias=bias)
