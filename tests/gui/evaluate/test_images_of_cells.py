"""The images of Evaluate are read off the window's thread, and only those of the latest question are shown."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from gui.evaluate.cell_images import read_images
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.disk_images import DiskImages
from engine.data.loaded import Split
from engine.data.loading import load
from engine.data.normalise import Normalisation
from engine.data.pipeline import Pipeline
from engine.data.settings import DataSettings
from engine.data.targets import Targets
from engine.layers import Shape
from engine.tasks.class_evaluation import summarise
from gui.background import Job
from gui.evaluate.class_table import ClassTable

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
POSITIONS = np.arange(40, 20, -1)  # twenty, which are read in three goes


@pytest.fixture
def evaluated(evaluate, trained, qtbot):
    evaluate.evaluator.start()
    qtbot.waitUntil(lambda: evaluate.evaluator.cell_images.pixels is not None, timeout=PATIENCE)
    return evaluate


@pytest.fixture
def digits():
    return load(DataSettings(), Shape(1, 8, 8)).test


def shown(evaluate):
    """How many images stand in the grid."""
    return len(evaluate.matrix.images.click_target()._shown)


def images_of(evaluator, cell):
    found = evaluator.result
    return found.images.images(found.classes.predictions.in_cell(*cell))


def test_the_images_of_a_cell_left_behind_never_show(evaluated, qtbot, hold):
    evaluator = evaluated.evaluator
    first, second = images_of(evaluator, (3, 3)), images_of(evaluator, (5, 5))
    held = hold("engine.data.loaded.Split.images")
    evaluator.choose_cell(3, 3)
    held.wait()
    assert shown(evaluated) == 0
    evaluator.choose_cell(5, 5)
    assert evaluated.matrix.cell.text().startswith("5 recognised")
    held.let_go()
    qtbot.waitUntil(lambda: evaluator.cell_images.pixels is not None, timeout=PATIENCE)
    np.testing.assert_array_equal(evaluator.cell_images.pixels, second)
    qtbot.wait(100)
    assert shown(evaluated) == len(second) != len(first)


def test_images_that_come_when_the_run_is_left_are_not_shown(evaluated, runs, qtbot, hold):
    held = hold("engine.data.loaded.Split.images")
    evaluated.evaluator.choose_cell(3, 3)
    held.wait()
    runs.view(None)
    held.let_go()
    qtbot.wait(100)
    assert evaluated.evaluator.cell_images.pixels is None
    assert shown(evaluated) == 0
    assert not evaluated.evaluator.cell_images.busy


def test_an_evaluation_of_a_run_left_behind_is_not_shown(evaluate, trained, runs, qtbot, hold):
    evaluator = evaluate.evaluator
    held = hold("engine.data.loaded.Split.images")
    evaluator.start()
    held.wait()
    runs.view(None)
    assert not evaluator.busy
    held.let_go()
    qtbot.wait(100)
    assert evaluator.result is None
    assert "Ctrl+Enter" in evaluate.matrix.message.text()


def test_a_cancelled_evaluation_answers_nothing_and_is_offered_again(evaluate, trained, qtbot, hold):
    panel, evaluator = evaluate.matrix, evaluate.evaluator
    held = hold("engine.data.loaded.Split.images")
    QTest.mouseClick(panel.evaluate, LEFT)
    held.wait()
    assert panel.progress.isVisible()
    QTest.mouseClick(panel.cancel, LEFT)
    assert (panel.progress.isVisible(), panel.cancel.isVisible()) == (False, False)
    held.let_go()
    qtbot.wait(100)
    assert evaluator.result is None
    QTest.mouseClick(panel.evaluate, LEFT)
    qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)


def test_the_mistakes_and_cells_show_what_the_split_holds(evaluated, qtbot):
    evaluator, figures = evaluated.evaluator, evaluated.figures
    found = evaluator.result
    np.testing.assert_array_equal(found.worst_pixels, found.images.images(found.worst))
    chosen = []
    evaluated.image_chosen.connect(lambda pixels, label: chosen.append((pixels, label)))
    figures.mistakes.itemClicked.emit(figures.mistakes.item(2))
    (pixels, label), position = chosen[0], found.worst[2]
    np.testing.assert_array_equal(pixels, found.images.images([position])[0])
    assert label == found.classes.predictions.labels[position]


def test_of_cells_with_as_many_mistakes_the_first_opens(evaluated):
    labels = np.array([7, 2, 2, 7, 0])
    taken_for = np.array([1, 5, 5, 1, 3])
    found = summarise("test", tuple("0123456789"), probabilities=np.eye(10)[taken_for], labels=labels)
    before = evaluated.evaluator.result
    evaluated.evaluator._take(
        replace(before, evaluation=found, worst=before.worst[:0], worst_pixels=before.worst_pixels[:0])
    )
    assert evaluated.evaluator.cell == (2, 5)


def test_a_class_taken_for_two_others_as_often_leads_to_the_first_as_the_table_says(evaluated):
    found = summarise("test", tuple("0123456789"), probabilities=np.eye(10)[[5, 3, 2]], labels=np.array([2, 2, 2]))
    before, table = evaluated.evaluator.result, evaluated.matrix.table
    evaluated.evaluator._take(
        replace(before, evaluation=found, worst=before.worst[:0], worst_pixels=before.worst_pixels[:0])
    )
    evaluated.evaluator.choose_cell(0, 0)
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text() == "2")
    assert table.item(row, 5).text() == "3 (1×)"
    table.itemActivated.emit(table.item(row, 0))
    assert evaluated.evaluator.cell == (2, 3)


@pytest.mark.parametrize(
    ("labels", "taken_for", "column", "figures"),
    [
        ([0, 0, 0, 0, 1, 1], [0, 1, 1, 1, 1, 1], 2, ["100.0", "40.0"]),
        ([0, 1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1, 1, 1, 1], 3, ["100.0", "50.0"]),
    ],
    ids=["precision", "recall"],
)
def test_the_class_with_the_least_f1_stands_first_whatever_else_it_has(labels, taken_for, column, figures, qtbot):
    table = ClassTable()
    qtbot.addWidget(table)
    probabilities = np.eye(2)[taken_for]
    table.show_classes(summarise("test", ("weak", "strong"), probabilities=probabilities, labels=np.array(labels)))
    assert [table.item(row, 0).text() for row in range(2)] == ["weak", "strong"]
    assert [table.item(row, column).text() for row in range(2)] == figures


def test_what_is_evaluated_already_is_not_begun_again(evaluate, trained, qtbot, hold):
    held = hold("engine.runs.run_data.load_run_data")
    evaluate.evaluator.start()
    held.wait()
    evaluate.evaluator.start()
    held.let_go()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    assert len(held.threads) == 1


@pytest.mark.parametrize("flawless", [True, False])
def test_where_nothing_was_mistaken_that_is_said(evaluated, flawless):
    labels = np.array([7, 2, 2])
    found = summarise(
        "test", tuple("0123456789"), probabilities=np.eye(10)[[7, 2, 2 if flawless else 3]], labels=labels
    )
    before = evaluated.evaluator.result
    evaluated.evaluator.choose_cell(4, 4)
    evaluated.evaluator._drop()
    evaluated.evaluator._take(
        replace(before, evaluation=found, worst=before.worst[:0], worst_pixels=before.worst_pixels[:0])
    )
    said = evaluated.figures._no_mistakes
    assert (said.isVisible(), evaluated.evaluator.cell) == ((True, None) if flawless else (False, (2, 3)))
    assert not flawless or said.text() == "Every image was recognised."
    assert evaluated.matrix.cell.text() == ("No mistakes" if flawless else "2 taken for 3 · 1 image")


def test_images_are_read_in_other_threads(evaluate, trained, qtbot, hold):
    held = hold("engine.data.loaded.Split.images")
    evaluate.evaluator.start()
    held.wait()
    held.let_go()
    qtbot.waitUntil(lambda: evaluate.evaluator.cell_images.pixels is not None, timeout=PATIENCE)
    assert len(held.threads) > 1
    assert threading.main_thread() not in held.threads


def test_files_that_are_decoded_anew_may_be_none(qapp):
    """A run that errs nowhere has no worst mistakes."""
    nothing, pipeline = np.empty(0, np.int64), Pipeline(Shape(1, 8, 8), Normalisation((0.5,), (0.2,)))
    split = Split(DiskImages([], Shape(1, 8, 8)), nothing, Targets(nothing), pipeline)
    assert len(read_images(split, nothing, Job(str))) == 0


def test_reading_tells_how_far_it_is_and_keeps_the_order(digits, qtbot):
    told, given = [], []
    job = Job(lambda job: read_images(digits, POSITIONS, job))
    job.progressed.connect(lambda *progress: told.append(progress))
    job.done.connect(given.append)
    job.start()
    qtbot.waitUntil(lambda: not job.running, timeout=PATIENCE)
    assert told == [("Reading images", 0.0), ("Reading images", 0.4), ("Reading images", 0.8)]
    np.testing.assert_array_equal(given[0], digits.images(POSITIONS))


def test_reading_that_is_called_off_ends_before_the_next_few_images(digits, hold, qapp):
    held = hold("engine.data.loaded.Split.images")
    job = Job(lambda job: read_images(digits, POSITIONS, job)).start()
    held.wait()
    job.cancel()
    held.let_go()
    assert len(held.threads) == 1


def test_an_image_of_a_mistake_goes_with_its_true_class(evaluated, qtbot):
    evaluator = evaluated.evaluator
    true, taken_for = evaluator.cell
    assert true != taken_for
    chosen = []
    evaluated.image_chosen.connect(lambda pixels, label: chosen.append((pixels, label)))
    evaluated.matrix.images.chosen.emit(0)
    np.testing.assert_array_equal(chosen[0][0], images_of(evaluator, (true, taken_for))[0])
    assert chosen[0][1] == true


def test_of_a_large_cell_the_surest_images_are_shown(evaluated, monkeypatch, qtbot):
    evaluator = evaluated.evaluator
    monkeypatch.setattr("gui.evaluate.evaluator.MOST_IMAGES", 2)
    evaluator.choose_cell(3, 3)
    qtbot.waitUntil(lambda: evaluator.cell_images.pixels is not None, timeout=PATIENCE)
    np.testing.assert_array_equal(evaluator.cell_images.pixels, images_of(evaluator, (3, 3))[:2])


def test_another_run_that_changes_leaves_the_evaluation(evaluated, runs):
    before = evaluated.evaluator.result
    runs.state_changed.emit(object())
    assert evaluated.evaluator.result is before is not None
    runs.state_changed.emit(runs.current)
    assert evaluated.evaluator.result is None


def test_another_split_chosen_meanwhile_is_the_one_that_is_evaluated(evaluate, trained, qtbot, hold):
    evaluator = evaluate.evaluator
    held = hold("engine.data.loaded.Split.images")
    evaluator.start()
    held.wait()
    evaluator.choose_split("validation")
    held.let_go()
    qtbot.waitUntil(lambda: evaluator.result is not None, timeout=PATIENCE)
    assert evaluator.result.evaluation.split == "validation"
