"""Evaluate: the figures of a run, its confusion matrix and the images behind each cell."""

import json

import numpy as np
import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.evaluation.evaluating import evaluate as evaluate_run
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import summarise
from gui.evaluate.class_table import ClassTable
from gui.evaluate.confusion_matrix import ConfusionMatrix
from gui.style.appearance import appearance

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def evaluated(evaluate, trained, qtbot):
    QTest.mouseClick(evaluate.matrix.evaluate, LEFT)
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    return evaluate


def test_without_a_run_it_says_how_to_get_one(evaluate):
    assert "Ctrl+Enter" in evaluate.matrix.message.text()
    assert not evaluate.matrix.evaluate.isVisible()


def test_the_figures_are_those_of_the_engine(evaluated, trained):
    expected = evaluate_run(RunFolder(trained.folder), "test")
    found = evaluated.evaluator.result.evaluation
    assert found.accuracy == expected.accuracy
    np.testing.assert_array_equal(found.confusion, expected.confusion)
    assert evaluated.matrix.table.rowCount() == 10


def test_a_cell_opens_its_images(evaluated):
    found = evaluated.evaluator.result.evaluation
    matrix, cell = evaluated.matrix.matrix, evaluated.matrix.matrix_page.cell
    QTest.mouseClick(matrix, LEFT, pos=matrix.area_of(3, 3).center().toPoint())
    assert evaluated.evaluator.cell == (3, 3)
    assert (cell.title.text(), cell.count.text()) == ("3 recognised", f"{found.confusion[3, 3]} images")


def test_the_arrow_keys_walk_the_matrix(evaluated):
    evaluated.evaluator.choose_cell(0, 0)
    QTest.keyClick(evaluated.matrix.matrix, Qt.Key.Key_Right)
    QTest.keyClick(evaluated.matrix.matrix, Qt.Key.Key_Down)
    assert evaluated.evaluator.cell == (1, 1)


def test_another_split_is_evaluated_at_once(evaluated, qtbot):
    before = evaluated.evaluator.result
    QTest.mouseClick(evaluated.matrix.splits.button("validation"), LEFT)
    qtbot.waitUntil(lambda: evaluated.evaluator.result not in (None, before), timeout=PATIENCE)
    assert evaluated.evaluator.result.evaluation.split == "validation"


def test_the_table_sorts_by_value(evaluated):
    table = evaluated.matrix.table
    table.sortItems(1, Qt.SortOrder.DescendingOrder)
    counts = [int(table.item(row, 1).text()) for row in range(table.rowCount())]
    assert counts == sorted(counts, reverse=True)


def test_a_class_without_images_shows_dashes_and_stands_last(qtbot):
    table = ClassTable()
    qtbot.addWidget(table)
    probabilities = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]])
    table.show_classes(summarise("test", ("a", "b", "c"), probabilities=probabilities, labels=np.array([0, 1])))
    assert [table.item(2, column).text() for column in range(5)] == ["c", "0", "–", "–", "–"]


def test_a_hundred_classes_are_painted_as_one_picture(qtbot):
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(500, 500)
    counts = np.zeros((100, 100), np.int64)
    np.fill_diagonal(counts, 5)
    counts[3, 40] = 2
    matrix.show_counts(counts, tuple(f"{index} a rather long name of a class" for index in range(100)))
    image = matrix.grab().toImage()

    def colour(true, predicted):
        return image.pixelColor(matrix.area_of(true, predicted).center().toPoint())

    look = appearance()
    assert colour(7, 7) == look.colour("primary")
    assert colour(3, 40) == look.colour("trainable")
    assert colour(0, 50) == look.colour("raised")


def test_its_words_are_the_engine_s_figures(evaluated):
    found = evaluated.evaluator.result.evaluation
    low, high = found.interval
    missed = round((1 - found.top5) * found.images)
    assert {name: tile.accessibleName() for name, tile in evaluated.figures._tiles.items()} == {
        "Top-1 accuracy": f"Top-1 accuracy {100 * found.accuracy:.1f} %. 95 %: {100 * low:.1f} to {100 * high:.1f}",
        "Top-5 accuracy": f"Top-5 accuracy {100 * found.top5:.1f} %. {missed} image{'s' * (missed != 1)} missed",
        "Macro F1": f"Macro F1 {found.macro_f1:.3f}. mean of 10 classes",
        "Loss": f"Loss {found.loss:.3f}. cross-entropy",
    }
    said, mistakes = found.predictions, evaluated.figures.mistakes
    worst = said.worst(20, by="loss")
    items = [mistakes.item(row) for row in range(mistakes.count())]
    taken = [
        f"{predicted} {100 * share:.1f} %"
        for predicted, share in zip(said.predicted[worst], said.confidence[worst], strict=True)
    ]
    assert [item.text() for item in items] == [
        f"{words}\nis {true}" for words, true in zip(taken, said.labels[worst], strict=True)
    ]
    for item, words, loss in zip(items, taken, said.losses[worst], strict=True):
        assert item.toolTip().startswith(f"{words}\nis ")
        assert item.toolTip().endswith(f", loss {loss:.2f}")


def test_a_class_leads_to_what_it_is_most_often_taken_for(evaluated):
    found, table = evaluated.evaluator.result.evaluation, evaluated.matrix.table
    mistakes = found.confusion - np.diag(np.diag(found.confusion))
    assert mistakes[evaluated.evaluator.cell] == mistakes.max()
    for row in range(table.rowCount()):
        true = int(table.item(row, 0).text())
        most = int(mistakes[true].argmax())
        named = f"{most} {mistakes[true, most]}" if mistakes[true].any() else "–"
        assert table.item(row, 5).text() == named
    weakest = int(mistakes.sum(axis=1).argmax())
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text() == str(weakest))
    table.itemActivated.emit(table.item(row, 0))
    assert evaluated.evaluator.cell == (weakest, int(mistakes[weakest].argmax()))


def test_what_was_found_goes_with_the_run_in_view_and_when_it_learns_more(evaluated, trained, runs, qtbot):
    found = evaluated.evaluator.result
    runs.view(None)
    assert evaluated.evaluator.result is None
    runs.view(trained)
    evaluated.evaluator._take(found)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(trained, epochs=4)
    assert evaluated.evaluator.result is None


def test_an_entry_taken_out_of_the_parts_is_evaluated_no_more_and_that_is_told(evaluate, trained, qtbot):
    run = RunFolder(trained.folder)
    expected = evaluate_run(run, "test")
    parts = json.loads(run.parts_file.read_bytes())
    gone = parts["test"].pop()
    run.parts_file.write_text(json.dumps(parts), "utf-8")
    QTest.mouseClick(evaluate.matrix.evaluate, LEFT)
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    found = evaluate.evaluator.result
    assert gone not in found.images.indices
    np.testing.assert_array_equal(found.evaluation.predictions.predicted, expected.predictions.predicted[:-1])
    assert evaluate.figures.changes.text() == "1 image belongs to no part of the run and is left out."
    assert not evaluate.figures.changes.isHidden()


def test_nothing_is_told_of_data_that_are_as_they_were(evaluated):
    assert evaluated.figures.changes.isHidden()
