"""The charts of runs that measure several things, told by events alone."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.project import Project
from engine.recipe.metrics import Accuracy, LossValue, Measured
from engine.recipe.recipe import Recipe
from engine.training.events import EpochDone, Finished, Health, HealthMeasured, Started, StepDone
from gui.preferences import Preferences
from gui.train.curves.chart_marks import Best, Remark
from gui.train.curves.panel import CurvesPanel
from gui.train.runs.run import Run

LOSS, ACCURACY = LossValue.measured(), Accuracy.measured()
ERROR = Measured("error", "Mean error")


@pytest.fixture
def panel(runs, qtbot):
    panel = CurvesPanel(runs)
    qtbot.addWidget(panel)
    panel.resize(900, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


@pytest.fixture
def told(runs, tmp_path):
    """A run of three epochs in the charts; what it measures on training images is a tenth more."""

    def tell(number, *metrics):
        run = Run(number, tmp_path, Project(training=Recipe(epochs=4)))
        run.take(Started("cpu", "32-true", 1, 4, 5, 50, 10, metrics=metrics, watched=metrics[-1].name))
        for epoch in (1, 2, 3):
            run.take(StepDone(epoch, 5, 5 * epoch, 3.0, 0.1, 100.0))
            figures = {"loss": 2.0 / epoch, "accuracy": 0.25 * epoch, "error": 40.0 / epoch}
            validation = {metric.name: figures[metric.name] for metric in metrics}
            train = {name: 1.1 * value for name, value in validation.items()}
            run.take(EpochDone(epoch, train, validation, 1.0, epoch == 2))
        runs.all.append(run)
        runs.show_in_charts(run)
        runs.view(run)
        return run

    return tell


def validation(chart, run):
    return chart.lines[run.number, "validation"].y.tolist()


def test_each_metric_is_drawn_in_its_own_chart_with_its_own_unit_and_limits(panel, told):
    run = told(7, LOSS, ACCURACY, ERROR)
    assert list(panel.metrics) == [ACCURACY, ERROR]
    accuracy, error = panel.metrics.values()
    panel.loss.setFocus()
    for following in (accuracy, error, panel.learning_rate):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is following
    assert validation(panel.loss, run) == pytest.approx([2, 1, 2 / 3])
    assert validation(accuracy, run) == [25, 50, 75]
    assert validation(error, run) == pytest.approx([40, 20, 40 / 3])
    low, high = accuracy.getPlotItem().vb.viewRange()[1]
    assert (low, high) == pytest.approx((0, 100), abs=0.01)
    low, high = error.getPlotItem().vb.viewRange()[1]
    assert low == pytest.approx(0, abs=0.01)
    assert 44 < high < 50


def test_charts_that_no_shown_run_needs_are_hidden(panel, runs, told):
    first, second = told(1, LOSS, ACCURACY), told(2, LOSS, ERROR)
    accuracy, error = panel.metrics[ACCURACY], panel.metrics[ERROR]
    assert accuracy.isVisible()
    assert error.isVisible()
    assert set(error.lines) == {(2, "train"), (2, "validation")}
    runs.show_in_charts(first, False)
    assert not accuracy.isVisible()
    assert error.isVisible()
    runs.show_in_charts(second, False)
    assert accuracy.isVisible()  # nothing is shown: what was there stays


def test_another_axis_moves_the_figures_of_epochs(panel, told):
    run = told(1, LOSS, ACCURACY)
    for word, x in (("Epoch", [1, 2, 3]), ("Step", [5, 10, 15]), ("Time", [1, 2, 3])):
        button = next(b for b in panel.head.axis.findChildren(type(panel.head.log_loss)) if b.text() == word)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert panel.metrics[ACCURACY].lines[run.number, "validation"].x.tolist() == x


def test_the_best_epoch_and_an_early_end_are_marked_where_they_were(panel, runs, told):
    run = told(3, LOSS, ACCURACY)
    run.take(Finished(3, False, 2, 3.0, early=True))
    panel.refresh()
    assert panel.loss._best == Best(2.0, runs.shown[run])
    words = ("Run 3 ended early", "best was epoch 2")
    assert panel.loss._remarks == (Remark(3.0, pytest.approx(2 / 3), runs.shown[run], words),)


def test_the_cross_hair_reads_training_and_validation_in_the_unit_of_the_metric(panel, told):
    told(7, LOSS, ACCURACY, ERROR)

    def read(chart, *keys):
        for key in keys:
            QTest.keyClick(chart, key)
        return chart.accessibleDescription()

    accuracy, error = panel.metrics.values()
    assert read(panel.loss, Qt.Key.Key_End, Qt.Key.Key_Left) == "Training loss, run 7, epoch 2, 3.000"
    assert read(panel.loss, Qt.Key.Key_Down) == "Validation loss, run 7, epoch 2, 1.000"
    assert read(accuracy, Qt.Key.Key_Right) == "Validation accuracy, run 7, epoch 3, 75.0"
    assert read(accuracy, Qt.Key.Key_Up) == "Training accuracy, run 7, epoch 3, 82.5"
    assert read(error, Qt.Key.Key_Home) == "Training mean error, run 7, epoch 1, 44.000"
    assert read(error, Qt.Key.Key_Down) == "Validation mean error, run 7, epoch 1, 40.000"


# Zooming, and choosing what is drawn


def span(chart):
    """The part of the x axis that a chart shows."""
    return chart.getPlotItem().vb.viewRange()[0]


def near(x):
    return pytest.approx(x, abs=0.001)


def turn(chart, x, *, clicks=1, aside=False):
    """Turn the wheel over a place of the x axis."""
    area = chart.plot_area()
    place = QPointF(chart.x_to_px(x), area.center().y())
    modifiers = Qt.KeyboardModifier.ShiftModifier if aside else Qt.KeyboardModifier.NoModifier
    nothing = (Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
    where = place, chart.viewport().mapToGlobal(place)
    QApplication.sendEvent(chart.viewport(), QWheelEvent(*where, QPoint(), QPoint(0, 120 * clicks), *nothing))


def drag(chart, start, end, *, release=True):
    middle = round(chart.plot_area().center().y())
    first, last = (QPoint(round(chart.x_to_px(x)), middle) for x in (start, end))
    QTest.mousePress(chart.viewport(), Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(chart.viewport(), last)
    if release:
        QTest.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, pos=last)


def shown_charts(panel):
    return [key for key, box in panel.charts.items() if box.isVisible()]


def test_the_wheel_zooms_all_charts_at_the_mouse_and_a_double_click_shows_all(panel, told):
    told(1, LOSS, ACCURACY)
    (accuracy,) = panel.metrics.values()
    turn(panel.loss, 2.0, clicks=3)
    low, high = panel.lines.span
    assert high - low == pytest.approx(4 * 0.8**3, abs=0.05)
    assert (2.0 - low) / (high - low) == pytest.approx(1 / 2, abs=0.02)
    assert span(panel.loss) == span(accuracy) == span(panel.learning_rate) == [near(low), near(high)]
    assert panel.axis_name.text() == f"Epoch {low:.3g} to {high:.3g} of 4"
    turn(panel.loss, 2.0, clicks=-9)
    assert panel.lines.span is None
    drag(accuracy, 1.0, 2.0)
    assert panel.lines.span == (pytest.approx(1, abs=0.02), pytest.approx(2, abs=0.02))
    turn(panel.loss, 1.5, clicks=4, aside=True)
    assert panel.lines.span[0] < 0.6
    QTest.mouseDClick(panel.learning_rate.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 40))
    assert panel.lines.span is None
    assert panel.axis_name.text() == "Epoch"


def test_what_is_zoomed_to_fills_the_height(panel, told):
    told(1, LOSS, ACCURACY)
    (accuracy,) = panel.metrics.values()
    panel.show_span(1.9, 3.0)
    low, high = accuracy.getPlotItem().vb.viewRange()[1]
    assert 20 < low < 30  # from the 25 % of the epoch before to the 82.5 % of training in the last
    assert 80 < high < 90


def test_what_is_zoomed_out_of_view_is_read_no_more(panel, told):
    told(1, LOSS)
    QTest.keyClick(panel.loss, Qt.Key.Key_End)
    assert panel.cross_hair.place == 3
    turn(panel.loss, 0.5, clicks=3)
    assert panel.cross_hair.place is None


def test_keys_zoom_move_and_bring_all_back(panel, told):
    told(1, LOSS)
    chart = panel.loss
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert panel.lines.span == (near(1), near(3))
    QTest.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel.lines.span == (near(1.5), near(3.5))
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert panel.cross_hair.place == 3  # the last epoch in view
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert panel.cross_hair.place is None
    assert panel.lines.span is not None
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert panel.lines.span is None
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_0):
        QTest.keyClick(chart, key)
    assert panel.lines.span is None


def test_esc_takes_back_a_drag_and_a_click_is_none(panel, told):
    told(1, LOSS)
    drag(panel.loss, 1.0, 2.0, release=False)
    QTest.keyClick(panel.loss, Qt.Key.Key_Escape)
    QTest.mouseRelease(panel.loss.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 50))
    assert panel.lines.span is None
    drag(panel.loss, 1.0, 1.0)
    assert panel.lines.span is None


def test_another_axis_shows_all_of_it(panel, told):
    told(1, LOSS)
    panel.show_span(1, 2)
    button = next(b for b in panel.head.axis.findChildren(type(panel.head.log_loss)) if b.text() == "Step")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.lines.span is None
    assert panel.loss.getPlotItem().vb.viewRange()[0] == pytest.approx([0, 20], abs=0.1)


def test_charts_are_chosen_from_a_menu_and_remembered(panel, told, runs, tmp_path, qtbot):
    preferences = Preferences(tmp_path / "p.ini")
    panel.remember(preferences)
    run = told(1, LOSS, ACCURACY)
    run.take(HealthMeasured(2, 7, {"conv": Health(3.0, 1e-3), "fc": Health(4.0, 1e-5), "relu": Health(dead=0.1)}))
    menu = panel.head.charts.menu()
    menu.aboutToShow.emit()
    assert [(action.text(), action.isChecked()) for action in menu.actions() if action.text()] == [
        ("Loss", True),
        ("Accuracy (%)", True),
        ("Learning rate", True),
        ("Gradient norm ‖∇W‖", False),
        ("Update ratio ‖ΔW‖/‖W‖, median of the layers", False),
        ("Learning rate on a logarithmic scale", False),
    ]
    actions = menu.actions()
    for action in (actions[3], actions[4], actions[0], actions[1]):
        action.trigger()
    assert sorted(shown_charts(panel)) == ["gradient", "learning_rate", "ratio"]
    gradient, ratio = (panel.charts[key].chart for key in ("gradient", "ratio"))
    assert gradient.lines[1, "train"].y.tolist() == [5.0]
    assert gradient.lines[1, "train"].x.tolist() == [1.4]
    assert ratio.lines[1, "train"].y.tolist() == [pytest.approx(5.05e-4)]
    for key in ("learning_rate", "ratio", "gradient"):
        panel.choose_chart(key, False)
    assert shown_charts(panel) == ["gradient"]  # the last one stays
    again = CurvesPanel(runs)
    qtbot.addWidget(again)
    again.remember(Preferences(tmp_path / "p.ini"))
    again.resize(900, 900)
    with qtbot.waitExposed(again):
        again.show()
    assert shown_charts(again) == ["gradient"]


def test_learning_rates_far_apart_can_be_read_on_a_logarithmic_scale(panel, told):
    told(1, LOSS)
    menu, box = panel.head.charts.menu(), panel.learning_rate.getPlotItem().vb
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    drawn = np.concatenate([line.y for line in panel.learning_rate.lines.values()])
    low, high = box.viewRange()[1]
    assert panel.learning_rate.is_log
    assert low < np.log10(np.nanmax(drawn)) <= high <= low + 6.1
    assert (drawn > 0).all() or np.isnan(drawn[~(drawn > 0)]).all()  # what is 0 has no place there
    menu.aboutToShow.emit()
    assert menu.actions()[-1].isChecked()
    menu.actions()[-1].trigger()
    assert not panel.learning_rate.is_log
    assert box.viewRange()[1][0] == pytest.approx(0, abs=1e-6)
