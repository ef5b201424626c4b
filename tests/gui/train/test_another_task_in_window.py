"""A task that lives in the tests trains, plots and evaluates in the window with no change there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from toy_regression import registered, toy_project
from train_parts import PATIENCE

from gui.document import Document
from gui.evaluate.workspace import Evaluate
from gui.look.workspace import LookInside
from gui.readiness import readiness_of
from gui.train.curves.curve_data import as_csv
from gui.train.curves.panel import CurvesPanel
from gui.train.progress.panel import ProgressPanel
from gui.train.run_rows import RunModel
from gui.train.runs.runs import Runs
from gui.train.runs_panel import RunsPanel

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture(autouse=True)
def toy():
    with registered():
        yield


@pytest.fixture
def document(qapp):
    return Document(toy_project())


def shown(qtbot, widget, width=900, height=900):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget, timeout=PATIENCE):
        widget.show()
    return widget


def test_its_metrics_are_plotted_and_listed(runs, finish, qtbot):
    curves = shown(qtbot, CurvesPanel(runs))
    progress = shown(qtbot, ProgressPanel(runs), 304)
    listed = shown(qtbot, RunsPanel(runs), 240)
    run = finish_of(finish, qtbot, curves)
    assert [metric.title for metric in curves.metrics] == ["Mean absolute error"]
    (chart,) = curves.metrics.values()
    assert {part for _, part in chart.lines} == {"train", "validation"}
    assert chart.lines[run.number, "validation"].y.tolist() == run.epochs["validation_toy_mae"].tolist()
    qtbot.waitUntil(lambda: listed.score.text() == "Val MAE", timeout=PATIENCE)
    progress.refresh()
    assert progress.score.accessibleName().startswith("Validation mean absolute error 0.")
    model = RunModel(runs)
    words = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert f"validation mean absolute error {run.score:.2f}" in words
    assert as_csv([run]).splitlines()[0] == (
        "run,kind,epoch,step,seconds,train_loss,train_toy_mae,validation_loss,validation_toy_mae,learning_rate"
    )
    assert progress.epochs.table.lines


def finish_of(finish, qtbot, curves):
    run = finish()
    qtbot.waitUntil(lambda: bool(curves.metrics), timeout=PATIENCE)
    return run


def test_its_runs_are_read_back(document, runs, finish, qtbot):
    run = finish()
    again = Runs(document)
    qtbot.waitUntil(lambda: len(again.all) == 1, timeout=PATIENCE)
    assert again.all[0].score == run.score
    assert again.all[0].watched.name == "toy_mae"
    again.shutdown()


def test_its_evaluation_shows_its_figures(runs, finish, qtbot):
    workspace = Evaluate(runs)
    matrix = shown(qtbot, workspace.matrix)
    figures = shown(qtbot, workspace.figures, 288)
    finish()
    qtbot.waitUntil(lambda: matrix.evaluate.isVisible() and matrix.evaluate.isEnabled(), timeout=PATIENCE)
    QTest.mouseClick(matrix.evaluate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.evaluator.result is not None, timeout=PATIENCE)
    assert [title for title, _ in matrix.plain.facts] == ["Loss", "Mean absolute error"]
    assert matrix.plain.isVisible()
    assert not figures.mistakes.isVisible()
    assert matrix.plain_title.text().startswith("Regression")
    workspace.close()


def test_look_inside_says_its_value_and_the_target(document, runs, finish, qtbot):
    run = finish()
    inside = LookInside(document, runs)
    image = shown(qtbot, inside.image, 304)
    inside.set_active(True)
    qtbot.waitUntil(lambda: bool(image.truth.text()), timeout=PATIENCE)
    assert image.truth.text() == f"Target {image.samples.targets[0, 0]:.4g}"
    ((name, value),) = image.bars.rows
    assert name == "1"
    assert image.bars.accessibleDescription() == f"1 {value:.4g}"
    assert inside.look.run is run
    inside.close()


def test_what_it_misses_stands_in_the_way(document):
    assert readiness_of(document).obstacle is None
    document.edit("Widen", lambda network: network.set_layer("fc", network.layer("fc").with_settings(out_features=3)))
    assert readiness_of(document).obstacle.text == "output gives 3 values, 1 is needed."
    document.undo_stack.undo()
    assert readiness_of(document).obstacle is None
