"""Dropping weights in place of values."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class DropConnectLinear(nn.Linear):
    """A fully connected layer that drops each weight with probability ``p`` while training: (N, F) → (N, M).

    The weights that stay are scaled by 1/(1 − p); in evaluation all of them count. One draw serves the batch.
    Wan et al. 2013, Regularization of neural networks using DropConnect.
    """

    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        super().__init__(in_features, out_features, bias)
        self.p = p

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.linear(x, functional.dropout(self.weight, self.p, self.training), self.bias)
