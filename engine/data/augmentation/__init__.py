"""What may be done to training images before the network gets them; one class a step. Needs no torch."""

# In this order lists show them:
from engine.data.augmentation import geometric, windows, bending, colour, occlusion, mixing  # noqa: F401, I001
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
