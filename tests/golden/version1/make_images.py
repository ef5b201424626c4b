"""The image folder that the golden folder run learned from, made anew: three classes of 20 noisy grey squares."""

from pathlib import Path

import numpy as np
from PIL import Image

LEVELS = {"bright": 200, "dark": 0, "middle": 100}


def make(place: Path) -> None:
    generator = np.random.default_rng(0)
    for name, level in LEVELS.items():
        (place / name).mkdir(parents=True)
        for index in range(20):
            pixels = np.clip(generator.integers(0, 40, (12, 12, 3)) + level, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(place / name / f"{index:03d}.png")
