"""A projection is what unpooling, rectifying and transposed kernels make of one answer, written out by hand."""

import copy

import numpy as np
import pytest
import torch
from torch.nn import functional
from unit_parts import lens_on, line, small, unchanged

from engine.compiling.taps import Tapped
from engine.data.progress import finished
from engine.errors import LayerloomError
from engine.inspection import Deconvnet
from engine.inspection.sight import Asked
from engine.inspection.units.deconvnet import project
from engine.layers import LAYERS
from engine.network import Network
from engine.network.reach import reach_of
from templates import build

EXACT = {"dtype": torch.float64}


def images(count, shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), dtype=np.uint8)


def unpooled(signal, before, **window):
    """Each value back where the first maximum of its window was; those that meet there are added."""
    _, switches = functional.max_pool2d(before, return_indices=True, **window)
    flat = torch.zeros_like(before).flatten(2)
    return flat.scatter_add(2, switches.flatten(2), signal.flatten(2)).view(before.shape)


def transposed(signal, conv, size):
    """Back through a convolution: the kernel turned round, at every place of its output."""
    rows, columns = (size[axis] + 2 * conv.padding[axis] for axis in (0, 1))
    wide = torch.zeros(1, conv.in_channels, rows, columns, dtype=signal.dtype)
    for row in range(signal.shape[2]):
        for column in range(signal.shape[3]):
            top, left = row * conv.stride[0], column * conv.stride[1]
            patch = torch.einsum("m,mchw->chw", signal[0, :, row, column], conv.weight)
            wide[0, :, top : top + conv.kernel_size[0], left : left + conv.kernel_size[1]] += patch
    (down, across) = conv.padding
    return wide[:, :, down : rows - down, across : columns - across]


def strongest(given, unit):
    """All answers of a layer set to 0 but the strongest of a unit."""
    flat = given.flatten(2) if given.ndim > 2 else given[..., None]
    place = int(flat[0, unit].argmax())
    alone = torch.zeros_like(flat)
    alone[0, unit, place] = flat[0, unit, place]
    return alone.view(given.shape), place


@pytest.mark.parametrize(
    "window",
    [
        {"kernel_size": 2, "stride": 2},
        {"kernel_size": 3, "stride": 2},
        {"kernel_size": 3, "stride": 2, "ceil_mode": True},
    ],
)
@pytest.mark.parametrize("unit", [0, 3])
def test_a_projection_is_the_way_back_written_out(window, unit):
    pool = {"kernel_size": (window["kernel_size"],) * 2, "stride": (2, 2), "ceil_mode": window.get("ceil_mode", False)}
    network = line(
        ("Conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1, "stride": 1}),
        ("BatchNorm2d", {}),
        ("ReLU", {}),
        ("MaxPool2d", pool),
        ("Conv2d", {"out_channels": 5, "kernel_size": 3, "stride": 2, "padding": 1}),
        ("ReLU", {}),
        image=(2, 12, 10),
    )
    lens = lens_on(network, **EXACT)
    m, x = lens.module, lens.prepared(images(1, (2, 12, 10)))
    conv = m.l1(x)
    norm = m.l2(conv)
    pooled = m.l4(norm.relu())
    signal, place = strongest(m.l5(pooled).relu(), unit)
    signal = transposed(signal.relu(), m.l5, pooled.shape[2:])
    signal = unpooled(signal, norm.relu(), **window).relu()
    signal = signal * (m.l2.weight / (m.l2.running_var + m.l2.eps).sqrt()).view(1, -1, 1, 1)
    expected = transposed(signal, m.l1, (12, 10))[0]
    with unchanged(lens):
        (found,) = finished(project(lens, "l6", images(1, (2, 12, 10)), [unit]), None)
    assert (found.row, found.column) == divmod(place, 3)
    np.testing.assert_allclose(found.values, expected, rtol=1e-5, atol=1e-7 * float(expected.abs().max()))
    assert ("overlap" in " ".join(found.rules)) == (window["kernel_size"] == 3)


class Rectify(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.relu()

    @staticmethod
    def backward(ctx, signal):
        return signal.relu()


def residual(*, activation="ReLU"):
    """A shortcut, a concatenation, means, response normalisation, and scores."""
    network = Network("residual")
    network.add(LAYERS["Input"](channels=1, height=12, width=12), "input")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3, padding=1), "a", inputs="input")
    network.add(LAYERS["LocalResponseNorm"](), "norm", inputs="a")
    network.add(LAYERS[activation](), "r1", inputs="norm")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3, padding=1), "b", inputs="r1")
    network.add(LAYERS["Add"](), "add", inputs=["b", "r1"])
    network.add(LAYERS[activation](), "r2", inputs="add")
    network.add(LAYERS["Concat"](), "cat", inputs=["r2", "r1"])
    network.add(LAYERS["AvgPool2d"](), "mean", inputs="cat")
    network.add(LAYERS["Flatten"](), "flatten", inputs="mean")
    network.add(LAYERS["Linear"](out_features=3), "fc", inputs="flatten")
    network.add(LAYERS["Output"](), "output", inputs="fc")
    return network


