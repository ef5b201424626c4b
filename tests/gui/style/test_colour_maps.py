"""Numbers as colours."""

import numpy as np
import pytest

from gui.style.colour_maps import ColourMap, Span, image_of, span_of, table


@pytest.mark.parametrize("value", [0.0, 3.0, -2.0])
def test_a_map_that_is_the_same_everywhere_is_one_colour(value):
    flat = np.full((2, 2), value, np.float32)
    image = image_of(flat, ColourMap.GREY, span_of(flat))
    assert {image.pixelIndex(x, y) for x in (0, 1) for y in (0, 1)} == {255 if value > 0 else 0}
    alone = image_of(flat, ColourMap.GREY, Span(value, value))
    assert {alone.pixelIndex(x, y) for x in (0, 1) for y in (0, 1)} == {0}


def test_a_span_holds_the_values_that_are_finite():
    values = np.array([[np.nan, -2.0], [np.inf, -np.inf]], np.float32)
    assert span_of(values) == Span(-2.0, 0.0)
    assert span_of(values, signed=True) == Span(-2.0, 2.0)
    image = image_of(np.full((1, 1), np.inf, np.float32), ColourMap.GREY, span_of(np.full(1, np.inf, np.float32)))
    assert image.pixelIndex(0, 0) == 0


def test_the_ends_of_the_span_take_the_end_colours_and_what_is_no_number_the_low_one():
    values = np.array([[0.0, 0.5, 1.0], [np.nan, np.inf, -np.inf]], np.float32)
    image = image_of(values, ColourMap.VIRIDIS, Span(0.0, 1.0))
    assert [image.pixelIndex(x, 0) for x in range(3)] == [0, 127, 255]
    assert [image.pixelIndex(x, 1) for x in range(3)] == [0, 255, 0]
    assert image.pixel(0, 0) == table(ColourMap.VIRIDIS)[0]
