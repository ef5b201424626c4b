"""Every registered layer against torch: shape, parameters and multiply-adds, whatever the settings and sizes."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import CALLED, cases, parameters, resolve, run
from torch.utils.flop_counter import FlopCounterMode

from engine.layers import LAYERS, Layer, Shape, ShapeMismatch

BATCH = 2
NOT_MATRIX_PRODUCTS = {"RBFOutput"}  # torch's counter cannot know that a squared difference stands for a multiply-add


@pytest.mark.parametrize("name", CALLED)
@given(data=st.data())
@settings(max_examples=50)
def test_shape_parameters_and_multiply_adds_are_what_torch_has(name, data):
    layer, shapes = data.draw(cases(LAYERS[name]))
    try:
        expected = layer.output_shape(*shapes)
    except ShapeMismatch:
        return
    call = layer.call(*shapes)
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        output = run(call, *(torch.empty(BATCH, *shape) for shape in shapes))
        assert layer.parameter_count(*shapes) == parameters(call)
    assert Shape(*output.shape[1:]) == expected
    assert output.shape[0] == BATCH
    if name not in NOT_MATRIX_PRODUCTS:
        assert layer.multiply_adds(*shapes) == counter.get_total_flops() // (2 * BATCH)


@pytest.mark.parametrize("name", CALLED)
@given(data=st.data())
@settings(max_examples=25)
def test_what_a_layer_takes_runs_and_what_it_refuses_torch_refuses_too(name, data):
    layer, shapes = data.draw(cases(LAYERS[name]))
    try:
        expected = layer.output_shape(*shapes)
    except ShapeMismatch as mismatch:
        if mismatch.code in {"kernel_too_large", "padding_too_large", "groups_do_not_divide"}:
            assert torch_refuses(layer, shapes, device="meta") or torch_refuses(layer, shapes, device="cpu")
        return
    output = run(layer.call(*shapes), *(torch.rand(BATCH, *shape) for shape in shapes))
    assert Shape(*output.shape[1:]) == expected


@pytest.mark.parametrize("name", CALLED)
@given(data=st.data())
@settings(max_examples=10)
def test_evaluation_draws_nothing(name, data):
    layer, shapes = data.draw(cases(LAYERS[name]))
    try:
        layer.output_shape(*shapes)
    except ShapeMismatch:
        return
    call = layer.call(*shapes)
    if not call.is_module:
        return
    module = resolve(call.target)(*call.arguments, **call.keywords).eval()
    values = [torch.rand(BATCH, *shape) for shape in shapes]
    with torch.no_grad():
        assert torch.equal(module(*values), module(*values))


def test_fractional_pooling_draws_its_windows_while_training():
    call = LAYERS["FractionalMaxPool2d"]().call(Shape(3, 16, 16))
    module, x = resolve(call.target)(*call.arguments), torch.rand(BATCH, 3, 16, 16)
    assert not torch.equal(module(x), module(x))
    torch.manual_seed(1)
    drawn = module(x)
    torch.manual_seed(1)
    assert torch.equal(drawn, torch.nn.FractionalMaxPool2d((2, 2), output_ratio=(0.7, 0.7))(x))


@given(
    st.fixed_dictionaries(
        {
            "kernel_size": st.integers(1, 5),
            "stride": st.integers(1, 4),
            "padding": st.one_of(st.integers(0, 2), st.just("same")),
            "dilation": st.integers(1, 6),
            "ceil_mode": st.booleans(),
        }
    ),
    st.integers(1, 9),
)
@settings(max_examples=300)
def test_a_max_pool_is_refused_just_where_padding_would_win(values, size):
    layer, x = LAYERS["MaxPool2d"].model_validate(values), Shape(1, size, size)
    try:
        layer.output_shape(x)
    except ShapeMismatch as mismatch:
        if mismatch.code == "window_misses_map":
            assert run(layer.call(x), torch.zeros(1, *x)).isinf().any()
        return
    assert run(layer.call(x), torch.zeros(1, *x)).isfinite().all()


def torch_refuses(layer: Layer, shapes: tuple[Shape, ...], *, device: str) -> bool:
    """Whether torch raises for these settings and inputs; what compiles goes by the meta device."""
    try:
        with torch.device(device):
            run(layer.call(*shapes), *(torch.rand(BATCH, *shape) for shape in shapes))
    except (RuntimeError, ValueError):
        return True
    return False


def conv(**changes: object) -> Layer:
    return LAYERS["Conv2d"].model_validate({"out_channels": 12, **changes})


@pytest.mark.parametrize(
    ("layer", "x", "expected"),
    [
        (conv(kernel_size=5), Shape(1, 32, 32), Shape(12, 28, 28)),
        (conv(kernel_size=(3, 5), stride=(2, 1), padding=(1, 0)), Shape(3, 9, 7), Shape(12, 5, 3)),
        (conv(dilation=(2, 3), groups=3), Shape(6, 11, 12), Shape(12, 7, 6)),
        (conv(kernel_size=4, stride=3, padding="same"), Shape(3, 10, 11), Shape(12, 4, 4)),
        (conv(kernel_size=7, stride=2, padding=3), Shape(3, 224, 224), Shape(12, 112, 112)),
        (LAYERS["MaxPool2d"].model_validate({"kernel_size": 3, "ceil_mode": True}), Shape(4, 8, 6), Shape(4, 4, 3)),
        (LAYERS["MaxPool2d"].model_validate({"kernel_size": 1, "stride": 3, "ceil_mode": True}), Shape(4, 8, 6), None),
    ],
)
def test_worked_examples(layer, x, expected):
    assert Shape(*run(layer.call(x), torch.rand(1, *x)).shape[1:]) == layer.output_shape(x)
    if expected:
        assert layer.output_shape(x) == expected
