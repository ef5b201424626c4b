"""Layers against numbers worked out by hand or by plain torch: the lectures' examples and every layer of our own."""

from __future__ import annotations

import math

import pytest
import torch
from layer_strategies import resolve
from torch.nn import functional

from engine.layers import LAYERS, Layer, Shape
from engine.layers.connection_table import LECUN_C3

LECTURE = torch.tensor(
    [[5, 9, 1, 3, 2], [0, 8, 2, 4, 1], [1, 7, 3, 0, 3], [4, 0, 6, 9, 0], [5, 1, 0, 2, 1]], dtype=torch.float32
)
CONVOLVED = [[3, 3, 1, -3], [-3, 3, -9, 8], [-17, 13, 15, -15], [1, -13, -8, 9]]
RECTIFIED = [[3, 3, 1, 0], [0, 3, 0, 8], [0, 13, 15, 0], [1, 0, 0, 9]]


def made(name: str, x: torch.Tensor, *more: torch.Tensor, **settings: object) -> torch.nn.Module:
    """The module a layer becomes for inputs of these shapes, in evaluation mode."""
    return module_of(LAYERS[name].model_validate(settings), x, *more)


def module_of(layer: Layer, x: torch.Tensor, *more: torch.Tensor) -> torch.nn.Module:
    call = layer.call(*(Shape(*value.shape[1:]) for value in (x, *more)))
    return resolve(call.target)(*call.arguments, **call.keywords).eval()


def applied(name: str, x: torch.Tensor, **settings: object) -> torch.Tensor:
    return made(name, x, **settings)(x).detach()


def grid(values: list[list[float]]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32)[None, None]


def test_convolution_of_the_lecture():
    conv = made("Conv2d", LECTURE[None, None], out_channels=1, kernel_size=2, bias=False)
    conv.weight.data = grid([[1, -2], [-1, 2]])
    assert conv(LECTURE[None, None])[0, 0].tolist() == CONVOLVED


def test_the_loopy_pattern_of_document_004():
    """The mean product with a loop, 1 where the nine has its own; three printed cells are wrong."""
    nine = ["01110", "01010", "01110", "00010", "00010", "00100", "01000"]
    x = grid([[1 if pixel == "1" else -1 for pixel in row] for row in nine])
    conv = made("Conv2d", x, out_channels=1, kernel_size=3, bias=False)
    conv.weight.data = grid([[1, 1, 1], [1, -1, 1], [1, 1, 1]]) / 9
    ninths = [[-1, 9, -1], [-5, 1, -3], [-3, 3, -3], [-5, -1, -5], [-3, -5, -3]]
    torch.testing.assert_close(conv(x).detach(), grid(ninths) / 9)
    rectified = [[0, 9, 0], [0, 1, 0], [0, 3, 0], [0, 0, 0], [0, 0, 0]]
    torch.testing.assert_close(applied("ReLU", conv(x)), grid(rectified) / 9)


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        ("ReLU", CONVOLVED, RECTIFIED),
        ("MaxPool2d", RECTIFIED, [[3, 8], [13, 15]]),
        ("MaxPool2d", [[5, 1, 3, 4], [8, 2, 9, 2], [1, 3, 0, 1], [2, 2, 2, 0]], [[8, 9], [3, 2]]),  # document 004
        ("AvgPool2d", RECTIFIED, [[2.25, 2.25], [3.5, 6]]),
        ("MinPool2d", RECTIFIED, [[0, 0], [0, 0]]),
        ("MinPool2d", CONVOLVED, [[-3, -9], [-17, -15]]),
        ("L2Pool2d", [[3, 4, 0, 0], [0, 0, 0, 0]], [[5, 0]]),
        ("L2Pool2d", [[1, -1, 2, 0], [1, 1, 0, -2]], [[2, math.sqrt(8)]]),
        ("GlobalAvgPool", RECTIFIED, [[56 / 16]]),
        ("GlobalMaxPool", RECTIFIED, [[15]]),
    ],
)
def test_pools_and_rectifier(name, x, expected):
    torch.testing.assert_close(applied(name, grid(x)), grid(expected))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_l2_pooling_of_nothing_is_nothing_and_pushes_nowhere(dtype):
    x = torch.zeros(1, 1, 4, 4, dtype=dtype)
    x[0, 0, 0, 0] = 3
    x.requires_grad_()
    y = made("L2Pool2d", x)(x)
    y.sum().backward()
    assert y[0, 0].tolist() == [[3, 0], [0, 0]]
    assert x.grad.count_nonzero() == 1


