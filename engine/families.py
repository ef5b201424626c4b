"""The nine families that the palette, the colours and the icons go by."""

from enum import StrEnum


class Family(StrEnum):
    """A group of layers that do the same kind of work; the value is what the palette shows."""

    INPUT_OUTPUT = "Input / Output"
    CONVOLUTION = "Convolution"
    POOLING = "Pooling"
    LINEAR = "Linear"
    ACTIVATION = "Activation"
    NORMALISATION = "Normalisation"
    REGULARISATION = "Regularisation"
    MERGE = "Merge"
    SHAPE = "Shape"
