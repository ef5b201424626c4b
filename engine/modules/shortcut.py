"""The shortcut without parameters of the first residual networks."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class ZeroPadShortcut(nn.Module):
    """Every ``stride``-th row and column, with maps of zeros behind, up to ``channels`` maps.

    (N, C, H, W) → (N, channels, ⌈H/s⌉, ⌈W/s⌉). He et al. 2015, section 3.3, option A.
    """

    def __init__(self, channels: int, stride: tuple[int, int] = (2, 2)) -> None:
        super().__init__()
        self.channels, self.stride = channels, stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = x[:, :, :: self.stride[0], :: self.stride[1]]
        return functional.pad(kept, [0, 0, 0, 0, 0, self.channels - x.shape[1]])
