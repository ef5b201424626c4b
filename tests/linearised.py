"""Linear copies of networks in float64, with one map a node and no weight below 0: no gradient hides another."""

from __future__ import annotations

from collections.abc import Callable
from pkgutil import resolve_name

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.layers import Call, Shape
from engine.modules.shortcut import ZeroPadShortcut
from engine.network import Network, analyse

USUAL = (("stride", 1), ("padding", 0), ("dilation", 1))


def linear_copy(network: Network) -> dict[str, Tensor]:
    """What each node gives for an image of ones, (1, 1, H, W) or one value: a linear function of that of "input"."""
    values: dict[str, Tensor] = {}
    for name, node in analyse(network).nodes.items():
        if not node.sources:
            values[name] = torch.ones(1, 1, *node.output[1:], dtype=torch.float64, requires_grad=True)
        elif len(node.sources) > 1:
            values[name] = sum(values[source] for source in node.sources)
        else:
            call = node.layer.call(*node.inputs)
            values[name] = (
                values[node.sources[0]] if call is None else linear(call, node.output)(values[node.sources[0]])
            )
    return values


def linear(call: Call, output: Shape) -> Callable[[Tensor], Tensor]:
    """A linear function that reads as the module of a call does, its values near the mean of what they read."""
    with torch.device("meta"):
        module = resolve_name(call.target)(*call.arguments, **call.keywords)
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return nn.AdaptiveAvgPool2d(module.output_size)
    if isinstance(module, nn.Upsample | nn.ZeroPad2d):
        return module
    if isinstance(module, ZeroPadShortcut):
        return ZeroPadShortcut(1, module.stride)
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        return convolution(module)
    if output.is_vector:
        return lambda x: x.mean().view(1, 1)
    kernel = kernel_of(module)
    return (lambda x: x) if kernel is None else sliding(module, kernel, output)


def kernel_of(module: nn.Module) -> tuple[int, int] | None:
    """Rows and columns of what a module slides over its input; None if it works place by place."""
    found = getattr(module, "kernel_size", None) or getattr(getattr(module, "spread", None), "shape", None)
    return found and both(found)[-2:]


def both(setting: int | tuple[int, ...]) -> tuple[int, ...]:
    """One number stands for rows and columns."""
    return (setting, setting) if isinstance(setting, int) else tuple(setting)


def convolution(module: nn.Conv2d | nn.ConvTranspose2d) -> nn.Module:
    """The same convolution from one map to one map."""
    names = ("kernel_size", "stride", "padding", "dilation", "padding_mode")
    own = type(module)(1, 1, bias=False, **{name: getattr(module, name) for name in names}).double()
    nn.init.uniform_(own.weight, 0.5, 1)
    own.weight.data /= own.weight.numel()
    return own


def sliding(module: nn.Module, kernel: tuple[int, int], output: Shape) -> Callable[[Tensor], Tensor]:
    """The mean of each window; what it has beyond the last line counts as 0."""
    stride, padding, dilation = (both(getattr(module, *usual)) for usual in USUAL)
    weight = torch.full((1, 1, *kernel), 1 / (kernel[0] * kernel[1]), dtype=torch.float64)

    def run(x: Tensor) -> Tensor:
        pads: list[int] = []
        for axis in (1, 0):
            end = (output[axis + 1] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
            pads += [padding[axis], max(0, end - padding[axis] - x.shape[axis + 2])]
        found = functional.conv2d(functional.pad(x, pads), weight, None, stride, 0, dilation)
        return found[:, :, : output.height, : output.width]

    return run
