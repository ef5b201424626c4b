"""Whether this machine has the device that a recipe wants, said without torch."""

from __future__ import annotations

from collections.abc import Collection

from engine.recipe.recipe import Device


def lacking(wanted: Device, available: Collection[Device]) -> str:
    """Why training cannot run on ``wanted``, in one sentence; "" if it can."""
    if wanted is Device.AUTO or wanted in available:
        return ""
    return f"This machine has no {wanted} device that PyTorch can use; it has {' and '.join(available)}."
