"""What may be done to training images before the network gets them; one class a step. Needs no torch."""

from engine.data.augmentation import bending, colour, geometric, mixing, occlusion, windows  # noqa: F401 - they register
from engine.data.augmentation.geometry import GeometricStep
from engine.data.augmentation.running import augmented, fitted, shapes_before, storage_shape
from engine.data.augmentation.step import AUGMENTATION, Covariance, Step

__all__ = [
    "AUGMENTATION",
    "Covariance",
    "GeometricStep",
    "Step",
    "augmented",
    "fitted",
    "shapes_before",
    "storage_shape",
]
