"""A value worked out on paper is the value the network computes, and its numbers add up as printed."""

from decimal import Decimal

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from engine.errors import LayerloomError
from engine.inspection import StepThrough
from engine.inspection.lens import Lens
from engine.inspection.sight import Asked
from engine.inspection.step_through import step_through
from engine.layers import LAYERS
from engine.network import Network
from engine.tasks import Classification

BEYOND = ("reflect", "replicate", "circular")  # padding modes that look like the image


def drawn(*, channels=2, size=6, **conv):
    network = Network("one convolution")
    network.add(LAYERS["Input"](channels=channels, height=size, width=size), "input")
    network.add(LAYERS["Conv2d"](**conv), "conv", inputs="input")
    network.add(LAYERS["ReLU"](), "relu", inputs="conv")
    network.add(LAYERS["Output"](), "output", inputs="relu")
    return network


def lens_on(network, seed=0):
    return Lens(network, task=Classification(), seed=seed)


def test_a_value_computed_by_hand():
    lens = lens_on(drawn(channels=1, size=3, out_channels=1, kernel_size=2))
    lens.module.conv.load_state_dict({"weight": torch.tensor([[[[1.0, -2], [0.5, 0]]]]), "bias": torch.tensor([-0.25])})
    image = torch.tensor([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]]])
    step = StepThrough(row=1).show(lens, image, "conv")
    (page,) = step.pages
    assert page.patch.tolist() == [[4, 5], [7, 8]]
    assert page.products.tolist() == [[4, -10], [3.5, 0]]
    assert (page.sum, step.bias, step.value, step.exact) == (-2.5, -0.25, -2.75, -2.75)
    assert (step.activation, step.activated, step.rounded) == ("ReLU", 0.0, False)
    assert (step.rows, step.columns) == ((1, 2), (0, 1))


def test_padding_is_marked_and_zero():
    network = drawn(out_channels=1, kernel_size=3, padding=1)
    step = StepThrough(column=5).show(lens_on(network), torch.ones(1, 2, 6, 6), "conv")
    assert step.rows == (-1, 1)
    assert step.pages[0].padded.tolist() == [[True] * 3, [False, False, True], [False, False, True]]
    assert step.pages[0].patch.tolist() == [[0, 0, 0], [1, 1, 0], [1, 1, 0]]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")  # torch pads in a copy, and says so
@settings(max_examples=40)
@given(
    conv=st.fixed_dictionaries(
        {
            "kernel_size": st.tuples(st.integers(1, 3), st.integers(1, 3)),
            "stride": st.tuples(st.integers(1, 2), st.integers(1, 2)),
            "padding": st.one_of(st.just("same"), st.tuples(st.integers(0, 1), st.integers(0, 1))),
            "dilation": st.tuples(st.integers(1, 2), st.integers(1, 2)),
            "groups": st.sampled_from([1, 2]),
            "bias": st.booleans(),
            "padding_mode": st.sampled_from(["zeros", *BEYOND]),
        }
    ),
    place=st.tuples(st.integers(0, 3), st.floats(0, 0.999), st.floats(0, 0.999)),
)
def test_with_enough_digits_it_is_what_torch_computes(conv, place):
    lens = lens_on(drawn(channels=4, out_channels=4, **conv), seed=1)
    images = torch.randn(1, 4, 6, 6, generator=torch.Generator().manual_seed(2))
    _, _, height, width = lens.module.conv(images).shape
    channel, row, column = place[0], int(place[1] * height), int(place[2] * width)
    step = StepThrough(channel=channel, row=row, column=column, decimals=9).show(lens, images, "conv")
    assert step.value == pytest.approx(step.exact, abs=1e-5)
    assert len(step.pages) == 4 // conv["groups"]


