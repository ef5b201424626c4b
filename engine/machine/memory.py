"""How much memory there is, and how much of a device's a training holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/statm")
_AMOUNTS = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a device's memory that this program holds, and all that the device has."""

    used: int
    total: int


def device_memory(device: str) -> Memory | None:
    """The memory of a device as `Started` names it ("cpu", "cuda:0"); None where the system does not say.

    It never waits for the device: torch counts by itself what it has reserved there.
    """
    if device.startswith("cpu"):
        return _own_memory()
    import torch

    if device.startswith("cuda"):
        return Memory(torch.cuda.memory_reserved(device), torch.cuda.get_device_properties(device).total_memory)
    if device.startswith("mps"):
        return Memory(torch.mps.driver_allocated_memory(), torch.mps.recommended_max_memory())
    return None


def free_bytes() -> int | None:
    """Memory that can be had without swapping; None where the system does not say (only Linux does)."""
    return _amount("MemAvailable")


def _own_memory() -> Memory | None:
    total = _amount("MemTotal")
    if total is None:
        return None
    resident = int(_STATUS.read_text(encoding="ascii").split()[1])
    return Memory(resident * os.sysconf("SC_PAGE_SIZE"), total)


def _amount(name: str) -> int | None:
    try:
        lines = _AMOUNTS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    amounts = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in lines}
    return amounts.get(name)
