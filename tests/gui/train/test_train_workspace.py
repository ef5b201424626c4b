import numpy as np
import pytest
from a_pipe import ReadPipe
from cut_text import cut_texts
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton
from train_parts import PATIENCE, settings, tiny_network

from engine.errors import LayerloomError
from engine.layers.convolution import Conv2d
from engine.network import Point
from engine.network.layout import Flow
from gui.look.weights import WeightsPanel
from gui.style.appearance import ThemeChoice, appearance
from gui.train.badge_bar import _WORDS
from gui.train.progress.panel import ProgressPanel
from gui.train.recipe.panel import RecipePanel
from gui.train.runs.status import RunStatus
from gui.train.runs_panel import RunsPanel
from gui.train.workspace import TrainWorkspace

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def shown(qtbot):
    """Show a widget at the size of its place in the window."""

    def show(widget, width, height=900):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget, timeout=PATIENCE):
            widget.show()
        return widget

    return show


@pytest.fixture
def workspace(document, runs, shown):
    return shown(TrainWorkspace(document, runs), 1056)


def drawn(chart, key):
    """The points of a curve as they are drawn."""
    return chart.lines[key].x, chart.lines[key].y


def test_before_the_first_run_the_button_trains(workspace, runs, qtbot):
    before = workspace.before
    assert workspace.pages.currentWidget() is before
    assert before.first.heading.text() == "No runs yet. Press Ctrl+Enter to train."
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        QTest.mouseClick(before.first.train, Qt.MouseButton.LeftButton)
    assert workspace.pages.currentWidget() is workspace.splitter
    workspace.show_before_run(True)
    assert workspace.pages.currentWidget() is before
    assert not before.first.isVisible()


def test_what_blocks_training_is_said_with_its_fix(workspace, document, runs):
    document.edit("Narrow", lambda network: network.set_layer("fc", tiny_network(7).layer("fc")))
    first = workspace.before.first
    assert not first.train.isVisible()
    assert first.reason.text() == "Output gives 7 classes, Digits has 10."
    QTest.mouseClick(first.fix, Qt.MouseButton.LeftButton)
    assert first.train.isVisible()
    assert document.undo_stack.undoText() == "Set fc to 10"


@pytest.mark.parametrize("side", [240, 300, 330, 400])
@pytest.mark.parametrize("width", [720, 850, 1060])
def test_what_stands_above_canvas_and_curves_has_room_at_every_width(workspace, finish, qtbot, side, width):
    finish(epochs=1)
    workspace.splitter.setSizes([side, 1056 - side])
    workspace.resize(width, 900)
    qtbot.waitUntil(lambda: not workspace._resized.isActive())
    QApplication.processEvents()
    assert cut_texts(workspace.badges) == cut_texts(workspace.curves.head) == []
    room = workspace.splitter.sizes()[0] - 24
    assert workspace.badges.width() <= room
    whole = {box.text() for box in workspace.badges.findChildren(QCheckBox)} == {*_WORDS}
    assert whole == (room >= 320)


def points(chart, run):
    """How many points of a run's training curve are drawn."""
    key = (run.number, "train")
    return len(drawn(chart, key)[0]) if key in chart.lines else 0


def test_curves_grow_while_a_run_trains(workspace, begin, qtbot):
    run, loss = begin(), workspace.curves.loss
    qtbot.waitUntil(lambda: points(loss, run) > 0 and len(run.epochs) > 1, timeout=PATIENCE)
    before = points(loss, run)
    qtbot.waitUntil(lambda: points(loss, run) > before, timeout=PATIENCE)


def test_hidden_curves_rest_and_catch_up_when_shown(workspace, begin, qtbot):
    run, loss = begin(), workspace.curves.loss
    qtbot.waitUntil(lambda: points(loss, run) > 0, timeout=PATIENCE)
    workspace.hide()
    before, step = points(loss, run), run.step
    qtbot.waitUntil(lambda: run.step > step + 50, timeout=PATIENCE)
    with qtbot.waitSignal(workspace.curves.runs.curves_due, timeout=PATIENCE):
        pass  # small networks make as many steps between two beats
    assert points(loss, run) == before
    workspace.show()
    assert points(loss, run) > before


