"""What a layer says that it reads, against what moves its output in torch."""

from __future__ import annotations

import pytest
import torch
from dependence import boxes, largest, moved, places
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from layer_strategies import CALLED, cases

from engine.layers import LAYERS, Layer, Shape, ShapeMismatch
from engine.network import receptive_field


def field_of(layer: Layer, shapes: tuple[Shape, ...], port: int):
    """The field of the output inside the one input, as if that were the image."""
    reads = layer.readings(*shapes)[port]
    return reads and receptive_field.of_output([receptive_field.of_input(as_map(shapes[port]))], [reads])


def as_map(shape: Shape) -> Shape:
    return shape if shape.is_map else Shape(1, 1, 1)


UNLIKE = {"MaxUnpool2d"}  # its switches hide what it may read


@pytest.mark.parametrize("name", [name for name in CALLED if name not in UNLIKE])
@given(data=st.data())
@settings(max_examples=15)
def test_a_layer_reads_what_moves_its_output(name, data):
    layer, shapes = data.draw(cases(LAYERS[name]))
    try:
        output = as_map(layer.output_shape(*shapes))
    except ShapeMismatch:
        return
    assume(sum(shape.elements for shape in shapes) < 400 and output.elements < 2000)
    torch.manual_seed(0)
    for port, x in enumerate(shapes):
        field, expected = field_of(layer, shapes, port), boxes(moved(layer, shapes, port), as_map(x))
        if field is None:
            assert not any(expected)
            continue
        held_down = getattr(layer, "lateral", False) and x.channels == 1
        if (layer.keeps_shape or held_down) and not any(expected):
            continue  # one score of one class is always 1, one value or plane less its mean always 0
        assert field.size == largest(expected)
        found = [field.at(row, column) for row in range(output.height) for column in range(output.width)]
        assert found == expected
    assert places(output) == len(expected)
