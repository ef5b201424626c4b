"""Look inside: images in, maps out, epoch by epoch, value by value."""

import numpy as np
import pytest
import torch
from look_parts import PATIENCE
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from safetensors.torch import load_file, save_file

from engine.compiling.taps import feature_maps
from engine.inspection.results import Steps
from engine.layers import LAYERS
from engine.runs.run_folder import RunFolder
from gui.look.mosaic import LARGEST, SMALLEST, Mosaic, Tile
from gui.style.colour_maps import Normalise, short

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


def maps_of(run, which, pixels, node):
    """What the run's own model gives, worked out without the window."""
    folder = RunFolder(run.folder)
    record = folder.record
    images = (torch.from_numpy(pixels[None]).float() / 255 - record.mean[0]) / record.std[0]
    return feature_maps(folder.load_model(which), images, (node,))[node][0]


def steps_of(look):
    return [result for result in look.results if isinstance(result, Steps)]


def test_without_a_run_the_maps_come_from_initial_weights_and_say_so(inside, seen):
    inside.set_active(True)
    sight = seen()
    assert sight.maps["conv1"].shape == (4, 10, 10)
    assert "untrained" in inside.maps.about.text()
    assert not inside.maps.scrubber.isVisible()


def test_a_layer_that_leads_nowhere_hides_no_other(inside, document, seen):
    document.edit("Add a dead end", lambda network: network.add(LAYERS["AvgPool2d"](), "loose", inputs="relu1"))
    inside.set_active(True)
    sight = seen()
    assert sight.maps["conv1"].shape == (4, 10, 10)
    assert "loose" not in sight.maps
    document.select(["loose"])
    assert "conv1" in seen().maps


def test_maps_are_those_of_the_run(inside, seen, trained):
    inside.set_active(True)
    sight = seen()
    expected = maps_of(trained, 3, inside.look.pixels, "conv1")
    np.testing.assert_allclose(sight.maps["conv1"], expected, rtol=1e-4, atol=1e-5)
    assert inside.look.epochs == (1, 2, 3)
    assert inside.look.epoch == 3


def test_the_scrubber_goes_back_to_an_earlier_epoch(inside, seen, trained):
    inside.set_active(True)
    seen()
    QTest.keyClick(inside.maps.scrubber.line, Qt.Key.Key_Left)
    assert inside.look.epoch == 2
    expected = maps_of(trained, 2, inside.look.pixels, "conv1")
    np.testing.assert_allclose(seen().maps["conv1"], expected, rtol=1e-4, atol=1e-5)


def test_maps_follow_a_training_epoch_by_epoch(inside, runs, seen, qtbot):
    inside.set_active(True)
    seen()
    epochs = []
    inside.look.epochs_changed.connect(lambda: epochs.append(inside.look.epochs))
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        run = runs.start()
    assert inside.look.run is run
    sight = seen()
    expected = maps_of(run, 3, inside.look.pixels, "conv1")
    np.testing.assert_allclose(sight.maps["conv1"], expected, rtol=1e-4, atol=1e-5)
    assert epochs[-1] == (1, 2, 3)


def test_a_pen_stroke_is_seen_by_the_network(inside, seen, trained):
    inside.set_active(True)
    seen()
    pad = inside.image.pad
    pad.clear()
    middle = pad.rect().center()
    QTest.mousePress(pad, LEFT, pos=QPoint(middle.x(), 20))
    QTest.mouseMove(pad, QPoint(middle.x(), pad.height() - 20))
    QTest.mouseRelease(pad, LEFT, pos=QPoint(middle.x(), pad.height() - 20))
    sight = seen()
    assert sight.pixels.max() > 150
    assert sight.pixels[0, 6, 6] > 100
    assert sight.pixels[0, 6, 0] == 0
    np.testing.assert_allclose(sight.maps["conv1"], maps_of(trained, 3, sight.pixels, "conv1"), rtol=1e-4, atol=1e-5)
    assert sum(value for _, value in inside.image.bars.rows) <= 1.0001


def test_the_eraser_and_clear_empty_the_pad(inside, seen):
    inside.set_active(True)
    seen()
    pad = inside.image.pad
    QTest.mouseClick(inside.image.clear, LEFT)
    assert pad.blank
    QTest.mouseClick(pad, LEFT, pos=pad.rect().center())
    assert not pad.blank
    pad.erasing = True
    QTest.mouseClick(pad, LEFT, pos=pad.rect().center())
    assert pad.pixels().max() < 60


def test_a_click_in_the_strip_shows_another_layer_and_selects_it(inside, seen, document):
    inside.set_active(True)
    seen()
    strip = inside.maps.strip.row
    QTest.mouseClick(strip, LEFT, pos=strip.area_of("pool").center())
    assert inside.look.node == "pool"
    assert document.selection.names == ("pool",)
    assert inside.maps.about.text().startswith("4 maps of 5×5")
    document.select(["fc"])
    seen()
    assert inside.maps.about.text().startswith("10 values")


