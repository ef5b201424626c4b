"""Folders of small image files that tests make."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_folder(place: Path, classes: dict[str, int], *, edge: int = 12, seed: int = 0) -> Path:
    """A folder with so many images a class; each class has a brightness of its own."""
    generator = np.random.default_rng(seed)
    for level, (name, count) in enumerate(classes.items()):
        (place / name).mkdir(parents=True)
        for index in range(count):
            noise = generator.integers(0, 40, (edge, edge, 3))
            pixels = np.clip(noise + 200 * level // max(len(classes) - 1, 1), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(place / name / f"{index:03d}.png")
    return place
