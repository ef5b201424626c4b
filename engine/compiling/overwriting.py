"""Activations that overwrite their input where nothing else needs it: less memory to fetch and to keep."""

from __future__ import annotations

import torch
from torch import fx, nn

# Their backward pass needs their input or nothing, never their output.
_FORGETS_ITS_OUTPUT = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d)
_MAKES_A_NEW_TENSOR = (torch.add, torch.cat)


def let_activations_overwrite(module: fx.GraphModule) -> None:
    """Let each ReLU that alone reads the output of a convolution, norm, linear layer or merge write over it.

    Measured with ResNet-18 on two CPU cores: a training step takes 1 % less time, and as in torchvision's models the
    outputs of batch norms are not kept. What taps such an output has to copy it (`engine.inspection` does).
    """
    for node in module.graph.nodes:
        if node.op == "call_module" and len(node.args[0].users) == 1 and _may_be_overwritten(module, node.args[0]):
            activation = module.get_submodule(node.target)
            if isinstance(activation, nn.ReLU):
                activation.inplace = True


def _may_be_overwritten(module: fx.GraphModule, node: fx.Node) -> bool:
    if node.op == "call_module":
        return isinstance(module.get_submodule(str(node.target)), _FORGETS_ITS_OUTPUT)
    return node.op == "call_function" and node.target in _MAKES_A_NEW_TENSOR
