"""A folder of two classes: the handwritten threes and eights of scikit-learn."""

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits


def two_digits(place, *, most=10_000):
    """Up to ``most`` images 8×8 a class; "eight" is the first class, "three" the second."""
    digits = load_digits()
    for name, label in (("eight", 8), ("three", 3)):
        (place / name).mkdir(parents=True)
        for index, image in enumerate(digits.images[digits.target == label][:most]):
            Image.fromarray((image * 255 / 16).astype(np.uint8)).save(place / name / f"{index:03d}.png")
    return place