def test_a_clicked_value_is_worked_out_step_by_step(inside, seen, trained, qtbot):
    inside.set_active(True)
    seen()
    inside.look.choose_node("relu1")
    seen()
    tiles = inside.maps.view.mosaic.tiles
    area = tiles.area_of(2)
    QTest.mouseClick(tiles, LEFT, pos=area.topLeft() + QPoint(area.width() // 2, area.width() // 2))
    qtbot.waitUntil(lambda: bool(steps_of(inside.look)), timeout=PATIENCE)
    (step,) = steps_of(inside.look)
    assert (step.node, step.channel) == ("conv1", 2)
    exact = maps_of(trained, 3, inside.look.pixels, "conv1")[2, step.row, step.column]
    assert step.exact == pytest.approx(float(exact), abs=1e-4)
    assert inside.step.title.text() == "conv1, map 2"
    printed = step.pages[0].products.sum() + (step.bias or 0.0)
    assert step.value == pytest.approx(round(printed, step.decimals), abs=1e-9)


def test_hovering_a_map_marks_the_receptive_field(inside, seen):
    inside.set_active(True)
    seen()
    boxes = []
    inside.maps.focused.connect(boxes.append)
    tiles = inside.maps.view.mosaic.tiles
    area = tiles.area_of(0)
    for place in (2, area.width() // 2):  # a pointer that stands there already would not move
        QTest.mouseMove(tiles, area.topLeft() + QPoint(place, place))
    assert (boxes[-1].width(), boxes[-1].height()) == (3, 3)


def test_sort_and_normalisation_change_order_and_span(inside, seen):
    inside.set_active(True)
    values = seen().maps["conv1"]
    inside.maps.view.sort.setCurrentText("Max")
    inside.maps.view.sort.activated.emit(1)
    tiles = inside.maps.view.mosaic.tiles
    assert tiles.order[0] == int(values.max(axis=(1, 2)).argmax())
    QTest.mouseClick(inside.maps.view.normalise.button(Normalise.LAYER), LEFT)
    assert tiles.span(0) == tiles.span(3)
    assert tiles.span(0).high == pytest.approx(float(values.max()))


def test_a_drawing_with_errors_says_why_there_are_no_maps(inside, seen, document):
    inside.set_active(True)
    seen()
    document.edit("Remove", lambda network: network.remove("flatten"))
    assert "Maps need a network that is finished. fc has no input." in inside.maps.view.message.text()
    document.undo_stack.undo()
    seen()
    assert inside.maps.view.pages.currentWidget() is inside.maps.view.mosaic


def test_an_unreadable_file_is_named(inside, seen, tmp_path, qtbot):
    inside.set_active(True)
    seen()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"")
    inside.image.open_file(broken)
    qtbot.waitUntil(lambda: inside.image.note.text() == "broken.png could not be read: it is empty.", timeout=PATIENCE)


def test_a_data_set_image_tells_whether_the_network_is_right(inside, seen, trained):
    inside.set_active(True)
    seen()
    QTest.mouseClick(inside.image.sources.button("data"), LEFT)
    target = inside.image.grid.click_target()
    QTest.mouseClick(target, LEFT, pos=QPoint(16 + 44 + 10, 12))
    sight = seen()
    label = int(inside.image.samples.targets[1])
    word = "correct" if int(np.argmax(sight.prediction)) == label else "wrong"
    assert inside.image.truth.text() == f"True class {label}: {word}"


def test_a_long_class_name_leaves_the_panel_as_narrow_as_it_was(inside, seen, trained):
    inside.set_active(True)
    seen()
    before = inside.image.minimumSizeHint().width()
    words = f"True class {'Hemiptera_' * 9}: wrong"
    inside.image.truth.setText(words)
    assert inside.image.minimumSizeHint().width() == before
    inside.image.truth.grab()
    assert inside.image.truth.toolTip() == words
    assert inside.image.truth._rows(240)[-1].endswith("_: wrong")


def test_a_network_that_gives_no_number_is_neither_right_nor_wrong(inside, seen, trained):
    for file in trained.folder.glob("checkpoints/[be]*.safetensors"):  # the best and those of epochs
        save_file({name: torch.full_like(value, 1e38) for name, value in load_file(file).items()}, file)
    inside.set_active(True)
    seen()
    QTest.mouseClick(inside.image.sources.button("data"), LEFT)
    QTest.mouseClick(inside.image.grid.click_target(), LEFT, pos=QPoint(16 + 44 + 10, 12))
    assert np.isnan(seen().prediction).all()
    assert inside.image.bars.rows == []
    assert inside.image.bars.instead == "The network gives no number for this image."
    assert inside.image.truth.text() == ""


def test_few_maps_are_large_and_many_scroll(qtbot):
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.resize(900, 500)
    mosaic.show()

    def size_of(count):
        mosaic.show_maps(np.ones((count, 28, 28), np.float32), [Tile(index, "", "") for index in range(count)])
        return mosaic.tiles.tile_size.width()

    assert size_of(1) == LARGEST
    assert SMALLEST < size_of(12) < LARGEST
    assert size_of(512) >= SMALLEST
    assert mosaic.tiles.minimumHeight() > mosaic.viewport().height()


def test_maps_that_just_fit_need_no_scroll_bar(qtbot):
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.show_maps(np.ones((21, 10, 10), np.float32), [Tile(index, "", "") for index in range(21)])
    mosaic.resize(7 * SMALLEST + 6 * 8, 600)
    mosaic.show()
    rows = -(-21 // mosaic.tiles.columns)
    mosaic.resize(mosaic.width(), rows * (mosaic.tiles.tile_size.height() + 8) - 8)
    qtbot.waitUntil(lambda: not mosaic.verticalScrollBar().isVisible())
    assert mosaic.tiles.minimumHeight() <= mosaic.viewport().height()


def test_the_choice_of_a_layer_shows_its_whole_name(inside, document, seen, qtbot):
    inside.set_active(True)
    seen()
    document.edit("Rename", lambda network: network.rename("conv1", "features.convolution"))
    seen()
    inside.look.choose_node("features.convolution")
    box = inside.maps.layers
    qtbot.waitUntil(lambda: box.currentText() == "features.convolution")
    assert box.fontMetrics().horizontalAdvance(box.currentText()) < box.width() - 30


@pytest.mark.parametrize(("value", "text"), [(0.0, "0.00"), (0.42, "0.42"), (0.002, "2.0e-3"), (-0.0051, "−5.1e-3")])
def test_a_small_value_is_written_in_few_signs(value, text):
    assert short(value) == text
