"""The steps whose figures nobody has read yet, so that no step waits for the device to be done with the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from engine.recipe.losses import Loss
from engine.recipe.metrics import Metric, total_of
from engine.training.updates import Answers, Update, numbers

STEPS_UNREAD = {"cuda": 64}
"""After how many steps a kind of device is waited for; any other answers so soon that every update is read first."""

_MOST_STEPS = 64
_MOST_VALUES = 2**16  # of the answers: keeping more costs more than to measure several steps at once saves


class Step(NamedTuple):
    """An update at a learning ``rate`` from so many ``images``; ``passed`` of the epoch have had their turn with it.

    ``sums`` are those of all metrics but the loss. Where one counts, its sum over several steps is with one of them.
    """

    done: Update
    rate: float
    images: int
    passed: int
    sums: dict[str, float]


class Unread:
    """Steps in the order they were made; ``metrics`` are measured by ``loss``, but for that itself."""

    def __init__(self, metrics: Sequence[Metric], loss: Loss, device: torch.device) -> None:
        self._metrics = [metric for metric in metrics if not metric.minimised]
        self._loss = loss
        self._behind = device.type in STEPS_UNREAD
        self._most = STEPS_UNREAD.get(device.type, _MOST_STEPS)
        self._steps: list[Step] = []
        self._coming: _Block | None = None  # what was asked of the device, and may not be here yet
        self._answers: list[Answers] = []  # of steps that were not measured yet
        self._values = 0
        self._totals: dict[str, list[Tensor]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._steps) + (len(self._coming.steps) if self._coming else 0)

    @property
    def is_full(self) -> bool:
        """Whether some should be taken before the next step."""
        return len(self._steps) >= self._most

    def add(self, done: Update, rate: float, *, images: int, passed: int) -> None:
        """A step was made."""
        self._steps.append(Step(done, rate, images, passed, {}))
        self._answers.append(done.answers)
        for outputs, _ in done.answers:
            self._values += outputs.numel()
        if self._values >= _MOST_VALUES:
            self._measure()

    def take(self, *, wait: bool) -> list[Step]:
        """The steps made, read; without ``wait`` those that were asked for before, where a GPU works on meanwhile."""
        blocks = [self._coming, self._asked()]
        self._coming = None
        if self._behind and not wait:
            self._coming = blocks.pop()
        return [step for block in blocks if block for step in block.read()]

    def _asked(self) -> _Block | None:
        if not self._steps:
            return None
        self._measure()
        block = _Block(self._steps, self._totals)
        self._steps, self._totals = [], defaultdict(list)
        return block

    def _measure(self) -> None:
        """Sum each metric over all steps in one, or one a step: only what counts is the same however it is added up."""
        every, self._answers, self._values = self._answers, [], 0
        for metric in self._metrics if every else ():
            each = [[answer for answers in every for answer in answers]] if metric.counts else every
            self._totals[metric.name] += [total_of(metric, *_joined(answers), self._loss) for answers in each]
        for answers in every:
            answers.clear()  # which the steps hold too


class _Block:
    """Some steps on their way to the CPU, with the sums of metrics over them."""

    def __init__(self, steps: list[Step], totals: Mapping[str, list[Tensor]]) -> None:
        self.steps = steps
        self._names = [(step, name) for name, sums in totals.items() for step, _ in zip(steps, sums, strict=False)]
        figures = [figure for step in steps for _, unread in step.done.unread for figure in unread]
        self._figures = [*figures, *(one for sums in totals.values() for one in sums)]
        self._here: torch.Event | None = None
        if self._figures and self._figures[0].device.type == "cuda":
            self._figures = [torch.stack(self._figures).to("cpu", non_blocking=True)]  # into pinned memory
            self._here = torch.Event("cuda")
            self._here.record()

    def read(self) -> list[Step]:
        """The steps, once their figures are here."""
        if self._here:
            self._here.synchronize()
            self._figures = list(self._figures[0])
        figures = iter(numbers(self._figures) if self._figures else ())
        for step in self.steps:
            for share, unread in step.done.unread:
                step.done.add(share, [next(figures) for _ in unread])
        for (step, name), total in zip(self._names, figures, strict=True):
            step.sums[name] = total
        return self.steps


def _joined(answers: Answers) -> tuple[Tensor, Tensor]:
    """Outputs and targets of several batches, or parts of one, as one."""
    if len(answers) == 1:
        return answers[0]
    outputs, targets = zip(*answers, strict=True)
    return torch.cat(outputs), torch.cat(targets)
