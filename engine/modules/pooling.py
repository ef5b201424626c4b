"""Pools that torch lacks. Shapes (N, C, H, W) → (N, C, H', W'); padding is a pair of rows and columns, or "same"."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from engine.modules.same_padding import padded, same_padding


class WindowPool2d(nn.Module):
    """A window that slides over every map on its own; subclasses say what it makes of the values it reads."""

    outside = 0.0

    def __init__(
        self, kernel_size: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int] | str = (0, 0)
    ) -> None:
        super().__init__()
        if isinstance(padding, tuple) and any(2 * pad > size for pad, size in zip(padding, kernel_size, strict=True)):
            raise ValueError(f"padding {padding} is more than half of the window {kernel_size}")
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.pool(padded(x, self.kernel_size, self.stride, self.padding, self.outside))

    def pool(self, x: torch.Tensor) -> torch.Tensor:
        """Pool a padded ``x``."""
        raise NotImplementedError

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MinPool2d(WindowPool2d):
    """The smallest value of each window; padding never wins."""

    outside = float("inf")

    def pool(self, x: torch.Tensor) -> torch.Tensor:
        return -functional.max_pool2d(-x, self.kernel_size, self.stride)


class L2Pool2d(WindowPool2d):
    """The root of the sum of squares of each window.

    Where a window holds only zeros the root's slope is infinite: such a sum passes as it is, with a gradient of 0.
    """

    def pool(self, x: torch.Tensor) -> torch.Tensor:
        total = functional.avg_pool2d(x.square(), self.kernel_size, self.stride, divisor_override=1)
        empty = total == 0
        return torch.where(empty, total, total.masked_fill(empty, 1).sqrt())


class FractionalMaxPool2d(nn.FractionalMaxPool2d):
    """Torch's, with windows at random places while training alone (Graham 2014); in evaluation they stay in place."""

    def __init__(self, kernel_size: tuple[int, int], ratio: tuple[float, float]) -> None:
        super().__init__(kernel_size, output_ratio=ratio)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        places = None if self.training else x.new_full((len(x), x.shape[1], 2), 0.5)
        return functional.fractional_max_pool2d(
            x, self.kernel_size, output_ratio=self.output_ratio, _random_samples=places
        )


class DistanceWeightedAvgPool2d(WindowPool2d):
    """The mean of each window with weights 1 / (1 + d), d being the distance to its centre in pixels."""

    def pool(self, x: torch.Tensor) -> torch.Tensor:
        rows, columns = (
            torch.arange(size, device=x.device, dtype=x.dtype) - (size - 1) / 2 for size in self.kernel_size
        )
        weight = 1 / (1 + torch.hypot(rows[:, None], columns[None, :]))
        kernel = (weight / weight.sum()).expand(x.shape[1], 1, -1, -1)
        return functional.conv2d(x, kernel, stride=self.stride, groups=x.shape[1])


class Subsampling2d(nn.Module):
    """The sum of each window times a learned coefficient plus a learned bias, one of each a map.

    LeCun et al. 1998, section II.B, layers S2 and S4. It starts as the mean.
    """

    def __init__(self, channels: int, kernel_size: tuple[int, int], stride: tuple[int, int]) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        self.weight = nn.Parameter(torch.full((channels,), 1 / (kernel_size[0] * kernel_size[1])))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = functional.avg_pool2d(x, self.kernel_size, self.stride, divisor_override=1)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class MaxUnpool2d(nn.Module):
    """Puts each value back where the maximum of its window was, zeros elsewhere.

    ``before`` (N, C, H, W) is the map that a max pool of these settings read; its maxima are the
    switches. ``x`` (N, C, H', W') is as large as the pool's output, the result as large as
    ``before``. Zeiler & Fergus 2013, section 2.1.
    """

    def __init__(
        self,
        kernel_size: tuple[int, int],
        stride: tuple[int, int],
        padding: tuple[int, int] | str = (0, 0),
        dilation: tuple[int, int] = (1, 1),
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.ceil_mode = dilation, ceil_mode

    def forward(self, x: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
        pads, padding = [0, 0, 0, 0], (0, 0)
        if isinstance(self.padding, tuple):
            padding = self.padding
        else:
            pads = same_padding(before, self.kernel_size, self.stride, self.dilation)
        larger = functional.pad(before, pads, value=float("-inf"))
        windows = (self.kernel_size, self.stride, padding, self.dilation, self.ceil_mode)
        _, switches = functional.max_pool2d(larger, *windows, return_indices=True)
        flat = x.new_zeros(larger.shape).flatten(2).scatter(2, switches.flatten(2), x.flatten(2))
        return functional.pad(flat.view(larger.shape), [-pad for pad in pads])

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"
