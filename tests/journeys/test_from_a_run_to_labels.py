"""From a trained run to which images shall be relabelled, and what a run says of images that nobody has labelled."""

import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from templates import build

TICK = Qt.CheckState.Checked


@pytest.fixture
def folder(tmp_path):
    """Dark and bright images, 24 of each, of which one bright image lies among the dark."""
    random, top = np.random.default_rng(1), tmp_path / "shades"
    for name, level in (("bright", 190), ("dark", 60)):
        (top / name).mkdir(parents=True)
        for number in range(24):
            pixels = (level + random.normal(0, 20, (8, 8))).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(top / name / f"{number:02}.png")
    return top


@pytest.fixture
def evaluate(window, person, folder):
    data = DataSettings(source=Folder(path=str(folder)))
    recipe = Recipe(epochs=4, learning_rate=0.05, device=Device.CPU, loss="binary_cross_entropy")
    window.document.replace(Project(build("perceptron", classes=1, input_size=8), data, recipe))
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading and view.runs.obstacle is None)
    view.train()
    person.until(lambda: view.runs.active is None and view.runs.current is not None)
    view.show_workspace("evaluate")
    evaluate = view.bench.evaluate
    person.click(evaluate.matrix.evaluate)
    person.until(lambda: evaluate.evaluator.result is not None)
    assert window.statusBar().done.text().startswith("Evaluated 7 test images in ")
    return evaluate


def test_a_file_is_moved_after_a_question_alone_and_back_again(window, person, evaluate, folder):
    page, result = evaluate.matrix.labels, evaluate.evaluator.result
    found = result.classes
    true = found.classes.index("dark")
    other, place = np.flatnonzero(found.predictions.labels == true)[:2].tolist()
    name = result.names[place]
    evaluate.evaluator.choose_cell(true, true)
    for one in (other, place):
        evaluate.matrix.matrix_page.cell.labels_wanted.emit(one)
    person.until(lambda: not page.errors.busy)
    assert page.isVisible()
    box = page.table.visualItemRect(page.table.item(1, 0))
    for state in (TICK, Qt.CheckState.Unchecked):
        page.table.selectRow(0)
        person.click(page.table.viewport(), QPoint(box.left() + 18, box.center().y()))
        assert page.table.item(1, 0).checkState() is state
        assert page.images.current.about.startswith(result.names[other])
    assert page.rows[0].name == name
    page.table.setCurrentCell(0, 3)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.table.item(0, 0).checkState() is TICK
    rows = len(page.rows)
    for again in (other, place):
        evaluate.matrix.matrix_page.cell.labels_wanted.emit(again)
    names = [row.name for row in page.rows]
    assert (names[0], len(names)) == (name, len(set(names)))  # each once
    assert rows <= len(names) <= rows + 1
    assert page.table.item(0, 0).checkState() is TICK
    for row in range(1, len(names)):
        page.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    page.rows[0] = type(page.rows[0])(name, "dark", "bright", 0.9, 0.1, 0.8)
    page.table.item(0, 0).setCheckState(TICK)
    assert page.move_button.text() == "Move 1 file…"
    person.answer("Leave them")
    person.click(page.move_button)
    assert (folder / name).exists()
    person.answer("Move 1 file")
    person.click(page.move_button)
    person.until(lambda: not page.moves.busy)
    assert not (folder / name).exists()
    taken = folder / "bright" / (folder / name).name  # every class has files of these names
    assert taken.exists()
    assert taken.with_stem(f"{taken.stem}_from_dark").exists()
    assert page.said.text().startswith("1 file moved.")
    assert page.table.item(0, 0).text() == "moved"
    pictures = page.images.pictures
    person.until(lambda: pictures.picture(0) is not None or pictures.is_unreadable(0))
    assert not pictures.is_unreadable(0)  # where the file lies now
    assert not page.table.item(0, 0).flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert page.undo.text() == "Move 1 file back"
    person.click(page.undo)
    person.until(lambda: not page.moves.busy)
    assert page.table.item(0, 0).checkState() is Qt.CheckState.Unchecked
    assert page.table.item(0, 0).text() == "bright"
    assert (folder / name).exists()
    assert not page.undo.isVisible()


def test_dropped_images_are_answered_each_and_the_bad_one_says_why(
    window, person, evaluate, folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("gui.evaluate.own_images._AT_ONCE", 2)
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(folder / "bright" / "00.png", own / "a.png")
    (own / "b.png").write_bytes(b"no image")
    Image.new("CMYK", (30, 2)).save(own / "c.jpg")
    centre, data = evaluate.matrix, QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(own))])
    copy, none, left = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(centre.rect().center(), copy, data, left, none)
    QApplication.sendEvent(centre, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(centre, QDropEvent(QPointF(centre.rect().center()), copy, data, left, none))
    table = centre.own.table
    person.until(lambda: table.rowCount() == 3)
    assert centre.own.isVisible()
    assert [table.item(row, 0).text() for row in range(3)] == ["a.png", "b.png", "c.jpg"]
    assert table.item(1, 1).text() == "b.png could not be read: it holds no known image format."
    assert {table.item(row, 1).text() for row in (0, 2)} <= {"bright", "dark"}
    assert centre.own.heading.text() == "3 images of your own, by run 1; 1 without an answer"
    opened = []
    centre.own.opened.connect(opened.append)
    table.selectRow(0)
    table.itemActivated.emit(table.item(0, 0))
    assert opened == [own / "a.png"]
    assert window.workspaces().bench.workspace == "look_inside"
    person.until(lambda: window.workspaces().bench.look_inside.look.pixels is not None)
    window.workspaces().show_workspace("evaluate")
    person.click(centre.splits.button("test"))
    assert centre.matrix.isVisible()


def test_a_report_is_written_and_one_that_cannot_be_says_why(window, person, evaluate, tmp_path):
    line = evaluate.matrix.report
    line.write(tmp_path / "report.html")
    person.until(lambda: not line.report.busy)
    assert line.words.text() == "Report written: report.html"
    assert "<html" in (tmp_path / "report.html").read_text("utf-8")
    (tmp_path / "report.html").unlink()
    line.write(tmp_path / "report.html")
    person.until(lambda: not line.report.busy)
    assert (tmp_path / "report.html").exists()
    person.click(line.close_button)
    assert not line.isVisible()
    line.write(tmp_path / "nowhere" / "report.pdf")
    person.until(lambda: not line.report.busy)
    assert str(tmp_path / "nowhere") in line.report.message
    assert not line.open.isVisible()