def test_the_weighted_mean_falls_with_the_distance_from_the_central_pixel():
    corner, edge = 1 / (1 + math.sqrt(2)), 1 / 2
    total = 1 + 4 * edge + 4 * corner
    spot = grid([[0, 0, 0], [0, 0, 6], [3, 0, 0]])
    found = applied("DistanceWeightedAvgPool2d", spot, kernel_size=3, stride=1)
    assert found.item() == pytest.approx((6 * edge + 3 * corner) / total)


def test_local_response_norm_by_its_formula():
    """b_i = a_i·(k + α Σ a_j²)^−β over maps from i − ⌊r/2⌋ to i + ⌊r/2⌋; α is not divided by the window."""
    a = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
    found = applied("LocalResponseNorm", a.view(1, 5, 1, 1), depth_radius=2, bias=2.0, alpha=0.1, beta=0.75).flatten()
    sums = [1 + 4, 1 + 4 + 9, 4 + 9 + 16, 9 + 16 + 25, 16 + 25]
    expected = [value / (2 + 0.1 * total) ** 0.75 for value, total in zip(a.tolist(), sums, strict=True)]
    assert found.tolist() == pytest.approx(expected)


def test_softmax_adds_up_to_one():
    found = applied("Softmax", torch.tensor([[1.0, 2.0, 3.0]]))[0]
    powers = [math.exp(value) for value in (1, 2, 3)]
    assert found.tolist() == pytest.approx([power / sum(powers) for power in powers])


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("Tanh", math.tanh),
        ("Sigmoid", lambda x: 1 / (1 + math.exp(-x))),
        ("ScaledTanh", lambda x: 1.7159 * math.tanh(2 * x / 3)),
        ("Identity", lambda x: x),
        ("LeakyReLU", lambda x: x if x > 0 else 0.01 * x),
        ("ELU", lambda x: x if x > 0 else math.exp(x) - 1),
        ("GELU", lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2),
        ("SiLU", lambda x: x / (1 + math.exp(-x))),
        ("Hardswish", lambda x: x * min(max(x + 3, 0), 6) / 6),
    ],
)
def test_activations_by_their_formulas(name, formula):
    values = [-4.0, -1.0, -0.3, 0.0, 0.5, 1.0, 3.5]
    found = applied(name, torch.tensor([values]))[0]
    assert found.tolist() == pytest.approx([formula(value) for value in values], abs=1e-6)


def test_scaled_tanh_keeps_one():
    assert applied("ScaledTanh", torch.tensor([[1.0]])).item() == pytest.approx(1, abs=1e-4)


def test_batch_norm_in_training_gives_mean_0_and_deviation_1():
    x = torch.tensor([[1.0], [2.0], [3.0], [6.0]]).view(4, 1, 1, 1).repeat(1, 1, 2, 2)
    y = made("BatchNorm2d", x).train()(x)
    mean, variance = 3.0, 3.5
    expected = (x - mean) / math.sqrt(variance + 1e-5)
    torch.testing.assert_close(y.detach(), expected)


def test_trainable_subsampling_is_coefficient_times_sum_plus_bias():
    x = torch.rand(2, 3, 6, 4)
    pool = made("Subsampling2d", x)
    pool.weight.data, pool.bias.data = torch.tensor([0.5, 1.0, -2.0]), torch.tensor([0.0, 1.0, 2.0])
    sums = x.view(2, 3, 3, 2, 2, 2).sum((3, 5))
    expected = sums * torch.tensor([0.5, 1.0, -2.0])[:, None, None] + torch.tensor([0.0, 1.0, 2.0])[:, None, None]
    torch.testing.assert_close(pool(x).detach(), expected)


def test_max_unpooling_puts_maxima_back_where_they_were():
    before = grid([[1, 5, 2, 0], [3, 4, 8, 1], [0, 0, 1, 2], [9, 0, 3, 4]])
    pooled = functional.max_pool2d(before, 2)
    unpool = made("MaxUnpool2d", pooled, before)
    assert unpool(pooled, before)[0, 0].tolist() == [[0, 5, 0, 0], [0, 0, 8, 0], [0, 0, 0, 0], [9, 0, 0, 4]]


