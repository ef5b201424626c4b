"""What a training will hold, said before its first step."""

from __future__ import annotations

from dataclasses import dataclass

from engine.machine.devices import half_precision, torch_device
from engine.machine.memory import device_memory
from engine.network import Network
from engine.recipe.recipe import LARGEST_BATCH, Recipe
from engine.training.footprint import Footprint, footprint
from engine.words import thousands

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

    ``largest_batch`` leaves a tenth of the device free; 0 if not even one image fits, None with ``capacity``.
    """

    device: str
    batch_size: int
    parts: tuple[Part, ...]
    capacity: int | None
    largest_batch: int | None

    @property
    def bytes(self) -> int:
        """All parts together."""
        return sum(part.bytes for part in self.parts)

    @property
    def fits(self) -> bool:
        """Whether the device has so much."""
        return self.capacity is None or self.bytes <= self.capacity


def estimate(network: Network, recipe: Recipe) -> Estimate:
    """The memory that training ``network`` takes on this machine; 15 % about what it comes to.

    Raises `LayerloomError` where the network has problems or the machine lacks the device.
    """
    device = torch_device(recipe)
    found = footprint(network, logits=recipe.loss.takes_scores, mixed=half_precision(recipe) is not None)
    memory = device_memory(str(device))
    parts = memory_parts(found, recipe, program=memory.used if memory else 0)
    capacity = memory.total if memory else None
    largest = None if capacity is None else largest_batch(found, parts, capacity=capacity)
    return Estimate(str(device), recipe.batch_size, parts, capacity, largest)


def memory_parts(found: Footprint, recipe: Recipe, *, program: int = 0) -> tuple[Part, ...]:
    """What each thing takes at the batch size of ``recipe``; ``program`` is what is held there before it begins."""
    moments, learned = recipe.optimiser.moments, found.gradients // _VALUE
    values = f"{moments} value{'s' if moments > 1 else ''} a weight"
    averages = found.weights if recipe.average else 0
    activations = found.activations(recipe.batch_size)
    parts = (
        Part("weights", "Weights", f"float32, {thousands(found.weights // _VALUE)} × {_VALUE} B", found.weights),
        Part("copies", "16-bit copy", "for the forward and backward pass", found.copies),
        Part("gradients", "Gradients", "float32", found.gradients),
        Part("optimiser", recipe.optimiser.title, values, moments * learned * _VALUE),
        Part("average", "Averaged weights", "float32", averages),
        Part("activations", "Activations", f"batch {thousands(recipe.batch_size)}", activations),
        Part("program", "Program and libraries", "measured", program),
    )
    return tuple(part for part in parts if part.bytes)


def largest_batch(found: Footprint, parts: tuple[Part, ...], *, capacity: int) -> int:
    """The largest batch that leaves a tenth of a device with ``capacity`` bytes free; 0 if not even one image fits."""
    beside = sum(part.bytes for part in parts if part.name in ("optimiser", "average", "program"))
    return min(LARGEST_BATCH, found.largest_batch(int(capacity * (1 - KEPT_FREE)) - beside))
