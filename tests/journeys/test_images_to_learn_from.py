"""From a template to a folder of one's own: looked at, divided and made fit to train, in the workspace Data."""

import pytest
from a_person import OFFSCREEN
from data_parts import make_folder
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gui.data.data_set import DataSet
from gui.data.received.view import Received
from gui.data.sheet.view import SheetView
from gui.widgets.card_note import NoteBox

pytestmark = pytest.mark.qt_log_ignore(*OFFSCREEN)


@pytest.fixture
def pets(tmp_path, monkeypatch):
    """A folder with classes of unlike sizes and a damaged file, which every dialog answers with."""
    top = make_folder(tmp_path / "pets", {"cat": 60, "dog": 30, "owl": 9}, broken="dog", size=(24, 32))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(top))
    return top


def test_a_folder_is_chosen_looked_at_divided_and_trained(window, person, pets):
    person.open_template("lenet5")
    view = window.workspaces()
    window.activateWindow()
    person.until(window.isActiveWindow)
    person.press("Ctrl+2")
    assert view.bench.workspace == "data"
    data, sheet = window.session.part(DataSet), window.session.part(SheetView)
    person.until(lambda: data.listing is not None and not data.busy)
    assert len(data.marked.images) == 6

    person.until(lambda: view.status.checked.text().startswith("Preview made in "))
    person.press("Ctrl+1")
    assert view.status.checked.text().startswith("Shapes checked in ")
    person.press("Ctrl+2")
    assert view.status.checked.text().startswith("Preview made in ")

    tools = {tool.button.text(): tool.button for tool in view.toolbar._tools if tool.isVisible()}
    assert list(tools) == ["Open folder…", "Scan again"]
    person.click(tools["Open folder…"])
    person.until(lambda: data.found.source.name == "folder" and not data.busy)
    panel = view.bench.data
    person.until(lambda: panel.classes.count() == 4)
    assert view.toolbar.data.accessibleDescription() == "pets 3 classes"
    assert [data.listing.label(place) for place in data.marked.images].count("owl") == 1

    person.until(panel.fix_button.isVisible)
    person.click(panel.fix_button)
    assert window.document.network.layer("fc3").out_features == 3
    person.click(panel.imbalance.button)
    assert window.document.project.data.sampling.balances

    field = panel.split.parts["train"].editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "80")
    person.until(lambda: panel.split.parts["train"].count.text() == str(len(data.division.train)))
    assert window.document.project.data.split.validation == window.document.project.data.split.test == 0.1

    person.click(panel.show_files)
    assert view.bench.docks["left"].current == "data_files"
    assert view.bench.panels["data_files"].widget.list.model().index(0).data() == "dog/broken.png"

    sheet.grid.setFocus()
    person.press("Ctrl+F")
    assert view.bench.workspace == "data"
    assert QApplication.focusWidget() is sheet.head.search
    QTest.keyClicks(sheet.head.search, "owl")
    person.until(lambda: data.shown.filter.text == "owl")
    sheet.grid.setFocus()
    marked = data.marked.images
    QTest.keyClick(sheet.grid, Qt.Key.Key_Right)
    QTest.keyClick(sheet.grid, Qt.Key.Key_Space)
    assert data.marked.images == (*marked, sheet.grid.current)[-6:]
    assert window.session.part(Received).marked is data.marked

    person.until(lambda: not view.runs.refusal)
    steps = window.document.undo_stack.count()
    for _ in range(steps):
        window.document.undo_stack.undo()
    person.until(lambda: data.found.source.name == "digits" and not data.busy)
    assert len(data.listing) == 1797


