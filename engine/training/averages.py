"""Averages of the weights over the steps of a training."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class Averages:
    """A network whose weights and running averages are the moving averages of those of another that trains.

    After step t it is d·average + (1 - d)·weights, where d is the least of ``decay`` and (1 + t) / (10 + t), so that
    the first steps are soon forgotten. Counts, such as batch norm's of batches, are as the other has them.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self._decay = decay
        pairs = list(zip(self._tensors(self.model), self._tensors(model), strict=True))
        self._averages, self._weights = _columns([pair for pair in pairs if pair[0].is_floating_point()])
        self._counts = [pair for pair in pairs if not pair[0].is_floating_point()]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after ``step``, which counts from 1."""
        decay = min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._averages, self._weights, 1 - decay)
        for mine, theirs in self._counts:
            mine.copy_(theirs)

    @staticmethod
    def _tensors(model: nn.Module) -> list[Tensor]:
        return [*(one.detach() for one in model.parameters()), *model.buffers()]


def _columns(pairs: list[tuple[Tensor, Tensor]]) -> tuple[list[Tensor], list[Tensor]]:
    return [mine for mine, _ in pairs], [theirs for _, theirs in pairs]
