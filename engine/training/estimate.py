"""What a training will hold and how long it will take, said before its first step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import torch

from engine.errors import LayerloomError
from engine.layers import Shape
from engine.machine.devices import half_precision, torch_device
from engine.machine.memory import device_memory
from engine.network import Network, analyse
from engine.recipe.recipe import LARGEST_BATCH, Recipe
from engine.training.footprint import Footprint, footprint
from engine.training.pace import Images, Pace, Times, as_divided, calculated, times_of
from engine.training.rates import Rates, rates_of
from engine.words import counted, memory, thousands

KEPT_FREE = 0.1
"""The share of a device's memory that the largest batch leaves to others."""
_VALUE = 4  # bytes: weights are float32


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that memory is held for; ``note`` says in what form."""

    name: str
    title: str
    note: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes of memory by part, on ``device``, which has ``capacity`` of them: None where the system does not say.

    ``precision`` is the number format of the passes: "float32", "bfloat16" or "float16". ``largest_batch`` leaves a
    tenth of the device free; 0 if not even one image fits, None with ``capacity``. It never has more images than train:
    ``holds_all`` says that it has them all. ``pace`` is how fast it goes, ``times`` what comes of that, None where it
    is not known how many images there are.
    """

    device: str
    precision: str
    batch_size: int
    parts: tuple[Part, ...]
    capacity: int | None
    largest_batch: int | None
    pace: Pace
    times: Times | None = None
    holds_all: bool = False

    @property
    def bytes(self) -> int:
        """All parts together."""
        return sum(part.bytes for part in self.parts)

    @property
    def fits(self) -> bool:
        """Whether the device has so much."""
        return self.capacity is None or self.bytes <= self.capacity

    def among(self, images: Images | None) -> Estimate:
        """The same with no larger batch than there are training images, if any are known of."""
        if not (images and images.train) or self.largest_batch is None or self.largest_batch < images.train:
            return self
        return replace(self, largest_batch=images.train, holds_all=True)

    def at_pace(self, pace: Pace, recipe: Recipe, images: Images | None) -> Estimate:
        """The same at another pace."""
        return replace(self, pace=pace, times=times_of(pace, recipe, images) if images else None)


class Estimator:
    """Estimates trainings of one network, which must not change any more.

    What is found out for one recipe serves the others. ``rates`` says how fast a device is in a number format.
    """

    def __init__(
        self, network: Network, *, rates: Callable[[torch.device, torch.dtype | None], Rates] = rates_of
    ) -> None:
        self._rates = rates
        self._network = network
        self._footprint = cache(self._found)

    def estimate(self, recipe: Recipe, images: Images | None = None, *, program: int | None = None) -> Estimate:
        """The memory and the time that training takes on this machine, with so many ``images`` if that is known.

        ``program`` bytes are what is held there before it begins, measured if it is None. Raises `LayerloomError` where
        the network has problems or the machine lacks the device.
        """
        device, half = torch_device(recipe), half_precision(recipe)
        found = self._footprint(recipe.loss.takes_scores, half is not None)
        there, real = device_memory(str(device)), as_divided(recipe, images) if images else recipe
        used = there.used if there else 0
        parts = memory_parts(found, real, program=used if program is None else program)
        capacity = there.total if there else None
        largest = None if capacity is None else largest_batch(found, parts, capacity=capacity)
        pace = calculated(found, real, self._shape(), self._rates(device, half))
        precision = str(half or torch.float32).removeprefix("torch.")
        held = Estimate(str(device), precision, recipe.batch_size, parts, capacity, largest, pace)
        return held.among(images).at_pace(pace, recipe, images)

    def _found(self, logits: bool, mixed: bool) -> Footprint:
        return footprint(self._network, logits=logits, mixed=mixed)

    def _shape(self) -> Shape:
        analysis = analyse(self._network)
        shapes = [shape for name in self._network.inputs if (shape := analysis[name].output)]
        if not shapes:
            raise LayerloomError("The network has no input.")
        return shapes[0]


def estimate(network: Network, recipe: Recipe, images: Images | None = None) -> Estimate:
    """What training ``network`` once takes: see `Estimator.estimate`."""
    return Estimator(network).estimate(recipe, images)


def memory_parts(found: Footprint, recipe: Recipe, *, program: int = 0) -> tuple[Part, ...]:
    """What each thing takes at the batch size of ``recipe``; ``program`` is what is held there before it begins."""
    moments, learned = recipe.optimiser.moments, found.gradients // _VALUE
    values = f"{moments} value{'s' if moments > 1 else ''} a weight"
    averages = found.weights if recipe.average else 0
    activations = found.activations(recipe.batch_size)
    an_image = f"{memory(activations // recipe.batch_size)} × {counted(recipe.batch_size, 'image')}"
    parts = (
        Part("weights", "Weights", f"float32, {thousands(found.weights // _VALUE)} × {_VALUE} B", found.weights),
        Part("copies", "16-bit copy", "for both passes", found.copies),
        Part("gradients", "Gradients", "float32", found.gradients),
        Part("optimiser", recipe.optimiser.title, values, moments * learned * _VALUE),
        Part("average", "Averaged weights", "float32", averages),
        Part("activations", "Activations", an_image, activations),
        Part("program", "Program and libraries", "measured", program),
    )
    return tuple(part for part in parts if part.bytes)


def largest_batch(found: Footprint, parts: tuple[Part, ...], *, capacity: int) -> int:
    """The largest batch that leaves a tenth of a device with ``capacity`` bytes free; 0 if not even one image fits."""
    beside = sum(part.bytes for part in parts if part.name in ("optimiser", "average", "program"))
    return min(LARGEST_BATCH, found.largest_batch(int(capacity * (1 - KEPT_FREE)) - beside))
