"""In-place steps, which overwrite their input where nothing else needs it: less memory to fetch and to keep."""

from __future__ import annotations

import operator
from collections.abc import Iterator

import torch
from torch import fx, nn

# Their backward pass needs their input or nothing, never their output.
_FORGETS_ITS_OUTPUT = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d)
_MAKES_A_NEW_TENSOR = (torch.add, operator.iadd, torch.cat)


def make_in_place(module: fx.GraphModule) -> None:
    """Let each ReLU and addition write over the output of a convolution, norm, linear layer or merge it alone reads.

    As in torchvision's models: a residual block keeps neither its last norm's output nor the sum before activation.
    What taps such an output has to copy it (`engine.inspection` does).
    """
    for node in module.graph.nodes:
        spare = next(_spare_inputs(module, node), None)
        if spare is None:
            continue
        if node.target is torch.add:
            first, second = node.args
            node.target, node.args = operator.iadd, (spare, second if spare is first else first)
        elif node.op == "call_module" and isinstance(activation := module.get_submodule(node.target), nn.ReLU):
            activation.inplace = True
    module.recompile()


def _spare_inputs(module: fx.GraphModule, node: fx.Node) -> Iterator[fx.Node]:
    """The inputs of a node that nothing else reads and whose maker can do without them."""
    for value in node.all_input_nodes:
        if len(value.users) == 1 and _may_be_overwritten(module, value):
            yield value


def _may_be_overwritten(module: fx.GraphModule, node: fx.Node) -> bool:
    if node.op == "call_module":
        return isinstance(module.get_submodule(str(node.target)), _FORGETS_ITS_OUTPUT)
    return node.op == "call_function" and node.target in _MAKES_A_NEW_TENSOR
