"""What a training hands over to be kept, and takes up again to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from torch import Tensor, nn

from engine.training.events import Event
from engine.training.position import Position


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """All that a training needs to go on: the state dict, the optimiser's tensors by parameter, the position.

    ``averages`` is the state dict of averaged weights, where there are any.
    ``ended`` says that it had come to an end, and was not cut off.
    """

    weights: Mapping[str, Tensor]
    moments: Mapping[int, Mapping[str, Tensor]]
    position: Position
    averages: Mapping[str, Tensor] = field(default_factory=dict)
    ended: bool = False


class Keeper(Protocol):
    """Where a run is kept. Each method raises ``OSError`` when there is no room; what was kept stays whole."""

    @property
    def place(self) -> Path:
        """The folder of the run."""

    def log(self, event: Event) -> None:
        """Add an event to the metrics."""

    def save_position(self, checkpoint: Checkpoint) -> None:
        """Keep all that is needed to go on from here."""

    def save_epoch(self, model: nn.Module, epoch: int, *, best: bool) -> None:
        """Keep the weights after an epoch, and as the best ones if they are."""


class NotKeptError(Exception):
    """A run cannot be kept in its ``place`` any more: ``reason`` is what the system said."""

    def __init__(self, place: Path, reason: OSError) -> None:
        super().__init__(str(reason))
        self.place = place
        self.reason = reason


@contextmanager
def keeping(run: Keeper) -> Iterator[None]:
    """Raise `NotKeptError` where ``run`` raises ``OSError``, which tells it from any other that training meets."""
    try:
        yield
    except OSError as error:
        raise NotKeptError(run.place, error) from error