def test_each_page_is_of_a_map_that_the_value_reads():
    lens = lens_on(drawn(channels=6, size=3, out_channels=4, kernel_size=1, groups=2))
    image = torch.arange(6.0)[None, :, None, None].expand(1, 6, 3, 3)
    read = {}
    for channel in range(4):
        pages = StepThrough(channel=channel).show(lens, image, "conv").pages
        assert [page.patch.tolist() for page in pages] == [[[page.input_channel]] for page in pages]
        read[channel] = [page.input_channel for page in pages]
    assert read == {0: [0, 1, 2], 1: [0, 1, 2], 2: [3, 4, 5], 3: [3, 4, 5]}


WINDOWS = {
    "wide": {"kernel_size": (5, 3), "padding": (2, 1)},
    "with steps": {"kernel_size": 3, "padding": 2, "stride": (2, 1)},
    "spread": {"kernel_size": (3, 2), "padding": (4, 3), "dilation": (2, 3)},
    "all the way round": {"kernel_size": 2, "padding": (5, 4), "stride": 3},
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("mode", "in_torch"), [("zeros", "constant"), *((mode, mode) for mode in BEYOND)])
def test_every_window_holds_what_torch_pads_with(window, mode, in_torch):
    network = drawn(channels=1, size=6, out_channels=1, padding_mode=mode, **WINDOWS[window])
    lens, images = lens_on(network), torch.randn(1, 1, 6, 6, generator=torch.Generator().manual_seed(2))
    conv = lens.module.conv
    (high, wide), (below, beside) = conv.padding, conv.dilation
    padded = functional.pad(images, (wide, wide, high, high), mode=in_torch)
    inside = functional.pad(torch.ones(6, 6), (wide, wide, high, high))
    values = functional.conv2d(padded, conv.weight, conv.bias, conv.stride, dilation=conv.dilation)[0, 0]
    given = {"input": images, "conv": values[None, None]}
    for (row, column), value in np.ndenumerate(values.numpy()):
        top, left = row * conv.stride[0], column * conv.stride[1]
        covered = (
            slice(top, top + below * (conv.kernel_size[0] - 1) + 1, below),
            slice(left, left + beside * (conv.kernel_size[1] - 1) + 1, beside),
        )
        step = step_through(network, lens.module, given, "conv", channel=0, row=row, column=column, decimals=9)
        np.testing.assert_allclose(step.pages[0].patch, padded[0, 0][covered], atol=1e-9)
        np.testing.assert_array_equal(step.pages[0].padded, inside[covered] == 0)
        assert step.value == pytest.approx(value, abs=1e-5)
        assert (step.rows[0], step.columns[0]) == (top - high, left - wide)
        assert (step.rows[1] + high, step.columns[1] + wide) == (covered[0].stop - 1, covered[1].stop - 1)


def test_printed_numbers_add_up_and_rounding_is_admitted():
    network = drawn(channels=8, out_channels=2, kernel_size=3)
    images = torch.randn(1, 8, 6, 6, generator=torch.Generator().manual_seed(2))
    step = StepThrough(channel=1, row=2, column=3, decimals=1).show(lens_on(network, seed=3), images, "conv")
    running = 0.0
    for page in step.pages:
        np.testing.assert_array_equal(page.products, np.round(page.patch * page.kernel, 1))
        running = round(running + page.sum, 1)
        assert page.running == running
    assert step.value == pytest.approx(running + step.bias)
    assert step.rounded == (round(step.exact, 1) != step.value)


