"""What the pointer and the arrow keys read of the charts of Evaluate, and where the scales of figures begin."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.evaluation.curves import Curve
from engine.tasks.reliability import reliability
from gui.evaluate.class_table import scale_start
from gui.evaluate.curve_plot import CurvePlot, NamedCurve
from gui.evaluate.reliability_view import ReliabilityView

LEVELS = np.array([0.0, 0.5, 1.0])


@pytest.fixture
def plot(qtbot):
    """Two flat curves at 20 and 60 %."""
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.resize(500, 500)
    plot.show()
    curves = [Curve(LEVELS, np.full(3, level), LEVELS[::-1], level) for level in (0.2, 0.6)]
    named = [NamedCurve(name, curve, place) for place, (name, curve) in enumerate(zip("ab", curves, strict=True))]
    plot.show_curves(named, ("Recall", "Precision"), chance=False)
    return plot


def test_the_pointer_reads_the_nearest_point_of_the_nearest_curve_and_none_far_away(plot):
    square = plot.square()

    def read(x, y):
        place = QPoint(round(square.left() + x * square.width()), round(square.bottom() - y * square.height()))
        QTest.mouseMove(plot, place)
        return plot.words()

    assert read(0.51, 0.58) == "b: from probability 0.500 on, recall 50.0 %, precision 60.0 %"
    assert read(0.98, 0.21) == "a: from probability 0.000 on, recall 100.0 %, precision 20.0 %"
    assert read(0.51, 0.4) == ""
    assert read(0.25, 0.2) == ""  # between two points


def test_keys_walk_along_a_curve_and_over_to_the_next(plot):
    keys, read = Qt.Key, []
    plot.pointed.connect(read.append)
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Right, keys.Key_Down, keys.Key_Left, keys.Key_Up):
        QTest.keyClick(plot, key)
    assert [(words[0], words.split("recall ")[1].split(",")[0]) for words in read] == [
        ("a", "50.0 %"),
        ("a", "100.0 %"),
        ("b", "100.0 %"),
        ("b", "50.0 %"),
        ("a", "50.0 %"),
    ]


def test_bins_are_read_by_pointer_and_keys(qtbot):
    view, read = ReliabilityView(), []
    qtbot.addWidget(view)
    view.resize(330, 132)
    view.show()
    view.pointed.connect(read.append)
    view.show_bins(reliability(np.array([0.1, 0.96, 0.98]), np.array([True, True, False])))
    plot = view._plot()
    for share in (0.09, 0.13, 0.99):
        QTest.mouseMove(view, QPoint(round(plot.left() + share * plot.width()), 60))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert read == [
        "Confidence 7–13 %: 1 image, 100 % right",
        "Confidence 93–100 %: 2 images, 50 % right",
        "Confidence 87–93 %: no images",
        "Confidence 80–87 %: no images",
        "Confidence 87–93 %: no images",
    ]


@pytest.mark.parametrize(
    ("values", "start"),
    [((), 0), ((0.49, 1.0), 0), ((0.5, 0.9), 50), ((0.78, 0.8), 70), ((0.99, 1.0), 90), ((1.0,), 90)],
)
def test_a_scale_begins_at_a_whole_ten_below_the_lowest_figure_unless_they_are_far_apart(values, start):
    assert scale_start(values) == start