@pytest.mark.parametrize("size", [(1100, 700), (1280, 800), (1600, 1000), (2560, 1440)])
def test_sheet_and_preview_have_room_in_every_size(window, person, size):
    person.open_template("lenet5")
    window.resize(*size)
    window.workspaces().show_workspace("data")
    data, sheet = window.session.part(DataSet), window.session.part(SheetView)
    received = window.session.part(Received)
    person.until(lambda: data.listing is not None and not data.busy and sheet.isVisible())
    person.until(lambda: sheet.window().width() == size[0])
    rows = {(1100, 700): 5, (1280, 800): 2, (1600, 1000): 3, (2560, 1440): 5}[size]
    whole = [i for i in range(len(data.places())) if sheet.grid.viewport().rect().contains(sheet.grid.area_of(i))]
    assert len(whole) == rows * sheet.grid.columns
    tabbed = size[1] == 700
    assert received.isVisible() is not tabbed
    page = window.workspaces().centre.currentWidget()
    assert page.tabs.isVisible() is tabbed
    if tabbed:
        page.tabs.setCurrentIndex(1)
        assert received.isVisible()
        assert not sheet.isVisible()
    widths = {1100: 48, 1280: 240, 1600: 288, 2560: 288}
    docks = window.workspaces().bench.docks
    person.until(lambda: docks["left"].width() == widths[size[0]])
    assert docks["right"].width() == (384 if size[0] >= 1600 else 320)


def test_all_that_is_warned_of_is_counted_and_stands_where_problems_are_asked_for(window, person, pets):
    person.open_template("lenet5")
    view = window.workspaces()
    view.show_workspace("data")
    data, status, docks = window.session.part(DataSet), view.status, view.bench.docks
    person.until(lambda: data.listing is not None and not data.busy)
    assert not docks["bottom"].isVisible()
    assert status.done.text().startswith("1\u202f797 images read in ")
    assert status.input.text() == "Input 1×32×32, 10 classes"
    panel, steps = view.bench.data, view.bench.panels["steps"].widget
    panel.choose_folder(str(pets))
    person.until(lambda: data.is_current and not data.busy)
    steps.take_preset("photos")
    person.until(panel.fix_button.isVisible)
    person.click(panel.fix_button)
    settings = window.document.project.data
    crop = settings.steps[0].model_copy(update={"area": (0.05, 1)})
    window.document.change_settings("Crop more", settings.with_step(0, crop))
    preview = window.session.part(Received).preview
    person.until(lambda: preview.up_to_date and not preview.judging)
    person.until(lambda: any(note.isVisible() for note in steps.steps.findChildren(NoteBox)))
    notes = [note.text.text() for note in steps.steps.findChildren(NoteBox) if note.isVisible()]
    of_drawing = "The images are in colour, but input takes 1 channel: they are made grey."
    shown = {panel.imbalance.words.text(), panel.unreadable.text(), *notes, of_drawing}
    boxes = {problem.message for problem in view.runs.readiness.problems}
    assert panel.unreadable.text() == "1 of 100 files is left out."
    assert shown == boxes
    assert len(boxes) == 4
    assert [button.text() for button in status.counts.values() if button.isVisible()] == ["4 warnings"]
    assert status.sentence.text() == "Warnings do not block training"
    person.click(next(button for button in status.counts.values() if button.isVisible()))
    person.until(docks["bottom"].isVisible)
    assert view.bench.workspace == "data"
    assert {row.message.text() for row in view.problems.rows if row.isVisible()} == boxes
    panel._leave()
    assert [button.text() for button in status.counts.values() if button.isVisible()] == ["3 warnings"]


def test_files_deleted_in_another_window_are_gone_on_coming_back_and_a_run_keeps_its_parts(window, person, pets, qtbot):
    person.open_template("lenet5")
    view, data = window.workspaces(), window.session.part(DataSet)
    window.activateWindow()
    person.until(window.isActiveWindow)
    person.press("Ctrl+2")
    panel = view.bench.data
    panel.choose_folder(str(pets))
    person.until(lambda: data.is_current and not data.busy and panel.fix_button.isVisible())
    person.click(panel.fix_button)
    run = view.runs.start(settings=window.document.project.training.model_copy(update={"epochs": 500}))
    person.until(lambda: len(run.epoch_seconds) > 0)
    parts = (run.folder / "parts.json").read_bytes()
    view.show_workspace("data")
    files = QWidget()
    qtbot.addWidget(files)
    files.show()
    files.activateWindow()
    person.until(files.isActiveWindow)
    for number in range(3):
        (pets / "cat" / f"{number}.png").unlink()
    window.activateWindow()
    person.until(lambda: panel.message.text() == "3 images are gone.")
    assert len(data.listing) == 96
    epochs = len(run.epoch_seconds)
    person.until(lambda: len(run.epoch_seconds) > epochs)
    assert (run.folder / "parts.json").read_bytes() == parts
    view.runs.stop()
    person.until(lambda: view.runs.active is None)
