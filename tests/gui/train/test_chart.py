import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtWidgets import QApplication

from gui.train.curves.chart import Chart
from gui.train.curves.chart_lines import DASHED, Frame, Line, dashes, run_colour, thinned
from gui.train.curves.chart_marks import Best


@pytest.fixture
def chart(qtbot):
    chart = Chart("Loss")
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    chart.set_limits(10, 0, 1)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


def flat(height, *, stamp=0, x=(0.0, 10.0), **stroke):
    """A level line."""
    return Line(np.array(x), np.full(len(x), height), stamp, 0, 2.0, **stroke)


def column(chart, x):
    """Where, from the bottom (0) to the top (1), a column of the chart has the colour of a line."""
    area, picture = chart.plot_area(), chart.grab().toImage()
    place = round(area.left() + x * area.width() / 10)
    drawn = [y for y in range(round(area.top()), round(area.bottom())) if picture.pixelColor(place, y) == run_colour(0)]
    return [(area.bottom() - y) / area.height() for y in drawn]


def test_a_line_is_drawn_where_its_values_are(chart):
    chart.show_lines({"a": flat(0.5), "b": flat(0.25)})
    drawn = column(chart, 5)
    assert drawn
    assert all(min(abs(y - 0.5), abs(y - 0.25)) < 0.02 for y in drawn)
    chart.show_lines({"a": flat(0.5, x=(0.0, 4.0))})
    assert not column(chart, 5)


def test_dots_and_gaps_and_nothing_at_all_are_drawn(chart):
    gap = Line(np.array([0.0, 4.0, 5.0, 6.0, 10.0]), np.array([0.5, 0.5, np.nan, 0.5, 0.5]), 0, 0, 2.0)
    chart.show_lines({"gap": gap})
    assert column(chart, 2)
    assert not column(chart, 5)
    chart.show_lines({"empty": flat(0.5, x=(), dots=True), "lone": flat(0.5, x=(5.0,), dots=True)})
    assert column(chart, 5)
    assert not column(chart, 2)


def test_on_a_log_scale_the_limits_are_exponents(chart):
    chart.set_log(True)
    chart.set_limits(10, -2, 0)
    chart.show_lines({"a": flat(0.1), "none": flat(0.0)})
    assert column(chart, 5)
    assert np.allclose(column(chart, 5), 0.5, atol=0.02)


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_chart_whose_lines_are_as_before_is_not_painted_again(chart):
    paints = Paints()
    chart.show_lines({"a": flat(0.5, stamp=1)})
    QApplication.processEvents()
    chart.viewport().installEventFilter(paints)
    chart.show_lines({"a": flat(0.5, stamp=1)})
    QApplication.processEvents()
    assert paints.count == 0
    chart.show_lines({"a": flat(0.6, stamp=2)})
    QApplication.processEvents()
    assert paints.count == 1


def test_thinned_points_keep_the_extremes_of_each_pixel_column():
    rng = np.random.default_rng(0)
    x, y = np.sort(rng.uniform(0, 50, 5000)), rng.standard_normal(5000)
    y[100:140] = np.nan
    few_x, few_y = thinned(x, y)
    assert len(few_x) <= 100
    for place in range(50):
        inside, kept = y[np.floor(x) == place], few_y[np.floor(few_x) == place]
        assert (np.nanmin(kept), np.nanmax(kept)) == (np.nanmin(inside), np.nanmax(inside))
    assert len(thinned(np.arange(5.0), np.arange(5.0))[0]) == 5


def test_a_frame_places_values_in_px():
    x, y = Frame(QRectF(10, 20, 100, 50), end=10, low=0, high=1).place(flat(0.5))
    assert x.tolist() == [10, 110]
    assert y.tolist() == [45, 45]


def test_far_outside_is_just_outside_and_what_is_not_finite_is_a_gap():
    line = Line(np.arange(4.0), np.array([0.5, 1e9, np.nan, -np.inf]), 0, 0)
    _, y = Frame(QRectF(0, 0, 100, 50), end=10, low=0, high=1).place(line)
    assert y[:2].tolist() == [25, -50]
    assert np.isnan(y[2:]).all()


def test_dashes_run_on_through_the_corners_of_a_line():
    drawn = dashes(np.array([0.0, 6.0, 6.0]), np.array([0.0, 0.0, 6.0]), DASHED)
    assert drawn.tolist() == [[0, 0, 5, 0], [6, 2, 6, 6]]


def test_the_frame_of_the_keyboard_leaves_the_marks_seen(chart, qtbot):
    chart.show_lines({"a": flat(0.5)})
    chart.set_marks(Best(5.0, 0))
    chart.window().activateWindow()
    chart.setFocus()
    qtbot.waitUntil(chart.hasFocus)
    assert all(abs(y - 0.5) < 0.02 for y in column(chart, 2))


@pytest.mark.parametrize(
    ("spacing", "labels"),
    [(0.5, ["0.0", "0.5"]), (0.0001, ["0.0000", "0.0001"]), (5e-8, ["0", "5e-8"]), (2.5e-5, ["0", "2.5e-5"])],
)
def test_labels_of_small_values_have_room_beside_the_axis(chart, spacing, labels):
    axis = chart.getPlotItem().getAxis("left")
    assert axis.tickStrings([0.0, spacing], 1.0, spacing) == labels
    assert max(map(chart.fontMetrics().horizontalAdvance, labels)) < axis.width()