@pytest.mark.parametrize(("node", "unit"), [("r2", 1), ("cat", 6), ("mean", 2), ("fc", 2), ("output", 0)])
def test_shortcuts_joins_means_and_vectors_are_gone_through_by_the_transposed_graph(node, unit):
    lens = lens_on(residual(), **EXACT)
    pixels = images(1, (1, 12, 12))
    m, x = lens.module, lens.prepared(pixels).requires_grad_()
    r1 = Rectify.apply(m.norm(m.a(x)))
    r2 = Rectify.apply(m.b(r1) + r1)
    values = {"r2": r2, "cat": torch.cat([r2, r1], 1)}
    values["mean"] = m.mean(values["cat"])
    values["fc"] = values["output"] = m.fc(values["mean"].flatten(1))
    signal, _ = strongest(values[node].detach(), unit)
    (expected,) = torch.autograd.grad(values[node], x, signal)
    (found,) = finished(project(lens, node, pixels, [unit]), None)
    np.testing.assert_allclose(found.values, expected[0], rtol=1e-5, atol=1e-7 * float(expected.abs().max()))


def test_the_rules_between_are_told():
    (found,) = finished(project(lens_on(residual(activation="GELU")), "fc", images(1, (1, 12, 12)), [0]), None)
    assert found.rules == (
        "Shortcuts and joined paths hand the signal to each of their inputs, by their linear transpose.",
        "2 of 2 activations are GELU and pass the plain gradient.",
        "norm: by the gradient.",
    )
    (found,) = finished(project(lens_on(small()), "l6", images(1, (1, 12, 12)), [0]), None)
    assert found.rules == (
        "Max pools are undone with the switches of this very image.",
        "The windows of l4 overlap: what returns to one pixel from several is added.",
        "Batch norm is undone by its linear transpose.",
    )


def test_a_leaky_rectifier_lets_its_share_of_the_signal_through():
    network = line(
        ("Conv2d", {"out_channels": 3}), ("LeakyReLU", {"negative_slope": 0.25}), ("Conv2d", {"out_channels": 2})
    )
    lens, pixels = lens_on(network, **EXACT), images(1, (1, 12, 12))
    m, x = lens.module, lens.prepared(pixels)
    signal, _ = strongest(m.l3(functional.leaky_relu(m.l1(x), 0.25)), 1)
    back = transposed(signal, m.l3, (10, 10) if m.l3.padding == (0, 0) else (12, 12))
    expected = transposed(functional.leaky_relu(back, 0.25), m.l1, (12, 12))[0]
    (found,) = finished(project(lens, "l3", pixels, [1]), None)
    np.testing.assert_allclose(found.values, expected, rtol=1e-5, atol=1e-7 * float(expected.abs().max()))


def test_each_image_has_its_own_unit_and_all_is_inside_what_the_unit_sees():
    lens = lens_on(small())
    pixels, units = images(6, (1, 12, 12)), [0, 3, 1, 3, 2, 5]
    together = finished(project(lens, "l6", pixels, units), None)
    for one, image, unit in zip(together, pixels, units, strict=True):
        alone = lens.show(Asked(Deconvnet(unit=unit), "l6"), image)
        np.testing.assert_allclose(one.values, alone.array, rtol=1e-4, atol=1e-6)
        (top, bottom), (left, right) = reach_of(lens.network, "l6").at(one.row, one.column)
        outside = one.values.copy()
        outside[:, max(top, 0) : bottom + 1, max(left, 0) : right + 1] = 0
        assert not outside.any()
    asked = finished(project(lens, "l6", pixels[:1], [0], [(2, 1)]), None)
    assert (asked[0].row, asked[0].column) == (2, 1)


