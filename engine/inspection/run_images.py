"""The images of a run, for what a look inside asks of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import torch
from torch import Tensor

from engine.data.loaded import LoadedData, Split
from engine.data.progress import Listener, Progress, tell
from engine.errors import LayerloomError
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder

BATCH = 128

T = TypeVar("T")


class RunImages:
    """Reads them when they are first asked for; ``listener`` hears of whatever takes long, and may call it off."""

    def __init__(self, run: RunFolder, data: LoadedData | None = None) -> None:
        self.run = run
        self._data = data
        self.listener: Listener | None = None

    @property
    def data(self) -> LoadedData:
        """All of them; raises `LayerloomError` if they cannot be had any more."""
        if self._data is None:
            self._data = load_run_data(self.run, progress=self.listener)
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
