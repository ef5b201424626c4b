"""How much the operations of a step have to do: what its time is reckoned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch._ops import OpOverload
from torch.utils.flop_counter import conv_flop_count, flop_registry


class Work(NamedTuple):
    """Multiplications and additions in ``flops``, bytes read and written in ``moved``, and ``calls`` of operations."""

    flops: float = 0.0
    moved: float = 0.0
    calls: float = 0.0

    def plus(self, other: Work, times: float = 1.0) -> Work:
        """This and so many ``times`` the other."""
        return Work(*(one + times * more for one, more in zip(self, other, strict=True)))


class GrowingWork(NamedTuple):
    """Work that grows with the images at once: ``an_image`` for each, and ``rest`` anyway."""

    an_image: Work
    rest: Work

    def at(self, batch: float) -> Work:
        """All of it for so many images."""
        return self.rest.plus(self.an_image, batch)

    @classmethod
    def through(cls, low: tuple[int, Work], high: tuple[int, Work]) -> GrowingWork:
        """What is so much with few images, and so much with more."""
        (few, less), (many, more) = low, high
        an_image = Work().plus(more.plus(less, -1), 1 / (many - few))
        return cls(an_image, less.plus(an_image, -few))


NO_WORK = GrowingWork(Work(), Work())


def work_of(function: OpOverload, args: tuple[Any, ...], kwargs: dict[str, Any], given: Any, moved: int) -> Work:
    """That of one call of an operation of torch, whose tensors take ``moved`` bytes; a view moves nothing."""
    if function.is_view:
        return Work()
    packet = function.overloadpacket
    if packet is torch.ops.aten.convolution_backward:
        upward, images, weight = (tensor.shape for tensor in args[:3])
        made = sum(args[10][:2])  # the gradients of the images, of the weight; torch's own count leaves groups out
        flops = made * conv_flop_count(list(images), list(weight), list(upward), transposed=args[7])
    elif packet in flop_registry:
        flops = flop_registry[packet](*args, **kwargs, out_val=given)
    else:
        flops = 0
    return Work(flops, moved, 1)


def bytes_of(tensors: Sequence[Tensor]) -> int:
    """What so many tensors take, those that share memory each for itself."""
    return sum(tensor.nbytes for tensor in tensors)
