"""Where training runs, and in which number format."""

from __future__ import annotations

import logging
import platform
from typing import TYPE_CHECKING

import torch

from engine.errors import LayerloomError
from engine.machine.lacking import lacking
from engine.recipe.recipe import Device, Precision, Recipe

if TYPE_CHECKING:
    from lightning_fabric import Fabric

# Fabric announces each precision and seed on standard error; events say it here.
logging.getLogger("lightning.fabric").setLevel(logging.ERROR)
logging.getLogger("lightning_fabric").setLevel(logging.ERROR)


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


def load_fabric() -> type[Fabric]:
    """Lightning Fabric, imported when first asked for: with torch._dynamo in tow it takes longer than torch."""
    from lightning_fabric import Fabric

    return Fabric


def make_fabric(recipe: Recipe) -> Fabric:
    """Fabric on one device; ``auto`` precision is mixed on CUDA: bfloat16 where the GPU has it, else float16."""
    device, precision = choose_device(recipe.device), precision_of(recipe)
    fabric = load_fabric()(accelerator=device.value, devices=1, precision=precision)  # type: ignore[arg-type]
    fabric.launch()
    return fabric


def precision_of(recipe: Recipe) -> str:
    """The number format that a recipe gets on this machine, in Fabric's words."""
    wanted, device = recipe.precision, choose_device(recipe.device)
    if wanted is Precision.FLOAT32 or (wanted is Precision.AUTO and device is not Device.CUDA):
        return "32-true"
    if device is Device.CUDA and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "16-mixed"
    return "bf16-mixed"
