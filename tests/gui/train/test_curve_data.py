import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from engine.project import Project
from engine.recipe.metrics import LossValue, Measured
from engine.recipe.recipe import Recipe
from engine.training.events import EpochDone, Finished, Started, StepDone
from gui.style.appearance import appearance
from gui.train.curves.axis_words import comparison
from gui.train.curves.chart_legend import ChartLegend
from gui.train.curves.curve_data import (
    Axis,
    Smoother,
    as_csv,
    end_of_axis,
    learning_rate_forecast,
    nearest,
    tick_spacing,
    value_at,
)
from gui.train.curves.curve_lines import CurveLines, loss_limits
from gui.train.runs.run import Run


@pytest.fixture
def run(tmp_path):
    """Three of four epochs of five steps, a tenth of a second each."""
    run = Run(7, tmp_path, Project(training=Recipe(epochs=4, batch_size=10, learning_rate=0.1)))
    run.take(Started("cpu", "32-true", 1, 4, 5, 50, 10))
    for epoch in (1, 2, 3):
        for batch in range(1, 6):
            step = 5 * (epoch - 1) + batch
            run.take(StepDone(epoch, batch, step, 2.0 / step, 0.1, 100.0))
        accuracy = [0.5, 0.8, 0.7][epoch - 1]
        run.take(
            EpochDone(
                epoch,
                {"loss": 1 / epoch, "accuracy": 0.6},
                {"loss": 1.1 / epoch, "accuracy": accuracy},
                0.6,
                epoch == 2,
            )
        )
    return run


@given(values=st.lists(st.floats(0, 10), min_size=1, max_size=60), weight=st.floats(0, 0.99), cut=st.integers(0, 60))
def test_smoothing_goes_on_where_it_stopped(values, weight, cut):
    at_once, in_parts = Smoother(weight), Smoother(weight)
    values = np.array(values)
    in_parts.extend(values[:cut])
    smooth = in_parts.extend(values)
    assert np.allclose(smooth, at_once.extend(values))
    assert smooth[0] == pytest.approx(values[0])
    assert values.min() - 1e-9 <= smooth.min()
    assert smooth.max() <= values.max() + 1e-9


def test_smoothing_passes_over_what_is_not_finite():
    smooth = Smoother(0.5).extend(np.array([1.0, np.nan, 1.0, np.inf]))
    assert smooth[0] == smooth[2] == 1.0
    assert np.isnan(smooth[1])


def test_values_are_read_at_or_before_a_place():
    x, y = np.array([1.0, 2.0, 3.0]), np.array([10.0, np.nan, 30.0])
    assert value_at(x, y, 0.5) is None
    assert value_at(x, y, 1.9) == 10
    assert value_at(x, y, 2.0) is None
    assert value_at(x, y, 3.0) == 30
    assert value_at(x, y, 3.5) is None
    assert nearest([x], 2.4) == 2
    assert nearest([], 2.4) is None


def test_each_axis_places_epochs_steps_and_seconds(run):
    assert run.steps["position"][-1] == 3
    assert run.epochs["step"].tolist() == [5, 10, 15]
    assert run.epochs["seconds"] == pytest.approx([0.6, 1.2, 1.8])
    assert run.steps["seconds"][:6] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.7])
    assert end_of_axis([run], Axis.EPOCH) == 4
    assert end_of_axis([run], Axis.STEP) == 20
    assert end_of_axis([], Axis.TIME) == 1


def test_the_axis_ends_where_a_run_did_and_shows_the_beginning_of_a_long_plan(tmp_path):
    run = Run(1, tmp_path, Project(training=Recipe(epochs=2000)))
    run.take(Started("cpu", "32-true", 1, 2000, 5, 50, 10))
    ends = []
    for epoch in (1, 39, 41):
        run.take(StepDone(epoch, 5, 5 * epoch, 1.0, 0.1, 100.0))
        ends.append((end_of_axis([run], Axis.EPOCH), end_of_axis([run], Axis.STEP)))
    assert ends == [(50, 250), (50, 250), (100, 500)]
    run.take(Finished(41, True, 39, 4.1))
    assert (end_of_axis([run], Axis.EPOCH), end_of_axis([run], Axis.STEP)) == (41, 205)
    assert end_of_axis([run], Axis.TIME) == run.seconds


