"""The two kinds of cells of the neocognitron (Fukushima 1980), trained here by gradient descent."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


def falling_weights(kernel_size: tuple[int, int], gamma: float) -> torch.Tensor:
    """γ^d over a window, d being the distance to its centre in pixels; they add up to 1."""
    rows, columns = (torch.arange(size, dtype=torch.float32) - (size - 1) / 2 for size in kernel_size)
    weight = gamma ** torch.hypot(rows[:, None], columns[None, :])
    return weight / weight.sum()


class SCell2d(nn.Module):
    """Simple cells: u = r·ReLU((1 + Σ a·u_C) / (1 + r/(1 + r)·b·v) − 1), (N, C, H, W) → (N, planes, H', W').

    v is the root of the mean square of what the cell reads, weighted to fall off with the distance. A pattern that
    fits the kernel a beats the inhibition b·v; the selectivity r says by how much it must. a and b are taken as
    absolute values, as excitation and inhibition never change sign.
    """

    spread: torch.Tensor

    def __init__(
        self,
        channels: int,
        planes: int,
        kernel_size: tuple[int, int],
        padding: tuple[int, int] = (0, 0),
        selectivity: float = 1.5,
    ) -> None:
        super().__init__()
        self.padding, self.selectivity = padding, selectivity
        self.weight = nn.Parameter(torch.empty(planes, channels, *kernel_size))
        self.inhibition = nn.Parameter(torch.empty(planes))
        self.register_buffer("spread", falling_weights(kernel_size, 0.9)[None, None] / channels, persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw kernels with few strong values, and inhibition that lets fair fits through.

        With b = √(Σ a²/c) the quotient of excitation and inhibition is the cosine between kernel and pattern, so
        that hardly anything passes; 0.7 of that leaves each cell answering to some of what it sees.
        """
        strength, share = 10.0, 0.7
        with torch.no_grad():
            self.weight.uniform_().square_()
            norm = (self.weight.square() / self.spread).sum((1, 2, 3), keepdim=True).sqrt()
            self.weight.mul_(strength / norm)
            self.inhibition.fill_(share * strength)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        excitation = functional.conv2d(x, self.weight.abs(), padding=self.padding)
        power = functional.conv2d(x.square().sum(1, keepdim=True), self.spread, padding=self.padding)
        v = power.clamp_min(torch.finfo(x.dtype).tiny).sqrt()
        r = self.selectivity
        inhibition = r / (1 + r) * self.inhibition.abs()[:, None, None] * v
        return r * torch.relu((1 + excitation) / (1 + inhibition) - 1)


class CCell2d(nn.Module):
    """Complex cells: ψ(Σ d·u_S) with ψ(x) = x/(α + x), plane by plane, (N, C, H, W) → (N, C, H', W').

    The fixed weights d fall off with the distance and add up to 1: a blur that forgives small shifts,
    then saturates. ``lateral`` inhibition gives ψ((1 + Σ d·u_S) / (1 + v) − 1), v the mean of
    Σ d·u_S over all planes.
    """

    spread: torch.Tensor

    def __init__(
        self,
        kernel_size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        saturation: float = 1.0,
        lateral: bool = False,
    ) -> None:
        super().__init__()
        if any(2 * pad > size for pad, size in zip(padding, kernel_size, strict=True)):
            raise ValueError(f"padding {padding} is more than half of the window {kernel_size}")
        self.stride, self.padding = stride, padding
        self.saturation, self.lateral = saturation, lateral
        self.register_buffer("spread", falling_weights(kernel_size, 0.8)[None, None], persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        channels = x.shape[1]
        blur = functional.conv2d(
            torch.relu(x), self.spread.expand(channels, -1, -1, -1), None, self.stride, self.padding, groups=channels
        )
        if self.lateral:
            blur = torch.relu((1 + blur) / (1 + blur.mean(1, keepdim=True)) - 1)
        return blur / (self.saturation + blur)
