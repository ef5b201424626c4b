"""How much memory a training holds, found by its own steps on the meta device, where nothing is allocated."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from engine.compiling import compile_network
from engine.layers import Shape
from engine.network import Network, analyse

_FEW, _MORE = 4, 8  # images; batch norm takes no single one
_CONVOLUTIONS = (torch.ops.aten.convolution, torch.ops.aten.convolution_backward)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes that the steps of a training hold at their peak, beside what its optimiser keeps.

    ``weights`` are parameters and buffers, ``gradients`` those of the parameters that learn, ``copies`` the weights
    that mixed precision computes with; ``an_image`` is what every image of a batch adds, ``working`` the rest.
    """

    weights: int
    gradients: int
    copies: int
    an_image: int
    working: int

    def at(self, batch: int) -> int:
        """All of it with so many images at once."""
        return self.weights + self.gradients + self.copies + self.activations(batch)

    def activations(self, batch: int) -> int:
        """What a backward pass needs of so many images, and what is worked with."""
        return self.working + batch * self.an_image


def footprint(network: Network, *, logits: bool = True, mixed: bool = False) -> Footprint:
    """The footprint of training ``network``, without its final softmax if ``logits``, in 16 bits if ``mixed``.

    Raises `LayerloomError` where the network has problems.
    """
    model = compile_network(network, logits=logits, reuse_memory=True, device="meta")
    weights = sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))
    gradients = sum(parameter.nbytes for parameter in model.parameters() if parameter.requires_grad)
    if mixed:
        model = model.to(torch.bfloat16)
    analysis = analyse(network)
    inputs = [shape for name in network.inputs if (shape := analysis[name].output)]
    few, more = (_peak(model, inputs, batch=batch) for batch in (_FEW, _MORE))
    an_image = (more - few) // (_MORE - _FEW)
    held = (weights + gradients) // (2 if mixed else 1)
    return Footprint(
        weights=weights,
        gradients=gradients,
        copies=weights // 2 if mixed else 0,
        an_image=an_image,
        working=max(0, few - held - _FEW * an_image),
    )


def _peak(model: fx.GraphModule, inputs: list[Shape], *, batch: int) -> int:
    """Bytes of all tensors at the worst moment of a step; the gradients of the one before are there, as in the loop."""
    weights = tuple(model.parameters())
    kind = next((one.dtype for one in weights), torch.float32)
    for weight in weights:
        weight.grad = torch.empty_like(weight) if weight.requires_grad else None
    gradients = (weight.grad for weight in weights if weight.grad is not None)
    alive = _Alive((*weights, *model.buffers(), *gradients))
    with alive:
        outputs = model(*(torch.empty(batch, *shape, dtype=kind, device="meta") for shape in inputs))
        heads = outputs.values() if isinstance(outputs, Mapping) else (outputs,)
        loss = torch.stack([head.float().sum() for head in heads]).sum()
        del outputs, heads
        model.zero_grad()
        if loss.requires_grad:
            torch.autograd.backward(loss)
    return alive.peak


class _Alive(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of the tensors that are there at once while it is entered; those that share memory count once.

    A convolution works on copies of what it reads and gives, as its libraries bring them to layouts of their own.
    """

    def __init__(self, tensors: Iterable[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.peak: int = 0
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
        copies = sum(tensor.nbytes for tensor in tensors) if function.overloadpacket in _CONVOLUTIONS else 0
        self.peak = max(self.peak, self._now + copies)
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
