"""Augmenting a batch: each step against kornia's, and the Photos preset against torchvision's image by image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from benchmarks.timing import compared
from engine.data.augmentation import AUGMENTATION, Step, augmented, storage_shape
from engine.data.augmentation.presets import steps_of
from engine.data.draws import Draws, Pass
from engine.layers.shape import Shape
from engine.torchvision_compat import torchvision

SMALL, LARGE = Shape(3, 32, 32), Shape(3, 224, 224)
BATCH, LARGE_BATCH, ROUNDS = 512, 16, 7

Action = Callable[[], Any]


def run() -> dict[str, Any]:
    """Ratios are the other's time over ours: 1 is equally fast, more is faster than the other.

    ``ratio`` is that of the Photos preset on 32×32 images, against the same of torchvision's transforms v2, which a
    loader applies to one image after the other; ``large_ratio`` that on 224×224. ``steps`` are single steps on a batch
    of 32×32 against kornia's. One thread, and only the time it is busy.
    """
    torch.set_num_threads(1)
    steps = {name: _ratio(_ours((step,), SMALL, BATCH), theirs) for name, (step, theirs) in _pairs().items()}
    photos = _ratio(_ours(steps_of("photos"), SMALL, BATCH), _loop(SMALL, BATCH))
    large = _ratio(_ours(steps_of("photos"), LARGE, LARGE_BATCH), _loop(LARGE, LARGE_BATCH))
    return {
        "ratio": photos,
        "target": 3,
        "large_ratio": large,
        "large_target": 1,
        "steps": steps,
        "slowest_step": min(steps.values()),
        "batch": [BATCH, *SMALL],
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
    }


def _ratio(ours: Action, theirs: Action) -> float:
    ours()
    theirs()
    return round(compared(theirs, ours, rounds=ROUNDS)[2], 2)


def _noise(shape: Shape, count: int) -> Tensor:
    return torch.randint(0, 256, (count, *shape), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


def _ours(steps: tuple[Step, ...], shape: Shape, count: int) -> Action:
    pixels = _noise(storage_shape(steps, shape), count)
    indices = np.arange(count)

    def batch() -> Tensor:
        draws = Draws.of(Pass(0, 1), indices, np.zeros_like(indices))
        return augmented(steps, pixels.float(), torch.zeros(count), draws, shape=shape)[0]

    return batch


def _pairs() -> dict[str, tuple[Step, Action]]:
    """Steps of ours with a transformation of kornia's that does the same to a batch of floats from 0 to 1."""
    from kornia import augmentation as kornia

    others = {
        "mirror": kornia.RandomHorizontalFlip(p=0.5),
        "rotate": kornia.RandomRotation(15.0, p=1.0),
        "affine": kornia.RandomAffine(10.0, translate=(0.05, 0.05), scale=(0.9, 1.1), shear=5.0, p=1.0),
        "perspective": kornia.RandomPerspective(0.3, p=1.0),
        "resize_crop": kornia.RandomResizedCrop((32, 32), scale=(0.08, 1.0), p=1.0),
        "warp": kornia.RandomElasticTransform(p=1.0),
        "brightness": kornia.RandomBrightness((0.7, 1.3), p=1.0),
        "contrast": _contrast,  # its RandomContrast leaves out the mean
        "saturation": kornia.RandomSaturation((0.7, 1.3), p=1.0),
        "hue": kornia.RandomHue((-0.03, 0.03), p=1.0),
        "greyscale": kornia.RandomGrayscale(p=1.0),
        "colour_jitter": kornia.ColorJitter(0.3, 0.3, 0.3, 0.03, p=1.0),
        "erase": kornia.RandomErasing(p=1.0),
    }
    always = {"greyscale", "erase"}
    pixels = _noise(SMALL, BATCH)

    def pair(name: str, other: Callable[[Tensor], Tensor]) -> tuple[Step, Action]:
        settings = {"probability": 1} if name in always else {}
        return AUGMENTATION.make({"name": name, **settings}), lambda: other(pixels.float().div_(255))

    return {name: pair(name, other) for name, other in others.items()}


def _contrast(pixels: Tensor) -> Tensor:
    from kornia.enhance import adjust_contrast_with_mean_subtraction

    changed: Tensor = adjust_contrast_with_mean_subtraction(pixels, torch.empty(len(pixels)).uniform_(0.7, 1.3))
    return changed


class _Augmented(Dataset[Tensor]):
    """Images that torchvision's transforms change one by one."""

    def __init__(self, pixels: Tensor, shape: Shape) -> None:
        torchvision()
        from torchvision.transforms import v2

        self.pixels = pixels
        self.change = v2.Compose(
            [
                v2.RandomResizedCrop(tuple(shape[1:]), scale=(0.3, 1.0)),
                v2.RandomHorizontalFlip(),
                v2.RandomApply([v2.RandomRotation(20, v2.InterpolationMode.BILINEAR)], 0.8),
                v2.ColorJitter(0.3, 0.3, 0.3, 10 / 360),
                v2.ToDtype(torch.float32),
            ]
        )

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: int) -> Tensor:
        changed: Tensor = self.change(self.pixels[index])
        return changed


def _loop(shape: Shape, count: int) -> Action:
    kept = storage_shape(steps_of("photos"), shape)
    loader = DataLoader(_Augmented(_noise(kept, count), shape), batch_size=count)
    return lambda: next(iter(loader))