@pytest.mark.parametrize("size", [(8, 8), (7, 10), (9, 5)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"kernel_size": 3},
        {"kernel_size": 3, "padding": 1},
        {"kernel_size": (2, 3), "stride": (2, 1), "padding": (0, 1)},
        {"kernel_size": 3, "stride": 3, "ceil_mode": True},
        {"kernel_size": 2, "dilation": 2},
    ],
)
def test_max_unpooling_does_what_torch_does_with_the_indices_of_the_pool(settings, size):
    before = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(0))
    pool = LAYERS["MaxPool2d"].model_validate(settings)
    values = module_of(pool, before)(before)
    indexed = torch.nn.MaxPool2d(
        pool.kernel_size, pool.stride, pool.padding, pool.dilation, return_indices=True, ceil_mode=pool.ceil_mode
    )
    pooled, switches = indexed(before)
    x = torch.randn(pooled.shape, generator=torch.Generator().manual_seed(1))
    unpool = module_of(LAYERS["MaxUnpool2d"]().paired_with(pool, "pool"), x, before)
    expected = torch.ops.aten.max_unpool2d(pooled, switches, size)
    torch.testing.assert_close(values, pooled)
    torch.testing.assert_close(unpool(pooled, before), expected)
    if pool.kernel_size == pool.stride:  # no two windows can share a maximum
        torch.testing.assert_close(unpool(x, before), torch.ops.aten.max_unpool2d(x, switches, size))


def test_max_unpooling_undoes_same_padding():
    before = torch.rand(1, 2, 5, 6) - 2
    pool = LAYERS["MaxPool2d"].model_validate({"kernel_size": 3, "padding": "same"})
    pooled = module_of(pool, before)(before)
    unpooled = module_of(LAYERS["MaxUnpool2d"]().paired_with(pool, "pool"), pooled, before)(pooled, before)
    kept = unpooled != 0
    assert unpooled.shape == before.shape
    assert torch.equal(unpooled[kept], before[kept])
    assert set(pooled.unique().tolist()) == set(unpooled[kept].tolist())


def test_gradients_go_back_to_the_maxima_alone():
    before = torch.rand(1, 1, 6, 6, requires_grad=True)
    pooled = torch.rand(1, 1, 3, 3, requires_grad=True)
    unpool = made("MaxUnpool2d", pooled, before)
    (unpool(pooled, before) * torch.arange(36.0).view(1, 1, 6, 6)).sum().backward()
    _, switches = functional.max_pool2d(before, 2, return_indices=True)
    assert torch.equal(pooled.grad, switches.float())
    assert before.grad is None


def test_the_connection_table_equals_a_masked_convolution():
    x = torch.rand(2, 6, 9, 8)
    conv = made("PartiallyConnectedConv2d", x)
    dense = torch.zeros(16, 6, 5, 5)
    pairs = [(target, source) for target, row in enumerate(LECUN_C3) for source in row]
    for kernel, (target, source) in zip(conv.weight.detach(), pairs, strict=True):
        dense[target, source] = kernel[0]
    torch.testing.assert_close(conv(x).detach(), functional.conv2d(x, dense, conv.bias.detach()))
    assert sum(parameter.numel() for parameter in conv.parameters()) == 1516


def test_lecuns_table_is_regular():
    assert [len(row) for row in LECUN_C3] == [3] * 6 + [4] * 9 + [6]
    assert all(sum(source in row for row in LECUN_C3) == 10 for source in range(6))


def test_rbf_output_scores_by_minus_the_squared_distance():
    x = torch.rand(3, 5)
    rbf = made("RBFOutput", x, classes=4)
    expected = -(torch.cdist(x, rbf.weight.detach()) ** 2)
    torch.testing.assert_close(rbf(x).detach(), expected)
    assert (made("RBFOutput", x, classes=4, distance=True)(x) >= 0).all()


def test_the_digit_prototypes_are_signs_and_differ():
    digits = made("RBFOutput", torch.rand(1, 84), prototypes="digits")
    assert not list(digits.parameters())
    assert set(digits.weight.flatten().tolist()) == {-1.0, 1.0}
    distances = torch.cdist(digits.weight, digits.weight)
    assert distances[~torch.eye(10, dtype=torch.bool)].min() > 2
    assert digits(digits.weight).argmax(1).tolist() == list(range(10))


