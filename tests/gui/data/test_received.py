"""What the network receives of the marked images, as the window shows it."""

import numpy as np
import pytest
import torch
from data_parts import make_folder
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.draws import Pass
from engine.data.loading import load
from engine.data.settings import DataSettings, choose
from engine.layers import LAYERS, Shape
from gui.data.marked import Marked
from gui.data.received.painting import HEAD, LARGEST_ROW, ROW, originals_of
from gui.data.received.view import Received
from gui.data.steps.normalising import NormaliseRow
from gui.style.appearance import appearance

PATIENCE = 60_000
STEPS = ({"name": "rotate", "probability": 0.5, "angle": (20, 40)}, "mirror", {"name": "shift"}, "mixup")
SHAPE = Shape(1, 8, 8)  # of the network of the fixture


class Shown:
    """The view in a window, with ways to wait for it."""

    def __init__(self, view, qtbot):
        self.view, self.preview, self.grid = view, view.preview, view.grid
        self._qtbot = qtbot

    def settle(self):
        """Wait until what is wished for is there."""
        self._qtbot.waitUntil(lambda: self.preview.up_to_date, timeout=PATIENCE)

    @property
    def receipt(self):
        return self.preview.receipt


@pytest.fixture
def received(document, show, qtbot):
    made = []

    def received(steps=STEPS, marked=None, width=928, height=540):
        document.change_settings("Steps", DataSettings(steps=steps, normalise="none"))
        marks = Marked(document)
        train = load(document.project.data, SHAPE).train
        marks.show(train.indices[[0, 3, 5, 8, 13, 21]].tolist() if marked is None else marked)
        view = Received(document, marks)
        show(view, width, height)
        shown = Shown(view, qtbot)
        made.append(shown)
        shown.settle()
        return shown

    yield received
    for shown in made:
        shown.preview.close()


def training_batch(settings, seed, marked):
    """What training gives the network of some images in its first epoch, and all that it gives, by image."""
    train = load(settings, SHAPE).train
    drawn_in = Pass(seed, 1)
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(drawn_in.order_seed)).numpy()
    batches = [batch.pixels for batch in train.training_batches(64, device=torch.device("cpu"), drawn_in=drawn_in)]
    by_image = dict(zip(train.indices[order].tolist(), torch.cat(batches), strict=True))
    return [by_image[image].numpy() for image in marked]


@pytest.mark.parametrize("steps", [STEPS, ("cutmix",), ({"name": "crop", "kept_at": 10}, "brightness"), ()])
def test_the_last_column_is_what_training_gets(received, document, steps):
    shown = received(steps)
    batch = training_batch(document.project.data, shown.preview.seed, shown.view.marked.images)
    for row, gets in zip(shown.receipt.rows, batch, strict=True):
        before_normalising = row.cells[-2].pixels if steps else row.original
        assert (before_normalising == gets.round().clip(0, 255)).all()
        assert row.cells[-1].lines == (f"{gets.min():.2f}", f"to {gets.max():.2f}")


def test_columns_are_the_steps_in_order_and_rows_say_what_was_drawn(received):
    shown = received()
    titles = [column.title for column in shown.receipt.columns]
    assert titles == ["Rotate", "Mirror", "Shift", "Mix-up", "Normalise"]
    turned = [row.cells[0] for row in shown.receipt.rows]
    assert {cell.lines for cell in turned if cell.skipped} <= {("skipped",)}
    assert all(cell.lines[1] == "to left" for cell in turned if not cell.skipped)
    mixed = shown.receipt.rows[0].cells[3].lines
    assert mixed[0].endswith(" %")
    assert mixed[1].startswith("of ")
    assert "Rotate" in shown.grid.accessibleDescription()


def test_a_skipped_step_leaves_the_image_as_it_was(received):
    shown = received(({"name": "rotate", "probability": 0.0}, "brightness"))
    for row in shown.receipt.rows:
        assert row.cells[0].skipped
        assert (row.cells[0].pixels == row.original).all()
        assert not row.cells[1].skipped


