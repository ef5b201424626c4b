"""The charts of runs that measure several things, told by events alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.project import Project
from engine.recipe.metrics import Accuracy, LossValue, Measured
from engine.recipe.recipe import Recipe
from engine.training.events import EpochDone, Finished, Started, StepDone
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
