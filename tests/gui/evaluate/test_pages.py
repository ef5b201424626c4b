"""The pages of Evaluate beside what the engine says: curves, temperature, slices, another run, suspected labels."""

from dataclasses import replace

import numpy as np
import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.evaluation.calibration import tempered
from engine.evaluation.comparing import compare, image_keys
from engine.evaluation.curves import curves_of
from engine.evaluation.evaluating import evaluate as evaluate_run
from engine.evaluation.label_errors import find_label_errors
from engine.evaluation.slices import slices_of
from engine.runs.run_data import load_run_data
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import summarise
from gui.evaluate.compare_page import _pair_card
from gui.evaluate.evaluator import Evaluated

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def evaluated(evaluate, trained, qtbot):
    evaluate.evaluator.start()
    qtbot.waitUntil(lambda: evaluate.evaluator.result is not None, timeout=PATIENCE)
    return evaluate


@pytest.fixture
def brought(evaluated, qtbot):
    """Brings a page to the front and waits for what it works out."""

    def bring(page):
        evaluated.matrix.show_page(page)
        qtbot.waitUntil(lambda: not any(answer.busy for answer in page.answers()), timeout=PATIENCE)
        assert not any(answer.message for answer in page.answers())
        return page

    return bring


def test_curves_have_the_areas_of_the_engine_and_tell_the_point_that_is_read(evaluated, brought, qtbot):
    page = brought(evaluated.matrix.curves)
    found = evaluated.evaluator.result.classes
    expected = curves_of(found, "roc")
    rows = [page.list.item(row).text().split("  ") for row in range(page.list.count())]
    assert rows[0] == [f"{expected.macro.area:.3f}", "Mean of classes (macro)"]
    assert rows[-1] == [f"{expected.micro.area:.3f}", "All answers together (micro)"]
    classes = sorted((curve.area, name) for name, curve in zip(found.classes, expected.each, strict=True))
    assert rows[1:-1] == [[f"{area:.3f}", name] for area, name in classes]
    ticked = [page.list.item(row).checkState() is Qt.CheckState.Checked for row in range(page.list.count())]
    assert ticked == [row < 5 for row in range(len(rows))]
    assert len({(one.pen().color().name(), *one.pen().dashPattern()) for one in _all(page)}) == len(rows)
    page.list.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert rows[2][1] not in [one.name for one in page.plot.curves]
    page.plot.setFocus()
    QTest.keyClick(page.plot, Qt.Key.Key_Down)
    second = page.plot.curves[1]
    for _ in range(3):
        QTest.keyClick(page.plot, Qt.Key.Key_Right)
    x, y, limit = (values[3] for values in (second.curve.x, second.curve.y, second.curve.thresholds))
    assert page.words.text() == (
        f"{second.name}: from probability {limit:.3f} on, false positive rate {100 * x:.1f} %, recall {100 * y:.1f} %"
    )
    QTest.mouseClick(page.kind.button("precision_recall"), LEFT)
    assert page.heading.text() == "Average precision"
    assert page.list.item(0).text().startswith(f"{curves_of(found, 'precision_recall').macro.area:.3f}")


def _all(page):
    return [page.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(page.list.count())]


def test_temperature_is_fitted_on_validation_and_shown_on_the_test_images_alone(evaluated, trained, qtbot):
    section, run = evaluated.figures.calibration, RunFolder(trained.folder)
    found = evaluated.evaluator.result.classes
    assert section.caption.text() == f"expected error {100 * found.calibration_error:.1f} %"
    QTest.mouseClick(section.scaled, LEFT)
    qtbot.waitUntil(lambda: section.tempered.value is not None, timeout=PATIENCE)
    expected = tempered(evaluate_run(run, "validation"), found)
    assert section.note.text() == f"After temperature {expected.temperature:.2f} (fitted on validation)"
    assert section.caption.text() == f"expected error {100 * expected.after.expected_error:.1f} %"
    last = int(np.flatnonzero(expected.after.counts)[-1])
    QTest.keyClick(section.bins, Qt.Key.Key_Left)
    assert section.words.text() == section.bins.words(len(expected.after.counts) - 1)
    assert f"{expected.after.counts[last]} image" in section.bins.words(last)
    QTest.mouseClick(evaluated.matrix.splits.button("validation"), LEFT)
    qtbot.waitUntil(lambda: evaluated.evaluator.result is not None, timeout=PATIENCE)
    assert not section.scaled.isChecked()
    QTest.mouseClick(section.scaled, LEFT)
    qtbot.waitUntil(lambda: bool(section.tempered.message), timeout=PATIENCE)
    assert section.note.text() == section.tempered.message


def test_slices_are_those_of_the_engine_with_the_mistakes_of_each(evaluated, brought):
    page, result = brought(evaluated.matrix.slices), evaluated.evaluator.result
    expected = slices_of(result.classes, result.data, result.source)
    table = page.table
    assert [(table.item(row, 0).text(), table.item(row, 1).text()) for row in range(table.rowCount())] == [
        (one.kind, one.title) for one in expected
    ]
    assert [table.item(row, 3).text() for row in range(len(expected))] == [
        f"{100 * one.accuracy:.1f}" for one in expected
    ]
    assert table.currentRow() == min(
        range(len(expected)), key=lambda row: (not expected[row].worse, expected[row].accuracy)
    )
    table.selectRow(1)
    wrong = expected[1].positions[~result.classes.predictions.right[expected[1].positions]]
    losses = result.classes.predictions.losses
    assert [card.position for card in page.images.cards] == sorted(wrong, key=lambda place: -losses[place])


