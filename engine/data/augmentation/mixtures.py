"""Images mixed with others: which, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.augmentation.mixing import MixingStep
from engine.data.augmentation.running import chosen, purposes, values_of
from engine.data.augmentation.step import AUGMENTATION, Step
from engine.data.draws import Draws


def partners(steps: Sequence[Step], random: Draws, sample: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], Draws]]:
    """For each step that mixes, the partner ``(N,)`` of each image among those of a pass, and what the partner draws.

    ``sample`` are the positions of the images of the pass.
    """
    return [
        (sample[random.for_(f"{one} with").whole(len(sample))], random.for_(f"{one} partner"))
        for _, one in _mixing(steps)
    ]


def mixed(
    steps: Sequence[Step], images: Sequence[Tensor], targets: Sequence[Tensor], random: Draws
) -> tuple[Tensor, Tensor]:
    """Images ``(N, C, H, W)`` mixed with their partners, and their targets ``(N, …)`` in the same shares.

    First stand the images themselves, then the partners for each of the steps that mix.
    """
    pixels, shares = images[0], targets[0]
    for (step, purpose), others, theirs in zip(_mixing(steps), images[1:], targets[1:], strict=True):
        with AUGMENTATION.blaming(step):
            takes_part, values = values_of(step, random.for_(purpose), pixels)
            changed, share = step.mix(pixels, others, values)
        pixels = chosen(takes_part, changed, pixels)
        shares = torch.lerp(theirs, shares, share.where(takes_part, 1).to(shares).view(-1, *[1] * (shares.ndim - 1)))
    return pixels, shares


def _mixing(steps: Sequence[Step]) -> list[tuple[MixingStep, str]]:
    """The steps that mix and are on, with what their draws are for."""
    every = zip(steps, purposes(steps), strict=True)
    return [(step, purpose) for step, purpose in every if step.on and isinstance(step, MixingStep)]
