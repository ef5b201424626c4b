"""Cards of units show what the engine finds, are gone through by mouse and keys, and never show what is stale."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.data.progress import finished
from engine.inspection import Deconvnet, FeatureMaps, Maximise
from engine.inspection.lens import Lens
from engine.inspection.units.collecting import Collected
from engine.inspection.units.maximising import maximise
from engine.inspection.units.patches import patches_of
from engine.inspection.units.search import search
from engine.network.reach import reach_of
from engine.runs.run_folder import RunFolder
from gui.look.units import page as page_module
from gui.look.units import units as units_module
from gui.look.units.grid import Sort
from gui.look.units.large import LargeUnit

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

DEAD = 1
KEY = Qt.Key


def pixels_of(image):
    """The values of a picture of one channel, ``(H, W)``."""
    assert image.format() == QImage.Format.Format_Indexed8
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width()].copy()


def lens_of(run, epoch):
    folder = RunFolder(run.folder)
    lens = Lens.of_run(folder)
    lens.load(folder.weights(epoch))
    return lens


@pytest.fixture
def held(monkeypatch):
    """A search that waits after its first images: the first event says that it does, the second lets it go on."""
    begun, go_on, add = threading.Event(), threading.Event(), Collected.add

    def waiting(*given):
        begun.set()
        assert go_on.wait(60)
        return add(*given)

    monkeypatch.setattr(Collected, "add", waiting)
    yield begun, go_on
    go_on.set()


def test_cards_show_what_the_engine_finds(cards, run):
    cards.rest()
    assert cards.page.sentence.text() == "No images searched yet."
    assert cards.page.all.text() == "Search 270 test images"
    assert not cards.page.some.isVisible()
    assert not cards.inside.maps.strip.isVisible()
    cards.search()
    lens = lens_of(run, 3)
    found = finished(search(lens, ["relu1", "fc"], "test", keep=False), None)
    answers = cards.units.answers
    np.testing.assert_allclose(answers.highest, found.answers["relu1"].highest, rtol=1e-5)
    assert cards.page.title.text() == "conv1 + relu1"
    assert cards.page.about.text() == "4 units · 1 dead · 270 test images"
    assert [cards.layers.rows.words(layer) for layer in cards.units.layers] == [
        "conv1 + relu1, 4 units, 3×3, 1 dead",
        f"fc, 10 units, all, {'none' if not (dead := found.answers['fc'].dead.sum()) else dead} dead",
    ]
    wanted = patches_of(found.answers["relu1"], reach_of(lens.network, "relu1"), lens.data.test, [2])
    sheets = cards.units.pictures.sheets(2)
    assert cards.units.pictures.sheets(DEAD) is None
    for image, patch in zip(sheets.patches, wanted.values[0], strict=True):
        np.testing.assert_array_equal(pixels_of(image), (patch[0] * 255).round())
    (*_, (drawn,)) = maximise(lens, "relu1", (2,), cards.units.how)
    assert cards.units.pictures.drawn(2).answer == pytest.approx(drawn.answer, rel=1e-3)
    assert [then.epoch for then in cards.units.pictures.then()] == [1, 2, 3]


def test_a_patch_is_pointed_at_and_its_image_looked_at(cards):
    cards.search()
    said = []
    cards.inside.maps.said.connect(said.append)
    cards.click(cards.grid.viewport(), cards.grid.area_of(2).center())
    cards.rest()
    assert cards.unit.title.text() == "conv1, unit 2"
    layout, area = cards.grid.cards, cards.grid.area_of(2)
    inside_patch = area.topLeft() + layout.sheets[0] + QPoint(layout.tile + 3, 3)
    QTest.mouseMove(cards.grid.viewport(), inside_patch)
    source = cards.units.source(1)
    an = "an" if source.class_name == "8" else "a"
    assert said[-1] == f"unit 2, patch 2, image {source.position + 1}, {an} {source.class_name}"
    pair = cards.unit.sheets
    QTest.mouseMove(pair, pair.area_of(4).center())
    assert pair.current == 4
    cards.click(pair, pair.area_of(4).center())
    chosen = cards.units.source(4)
    np.testing.assert_array_equal(cards.look.pixels, chosen.pixels)
    assert int(cards.look.target) == int(chosen.target)
    assert cards.inside.image.note.text().startswith(f"Test image {chosen.position + 1}")
    cards.rest()
    assert cards.units.unit == 2
    cards.turn(FeatureMaps.title)
    assert cards.inside.maps.view.mosaic.tiles.current == 2


def test_keys_go_through_units_epochs_and_tabs(cards):
    cards.search()
    grid = cards.grid
    grid.setFocus()
    cards.press(KEY.Key_End)
    assert cards.units.unit == 3
    cards.press(KEY.Key_D)
    assert cards.units.unit == DEAD
    assert "dead: 0 for all 270 images. Its 10 parameters do nothing." in grid.accessibleDescription()
    assert cards.unit.facts.text() == "0 for all 270 images"
    cards.click(cards.page.dead)
    assert grid.order == (0, 2, 3)
    cards.press(KEY.Key_D)
    assert grid.order == (0, 1, 2, 3)
    cards.press(KEY.Key_Home)
    cards.press(KEY.Key_Right)
    cards.press(KEY.Key_Right)
    assert cards.units.unit == 2
    assert grid.accessibleDescription().startswith("Unit 2 of 4, maximum ")
    cards.press(KEY.Key_M)
    bar = cards.inside.maps.tabs.bar
    assert bar.tabText(bar.currentIndex()) == Maximise.title
    assert grid.cards.picture.width() == 86
    assert grid.cards.tile == 18
    cards.press(KEY.Key_M)
    assert bar.tabText(bar.currentIndex()) == Deconvnet.title
    third = cards.units.answers
    cards.press(KEY.Key_Comma)
    assert cards.look.epoch == 2
    assert cards.units.answers is not third
    cards.until(lambda: cards.units.answers is not None)  # it is searched once the scrubber rests
    assert grid.isVisible()
    assert cards.units.answers is not third
    cards.press(KEY.Key_Period)
    assert cards.units.answers is third
    cards.rest()
    cards.press(KEY.Key_Return)
    large = next(one for one in QApplication.topLevelWidgets() if isinstance(one, LargeUnit))
    assert large.said.text().startswith("Patch 1: image ")
    QTest.keyClick(large, KEY.Key_Escape)
    cards.until(lambda: not any(isinstance(one, LargeUnit) for one in QApplication.topLevelWidgets()))


def test_units_stand_in_the_order_that_is_chosen(cards):
    cards.search()
    answers, sort = cards.units.answers, cards.page.sort

    def order(choice):
        sort.setCurrentIndex(sort.findData(choice))
        sort.activated.emit(sort.currentIndex())
        return list(cards.grid.order)

    assert order(Sort.DEAD_FIRST) == [1, 0, 2, 3]
    assert order(Sort.MAXIMUM) == sorted(range(4), key=lambda unit: -answers.highest[unit])
    by_class = order(Sort.CLASS)
    assert by_class[-1] == DEAD
    assert [answers.best_class[unit] for unit in by_class[:-1]] == sorted(answers.best_class[[0, 2, 3]])
    assert order(Sort.INDEX) == [0, 1, 2, 3]


def test_what_was_searched_is_there_the_next_time(cards, opened):
    cards.search()
    again = opened()
    again.until(lambda: again.units.answers is not None)
    assert not again.units.searching
    np.testing.assert_array_equal(again.units.answers.highest, cards.units.answers.highest)


def test_other_patches_are_wanted(cards):
    cards.search()
    first = cards.units.pictures.sheets(0)
    cards.click(cards.layers.crop.button(True))
    cards.rest()
    whole = cards.units.pictures.sheets(0)
    assert (whole.patches[0].width(), whole.patches[0].height()) == (12, 12)
    np.testing.assert_array_equal(pixels_of(whole.patches[0]), whole.sources[0].pixels[0])
    assert whole.sources[0].seen == first.sources[0].seen
    assert first.patches[0].width() == 3
    part = cards.layers.images.rows["part"].editor
    part.setFocus()
    QTest.keyClick(part, KEY.Key_Up)  # from test to validation
    cards.rest()
    assert cards.page.all.text().endswith(" validation images")
    assert cards.units.pictures.sheets(0) is None


def test_a_search_is_cancelled_and_begun_again(cards, held):
    begun, go_on = held
    cards.rest()
    cards.click(cards.page.all)
    cards.until(begun.is_set)
    cards.until(cards.page.waiting.cancel.isVisible)
    cards.click(cards.page.waiting.cancel)
    assert not cards.units.busy
    assert cards.units.answers is None
    assert cards.page.sentence.text() == "No images searched yet."
    go_on.set()
    cards.search()
    assert cards.units.answers.images == 270


@pytest.mark.parametrize("change", ["epoch", "layer", "tab", "run", "close"])
def test_an_answer_that_is_no_longer_wanted_never_shows(cards, runs, held, change, document, qtbot):
    begun, go_on = held
    cards.rest()
    cards.click(cards.page.all)
    cards.until(begun.is_set)
    found = []
    cards.units.changed.connect(lambda: found.append(cards.units.answers))
    match change:
        case "epoch":
            cards.look.choose_epoch(1)
        case "layer":
            cards.look.choose_node("fc")
        case "tab":
            cards.turn(FeatureMaps.title)
        case "run":
            runs.view(None)
        case "close":
            go_on.set()
            cards.inside.close()
    go_on.set()
    cards.rest()
    wanted = {"epoch": (270, "relu1"), "layer": (270, "fc")}.get(change)
    assert {(one.images, one.node) for one in found if one} == ({wanted} if wanted and found[-1] else set())
    if change == "epoch":
        expected = finished(search(lens_of(runs.current, 1), ["relu1"], "test", keep=False), None)
        np.testing.assert_allclose(found[-1].highest, expected.answers["relu1"].highest, rtol=1e-5)


def test_escape_keeps_the_pictures_so_far(cards, run):
    cards.units.draw_again(Maximise(adam_steps=10_000))
    cards.rest()
    cards.click(cards.page.all)
    drawn = cards.units.pictures.drawn
    cards.until(lambda: (one := drawn(0)) is not None and one.step > 0)
    cards.grid.setFocus()
    cards.press(KEY.Key_Escape)
    kept = drawn(0)
    assert 0 < kept.step < 10_000
    cards.rest()
    assert drawn(0) is kept
    assert f"after {kept.step} of 10000 steps" in cards.unit.told.text().replace("\u202f", "")
    steps = cards.layers.how.rows["adam_steps"].editor
    steps.setFocus()
    steps.selectAll()
    QTest.keyClicks(steps, "20")
    QTest.keyClick(steps, KEY.Key_Return)
    assert drawn(0) is kept
    cards.click(cards.layers.again)
    cards.rest()
    (*_, (wanted,)) = maximise(lens_of(run, 3), "relu1", (0,), Maximise(adam_steps=20))
    assert (drawn(0).step, drawn(0).answer) == (20, pytest.approx(wanted.answer, rel=1e-3))


def test_many_images_are_asked_about(cards, monkeypatch):
    for module in (units_module, page_module):
        monkeypatch.setattr(module, "PATIENCE", 100)
    cards.look.choose_node("fc")
    cards.rest()
    assert cards.page.sentence.text() == "Searching 270 images takes about 10 s."
    assert (cards.page.some.text(), cards.page.all.text()) == ("Search 100", "Search all")
    cards.click(cards.page.some)
    cards.until(lambda: cards.units.answers is not None)
    assert (cards.units.answers.images, cards.units.answers.of) == (100, 270)
    assert cards.units.patches.most == 100


def test_untrained_weights_are_said_to_be_so(runs, document, opened):
    cards = opened()
    cards.search()
    assert cards.page.about.text().endswith("untrained")
    assert cards.units.answers.images > 0
    assert not cards.unit.epochs.isVisible()


def test_one_epoch_is_said_to_be_alone(run, opened):
    folder = RunFolder(run.folder)
    for epoch in (1, 2):
        folder.checkpoint(epoch).unlink()
    cards = opened()
    cards.search()
    assert cards.unit.only.isVisible()
    assert cards.unit.only.text() == "Only one epoch is kept."
