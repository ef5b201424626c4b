"""Filters are the weights as they are, outputs first."""

import numpy as np
import torch
from torch import nn

from engine.inspection.filters import FilterKind, filters


def test_kernels_matrices_and_scales():
    module = nn.Sequential()
    module.add_module("conv", nn.Conv2d(3, 4, 5, bias=False))
    module.add_module("fc", nn.Linear(6, 2))
    module.add_module("bn", nn.BatchNorm2d(4))
    conv, fc, bn = (filters(module, name) for name in ("conv", "fc", "bn"))
    assert (conv.kind, conv.values.shape, conv.bias) == (FilterKind.KERNELS, (4, 3, 5, 5), None)
    assert (fc.kind, fc.values.shape, fc.bias.shape) == (FilterKind.MATRIX, (2, 6), (2,))
    assert (bn.kind, bn.values.shape) == (FilterKind.SCALES, (4,))
    np.testing.assert_array_equal(fc.values, module.fc.weight.detach().numpy())


def test_layers_without_weights_have_none():
    module = nn.Sequential(nn.ReLU(), nn.BatchNorm2d(3, affine=False))
    assert filters(module, "0") is None
    assert filters(module, "1") is None
    assert filters(module, "no such layer") is None


def test_a_transposed_convolution_shows_the_kernels_of_each_output():
    layer = nn.ConvTranspose2d(4, 6, 3, groups=2, bias=False)
    module = nn.Sequential(layer)
    values = filters(module, "0").values
    assert values.shape == (6, 2, 3, 3)
    spike = torch.zeros(1, 4, 1, 1)
    spike[0, 3] = 1  # the second input of the second group
    np.testing.assert_allclose(layer(spike)[0, 4].detach().numpy(), values[4, 1])
