"""The arithmetic that is shown, worked out: every step with numbers gives the result, and the result is the layer's."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import CALLED, inputs, layers

from engine.layers import LAYERS, Shape, ShapeMismatch

SIGNS = str.maketrans({"·": "*", "−": "-", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "\u202f": None})
PREFIXES = {"M": 10**6, "G": 10**9, "T": 10**12}


def worked_out(step):
    """What a step with nothing but numbers in it comes to; None for one with symbols."""
    text = step.translate(SIGNS)
    if not re.fullmatch(r"(floor|ceil|[\d.+\-*/() ])+", text):
        return None
    exact = re.sub(r"\d+(\.\d+)?", lambda number: f"Fraction('{number[0]}')", text)
    return eval(exact, {"Fraction": Fraction, "floor": math.floor, "ceil": math.ceil})  # noqa: S307


def read(result):
    """A result as a number, and how far it may be off: brief numbers have three digits."""
    found = re.fullmatch(r"([\d.]+)(?: ([MGT]))?", result.replace("\u202f", ""))
    if not found:
        return None
    number = float(found[1]) * PREFIXES.get(found[2], 1)
    return pytest.approx(number, rel=0.006 if found[2] else 0)


@pytest.mark.parametrize("name", CALLED)
@given(data=st.data())
@settings(max_examples=60)
def test_every_step_gives_the_result_and_every_result_is_the_layers(name, data):
    layer = data.draw(layers(LAYERS[name]))
    shapes = data.draw(inputs(LAYERS[name]))
    try:
        output = layer.output_shape(*shapes)
    except ShapeMismatch:
        return
    own = {"Parameters": layer.parameter_count(*shapes), "MACs": layer.multiply_adds(*shapes)}
    own |= dict(zip("CHW", output, strict=True)) if output.is_map else {"Features": output.elements}
    for formula in layer.explain(*shapes):
        result = read(formula.result)
        assert formula.quantity not in own or own[formula.quantity] == result, formula
        for step in formula.steps:
            assert worked_out(step) in (None, result), formula


def test_a_window_that_is_left_out_is_taken_off():
    layer = LAYERS["MaxPool2d"].model_validate({"kernel_size": 1, "stride": 3, "ceil_mode": True})
    height = layer.explain(Shape(4, 8, 8))[0]
    assert str(height) == "H = ⌈(H_in + 2p − k) / s⌉ + 1 − 1 = ⌈(8 + 2·0 − 1) / 3⌉ + 1 − 1 = ⌈2.33⌉ + 1 − 1 = 3"


@pytest.mark.parametrize(("p", "kept"), [(0.5, "x / (1 − 0.5)"), (0.125, "x / (1 − 0.125)")])
def test_dropout_shows_its_probability_whole(p, kept):
    formula = LAYERS["Dropout"](p=p).explain(Shape(8))[0]
    assert formula.result == kept
    assert f"0 for {100 * p:g} % of the 8 values" in formula.note


@given(st.integers(1, 40), st.integers(1, 40))
def test_the_cells_of_a_grid_are_as_long_as_torch_makes_them(size, count):
    window = LAYERS["AdaptiveAvgPool2d"](output_size=(count, 1)).window(Shape(1, size, 1))
    assert window.kernel[0] == max(-(-(i + 1) * size // count) - i * size // count for i in range(count))


def test_ratios_and_saturations_are_shown_whole():
    with pytest.raises(ShapeMismatch, match=r"A ratio of 0\.125 leaves nothing of a 4×4 map"):
        LAYERS["FractionalMaxPool2d"](ratio=0.125).output_shape(Shape(3, 4, 4))
    cells = LAYERS["CCell2d"](saturation=0.125).explain(Shape(3, 8, 8))
    assert any("x/(0.125 + x)" in formula.note for formula in cells)
