"""Kernels are painted on one scale around 0, over the input maps that each view names."""

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QPoint

from engine.inspection.results import Kernels
from gui.look.kernel_strip import EDGE, GAP, HEAD, KernelStrip
from gui.look.kernel_view import KernelView
from gui.look.kernels_view import KernelsView
from gui.style.style import apply_style

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

# (out 3, in 3, 2, 2): one value a kernel and input map, so that every mean is another
LEVELS = np.array([[0.5, -0.25, 0.5], [-0.75, -0.5, 0.125], [0.0, 0.25, 0.0]], np.float32)
KERNELS = np.broadcast_to(LEVELS[:, :, None, None], (3, 3, 2, 2)).copy()


def colours_of(values):
    """The colours of some values between the largest of them below 0 and above, as the palette itself gives them."""
    largest = np.abs(values).max()
    table = pyqtgraph.colormap.get("CET-D1").getLookupTable(nPts=256)
    return [tuple(table[int((value + largest) / (2 * largest) * 255)]) for value in values]


def in_a_strip(qtbot):
    strip = KernelStrip()
    qtbot.addWidget(strip)
    strip.show_kernels(Kernels("conv", KERNELS, None), 0)
    return strip, strip.widget(), [QPoint(at * (EDGE + GAP) + EDGE // 4, HEAD + EDGE // 4) for at in range(3)]


def in_the_panel(qtbot):
    view = KernelView()
    qtbot.addWidget(view)
    view.resize(300, 50)
    view.show_kernels(KERNELS)
    return view, view, [QPoint(at * 44 + 10, 10) for at in range(3)]


def in_a_mosaic(qtbot):
    view = KernelsView()
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    view.show_kernels(Kernels("conv", KERNELS, None))
    tiles = view.mosaic.tiles
    return view, tiles, [tiles.area_of(at).topLeft() + QPoint(40, 40) for at in range(3)]


@pytest.mark.parametrize(
    ("shown", "values"),
    [(in_a_strip, LEVELS.mean(axis=1)), (in_a_mosaic, LEVELS.mean(axis=1)), (in_the_panel, LEVELS[:, 0])],
)
def test_the_pixels_are_the_colours_of_the_weights(shown, values, qtbot, qapp):
    apply_style(qapp)
    _whole, painted, places = shown(qtbot)  # the whole goes with its last reference
    image = painted.grab().toImage()
    found = [image.pixelColor(place).getRgb()[:3] for place in places]
    for colour, expected in zip(found, colours_of(values), strict=True):
        assert np.abs(np.subtract(colour, expected, dtype=int)).max() <= 3  # a step of the palette by rounding
    assert len(set(found)) == 3


def test_the_words_name_the_ends_of_the_scale(qtbot):
    _strip, row, _ = in_a_strip(qtbot)
    view, _, _ = in_the_panel(qtbot)
    weights, mosaic, _ = in_a_mosaic(qtbot)
    assert row._title == "conv · 3 kernels of 3×2×2, mean over 3 input maps · blue −0.38, red 0.38"
    assert view.accessibleName() == "3 kernels, weights within ±0.75"
    assert weights.title.text() == "conv · weights of 3×3×2×2, mean over 3 input maps"
    assert (mosaic.span(0).low, mosaic.span(0).high) == (-0.375, 0.375)


@pytest.mark.parametrize("width", [40, 208, 220, 272, 400])
def test_no_kernel_of_the_panel_is_cut_at_its_side(qtbot, width):
    view = KernelView()
    qtbot.addWidget(view)
    view.show_kernels(np.ones((16, 1, 3, 3), np.float32))
    columns = (width + 4) // 44
    height = view.heightForWidth(width)
    assert height == -(-16 // columns) * 44
    view.resize(width, height)
    image = view.grab().toImage()
    paper = image.pixel(width - 1, height - 1)
    last = [image.pixel(columns * 44 - 5, y) for y in range(40)]
    assert all(pixel != paper for pixel in last)
    assert all(image.pixel(x, 10) == paper for x in range(columns * 44 - 4, width))
