"""Strided windows with "same" padding, which torch's own layers refuse.

⌈N / s⌉ rows come out; the padding that needs is split evenly, the odd line after (as TensorFlow does).
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


def same_padding(
    x: torch.Tensor, kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> list[int]:
    """Columns before and after, rows before and after, in the order of ``functional.pad``."""
    pads: list[int] = []
    for axis in (1, 0):
        size = x.shape[2 + axis]
        windows = -(-size // stride[axis])
        reach = dilation[axis] * (kernel[axis] - 1) + 1
        total = max((windows - 1) * stride[axis] + reach - size, 0)
        pads += [total // 2, total - total // 2]
    return pads


def padded(
    x: torch.Tensor,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, int] | str,
    value: float = 0.0,
) -> torch.Tensor:
    """``x`` with rows and columns of ``value`` around it: as many as ``padding`` says, or as "same" needs."""
    if padding == "same":
        return functional.pad(x, same_padding(x, kernel, stride, (1, 1)), value=value)
    rows, columns = int(padding[0]), int(padding[1])
    return functional.pad(x, [columns, columns, rows, rows], value=value)


class SameConv2d(nn.Conv2d):
    """A convolution of any stride that keeps ⌈N / stride⌉ rows and columns: (N, C, H, W) → (N, M, ⌈H/s⌉, ⌈W/s⌉)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pads = same_padding(x, self.kernel_size, self.stride, self.dilation)
        mode = "constant" if self.padding_mode == "zeros" else self.padding_mode
        padded = functional.pad(x, pads, mode=mode)
        return functional.conv2d(padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


class SameMaxPool2d(nn.Module):
    """Max pooling that keeps ⌈N / stride⌉ rows and columns; the padding is −∞ and never wins."""

    def __init__(
        self, kernel_size: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int] = (1, 1)
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.dilation = kernel_size, stride, dilation

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pads = same_padding(x, self.kernel_size, self.stride, self.dilation)
        padded = functional.pad(x, pads, value=float("-inf"))
        return functional.max_pool2d(padded, self.kernel_size, self.stride, 0, self.dilation)


class SameAvgPool2d(nn.Module):
    """Average pooling that keeps ⌈N / stride⌉ rows and columns; the padding counts as zeros or not at all."""

    def __init__(self, kernel_size: tuple[int, int], stride: tuple[int, int], count_include_pad: bool = False) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.count_include_pad = kernel_size, stride, count_include_pad

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pads = same_padding(x, self.kernel_size, self.stride, (1, 1))
        mean = functional.avg_pool2d(functional.pad(x, pads), self.kernel_size, self.stride)
        if self.count_include_pad:
            return mean
        inside = functional.pad(torch.ones_like(x[:1, :1]), pads)
        return mean / functional.avg_pool2d(inside, self.kernel_size, self.stride)