def test_images_that_do_not_train_are_left_alone(received, document):
    data = load(DataSettings(steps=STEPS), SHAPE)
    marked = [int(data.test.indices[0]), int(data.train.indices[0]), int(data.validation.indices[0])]
    shown = received(marked=marked)
    assert [row.image for row in shown.receipt.rows] == marked
    test, train, validation = shown.receipt.rows
    assert test.cells[0].lines == ("test", "image")
    assert validation.cells[0].lines == ("validation", "image")
    assert all(cell.skipped for cell in test.cells[:-1])
    assert train.cells[3].lines[1].startswith("of ")


def test_r_and_the_button_draw_with_another_seed(received):
    shown = received()
    first, seed = shown.receipt, shown.preview.seed
    shown.grid.setFocus()
    QTest.keyClick(shown.grid, Qt.Key.Key_R)
    shown.settle()
    assert shown.preview.seed != seed
    assert shown.view.seed.text() == str(shown.preview.seed)
    assert shown.receipt.rows[0].cells[2].lines != first.rows[0].cells[2].lines
    again = shown.preview.seed
    QTest.mouseClick(shown.view.roll, Qt.MouseButton.LeftButton)
    assert shown.preview.seed != again


def test_a_seed_is_typed_and_the_same_seed_draws_the_same(received):
    shown = received()
    first = [row.cells[2].lines for row in shown.receipt.rows]
    for seed in ("7", str(shown.preview.seed)):
        shown.view.seed.setFocus()
        shown.view.seed.selectAll()
        QTest.keyClicks(shown.view.seed, seed)
        shown.settle()
    assert [row.cells[2].lines for row in shown.receipt.rows] == first
    QTest.keyClicks(shown.view.seed, "x")
    assert shown.view.seed.property("state") == "error"
    assert shown.preview.seed == 0


def test_at_test_time_no_step_is_shown(received):
    shown = received()
    QTest.mouseClick(shown.view.pass_of.button(True), Qt.MouseButton.LeftButton)
    shown.settle()
    assert [column.title for column in shown.receipt.columns] == ["Resize", "Normalise"]
    assert not shown.view.roll.isEnabled()
    assert "evaluation" in shown.view.caption.text()
    QTest.mouseClick(shown.view.pass_of.button(False), Qt.MouseButton.LeftButton)
    shown.settle()
    assert len(shown.receipt.columns) == 5


def test_nothing_marked_says_how_to_mark(received):
    shown = received(marked=[])
    assert "Ctrl+click" in shown.grid.nothing
    assert shown.view.caption.text() == ""


def test_a_changed_step_shows_the_old_picture_until_the_new_is_there(received, document, hold, qtbot):
    shown = received()
    before, making = shown.receipt, hold("gui.data.received.making.Maker.make")
    changed = document.project.data.model_copy(update={"steps": document.project.data.steps[:1]})
    document.change_settings("Fewer", changed)
    qtbot.waitUntil(lambda: bool(making.threads), timeout=PATIENCE)
    making.wait()
    QApplication.processEvents()
    assert shown.preview.busy
    assert shown.grid.receipt is before
    making.let_go()
    shown.settle()
    assert [column.title for column in shown.grid.receipt.columns] == ["Rotate", "Normalise"]


def test_what_cannot_be_made_is_said_and_the_old_picture_stays(received, document):
    shown = received()
    before = shown.receipt
    document.change_settings("Hue", DataSettings(steps=("hue",)))
    shown.settle()
    assert "grey" in shown.view.trouble.text()
    assert shown.view.trouble.isVisible()
    assert shown.grid.receipt is before
    document.undo_stack.undo()
    shown.settle()
    assert not shown.view.trouble.isVisible()


