"""How each layer learns: gradient norms, size of updates, dead ReLUs."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from engine.training.events import SILENT, Health

_COST = 0.01  # of the training time
_INTERVAL = 0.1  # seconds: a screen shows no more
_RECTIFIERS = (nn.ReLU, nn.ReLU6)


class HealthMeter:
    """Measures some steps, so few that measuring costs at most 1 % of what the thread that trains has to do.

    That is its own time: on a machine that others use too, the clock on the wall would let it take more of it.
    """

    def __init__(self, model: nn.Module) -> None:
        self._parameters = [
            (name.rpartition(".")[0], parameter)
            for name, parameter in model.named_parameters()
            if parameter.requires_grad
        ]
        self._rectifiers = {name: module for name, module in model.named_modules() if isinstance(module, _RECTIFIERS)}
        self._spent = 0.0
        self._began = time.thread_time()
        self._measured = 0.0
        self._dead: dict[str, Tensor] = {}
        self._silence: dict[str, Tensor] = {}  # for how many images in a row each map has not fired
        self._seen: Counter[str] = Counter()  # images

    def is_due(self) -> bool:
        """Whether the next step may be measured."""
        rested = time.perf_counter() - self._measured >= _INTERVAL
        return rested and self._spent <= _COST * (time.thread_time() - self._began)

    @contextmanager
    def forward(self) -> Iterator[None]:
        """Around the forward pass of a measured step: sees which ReLU maps stay 0."""
        self._dead = {}
        hooks = [module.register_forward_hook(self._note_dead(name)) for name, module in self._rectifiers.items()]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def update(self, step: Callable[[], object]) -> dict[str, Health]:
        """Let the optimiser ``step``, gradients ready; the health of every node that has any."""
        with self._paid(), torch.no_grad():
            learning = [(node, weight, grad) for node, weight in self._parameters if (grad := weight.grad) is not None]
            gradients = torch._foreach_norm([grad for _, _, grad in learning])
            change = [weight.detach().clone() for _, weight, _ in learning]
            norms = torch._foreach_norm(change)
        step()
        with self._paid(), torch.no_grad():
            torch._foreach_sub_(change, [weight.detach() for _, weight, _ in learning])
            rows = [torch.stack(list(row)).float() for row in (gradients, norms, torch._foreach_norm(change))]
            columns = torch.stack(rows, dim=1).double().tolist()
            self._measured = time.perf_counter()
            return self._collect([node for node, _, _ in learning], columns)

    def _collect(self, nodes: list[str], columns: list[list[float]]) -> dict[str, Health]:
        squares: dict[str, list[float]] = {}
        for node, column in zip(nodes, columns, strict=True):
            before = squares.get(node, [0.0, 0.0, 0.0])
            squares[node] = [total + value * value for total, value in zip(before, column, strict=True)]
        found: dict[str, Health] = {}
        for node, (gradient, weight, update) in squares.items():
            found[node] = Health(math.sqrt(gradient), math.sqrt(update / weight) if weight else None)
        for node, dead in self._dead.items():
            found[node] = Health(dead=dead.float().mean().item(), maps=len(dead), seen=self._seen[node])
        return found

    def _note_dead(self, name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(_: nn.Module, __: tuple[Tensor, ...], output: Tensor) -> None:
            with self._paid(), torch.no_grad():
                silent = output.detach().amax(dim=(0, *range(2, output.ndim))) <= 0
                self._seen[name] += len(output)
                self._silence[name] = (self._silence.get(name, torch.zeros_like(silent)) + len(output)) * silent
                self._dead[name] = self._silence[name] >= min(SILENT, self._seen[name])

        return hook

    @contextmanager
    def _paid(self) -> Iterator[None]:
        began = time.thread_time()
        try:
            yield
        finally:
            self._spent += time.thread_time() - began