def test_drop_connect_drops_weights_in_training_only():
    x = torch.ones(1, 200)
    fc = made("DropConnect", x, out_features=50, p=0.25)
    torch.testing.assert_close(fc(x), functional.linear(x, fc.weight, fc.bias))
    fc.weight.data.fill_(1.0)
    fc.bias.data.zero_()
    kept = fc.train()(x).detach() / (1 / 0.75)
    assert 100 < kept.mean().item() < 200
    assert kept.mean().item() / 200 == pytest.approx(0.75, abs=0.05)


def test_the_zero_pad_shortcut_subsamples_and_adds_maps_of_zeros():
    x = torch.rand(2, 3, 5, 4)
    y = applied("ZeroPadShortcut", x, out_channels=5)
    torch.testing.assert_close(y[:, :3], x[:, :, ::2, ::2])
    assert not y[:, 3:].any()


def test_s_cells_follow_fukushimas_formula():
    x = torch.rand(2, 3, 6, 6)
    cell = made("SCell2d", x, planes=4, kernel_size=3, selectivity=2.0)
    cell.inhibition.data = torch.tensor([0.1, 0.2, 0.3, 0.0])
    weights = [[0.9 ** math.hypot(i - 1, j - 1) for j in range(3)] for i in range(3)]
    c = torch.tensor(weights) / sum(map(sum, weights)) / 3
    patch = x[0, :, 2:5, 1:4]
    v = (patch.square().sum(0) * c).sum().sqrt()
    excitation = (cell.weight.detach() * patch).sum((1, 2, 3))
    r, b = 2.0, cell.inhibition.detach()
    expected = r * torch.relu((1 + excitation) / (1 + r / (1 + r) * b * v) - 1)
    torch.testing.assert_close(cell(x)[0, :, 2, 1].detach(), expected)


def test_c_cells_blur_and_saturate():
    x = torch.rand(1, 2, 5, 5)
    weights = [[0.8 ** math.hypot(i - 1, j - 1) for j in range(3)] for i in range(3)]
    d = torch.tensor(weights) / sum(map(sum, weights))
    blur = (x[0, 1, 1:4, 2:5] * d).sum()
    found = applied("CCell2d", x, kernel_size=3)
    torch.testing.assert_close(found[0, 1, 1, 2], blur / (1 + blur))
    sooner = applied("CCell2d", x, kernel_size=3, saturation=0.5)
    torch.testing.assert_close(sooner[0, 1, 1, 2], blur / (0.5 + blur))


def test_lateral_inhibition_lets_through_what_stands_out_among_the_planes():
    x = torch.rand(2, 3, 4, 4)
    plain = applied("CCell2d", x, kernel_size=2, stride=2)
    blur = plain / (1 - plain)
    v = blur.mean(1, keepdim=True)
    inhibited = applied("CCell2d", x, kernel_size=2, stride=2, saturation=0.5, lateral=True)
    passed = ((1 + blur) / (1 + v) - 1).clamp(min=0)
    torch.testing.assert_close(inhibited, passed / (0.5 + passed))
    assert (inhibited[blur < v] == 0).all()


def test_same_padding_of_strided_pools_ignores_what_is_outside():
    x = torch.full((1, 1, 5, 5), -2.0)
    assert (applied("MaxPool2d", x, kernel_size=3, stride=2, padding="same") == -2).all()
    assert (applied("MinPool2d", -x, kernel_size=3, stride=2, padding="same") == 2).all()
    average = applied("AvgPool2d", x, kernel_size=3, stride=2, padding="same", count_include_pad=False)
    torch.testing.assert_close(average, torch.full((1, 1, 3, 3), -2.0))


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_strided_same_convolution_equals_explicit_padding(mode):
    x = torch.rand(1, 2, 8, 7)
    conv = made("Conv2d", x, out_channels=3, kernel_size=3, stride=2, padding="same", padding_mode=mode)
    before_after = [1, 1, 0, 1]  # 7 columns need one on each side, 8 rows one after
    by_hand = functional.pad(x, before_after, mode="constant" if mode == "zeros" else mode)
    torch.testing.assert_close(conv(x), functional.conv2d(by_hand, conv.weight, conv.bias, stride=2))


@pytest.mark.parametrize("name", ["L2Pool2d", "SCell2d"])
def test_gradients_are_finite_where_all_is_zero(name):
    x = torch.zeros(1, 1, 6, 6, requires_grad=True)
    made(name, x, kernel_size=2)(x).sum().backward()
    assert torch.isfinite(x.grad).all()