def test_a_data_set_that_is_not_here_is_said_once_and_has_no_figures_of_another(received, document, qtbot):
    shown = received()
    row = NormaliseRow(document)
    qtbot.addWidget(row)
    row.show_figures()
    assert row.figures.text() == "0 to 255"
    document.change_settings("MNIST", DataSettings(source="mnist"))
    shown.settle()
    assert shown.grid.receipt is None
    assert shown.grid.nothing == "MNIST is not on this computer yet: download it first."
    shown.view.marked.show(())
    shown.settle()
    row.show_figures()
    assert row.figures.text() == ""
    assert shown.grid.nothing == "MNIST is not on this computer yet: download it first."
    assert not shown.view.trouble.isVisible()


def test_a_click_and_arrows_select_a_step_and_tint_its_column(received):
    shown = received()
    area = shown.grid.column_area(1)
    QTest.mouseClick(shown.grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(area.left() + 60, HEAD // 2))
    assert shown.preview.selected == 1
    QApplication.processEvents()
    picture = shown.grid.viewport().grab().toImage()
    assert picture.pixelColor(area.left() + 12, HEAD + 6) == appearance().colour("sel")
    assert picture.pixelColor(shown.grid.column_area(2).left() + 14, HEAD + 6) != appearance().colour("sel")
    QTest.keyClick(shown.grid, Qt.Key.Key_Right)
    assert shown.preview.selected == 2
    for _ in range(5):
        QTest.keyClick(shown.grid, Qt.Key.Key_Left)
    assert shown.preview.selected == 0


def test_the_numbers_of_columns_are_places_among_the_steps_that_act(received):
    shown = received(("mirror", {"name": "rotate", "on": False}, "shift"))
    assert [(column.title, column.place) for column in shown.receipt.columns[:-1]] == [("Mirror", 0), ("Shift", 2)]


def test_many_columns_scroll_and_the_original_stays(received):
    shown = received(("mirror", "shift", "rotate", "scale", "shear", "brightness", "contrast", "erase"), width=928)
    bar, grid = shown.grid.horizontalScrollBar(), shown.grid
    assert bar.maximum() > 0
    left = grid.viewport().grab().copy(0, HEAD, originals_of(ROW) - 2, ROW).toImage()
    shown.preview.select(7)
    assert bar.value() > 0
    assert grid.column_area(7).right() <= grid.viewport().width()
    assert grid.viewport().grab().copy(0, HEAD, originals_of(ROW) - 2, ROW).toImage() == left
    shown.preview.select(0)
    assert grid.column_area(0).left() == originals_of(ROW)


def test_a_small_part_is_amber(received):
    shown = received(({"name": "resize_crop", "area": (0.1, 0.15)}, "mirror"))
    assert all(row.cells[0].doubtful for row in shown.receipt.rows)
    area = shown.grid.column_area(0)
    picture = shown.grid.viewport().grab().toImage()
    edge = [picture.pixelColor(x, HEAD + ROW // 2) for x in range(area.left() + 14, area.left() + 24)]
    assert appearance().colour("warn") in edge


def test_a_box_shows_where_the_network_looks(received):
    shown = received(({"name": "resize_crop", "area": (0.3, 0.4)},))
    picture = shown.grid.viewport().grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(40, 130) for y in range(HEAD, HEAD + ROW)}
    assert appearance().colour("focus_pixel").name() in colours
    plain = received(("mirror",))
    picture = plain.grid.viewport().grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(40, 130) for y in range(HEAD, HEAD + ROW)}
    assert appearance().colour("focus_pixel").name() not in colours


def test_nothing_is_made_while_nobody_sees_it(received, document):
    shown = received()
    shown.view.window().hide()
    document.change_settings("Fewer", DataSettings())
    QApplication.processEvents()
    assert not shown.preview.busy
    shown.view.window().show()
    shown.settle()
    assert [column.title for column in shown.receipt.columns] == ["Normalise"]


def test_images_are_not_read_again_for_another_step(received, document, monkeypatch):
    shown = received()
    prepared = shown.preview.maker.kept
    document.change_settings("Other", DataSettings(steps=("mirror",), normalise="none"))
    shown.settle()
    assert shown.preview.maker.kept is prepared
    document.change_settings("Larger", DataSettings(steps=("crop",), normalise="none"))
    shown.settle()
    assert shown.preview.maker.kept is not prepared


def test_what_it_warns_of_and_costs_comes_after_the_picture(received, qtbot):
    shown = received(({"name": "mirror", "direction": "up_down"},))
    qtbot.waitUntil(lambda: shown.preview.judgement is not None, timeout=PATIENCE)
    assert "flip turns 6 into 9" in shown.preview.judgement.warnings[0].message
    assert shown.preview.judgement.adds >= 0
    assert shown.preview.judgement.batch_size == 32
    assert np.isfinite(shown.preview.judgement.adds)


def test_what_is_read_first_is_told_until_there_is_a_picture(document, show, tmp_path, qtbot):
    folder = make_folder(tmp_path / "pets", {"cat": 80, "dog": 70})
    document.change_settings("Folder", choose(str(folder)))
    marks = Marked(document)
    marks.show([0, 1])
    view = Received(document, marks)
    told = []
    view.preview.progressed.connect(lambda text: told.append((text, view.grid.nothing)))
    show(view, 928, 540)
    qtbot.waitUntil(lambda: view.preview.up_to_date, timeout=PATIENCE)
    assert len(view.preview.receipt.rows) == 2
    assert any("150" in text for text, _ in told)
    assert any(nothing == f"{text} …" for text, nothing in told)
    view.preview.close()


@pytest.mark.parametrize("name", ["hue", "colour_jitter"])
def test_a_hue_farther_than_the_classes_are_apart_is_amber_by_itself(document, show, tmp_path, qtbot, name):
    for label, colour in (("healthy", (30, 160, 40)), ("rust", (70, 160, 30))):  # 124° and 102°
        (tmp_path / label).mkdir()
        for number in range(8):
            Image.new("RGB", (8, 8), colour).save(tmp_path / label / f"{number}.png")
    document.network.set_layer("input", LAYERS["Input"](channels=3, height=8, width=8))
    setting = {"hue": "angle"}.get(name, "hue")
    steps = ({"name": name, setting: (-40, 40)},)
    document.change_settings(
        "Folder", choose(str(tmp_path)).model_copy(update={"steps": DataSettings(steps=steps).steps})
    )
    marks = Marked(document)
    marks.show(load(document.project.data, Shape(3, 8, 8)).train.indices[:6].tolist())
    view = Received(document, marks)
    show(view, 928, 540)
    qtbot.waitUntil(lambda: view.preview.judgement is not None and view.preview.up_to_date, timeout=PATIENCE)
    (warning,) = [one for one in view.preview.judgement.warnings if one.place == 0]
    limits, line = view.grid._limits[0], {"hue": 0}.get(name, 3)
    assert f"the {limits[setting]:.0f}° between healthy and rust" in warning.message
    beyond = [row.cells[0].lines_beyond(limits) for row in view.preview.receipt.rows]
    drawn = view.preview.receipt.drawn[0][setting]
    assert beyond == [{line} if abs(angle) > limits[setting] else set() for angle in drawn]
    assert {line} in beyond
    assert set() in beyond
    picture, left = view.grid.viewport().grab().toImage(), view.grid.column_area(0).left() + 17
    for row, lines in enumerate(beyond):
        edge = {picture.pixelColor(left + x, HEAD + ROW * row + ROW // 2).name() for x in range(-2, 4)}
        assert (appearance().colour("warn").name() in edge) is bool(lines)
    view.preview.close()


@pytest.mark.parametrize(
    ("size", "row"), [((928, 502), ROW), ((700, 900), ROW), ((928, 900), 74), ((1880, 900), LARGEST_ROW)]
)
def test_rows_grow_where_there_is_room_and_columns_stay_beside_each_other(received, size, row):
    shown = received(width=size[0], height=size[1])
    assert shown.grid.row == row
    assert (shown.grid.horizontalScrollBar().maximum() > 0) == (size[0] == 700)
    assert shown.grid.row_top(1) == HEAD + row
    assert shown.grid.column_area(0).left() == originals_of(row)
