"""Where training runs, and in which number format."""

from __future__ import annotations

import platform

import torch

from engine.errors import LayerloomError
from engine.machine.lacking import lacking
from engine.recipe.recipe import Device, Precision, Recipe


def available_devices() -> dict[Device, str]:
    """The devices of this machine, best first, with the names people know them by."""
    found: dict[Device, str] = {}
    if torch.cuda.is_available():
        found[Device.CUDA] = torch.cuda.get_device_name(0)
    if torch.backends.mps.is_available():
        found[Device.MPS] = "Apple GPU"
    found[Device.CPU] = platform.processor() or platform.machine() or "CPU"
    return found


def choose_device(wanted: Device) -> Device:
    """The device that training will run on; raises `LayerloomError` if this machine lacks it."""
    available = available_devices()
    if wanted is Device.AUTO:
        return next(iter(available))
    if reason := lacking(wanted, available):
        raise LayerloomError(reason)
    return wanted


def torch_device(recipe: Recipe) -> torch.device:
    """Where a recipe trains on this machine; raises `LayerloomError` if it lacks the device."""
    device = choose_device(recipe.device)
    return torch.device(device.value) if device is Device.CPU else torch.device(device.value, 0)


def seed_generators(seed: int, device: torch.device) -> None:
    """Let what is drawn at random on the CPU and on ``device`` follow from ``seed``, as ``torch.manual_seed`` does.

    That also formats a traceback each time where CUDA is not in use, which takes as long as a small network's step.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)


def half_precision(recipe: Recipe) -> torch.dtype | None:
    """The half of float32 that a recipe reckons in on this machine; None where all is float32.

    Mixed is bfloat16 but for GPUs that have it by emulation alone.
    """
    wanted, device = recipe.precision, choose_device(recipe.device)
    if wanted in _HALVES:
        return _HALVES[wanted]
    if wanted is Precision.FLOAT32 or (wanted is Precision.AUTO and device is not Device.CUDA):
        return None
    emulated = device is Device.CUDA and not torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.float16 if emulated else torch.bfloat16


_HALVES = {Precision.BFLOAT16: torch.bfloat16, Precision.FLOAT16: torch.float16}
_WORDS = {None: "32-true", torch.bfloat16: "bf16-mixed", torch.float16: "16-mixed"}


def precision_of(recipe: Recipe) -> str:
    """The number format that a recipe gets on this machine: "32-true", "bf16-mixed" or "16-mixed"."""
    return _WORDS[half_precision(recipe)]