def test_the_network_of_the_run_is_shown_with_its_marks_and_not_the_edited_one(workspace, document, finish, qtbot):
    run = finish()
    document.edit("Remove", lambda network: network.remove("relu"))
    qtbot.waitUntil(lambda: run.sight is not None, timeout=PATIENCE)
    assert "relu" in workspace.run_document.network
    marks = workspace.canvas.scene.nodes
    assert marks["conv"].mark.strip
    assert marks["conv"].mark.thumbnail is not None
    assert marks["relu"].mark.dead is not None
    QTest.mouseClick(workspace.badges.gradients, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
    assert not workspace.canvas.scene.nodes["conv"].mark.strip
    document.select(["conv"])
    assert workspace.run_document.selection.names == ("conv",)


@pytest.mark.parametrize("flow", Flow)
def test_the_wires_of_the_run_go_down_its_column_whichever_way_the_document_flows(workspace, document, finish, flow):
    document.change_settings("Flow", document.project.view.model_copy(update={"flow": flow}))
    finish()
    boxes, wires = workspace.canvas.scene.geometry.boxes, workspace.canvas.scene.wires
    for (edge,), wire in ((workspace.canvas.scene.wiring.edges[link], wire) for link, wire in wires.items()):
        start, *_, end = wire.course.corners
        assert (start.x, start.y) == (boxes[edge.source].centre, boxes[edge.source].bottom)
        assert (end.x, end.y) == (boxes[edge.target].centre, boxes[edge.target].top)


def test_a_failed_run_says_why_and_its_button_trains_again(workspace, runs, finish, qtbot):
    run = finish(learning_rate=100.0, optimiser="sgd", epochs=5)
    assert run.status is RunStatus.FAILED
    assert workspace.message.isVisible()
    assert "learning rate 100" in workspace.message.text.text()
    button, queue = workspace.message.buttons
    assert queue.text() == "Queue it"
    assert button.text() == "Try 0.1 in a new run"
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert runs.current.settings.learning_rate == 0.1
    assert workspace.message.isVisible() == (runs.current.status is RunStatus.FAILED)


def test_the_charts_are_read_by_mouse_and_by_keys(workspace, finish, qtbot):
    finish(epochs=3)
    curves = workspace.curves
    (accuracy,) = curves.metrics.values()
    area = accuracy.plot_area()
    for place in (area.topLeft(), area.center()):  # a pointer that stands there already would not move
        QTest.mouseMove(accuracy.viewport(), place.toPoint())
    assert curves.cross_hair.place == 2
    assert all(chart._cross_hair.isVisible() for chart in (curves.loss, accuracy, curves.learning_rate))
    curves.loss.setFocus()
    QTest.keyClick(curves.loss, Qt.Key.Key_End)
    QTest.keyClick(curves.loss, Qt.Key.Key_Left)
    QTest.keyClick(curves.loss, Qt.Key.Key_Down)
    assert curves.loss.accessibleDescription().startswith("Validation loss, run 1, epoch 2, ")
    QTest.keyClick(curves.loss, Qt.Key.Key_Escape)
    assert curves.cross_hair.place is None


def test_axis_smoothing_and_log_scale_change_what_is_drawn(workspace, runs, finish, qtbot):
    run = finish()
    curves, key = workspace.curves, (run.number, "train")
    smooth = drawn(curves.loss, key)[1]
    QTest.keyClick(curves.head.slider, Qt.Key.Key_Home)
    assert np.allclose(drawn(curves.loss, key)[1], run.steps["loss"])
    assert not np.allclose(smooth, run.steps["loss"])
    assert (run.number, "raw") not in curves.loss.lines
    step = next(button for button in curves.head.axis.findChildren(QPushButton) if button.text() == "Step")
    QTest.mouseClick(step, Qt.MouseButton.LeftButton)
    assert drawn(curves.loss, key)[0][-1] == run.total_steps
    QTest.mouseClick(curves.head.log_loss, Qt.MouseButton.LeftButton)
    low, high = curves.loss.getPlotItem().vb.viewRange()[1]
    assert low < np.log10(run.steps["loss"].min()) < high < 2


def test_curves_are_exported_as_picture_and_table(workspace, finish, tmp_path):
    finish()
    workspace.curves.export.picture(str(tmp_path / "curves.png"))
    workspace.curves.export.steps(str(tmp_path / "curves.csv"))
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "curves.csv").read_text().count("epoch,") == 3


