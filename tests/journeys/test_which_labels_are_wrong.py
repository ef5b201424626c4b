"""From trained runs to which images shall be relabelled, and whether one run is really better than another."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from small_training import small_network

from engine.data.settings import DataSettings, SplitSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from gui.evaluate.label_moves import LabelMoves

LEVELS = {"bright": 210, "dark": 40, "middle": 125}
PLANTED = {
    "bright/90.png": "dark",
    "bright/91.png": "middle",
    "dark/92.png": "bright",
    "middle/93.png": "dark",
    "middle/94.png": "bright",
}


@pytest.fixture
def folder(tmp_path):
    """Images of three shades, of which five lie in the folder of another shade than theirs."""
    random, top = np.random.default_rng(1), tmp_path / "shades"

    def save(name, shade):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        pixels = (LEVELS[shade] + random.normal(0, 8, (8, 8))).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(top / name)

    for shade in LEVELS:
        for number in range(40):
            save(f"{shade}/{number:02}.png", shade)
    for name, shade in PLANTED.items():
        save(name, shade)
    return top


def train(window, person, *, seed, **recipe):
    view, split = window.workspaces(), SplitSettings(validation=0.3, test=0.3, seed=seed)
    data = window.document.project.data.model_copy(update={"split": split})
    window.document.change_several_settings(
        "Another run", data, window.document.project.training.model_copy(update=recipe)
    )
    person.until(lambda: view.runs.obstacle is None)
    before = view.runs.current
    view.train()
    person.until(lambda: view.runs.active is None and view.runs.current is not before)


@pytest.mark.slow
def test_five_planted_labels_are_found_mended_and_two_runs_compared(window, person, folder, qtbot):
    recipe = Recipe(epochs=12, batch_size=8, learning_rate=0.02, device=Device.CPU)
    data = DataSettings(source=Folder(path=str(folder)))
    window.document.replace(Project(small_network(classes=3), data, recipe))
    window.files.opened.emit()
    person.until(lambda: not window.workspaces().runs.loading)
    for seed in range(6):
        train(window, person, seed=seed)
    view = window.workspaces()
    view.show_workspace("evaluate")
    evaluate = view.bench.evaluate
    centre, page = evaluate.matrix, evaluate.matrix.labels
    person.click(centre.evaluate)
    person.until(lambda: evaluate.evaluator.result is not None)
    centre.show_page(page)
    person.click(page.every)
    person.until(lambda: page.errors.value is not None and page.errors.value.runs == 6)
    assert {row.name: row.likely for row in page.rows[: len(PLANTED)]} == PLANTED
    for row in range(len(PLANTED)):
        page.table.setCurrentCell(row, 1)
        QTest.keyClick(page.table, Qt.Key.Key_Space)
    person.answer("Move 5 files")
    person.click(page.move_button)
    person.until(lambda: not page.moves.busy)
    for name, shade in PLANTED.items():
        assert (folder / shade / name.partition("/")[2]).exists()
        assert not (folder / name).exists()
    another_session = LabelMoves(page)
    another_session.look(folder)
    person.until(lambda: another_session.latest is not None)
    another_session.move_back()
    person.until(lambda: not another_session.busy)
    assert another_session.words == "5 files moved back."
    assert all((folder / name).exists() for name in PLANTED)
    another_session.close()
    train(window, person, seed=5, epochs=1, learning_rate=1e-6)
    view.show_workspace("evaluate")
    evaluate.evaluator.start()
    person.until(lambda: evaluate.evaluator.result is not None)
    centre.show_page(centre.compare)
    person.until(lambda: not centre.compare.compared.busy)
    assert centre.compare.compared.value is not None, centre.compare.compared.message
    assert centre.compare.other.currentText().startswith("6 ")
    assert "run 6 is right more often than run 7" in centre.compare.verdict.text()
    assert "McNemar's" in centre.compare.verdict.text()
    assert "p < 0.001" in centre.compare.verdict.text()


@pytest.mark.slow
def test_an_image_can_become_of_any_class_the_likely_one_first(window, person, folder):
    recipe = Recipe(epochs=4, batch_size=8, learning_rate=0.02, device=Device.CPU)
    window.document.replace(Project(small_network(classes=3), DataSettings(source=Folder(path=str(folder))), recipe))
    window.files.opened.emit()
    person.until(lambda: not window.workspaces().runs.loading)
    train(window, person, seed=0)
    window.workspaces().show_workspace("evaluate")
    evaluate = window.workspaces().bench.evaluate
    page = evaluate.matrix.labels
    person.click(evaluate.matrix.evaluate)
    person.until(lambda: evaluate.evaluator.result is not None)
    result = evaluate.evaluator.result
    place = int(np.flatnonzero(result.classes.predictions.right)[0])
    evaluate.matrix.matrix_page.cell.labels_wanted.emit(place)
    person.until(lambda: not page.errors.busy)
    row = page.rows[0]
    assert row.likely != row.given
    assert page.table.item(0, 0).checkState() is Qt.CheckState.Unchecked  # the run finds it right as it is
    page.table.selectRow(0)
    offered = [page.target.itemData(index) for index in range(page.target.count())]
    assert offered[0] == row.likely
    assert sorted(offered) == sorted(set(LEVELS) - {row.given})
    page.target.setFocus()
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    assert page.table.item(0, 0).text() == offered[1]
    assert page.table.item(0, 0).checkState() is Qt.CheckState.Checked
    person.answer("Move 1 file")
    person.click(page.move_button)
    person.until(lambda: not page.moves.busy)
    assert not (folder / row.name).exists()
    assert page.moves.moved[row.name].startswith(f"{offered[1]}/")