@pytest.mark.parametrize(
    ("plan", "shown"), [(1, 1), (7, 7), (50, 50), (51, 51), (60, 60), (100, 100), (101, 50), (300, 50)]
)
def test_a_plan_is_shown_whole_unless_it_is_more_than_twice_as_long(tmp_path, plan, shown):
    run = Run(1, tmp_path, Project(training=Recipe(epochs=plan)))
    run.take(Started("cpu", "32-true", 1, plan, 5, 50, 10))
    run.take(StepDone(1, 1, 1, 1.0, 0.1, 100.0))
    assert end_of_axis([run], Axis.EPOCH) == shown


def test_the_time_shown_of_a_long_plan_is_that_of_the_epochs_shown(tmp_path):
    run = Run(1, tmp_path, Project(training=Recipe(epochs=2000)))
    run.take(Started("cpu", "32-true", 1, 2000, 5, 50, 10))
    for step in range(1, 26):
        run.take(StepDone((step + 4) // 5, (step - 1) % 5 + 1, step, 1.0, 0.1, 100.0))
    assert run.seconds == pytest.approx(2.5)
    assert end_of_axis([run], Axis.EPOCH) == 50
    assert end_of_axis([run], Axis.TIME) == pytest.approx(50 * 0.5)


def test_a_line_is_another_when_axis_scale_or_figures_are(run):
    lines = CurveLines()

    def drawn():
        return lines.loss({run: 0}, run)[7, "validation"]

    first = drawn()
    assert drawn().looks_like(first)
    lines.axis = Axis.STEP
    assert not drawn().looks_like(first)
    lines.axis, lines.log_loss = Axis.EPOCH, True
    assert not drawn().looks_like(first)
    lines.log_loss = False
    run.take(EpochDone(3, {"loss": 9.0, "accuracy": 0.1}, {"loss": 9.0, "accuracy": 0.1}, 0.6, False))
    assert not drawn().looks_like(first)


def test_the_forecast_follows_a_plan_of_more_epochs(run):
    lines = CurveLines()
    lines.axis = Axis.STEP
    assert lines.learning_rate({run: 0}, run)[7, "forecast"].x[-1] == 20
    run.project.training = run.settings.model_copy(update={"epochs": 8})
    run.take(Started("cpu", "32-true", 4, 8, 5, 50, 10))
    assert lines.learning_rate({run: 0}, run)[7, "forecast"].x[-1] == 40


def test_single_raw_peaks_may_leave_the_chart(run):
    run.take(StepDone(4, 1, 16, 5.0, 0.1, 100.0))
    _, high = loss_limits(CurveLines().loss({run: 0}, run), log=False)
    assert high < 5


def test_the_forecast_covers_the_steps_to_come_and_ends_with_the_run(run):
    run.status = type(run.status).RUNNING
    x, y = learning_rate_forecast(run, Axis.EPOCH, lambda step: 20 - step)
    assert (x[0], x[-1], y[0], y[-1]) == (3, 4, 5, 0)
    run.status = type(run.status).STOPPED
    assert not len(learning_rate_forecast(run, Axis.EPOCH, lambda step: 20 - step)[0])


def test_the_forecast_of_a_very_long_run_asks_for_few_rates(run):
    run.status = type(run.status).RUNNING
    run.take(Started("cpu", "32-true", 4, 100_000, 79, 50, 10))
    asked = []
    x, _ = learning_rate_forecast(run, Axis.STEP, lambda step: asked.append(step) or 0.1)
    assert x[-1] == run.total_steps == 7_900_000
    assert len(asked) == len(x) < 1_000


def test_a_resumed_run_replaces_the_steps_it_repeats(run):
    run.take(Started("cpu", "32-true", 3, 4, 5, 50, 10))
    run.take(StepDone(3, 2, 12, 9.0, 0.1, 100.0))
    assert run.steps["step"].tolist() == list(range(1, 13))
    assert run.steps["loss"][-1] == 9
    run.take(EpochDone(3, {"loss": 0.2, "accuracy": 0.9}, None, 0.5, True))
    assert len(run.epochs) == 3
    assert run.best_epoch == 3
    assert run.best_score is None


def test_a_run_resumed_with_another_metric_keeps_its_earlier_epochs(run):
    top3 = Measured("top3", "Top-3", unit="%", higher_is_better=True, limits=(0.0, 1.0))
    run.take(Started("cpu", "32-true", 4, 5, 5, 50, 10, metrics=(LossValue.measured(), top3), watched="top3"))
    assert run.epochs["validation_accuracy"].tolist() == [0.5, 0.8, 0.7]
    assert np.isnan(run.figures("validation", top3)).all()
    assert run.score is None
    run.take(EpochDone(4, {"loss": 0.2, "top3": 0.9}, {"loss": 0.3, "top3": 0.8}, 0.6, True))
    assert run.epochs["position"].tolist() == [1, 2, 3, 4]
    assert run.epochs["validation_loss"].tolist() == pytest.approx([1.1, 1.1 / 2, 1.1 / 3, 0.3])
    assert run.figures("validation", top3).tolist()[3] == 0.8
    assert np.isnan(run.epochs["validation_accuracy"][3])
    assert (run.best_epoch, run.score) == (4, 0.8)
    rows = list(csv.DictReader(io.StringIO(as_csv([run]))))
    assert [row["validation_top3"] for row in rows if row["kind"] == "epoch"] == ["", "", "", "0.8"]


def test_a_metric_that_no_epoch_was_measured_by_has_no_figure(run):
    run.take(Started("cpu", "32-true", 1, 4, 5, 50, 10, watched="of a package that is gone"))
    assert run.metric("validation_nothing") is None


def test_an_exploding_run_leaves_the_chart_but_not_the_axis(run):
    for step, loss in ((16, 1e6), (17, 1e300), (18, np.inf)):
        run.take(StepDone(4, step - 15, step, loss, 0.1, 100.0))
    lines = CurveLines()
    drawn = lines.loss({run: 0}, run)
    low, high = loss_limits(drawn, log=False)
    assert (low, high) == (0, pytest.approx(3 * 2.0 * 1.08))
    assert np.nanmax(drawn[7, "train"].y) <= 1e9


def test_the_exported_table_has_every_step_and_epoch(run):
    rows = list(csv.DictReader(io.StringIO(as_csv([run]))))
    assert [row["kind"] for row in rows].count("step") == 15
    last = rows[-1]
    assert (last["run"], last["epoch"], last["validation_accuracy"]) == ("7", "3", "0.7")
    assert float(last["train_loss"]) == pytest.approx(1 / 3)
    assert float(last["train_accuracy"]) == 0.6
    assert float(last["validation_loss"]) == pytest.approx(1.1 / 3)


def test_ticks_stand_at_epochs_and_labels_every_five():
    assert tick_spacing(30, Axis.EPOCH) == (5, 1)
    assert tick_spacing(3, Axis.EPOCH) == (1, 1)
    assert tick_spacing(95, Axis.TIME)[0] == 30


def test_the_comparison_names_the_run_in_view_first(run, tmp_path):
    others = [Run(number, tmp_path, Project()) for number in (6, 4)]
    assert comparison([run, *others], run) == ("Run 7 compared with 6 and 4", "Runs 7, 6, 4")
    assert comparison([run, *others], others[1]) == ("Run 4 compared with 7 and 6", "Runs 4, 7, 6")
    assert comparison([run], None) == ("Run 7", "Run 7")


def test_a_narrow_legend_says_which_runs_are_compared_in_few_words(qtbot):
    legend = ChartLegend()
    qtbot.addWidget(legend)
    legend.show_comparison("Run 7 compared with 6 and 4", "Runs 7, 6, 4")
    metrics = QFontMetrics(appearance().font(11))
    whole = metrics.horizontalAdvance("Run 7 compared with 6 and 4")
    assert legend.words_within(whole, metrics) == "Run 7 compared with 6 and 4"
    assert legend.words_within(whole - 1, metrics) == "Runs 7, 6, 4"