@settings(max_examples=60)
@given(
    size=st.sampled_from([1e-6, 1e-3, 0.05, 1.0, 100.0]),
    channels=st.integers(1, 24),
    kernel=st.integers(1, 5),
    groups=st.booleans(),
    seed=st.integers(0, 99),
)
def test_what_is_printed_adds_up_to_what_the_network_computes(size, channels, kernel, groups, seed):
    conv = {"out_channels": channels, "kernel_size": kernel, "groups": channels if groups else 1}
    lens = lens_on(drawn(channels=channels, **conv), seed)
    images = size * torch.randn(1, channels, 6, 6, generator=torch.Generator().manual_seed(seed))
    step = StepThrough(row=1).show(lens, images, "conv")
    places = step.decimals
    total = 0
    for page in step.pages:
        grids = [grid.ravel() for grid in (page.patch, page.kernel, page.products)]
        terms = [
            (Decimal(f"{value:.{places}f}"), Decimal(f"{weight:.{places}f}"), Decimal(f"{product:.{places}f}"))
            for value, weight, product in zip(*grids, strict=True)
        ]
        assert all(abs(value * weight - product) <= Decimal(f"0.5e-{places}") for value, weight, product in terms)
        assert sum(product for *_, product in terms) == Decimal(f"{page.sum:.{places}f}")
        total += sum(product for *_, product in terms)
        assert total == Decimal(f"{page.running:.{places}f}")
    assert total + Decimal(f"{step.bias:.{places}f}") == Decimal(f"{step.value:.{places}f}")
    assert abs(step.value - step.exact) <= max(0.005, abs(step.exact) / 100)
    assert abs(step.value - step.exact) <= abs(step.exact) / 100 or places == 9


def test_only_convolutions_and_places_that_exist():
    network = drawn(out_channels=1)
    lens, pixels = lens_on(network), np.zeros((2, 6, 6), np.uint8)
    with pytest.raises(LayerloomError, match=r"The view Step through is for convolutions, but 'relu' is ReLU."):
        lens.show(Asked(StepThrough(), "relu"), pixels)
    with pytest.raises(LayerloomError, match=r"row 9, column 0 of map 0: the output is 1×4×4"):
        lens.show(Asked(StepThrough(row=9), "conv"), pixels)
    network.set_node("conv", bypassed=True)
    with pytest.raises(LayerloomError, match=r"'conv' does not run as a convolution: it is bypassed."):
        lens_on(network).show(Asked(StepThrough(), "conv"), pixels)


def test_an_activation_that_leads_to_no_output_is_passed_over():
    network = drawn(out_channels=1)
    network.disconnect(network.incoming("output")[0])
    network.connect("conv", "output")
    step = StepThrough().show(lens_on(network), torch.ones(1, 2, 6, 6), "conv")
    assert (step.activation, step.activated) == ("", None)


@pytest.mark.parametrize(("activation", "titled"), [("Softmax", ""), ("Sigmoid", "Sigmoid")])
def test_an_activation_that_needs_all_values_is_passed_over(activation, titled):
    network = drawn(out_channels=2)
    network.set_layer("relu", LAYERS[activation]())
    images = torch.randn(1, 2, 6, 6, generator=torch.Generator().manual_seed(2))
    step = StepThrough(channel=1).show(lens_on(network), images, "conv")
    assert step.activation == titled
    assert step.activated == (round(1 / (1 + np.exp(-step.value)), step.decimals) if titled else None)


@pytest.mark.parametrize("size", [1e4, 1e6, 1e9])
@pytest.mark.parametrize("seed", range(3))
def test_large_values_add_up_too(size, seed):
    lens = lens_on(drawn(channels=8, out_channels=1, kernel_size=3), seed)
    images = size * torch.randn(1, 8, 6, 6, generator=torch.Generator().manual_seed(seed))
    step = StepThrough(row=1, column=2).show(lens, images, "conv")
    places, total = step.decimals, Decimal()
    for page in step.pages:
        part = sum(Decimal(f"{product:.{places}f}") for product in page.products.ravel())
        total += part
        assert part == Decimal(f"{page.sum:.{places}f}")
        assert total == Decimal(f"{page.running:.{places}f}")
    assert total + Decimal(f"{step.bias:.{places}f}") == Decimal(f"{step.value:.{places}f}")
    assert step.value == pytest.approx(step.exact, rel=0.01)
    assert places < 9


def test_what_an_activation_keeps_is_printed_with_the_same_digits():
    network = drawn(out_channels=4)
    lens, kept = lens_on(network), 0
    images = 3000 * torch.randn(1, 2, 6, 6, generator=torch.Generator().manual_seed(4))
    for channel in range(4):
        step = StepThrough(channel=channel, decimals=6).show(lens, images, "conv")
        assert step.activated == max(step.value, 0.0)
        kept += step.value > 0
    assert kept