def test_runs_are_exported_off_the_thread_and_it_is_said(workspace, finish, tmp_path, qtbot):
    finish()
    curves, blocked = workspace.curves, tmp_path / "file"
    blocked.write_text("")
    for write, where, said in (
        (curves.export.epochs, tmp_path / "epochs.csv", "1 run exported to epochs.csv."),
        (curves.export.tensorboard, tmp_path / "events", f"1 run exported to {tmp_path / 'events'}."),
        (curves.export.tensorboard, blocked, "cannot be written"),
    ):
        with qtbot.waitSignal(curves.export.told, timeout=PATIENCE):
            write(str(where))
        assert said in curves.message.text.text()
    assert len((tmp_path / "epochs.csv").read_text().splitlines()) == 3
    assert list((tmp_path / "events" / "run-1").glob("events.out.*"))


def test_curves_go_into_a_pipe_that_stays_one(workspace, finish, tmp_path):
    finish()
    for export, start in ((workspace.curves.export.picture, b"\x89PNG"), (workspace.curves.export.steps, b"run,")):
        pipe = ReadPipe(tmp_path / export.__name__)
        export(str(pipe.path))
        assert pipe.read().startswith(start)


def test_curves_that_cannot_be_saved_say_why(workspace, finish, tmp_path):
    finish()
    for export in (workspace.curves.export.picture, workspace.curves.export.steps):
        with pytest.raises(LayerloomError, match=r"could not be written: it is a folder\.$"):
            export(str(tmp_path))


def test_the_list_shows_compares_and_renames_runs(runs, finish, shown, qtbot):
    panel = shown(RunsPanel(runs), 240)
    assert panel.empty.text() == "No runs yet. Press Ctrl+Enter to train."
    first, second = finish(), finish(seed=4)
    row = panel.list.visualRect(panel.model.row_of(first))
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert runs.current is first
    assert panel.list.height() == 2 * panel.list.sizeHintForRow(0)
    assert panel.list.verticalScrollBar().maximum() == 0
    assert panel.settings_section.heading.text() == "Run 1 settings"
    box = QPoint(row.left() + 18, row.center().y())
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert list(runs.shown) == [second]
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert list(runs.shown) == [second, first]
    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.findChild(QLineEdit)
    QTest.keyClicks(editor, "plain")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.model.row_of(first).data() == "1 · plain", timeout=PATIENCE)


def test_a_stopped_run_is_resumed_from_the_list(runs, begin, shown, qtbot):
    panel = shown(RunsPanel(runs), 240)
    run = begin()
    assert not panel.duplicate.isEnabled()
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.stop()
    step = run.step
    with qtbot.waitSignal(runs.started):
        QTest.mouseClick(panel.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.step > step, timeout=PATIENCE)
    assert runs.active is run


def test_progress_shows_figures_health_epochs_and_the_sample(runs, finish, shown, qtbot):
    panel = shown(ProgressPanel(runs), 304)
    assert panel.empty.isVisible()
    run = finish(epochs=4)
    qtbot.waitUntil(panel.sample.isVisible, timeout=PATIENCE)
    assert panel.score.accessibleName().startswith("Validation accuracy ")
    assert [line.key for line in panel.health.table.lines] == ["conv", "fc"]
    assert len(panel.epochs.table.lines) in (3, 4)
    assert any("★" in cell.text for line in panel.epochs.table.lines for cell in line.cells)
    assert sum(reading.value for reading in run.prediction) == pytest.approx(1, abs=1e-5)


