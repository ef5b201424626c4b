"""How much memory a training holds and what its steps have to do, found by steps on the meta device.

Nothing is allocated or reckoned there.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from engine.compiling import compile_network
from engine.layers import Shape
from engine.network import Network, analyse
from engine.training.work import NO_WORK, GrowingWork, Work, bytes_of, work_of

_SIZES = ((2, 4), (32, 64))  # images at once: what is worst with few need not be what is worst with many
_CONVOLUTIONS = (torch.ops.aten.convolution, torch.ops.aten.convolution_backward)


class Line(NamedTuple):
    """Bytes that grow with the images at once: ``an_image`` for each, and ``rest`` anyway."""

    an_image: int
    rest: int

    def at(self, batch: int) -> int:
        """All of them for so many images."""
        return self.rest + batch * self.an_image

    def most(self, room: int) -> int:
        """The most images that keep within ``room`` bytes; may be below 0."""
        return (room - self.rest) // max(1, self.an_image)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes that the steps of a training hold at their peak, beside what its optimiser keeps, and their work.

    ``weights`` are parameters and buffers, ``gradients`` those of the parameters that learn, ``copies`` the weights
    that mixed precision computes with. The peak beside weights and copies is the largest of ``peaks``. ``forward`` is
    the work of a forward pass, ``both`` with that of the pass backwards, ``tensors`` how many parameters learn.
    """

    weights: int
    gradients: int
    copies: int
    peaks: tuple[Line, ...]
    forward: GrowingWork = NO_WORK
    both: GrowingWork = NO_WORK
    tensors: int = 0

    def at(self, batch: int) -> int:
        """All of it with so many images at once."""
        return self.weights + self.copies + max(line.at(batch) for line in self.peaks)

    def activations(self, batch: int) -> int:
        """What is held for so many images beside weights and gradients, which take the room that activations leave."""
        return max(0, self.at(batch) - self.weights - self.copies - self.gradients)

    def largest_batch(self, room: int) -> int:
        """The most images at once that keep within ``room`` bytes; 0 if not even one does."""
        left = room - self.weights - self.copies
        return max(0, min(line.most(left) for line in self.peaks))


def footprint(network: Network, *, logits: bool = True, mixed: bool = False) -> Footprint:
    """The footprint of training ``network``, without its final softmax if ``logits``, in 16 bits if ``mixed``.

    Raises `LayerloomError` where the network has problems.
    """
    model = compile_network(network, logits=logits, reuse_memory=True, device="meta")
    weights = sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    gradients = bytes_of(learning)
    if mixed:
        model = model.to(torch.bfloat16)
    analysis = analyse(network)
    inputs = [shape for name in network.inputs if (shape := analysis[name].output)]
    other = (gradients - weights) // 2 if mixed else -weights  # gradients stay float32
    pairs = [[(batch, step_of(model, inputs, batch=batch)) for batch in sizes] for sizes in _SIZES]
    (few, low), (many, high) = pairs[-1]
    return Footprint(
        weights=weights,
        gradients=gradients,
        copies=weights // 2 if mixed else 0,
        peaks=tuple(_line(*pair, other=other) for pair in pairs),
        forward=GrowingWork.through((few, low.forward), (many, high.forward)),
        both=GrowingWork.through((few, low.both), (many, high.both)),
        tensors=len(learning),
    )


class Step(NamedTuple):
    """Bytes of all tensors at the worst moment of a step; the work of its forward pass, and of both passes."""

    peak: int
    forward: Work
    both: Work


def _line(low: tuple[int, Step], high: tuple[int, Step], *, other: int) -> Line:
    """Through the peaks of two batch sizes, and ``other`` bytes beside them."""
    (few, less), (many, more) = low, high
    an_image = (more.peak - less.peak) // (many - few)
    return Line(an_image, less.peak - few * an_image + other)


def step_of(model: nn.Module, inputs: Sequence[Shape], *, batch: int) -> Step:
    """A step of ``model``, on the meta device, with so many images; it begins without gradients, as in the loop."""
    weights = tuple(model.parameters())
    kind = next((one.dtype for one in weights), torch.float32)
    model.zero_grad()
    alive = _Alive((*weights, *model.buffers()))
    with alive:
        outputs = model(*(torch.empty(batch, *shape, dtype=kind, device="meta") for shape in inputs))
        heads = outputs.values() if isinstance(outputs, Mapping) else (outputs,)
        loss = torch.stack([head.float().sum() for head in heads]).sum()
        del outputs, heads
        forward = alive.work
        if loss.requires_grad:
            torch.autograd.backward(loss)
    return Step(alive.peak, forward, alive.work)


class _Alive(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of the tensors that are there at once while it is entered, and the work that is done.

    Those that share memory count once. A convolution works on copies of what it reads and gives, as its
    libraries bring them to layouts of their own.
    """

    def __init__(self, tensors: Iterable[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.peak: int = 0
        self.work = Work()
        self._now = 0
        self._seen: set[int] = set()
        for tensor in tensors:
            self._see(tensor)

    def __torch_dispatch__(
        self, function: OpOverload, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = function(*args, **(kwargs or {}))
        tensors = [value for value in tree_leaves((args, given)) if isinstance(value, Tensor)]
        for tensor in tensors:
            self._see(tensor)
        moved = bytes_of(tensors)
        copies = moved if function.overloadpacket in _CONVOLUTIONS else 0
        self.peak = max(self.peak, self._now + copies)
        self.work = self.work.plus(work_of(function, args, kwargs or {}, given, moved))
        return given

    def _see(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key not in self._seen:
            self._seen.add(key)
            self._now += size
            weakref.finalize(storage, self._forget, key, size)

    def _forget(self, key: int, size: int) -> None:
        self._seen.discard(key)
        self._now -= size