def test_a_unit_that_gives_nothing_has_nothing_to_project():
    lens = lens_on(small())
    lens.module.l5.bias[2] = -1e6
    found = lens.show(Asked(Deconvnet(unit=2), "l6"), images(1, (1, 12, 12))[0])
    assert found.answer == 0
    assert not found.array.any()


def test_a_threshold_has_no_way_back_and_bypassed_layers_hand_the_signal_on():
    lens = lens_on(line(("ThresholdUnit", {}), ("Conv2d", {})))
    assert not lens.show(Asked(Deconvnet(), "l2"), images(1, (1, 12, 12))[0]).array.any()
    network = small()
    network.set_node("l5", bypassed=True)
    found = lens_on(network).show(Asked(Deconvnet(), "l6"), images(1, (1, 12, 12))[0])
    assert found.array.any()


@pytest.mark.parametrize(
    ("node", "unit", "sentence"),
    [
        ("l6", 8, "l6 has no unit 8: it has 8 units, counted from 0."),
        ("loose", 0, "'loose' is not computed: no layer of that name leads to an output."),
        ("l5", 0, "l5 gives NaN or infinity, which says nothing: train it again."),
    ],
)
def test_what_cannot_be_projected_is_told(node, unit, sentence):
    network = small()
    network.add(LAYERS["ReLU"](), "loose", inputs="l1")
    lens = lens_on(network)
    if node == "l5":
        lens.module.l5.weight.fill_(1e38)
    with unchanged(lens), pytest.raises(LayerloomError) as error:
        lens.show(Asked(Deconvnet(unit=unit), node), images(1, (1, 12, 12))[0])
    assert str(error.value) == sentence


def test_a_rectifier_inside_a_layer_that_torch_lacks_rectifies_too():
    network = line(("Conv2d", {"out_channels": 4}), ("SCell2d", {}), ("Conv2d", {"out_channels": 3}))
    lens, pixels = lens_on(network, **EXACT), images(1, (1, 12, 12))
    m, x = lens.module, lens.prepared(pixels).requires_grad_()
    relu = torch.relu
    try:
        torch.relu = Rectify.apply
        given = m.l3(m.l2(m.l1(x)))
    finally:
        torch.relu = relu
    signal, _ = strongest(given.detach(), 1)
    (expected,) = torch.autograd.grad(given, x, signal)
    (plain,) = torch.autograd.grad(m.l3(m.l2(m.l1(x))), x, signal)
    (found,) = finished(project(lens, "l3", pixels, [1]), None)
    np.testing.assert_allclose(found.values, expected[0], rtol=1e-5, atol=1e-7 * float(expected.abs().max()))
    assert not np.allclose(found.values, plain[0], rtol=1e-3)


class Rectifying(torch.nn.Module):
    def forward(self, x):
        return Rectify.apply(x)


@pytest.mark.parametrize(
    ("name", "options", "node"),
    [
        ("googlenet", {"input_size": 96}, "inception4a.concat"),
        pytest.param("resnet", {"depth": 18, "input_size": 32}, "layer3.1.relu2", marks=pytest.mark.slow),
        pytest.param("densenet", {"depth": 121, "input_size": 64}, "relu", marks=pytest.mark.slow),
        pytest.param("alexnet", {}, "relu5", marks=pytest.mark.slow),
    ],
)
def test_whole_architectures_are_gone_through_by_the_transposed_graph(name, options, node):
    lens = lens_on(build(name, **options), **EXACT)
    module = copy.deepcopy(lens.module)
    for path, child in [*module.named_modules()]:
        if isinstance(child, torch.nn.ReLU):
            around, _, leaf = path.rpartition(".")
            setattr(module.get_submodule(around), leaf, Rectifying())
    pixels = images(1, tuple(lens.shape))
    x = lens.prepared(pixels).requires_grad_()
    given = Tapped(module, (node,))(x)[node]
    unit = int(given[0].amax(dim=(1, 2)).argmax())
    signal, _ = strongest(given.detach(), unit)
    (expected,) = torch.autograd.grad(given, x, signal)
    (found,) = finished(project(lens, node, pixels, [unit]), None)
    np.testing.assert_allclose(found.values, expected[0], rtol=1e-5, atol=1e-6 * float(expected.abs().max()))
    assert expected.any()
