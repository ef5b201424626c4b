"""Gradients of the score of a class by the pixels of the normalised image."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.inspection.explaining.evidence import Explained
from engine.inspection.explaining.scoring import array_of, class_scores, gradients
from engine.inspection.lens import Lens

_BATCH = 2**18  # values of a batch of images: a network keeps some hundred times as many to go back


def slope(lens: Lens, image: Tensor, *, of: int | None) -> tuple[Tensor, Explained]:
    """The gradient ``(1, C, H, W)`` for an image that requires one."""
    scores, explained, _ = class_scores(lens, image, of=of)
    (gradient,) = gradients(scores[0, explained.number], (image,))
    return gradient, explained


def mean_slopes(
    lens: Lens, image: Tensor, *, of: int | None, samples: int, noise: float, seed: int
) -> Iterator[tuple[Tensor, Explained, float]]:
    """The mean gradient over copies of the image with noise, so far, and how much is done; the class is the image's.

    ``noise`` is the deviation as a share of the image's span. Smilkov et al. 2017, section 3.
    """
    image = image.detach()
    with torch.no_grad():
        _, explained, _ = class_scores(lens, image, of=of)
    deviation = noise * float(image.max() - image.min())
    random = torch.Generator().manual_seed(seed)
    total, done = torch.zeros_like(image), 0
    for count in batches(samples, image):
        drawn = torch.randn((count, *image.shape[1:]), generator=random).to(image)
        copies = (image + deviation * drawn).requires_grad_()
        scores = lens.scores(copies)
        (gradient,) = gradients(scores[:, explained.number].sum(), (copies,))
        total, done = total + gradient.sum(dim=0, keepdim=True), done + count
        yield total / done, explained, done / samples


def batches(number: int, image: Tensor, *, times: int = 1) -> Iterator[int]:
    """How many copies of an image go together, until there were so many; ``times`` as many where they need less."""
    most = max(1, times * _BATCH // image[0].numel())
    while number > 0:
        yield min(most, number)
        number -= most


def strongest_channel(gradient: Tensor) -> NDArray[np.float32]:
    """The value of the channel in which it is largest, with its sign: ``(H, W)`` of ``(1, C, H, W)``."""
    place = gradient[0].abs().argmax(dim=0, keepdim=True)
    return array_of(gradient[0].gather(0, place)[0])
