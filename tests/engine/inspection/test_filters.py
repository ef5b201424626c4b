"""Filters are the weights as they are, outputs first."""

import numpy as np
import torch
from torch import nn

from engine.inspection.filters import kernels_of


def test_kernels_matrices_and_scales():
    module = nn.Sequential()
    module.add_module("conv", nn.Conv2d(3, 4, 5, bias=False))
    module.add_module("fc", nn.Linear(6, 2))
    module.add_module("bn", nn.BatchNorm2d(4))
    conv, fc, bn = (kernels_of(module, name) for name in ("conv", "fc", "bn"))
    assert (conv.values.shape, conv.bias) == ((4, 3, 5, 5), None)
    assert (fc.values.shape, fc.bias.shape) == ((2, 6), (2,))
    assert (bn.node, bn.values.shape) == ("bn", (4,))
    np.testing.assert_array_equal(fc.values, module.fc.weight.detach().numpy())


def test_layers_without_weights_have_none():
    module = nn.Sequential(nn.ReLU(), nn.BatchNorm2d(3, affine=False))
    assert kernels_of(module, "0") is None
    assert kernels_of(module, "1") is None
    assert kernels_of(module, "no such layer") is None


def test_a_transposed_convolution_shows_the_kernels_of_each_output():
    layer = nn.ConvTranspose2d(4, 6, 3, groups=2, bias=False)
    module = nn.Sequential(layer)
    values = kernels_of(module, "0").values
    assert values.shape == (6, 2, 3, 3)
    spike = torch.zeros(1, 4, 1, 1)
    spike[0, 3] = 1  # the second input of the second group
    np.testing.assert_allclose(layer(spike)[0, 4].detach().numpy(), values[4, 1])
