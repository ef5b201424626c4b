"""Convolutions that torch lacks."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional


class PartiallyConnectedConv2d(nn.Module):
    """A convolution whose output maps each read only some input maps, listed in a table: (N, C, H, W) → (N, M, H', W').

    ``table[m]`` names the input maps that output map ``m`` reads. Only the kernels of the table exist: the weight is
    (connections, 1, K, K). LeCun et al. 1998, table I.
    """

    sources: torch.Tensor
    targets: torch.Tensor

    def __init__(
        self,
        table: tuple[tuple[int, ...], ...],
        kernel_size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.table, self.kernel_size, self.stride, self.padding = table, kernel_size, stride, padding
        sources = [source for row in table for source in row]
        targets = [target for target, row in enumerate(table) for _ in row]
        self.register_buffer("sources", torch.tensor(sources), persistent=False)
        self.register_buffer("targets", torch.tensor(targets), persistent=False)
        self.weight = nn.Parameter(torch.empty(len(sources), 1, *kernel_size))
        self.bias = nn.Parameter(torch.zeros(len(table))) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw each kernel within ± 1/√(inputs of its output map), as torch's own convolutions do."""
        area = self.kernel_size[0] * self.kernel_size[1]
        bounds = [1 / math.sqrt(len(row) * area) for row in self.table for _ in row]
        with torch.no_grad():
            self.weight.uniform_(-1, 1).mul_(torch.tensor(bounds)[:, None, None, None].to(self.weight))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        read = x[:, self.sources]
        responses = functional.conv2d(read, self.weight, None, self.stride, self.padding, groups=len(self.weight))
        shape = (len(x), len(self.table), *responses.shape[2:])
        total = responses.new_zeros(shape).index_add(1, self.targets, responses)
        return total if self.bias is None else total + self.bias[:, None, None]

    def extra_repr(self) -> str:
        return f"{len(self.table)} maps, {len(self.weight)} connections, kernel_size={self.kernel_size}"
