"""The images of a run or a project, for what a look inside asks of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import torch
from torch import Tensor

from engine.data.loaded import LoadedData, Split
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError

BATCH = 128

T = TypeVar("T")


class RunImages:
    """Reads them by ``read`` when they are first asked for; ``listener`` hears of whatever takes long, and may end it.

    Without ``read`` there are none for a network ``of`` this name.
    """

    def __init__(self, of: str, read: Callable[[Listener | None], LoadedData] | None) -> None:
        self._of, self._read = of, read
        self._data: LoadedData | None = None
        self.listener: Listener | None = None

    @property
    def data(self) -> LoadedData:
        """All of them; raises `LayerloomError` if they cannot be had."""
        if self._data is None:
            if self._read is None:
                raise LayerloomError(f"There are no images for {self._of}: train it on a data set first.")
            self._data = self._read(self.listener)
        return self._data

    def part(self, name: str) -> Split:
        """The "train", "validation" or "test" images; raises `LayerloomError` if there are none."""
        if name not in self.data.splits:
            raise LayerloomError(f"There is no part '{name}': choose train, validation or test.")
        self.data.require(name)
        return self.data.splits[name]

    def each(
        self, split: Split, of: Callable[[Tensor], T], *, device: torch.device, task: str
    ) -> Iterator[tuple[T, Tensor]]:
        """What ``of`` makes of batches of images, with their positions in the part; those unread are left out.

        Each image as it is, once. Raises `LayerloomError` if none of them can be read any more.
        """
        done = 0
        for images, positions in split.located(BATCH, device=device):
            tell(self.listener, Progress(task, done, len(split), "images"))
            yield of(images), positions
            done += len(positions)
        if not done:
            raise LayerloomError("None of the images could be read any more.")
