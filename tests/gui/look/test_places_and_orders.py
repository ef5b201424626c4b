"""What the small widgets of Look inside show stands where, and in the order, that it says."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from engine.layers import Shape
from engine.layers.convolution import Conv2d
from engine.layers.input_output import Input
from engine.network import Network, analyse
from gui.look.draw_pad import DrawPad
from gui.look.heat_view import HeatView
from gui.look.maps import receptive_box
from gui.look.maps_view import MapsView, Sort
from gui.look.mosaic import Mosaic, Place, Tile
from gui.look.node_weights import NodeWeights
from gui.look.vector_bars import VectorBars
from gui.style.appearance import appearance
from gui.style.colour_maps import ColourMap
from gui.style.style import apply_style

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def styled(qapp):
    apply_style(qapp)


@pytest.fixture
def shown(qtbot):
    """Show a widget of some size."""

    def show(widget, width, height):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        return widget

    return show


def test_the_receptive_field_of_a_value_is_cut_to_the_image():
    network = Network()
    network.add(Input(channels=1, height=12, width=20), "input")
    conv = Conv2d(kernel_size=(3, 5), stride=(2, 4), padding=(3, 1))
    network.add(conv, "conv", inputs="input")
    field = analyse(network)["conv"].receptive_field
    assert receptive_box(field, Place(0, 2, 3)) == QRectF(11, 1, 5, 3)
    assert receptive_box(field, Place(0, 1, 0)) == QRectF(0, 0, 4, 2)
    assert receptive_box(field, Place(0, 7, 4)) == QRectF(15, 11, 5, 1)
    assert receptive_box(field, Place(0, 0, 0)) is None


def test_every_value_of_a_map_is_found_below_the_pointer(shown):
    mosaic = shown(Mosaic(), 700, 400)
    mosaic.show_maps(np.zeros((2, 2, 5), np.float32), [Tile(1, "", ""), Tile(0, "", "")])
    tiles = mosaic.tiles
    for index in (0, 1):
        picture = tiles._picture(tiles.area_of(index))
        for row, column in np.ndindex(2, 5):
            x = picture.x() + (2 * column + 1) * picture.width() // 10
            y = picture.y() + (2 * row + 1) * picture.height() // 4
            assert tiles.place_at(QPoint(x, y)) == Place(index, row, column)
        assert tiles.place_at(picture.bottomRight()) == Place(index, 1, 4)
        assert tiles.place_at(QPoint(picture.center().x(), picture.bottom() + 1)) is None
    first, second = (tiles.area_of(index).topLeft().toTuple()[::-1] for index in (1, 0))
    assert first < second  # by rows, then columns


def test_a_stroke_is_where_the_pointer_was_on_an_image_that_is_no_square(shown):
    pad = shown(DrawPad(), 480, 160)
    pad.set_shape(Shape(1, 8, 24))
    pad.resize(480, pad.heightForWidth(480))
    assert pad.height() == 160
    QTest.mouseClick(pad, LEFT, pos=QPoint(430, 30))
    drawn = pad.pixels()[0] > 127
    rows, columns = np.nonzero(drawn)
    assert (rows.mean(), columns.mean()) == pytest.approx((30 / 20 - 0.5, 430 / 20 - 0.5), abs=0.6)


@pytest.mark.parametrize(("sort", "order"), [("INDEX", (0, 1, 2)), ("MAX", (1, 0, 2)), ("MEAN", (2, 0, 1)),
                                             ("VARIANCE", (1, 0, 2))])  # fmt: skip
def test_maps_are_sorted_by_what_is_chosen_largest_first(shown, sort, order):
    view = shown(MapsView(), 900, 400)
    view.sort.setCurrentText(Sort[sort].value)
    view.show_values(np.array([[[0, 3]], [[-6, 4]], [[2, 2]]], np.float32))
    assert view.mosaic.tiles.order == order


def test_the_weights_of_a_node_are_its_matrices_and_only_without_any_all_it_has():
    weight, bias = np.array([[1, 2], [3, np.nan]], np.float32), np.array([9, 9], np.float32)
    assert NodeWeights({"bias": bias, "weight": weight}).values[:3].tolist() == [1, 2, 3]
    assert len(NodeWeights({"bias": bias, "weight": weight}).values) == 4
    assert NodeWeights({"bias": bias}).values.tolist() == [9, 9]
    counts, edges = NodeWeights({"weight": weight}).histogram
    assert (counts.sum(), counts[0], counts[-1], edges[0], edges[-1]) == (3, 1, 1, 1, 3)


@pytest.mark.parametrize(
    ("shapes", "has"),
    [([(4, 3, 3, 3)], True), ([(4, 3, 3, 3), (4,)], True), ([(4, 3, 1, 1)], False), ([(4, 3)], False),
     ([(4, 3, 3, 3), (4, 4, 3, 3)], False)],
)  # fmt: skip
def test_kernels_are_shown_of_one_convolution_that_has_some(shapes, has):
    weights = NodeWeights({f"{at}.weight": np.ones(shape, np.float32) for at, shape in enumerate(shapes)})
    assert (weights.kernels is not None) == has


def test_bars_stand_above_or_below_zero_and_the_largest_is_marked(shown):
    bars = shown(VectorBars(), 348, 248)
    bars.show_values(np.array([1, -1, 3, np.nan], np.float32))
    image = bars.grab().toImage()
    unit, zero, look = 50, 174, appearance()  # px of 1, and y of 0: a margin of 24, 200 px for −1 to 3

    def colour(index, value):
        return image.pixelColor(48 + 69 * index + 34, round(zero - value * unit))

    assert colour(0, 0.5) == colour(1, -0.5) == look.colour("wire")
    assert colour(2, 2.5) == look.colour("accent")
    for index, value in ((0, -0.5), (0, 2.5), (1, 0.8), (2, -0.8), (3, 0.5), (3, -0.5)):
        assert colour(index, value) not in (look.colour("wire"), look.colour("accent"))


def test_heat_is_strongest_where_it_is_farthest_from_zero(shown):
    view = shown(HeatView(), 600, 300)
    view.show_heat(np.array([[0.5, -2, 1], [np.inf, np.nan, 0]], np.float32), np.zeros((1, 2, 3), np.uint8))
    assert view.images.accessibleName() == "Image 2×3, Heat 2×3, strongest at row 0, column 1"
    assert (view.legend._colours, view.legend._span.low, view.legend._span.high) == (ColourMap.SIGNED, -2, 2)
    view.show_heat(np.array([[0.5, 2]], np.float32), np.zeros((1, 2, 3), np.uint8))
    assert view.images.accessibleName() == "Image 2×3, Heat 1×2, strongest at row 0, column 1"
    assert (view.legend._colours, view.legend._span.low, view.legend._span.high) == (ColourMap.MAGMA, 0, 2)