def test_another_run_is_compared_with_and_without_one_that_is_said(evaluated, brought, runs, trained, qtbot):
    page = brought(evaluated.matrix.compare)
    assert page.verdict.text().startswith("There is no other run of these classes")
    assert not page.parts.isVisible()
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.start(settings=trained.project.training.model_copy(update={"epochs": 1}))
    other = runs.current
    evaluated.evaluator.start()
    qtbot.waitUntil(lambda: evaluated.evaluator.result is not None, timeout=PATIENCE)
    brought(page)
    qtbot.waitUntil(lambda: page.compared.value is not None, timeout=PATIENCE)
    found = [_evaluated(run) for run in (other, trained)]
    keys = tuple(image_keys(one.data, "test") for one in found)
    expected = compare(found[0].classes, found[1].classes, keys=keys)
    assert page.verdict.text() == expected.verdict(f"run {other.number}", f"run {trained.number}")
    for place, (run, one) in enumerate(zip((other, trained), found, strict=True)):
        assert page.heads[place].text() == f"{run.title}: {100 * one.classes.accuracy:.1f} % of 270 images"
        assert page.matrices[place]._counts.tolist() == one.classes.confusion.tolist()
    for side in ("only_second", "neither", "both", "only_first"):
        QTest.mouseClick(page.sides.button(side), LEFT)
        assert [card.position for card in page.images.cards] == getattr(expected, side)[:, 0].tolist()
        assert page.sides.button(side).text().endswith(f": {len(getattr(expected, side))}")


def test_a_card_of_two_runs_says_what_each_says_of_the_image_wherever_it_stands_in_their_parts(evaluated):
    result = evaluated.evaluator.result
    said = result.classes.predictions
    turned = summarise(
        "test", result.classes.classes, probabilities=said.probabilities[::-1] ** 2, labels=said.labels[::-1]
    )
    other, last = replace(result, evaluation=turned), len(said.labels) - 1
    for place in range(0, last, 9):
        card = _pair_card(result, other, place, last - place)
        taken = result.classes.classes[said.predicted[place]]
        share = turned.predictions.confidence[last - place]
        assert (card.position, card.left) == (place, taken)
        assert card.about == f"{result.about(place)}; the other run: {taken} {100 * share:.1f} %"


def _evaluated(run):
    folder = RunFolder(run.folder)
    data = load_run_data(folder)
    return Evaluated(evaluate_run(folder, "test", data=data), data, run.project.data.source)


def test_suspected_labels_of_a_published_set_are_shown_but_not_moved(evaluated, brought, trained):
    page = brought(evaluated.matrix.labels)
    expected = find_label_errors([RunFolder(trained.folder)])
    table = page.table
    assert [table.item(row, 1).text() for row in range(table.rowCount())] == [
        f"image {one.name}" for one in expected.suspects
    ]
    assert all(not table.item(row, 0).flags() & Qt.ItemFlag.ItemIsUserCheckable for row in range(table.rowCount()))
    assert not page.move_button.isEnabled()
    assert page.move_button.toolTip().startswith("The labels of a published data set stay")


def test_ten_crops_are_refused_and_the_figures_stay_or_all_figures_are_of_them(evaluated, brought, trained, qtbot):
    panel, evaluator, before = evaluated.matrix, evaluated.evaluator, evaluated.evaluator.result
    section, run = evaluated.figures.calibration, RunFolder(trained.folder)
    chooser = panel.head.looks
    chooser.kinds.setCurrentIndex(chooser.kinds.findData("ten_crop"))
    chooser.kinds.activated.emit(chooser.kinds.currentIndex())
    qtbot.waitUntil(lambda: bool(evaluator.message), timeout=PATIENCE)
    assert "Ten crops of 12×12 need a larger image" in panel.trouble.text()
    assert evaluator.result is before
    QTest.mouseClick(section.scaled, LEFT)  # of the figures that stay
    qtbot.waitUntil(lambda: section.tempered.value is not None, timeout=PATIENCE)
    expected = tempered(evaluate_run(run, "validation"), before.classes)
    assert section.tempered.value.losses == expected.losses
    chooser.number.setValue(14)
    qtbot.waitUntil(lambda: evaluator.result is not before, timeout=PATIENCE)
    assert not panel.trouble.isVisible()
    assert evaluator.result.looks.size == 14
    looks, found = evaluator.result.looks, evaluator.result.classes
    qtbot.waitUntil(lambda: section.tempered.value is not None, timeout=PATIENCE)
    assert section.tempered.value.losses == tempered(evaluate_run(run, "validation", looks=looks), found).losses
    page = brought(panel.labels)
    assert page.errors.value.suspects == find_label_errors([run], looks=looks).suspects
    assert page.errors.value.suspects != find_label_errors([run]).suspects
