"""Where training runs, as a value that the first paint can have."""

from __future__ import annotations

from enum import StrEnum


class Device(StrEnum):
    """Where training runs; auto takes CUDA, then MPS, then the CPU."""

    AUTO = "auto"
    CUDA = "cuda"
    MPS = "mps"
    CPU = "cpu"

    @property
    def label(self) -> str:
        """What people call it."""
        return "Automatic" if self is Device.AUTO else self.value.upper()
