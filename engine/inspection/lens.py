"""A network with its weights, ready to show what it makes of an image."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.compiling import compile_network
from engine.compiling.taps import feature_maps
from engine.data.images import Pixels, fit
from engine.data.normalise import Normalisation
from engine.inspection.filters import Filters, filters
from engine.inspection.step_through import StepThrough, step_through
from engine.layers.shape import Shape
from engine.network import Network, analyse
from engine.runs.run_folder import RunFolder
from engine.tasks import Task
from engine.tasks.heads import heads_of


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a network makes of one image.

    ``maps`` by node are ``(C, H, W)`` or ``(N,)``; ``prediction`` ``(…)`` is the task's; ``seconds`` is what it took.
    """

    pixels: Pixels
    maps: Mapping[str, NDArray[np.float32]]
    prediction: NDArray[np.float64]
    seconds: float


class Lens:
    """A compiled network on the CPU, in evaluation mode.

    Raises `LayerloomError` for a network that has errors.
    """

    def __init__(
        self,
        network: Network,
        *,
        task: Task,
        normalisation: Normalisation | None = None,
        seed: int | None = 0,
    ) -> None:
        self.network = network
        self.module = compile_network(network, seed=seed).eval()
        self.shape: Shape = analyse(network)[network.inputs[0]].output or Shape()
        middle = (0.5,) * self.shape.channels
        self._normalise = normalisation or Normalisation(middle, middle)
        self._heads = heads_of(network)
        self._task = task

    @classmethod
    def of_run(cls, folder: RunFolder) -> Lens:
        """The network of a run, still with initial weights: call `load` next."""
        project, record = folder.project(), folder.record
        return cls(project.network, task=project.task, normalisation=Normalisation(record.mean, record.std))

    def load(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of a checkpoint."""
        self.module.load_state_dict(weights)

    def prepare(self, pixels: Pixels) -> Tensor:
        """A batch of one, as the network was trained on it: ``(1, C, H, W)``, float32."""
        return self._normalise(torch.from_numpy(fit(pixels, self.shape)[None].copy()))

    @torch.inference_mode()
    def look(self, pixels: Pixels, nodes: Iterable[str] = ()) -> Sight:
        """Show the network an image ``(C, H, W)``, uint8, and keep what ``nodes`` give.

        Nodes that lead to no output give nothing.
        """
        began = time.perf_counter()
        images = self.prepare(pixels)
        computed = (node for node in nodes if node in self.module.meta["values"])
        asked = tuple(dict.fromkeys((*computed, self._heads.main)))
        maps = {node: np.asarray(found[0]) for node, found in feature_maps(self.module, images, asked).items()}
        outputs = torch.from_numpy(maps[self._heads.main][None])
        prediction = self._task.predictions(outputs, probabilities=self._heads.after_softmax)[0].numpy()
        return Sight(pixels, maps, prediction, time.perf_counter() - began)

    def filters(self, node: str) -> Filters | None:
        """What a node has learned, or None if it learns nothing that can be shown."""
        return filters(self.module, node)

    def step_through(self, pixels: Pixels, node: str, *, channel: int, row: int, column: int) -> StepThrough:
        """One value of a convolution worked out on paper; raises `LayerloomError` for another layer."""
        images = self.prepare(pixels)
        return step_through(self.network, self.module, images, node, channel=channel, row=row, column=column)
