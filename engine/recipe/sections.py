"""The parts of a form of the recipe."""

from __future__ import annotations

from enum import StrEnum


class Section(StrEnum):
    """Where the settings stand, in this order."""

    LOSS = "Loss"
    OPTIMISER = "Optimiser"
    SCHEDULE = "Schedule"
    REGULARISATION = "Regularisation"
    INITIAL_WEIGHTS = "Initial weights"
    BATCHES = "Batches"
    PRECISION = "Precision and devices"
    REPEATS = "Repeats"
