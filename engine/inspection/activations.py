"""Which calls of a graph are activations, and which of these are ReLUs, whatever form they have."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional
from torch.nn.modules import activation as torch_activations

from engine.inspection.rewriting import Call
from engine.layers import LAYERS
from engine.modules import activation as own_activations

_RECTIFIERS = (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.PReLU, nn.RReLU)
_OTHER_KINDS = (
    nn.GLU,
    nn.MultiheadAttention,
    nn.Softmax,
    nn.Softmax2d,
    nn.Softmin,
    nn.LogSoftmax,
)  # of values together
_MODULES = {
    kind.__name__: kind
    for kind in (
        *(getattr(torch_activations, name) for name in torch_activations.__all__),
        own_activations.ScaledTanh,
        own_activations.ThresholdUnit,
    )
    if kind not in _OTHER_KINDS
}
_BY_FUNCTION = {name.lower(): kind for name, kind in _MODULES.items()}
_CLAMPS = ("clamp", "clamp_min", "clip")


class ActivationCall(NamedTuple):
    """An activation by its title; one that ``rectifies`` passes what is above 0 and little or nothing below."""

    title: str
    rectifies: bool


def activation_of(call: Call) -> ActivationCall | None:
    """What activation a call is: a module, a function or a method; None if it is none."""
    target, arguments, keywords, _ = call
    if isinstance(target, nn.Module):
        return _of_module(target) if type(target) in _MODULES.values() else None
    name = getattr(target, "__name__", "")
    if not any(getattr(home, name, None) is target for home in (torch, functional, torch.Tensor)):
        return None
    if name in _CLAMPS:
        low, high = _limits(arguments[1:], keywords)
        return None if low != 0 else ActivationCall("ReLU" if high is None else "ReLU6", rectifies=True)
    kind = _BY_FUNCTION.get(name.replace("_", ""))
    if kind is nn.Hardtanh:
        return _hardtanh(_limits(arguments[1:], keywords, "min_val", "max_val", default=(-1.0, 1.0))[0])
    if kind is nn.Threshold:
        return _threshold(*_limits(arguments[1:], keywords, "threshold", "value"))
    return None if kind is None else ActivationCall(_title(kind), kind in _RECTIFIERS)


def _of_module(module: nn.Module) -> ActivationCall:
    if type(module) is nn.Hardtanh:
        return _hardtanh(module.min_val)
    if type(module) is nn.Threshold:
        return _threshold(module.threshold, module.value)
    return ActivationCall(_title(type(module)), type(module) in _RECTIFIERS)


def _hardtanh(low: Any) -> ActivationCall:
    return ActivationCall("ReLU6", rectifies=True) if low == 0 else ActivationCall("Hardtanh", rectifies=False)


def _threshold(threshold: Any, value: Any) -> ActivationCall:
    zero = threshold == value == 0
    return ActivationCall("ReLU", rectifies=True) if zero else ActivationCall("Threshold", rectifies=False)


def _limits(
    given: tuple[Any, ...],
    keywords: dict[str, Any],
    low: str = "min",
    high: str = "max",
    *,
    default: tuple[Any, Any] = (None, None),
) -> tuple[Any, Any]:
    """Two arguments that are given in order or by name."""
    named = dict(zip((low, high), given, strict=False)) | keywords
    return named.get(low, default[0]), named.get(high, default[1])


def _title(kind: type[nn.Module]) -> str:
    """What the layer of that name is called, or its name."""
    return LAYERS[kind.__name__].title if kind.__name__ in LAYERS else kind.__name__