def test_weights_of_the_selected_layer_are_read_from_the_last_checkpoint(document, runs, finish, shown, qtbot):
    panel = shown(WeightsPanel(document, runs), 304)
    assert panel.line.text() == "Weights exist after the first training step."
    finish()
    document.select(["conv"])
    qtbot.waitUntil(panel.area.isVisible, timeout=PATIENCE)
    assert ("weight", "4×1×3×3") in panel.facts.facts
    assert panel.kernels_section.isVisible()
    document.select(["relu"])
    qtbot.waitUntil(lambda: panel.line.text() == "relu has no weights.", timeout=PATIENCE)


def test_weights_beside_another_drawing_say_whose_they_are(document, runs, finish, shown, qtbot):
    finish()
    panel = shown(WeightsPanel(document, runs), 304)
    document.select(["conv"])
    qtbot.waitUntil(panel.area.isVisible, timeout=PATIENCE)
    assert not panel.origin.isVisible()
    document.edit("Move", lambda network: network.set_node("conv", position=Point(300, 300)))
    document.edit("Maps", lambda network: network.set_layer("conv", Conv2d(out_channels=6)))
    qtbot.waitUntil(panel.origin.isVisible, timeout=PATIENCE)
    assert panel.origin.text() == "As run 1 trained it; the drawing has changed since."
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: not panel.origin.isVisible(), timeout=PATIENCE)
    document.edit("Add", lambda network: network.add(Conv2d(out_channels=6), "late"))
    document.select(["late"])
    qtbot.waitUntil(lambda: panel.line.text() == "Run 1 has no late: it was drawn since.", timeout=PATIENCE)
    assert not panel.area.isVisible()


def test_training_settings_are_edited_with_undo(document, shown, qtbot):
    panel = shown(RecipePanel(document), 304)
    epochs = panel.form.rows["epochs"].editor
    epochs.setFocus()
    epochs.selectAll()
    QTest.keyClicks(epochs, "12")
    assert document.project.training.epochs == 12
    assert document.undo_stack.count() == 1
    document.change_settings("SGD", settings(optimiser="sgd"))
    qtbot.waitUntil(lambda: panel.form.row("optimiser.momentum").isVisible())
    epochs.selectAll()
    QTest.keyClicks(epochs, "0")
    assert panel.form.rows["epochs"].reason.text() == "Epochs is 0, at least 1 is needed. 2 stays in force."
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project.training == settings()


def test_both_themes_colour_the_charts(workspace, finish):
    finish()
    chosen = appearance().choice
    pictures = []
    for theme in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        appearance().choose(theme)
        image = workspace.curves.loss.grab().toImage()
        assert image.pixelColor(2, 2) == appearance().colour("panel")
        pictures.append(image)
    appearance().choose(chosen)
    assert pictures[0] != pictures[1]


def test_the_network_follows_the_width_until_the_user_zooms(workspace, finish, qtbot):
    finish()
    view = workspace.canvas.view
    workspace.splitter.setSizes([392, 660])
    workspace.splitter.splitterMoved.emit(392, 1)
    qtbot.waitUntil(lambda: view.zoom == 1.0, timeout=PATIENCE)
    workspace.splitter.setSizes([250, 800])
    workspace.splitter.splitterMoved.emit(250, 1)
    qtbot.waitUntil(lambda: view.zoom < 0.9, timeout=PATIENCE)
    legend = workspace.canvas.legend
    assert legend.geometry().right() < workspace.canvas.width()
    view.zoom_at(0.5)
    workspace.splitter.setSizes([392, 660])
    workspace.splitter.splitterMoved.emit(392, 1)
    QApplication.processEvents()
    assert view.zoom == 0.5
