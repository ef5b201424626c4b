"""Views from outside have tabs in Look inside, and are shown there by what they give."""

from typing import ClassVar

import numpy as np
import pytest
from look_parts import PATIENCE
from pydantic import model_validator
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from views_from_outside import (
    Corner,
    Doubled,
    Failing,
    Mean,
    Number,
    Relevance,
    Saliency,
    Squares,
    Unsummed,
    Waiting,
    Words,
    registered,
)

from engine.inspection import VIEWS, FeatureMaps, Filters, StepThrough, TopPatches, View
from engine.inspection.lens import Lens
from engine.inspection.pictures import picture
from engine.inspection.results import Kernels
from engine.inspection.sight import Asked
from engine.layers import LAYERS
from engine.network import Network
from engine.runs.run_folder import RunFolder
from engine.tasks import Classification
from gui.guard import border
from gui.look.heat_view import HeatView
from gui.look.kernels_view import KernelsView
from gui.look.maps import WHY
from gui.look.maps_view import MapsView
from gui.look.step_view import StepView
from gui.look.view_tabs import ViewTabs
from gui.look.why.why import methods

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
KINDS = (Doubled, Saliency, Relevance, Squares, Corner, Mean, Unsummed, Words, Failing, Waiting)


@pytest.fixture
def views():
    with registered(*KINDS):
        Waiting.begun.clear()
        Waiting.go_on.clear()
        yield KINDS
        Waiting.go_on.set()


@pytest.fixture
def tabbed(views, trained, inside, seen):
    """Look inside with views from outside and a trained run."""
    inside.set_active(True)
    seen()
    return inside


@pytest.fixture
def results(tabbed):
    """What the tab was given to show, in order."""
    shown = []
    tabbed.chosen.shown.connect(shown.append)
    return shown


@pytest.fixture
def rest(tabbed, qtbot):
    """Wait until everything that was asked is answered."""

    def wait():
        qtbot.waitUntil(lambda: not tabbed.look.busy, timeout=PATIENCE)

    return wait


def click(inside, kind):
    """Choose the tab of a view, or of the feature maps, by the mouse."""
    bar = inside.maps.tabs.bar
    place = next(at for at in range(bar.count()) if bar.tabText(at) == kind.title)
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(place).center())


def expected(inside, run, kind, *, epoch):
    """What a view gives of the layer and image in force, without the window."""
    folder = RunFolder(run.folder)
    lens = Lens.of_run(folder)
    lens.load(folder.weights(epoch))
    return lens.show(Asked(kind(), inside.look.node), inside.look.pixels).array


def same(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


def test_those_with_places_of_their_own_have_no_tabs(inside, qtbot):
    own = {FeatureMaps, Filters, StepThrough, TopPatches, *methods()}
    assert set(VIEWS.values()) - set(inside.look.others) == own
    none = ViewTabs(())
    qtbot.addWidget(none)
    assert not none.isVisibleTo(inside.maps)


def test_every_other_view_has_a_tab(tabbed):
    bar = tabbed.maps.tabs.bar
    assert bar.isVisible()
    titles = [bar.tabText(at) for at in range(bar.count())]
    assert titles == [FeatureMaps.title, WHY, *(kind.title for kind in tabbed.look.others)]
    assert titles[-len(KINDS) :] == [kind.title for kind in KINDS]
    assert bar.tabToolTip(titles.index(Doubled.title)) == Doubled.help()
    assert bar.accessibleName() == "Views"


@pytest.mark.parametrize(
    ("kind", "widget"),
    [(Doubled, MapsView), (Saliency, HeatView), (Relevance, HeatView), (Squares, KernelsView), (Corner, StepView)],
)
def test_each_type_of_result_is_shown_by_its_widget(tabbed, trained, results, rest, kind, widget):
    click(tabbed, kind)
    rest()
    shown = tabbed.maps.page.currentWidget()
    assert type(shown) is widget
    assert shown.isVisible()
    assert not tabbed.maps.view.isVisible()
    same(results[-1].array, expected(tabbed, trained, kind, epoch=3))
    assert tabbed.maps.title.text() == ("conv1" if kind.needs_node else "Whole network")
    click(tabbed, FeatureMaps)
    assert tabbed.maps.view.mosaic.isVisible()
    assert tabbed.maps.title.text() == "conv1"


def test_what_is_shown_are_the_numbers(tabbed, trained, rest):
    page = tabbed.maps.page
    click(tabbed, Doubled)
    rest()
    same(page.currentWidget().values, 2 * tabbed.maps.view.values)
    tiles = page.currentWidget().mosaic.tiles
    QTest.mouseClick(tiles, LEFT, pos=tiles.area_of(1).center())
    assert (tiles.current, tiles.pin, tabbed.look.value) == (1, None, None)
    click(tabbed, Squares)
    rest()
    assert page.currentWidget().title.text() == "conv1 · weights of 4×1×3×3"
    assert page.currentWidget().mosaic.tiles.order == (0, 1, 2, 3)
    click(tabbed, Corner)
    rest()
    assert page.currentWidget().title.text() == "conv1, map 0"
    assert page.currentWidget().about.text().endswith("row 0, column 0")
    click(tabbed, Saliency)
    rest()
    heat = expected(tabbed, trained, Saliency, epoch=3)
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    words = f"Image 12×12, Heat 12×12, strongest at row {row}, column {column}"
    assert page.currentWidget().images.accessibleName() == words


def test_keys_reach_the_tabs_and_go_along_them(tabbed, rest):
    bar = tabbed.maps.tabs.bar
    window = bar.window()
    window.activateWindow()
    tabbed.maps.scrubber.setFocus()
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        if bar.hasFocus():
            break
    assert bar.hasFocus()
    for _ in range(bar.count() - len(KINDS)):
        QTest.keyClick(bar, Qt.Key.Key_Right)
    rest()
    assert isinstance(tabbed.maps.page.currentWidget(), MapsView)
    QTest.keyClick(bar, Qt.Key.Key_Right)
    rest()
    assert isinstance(tabbed.maps.page.currentWidget(), HeatView)
    assert bar.hasFocus()
    for _ in range(bar.currentIndex()):
        QTest.keyClick(bar, Qt.Key.Key_Left)
    assert tabbed.maps.view.mosaic.isVisible()


def test_the_view_follows_layer_image_and_epoch_and_all_of_them_survive_a_change_of_tab(tabbed, trained, results, rest):
    look, strip = tabbed.look, tabbed.maps.strip.row
    click(tabbed, Relevance)
    rest()
    QTest.mouseClick(strip, LEFT, pos=strip.area_of("pool").center())
    rest()
    same(results[-1].array, expected(tabbed, trained, Relevance, epoch=3))
    assert results[-1].array.shape == (5, 5)
    QTest.mouseClick(tabbed.image.clear, LEFT)
    rest()
    same(results[-1].array, expected(tabbed, trained, Relevance, epoch=3))
    QTest.keyClick(tabbed.maps.scrubber.line, Qt.Key.Key_Left)
    rest()
    before = (look.node, look.epoch, look.pixels)
    same(results[-1].array, expected(tabbed, trained, Relevance, epoch=2))
    click(tabbed, Doubled)
    rest()
    same(results[-1].array, expected(tabbed, trained, Doubled, epoch=2))
    click(tabbed, FeatureMaps)
    rest()
    assert before == (look.node, look.epoch, look.pixels)
    same(tabbed.maps.view.values, results[-1].array / 2)


def test_a_vector_is_shown_as_bars(tabbed, rest):
    click(tabbed, Doubled)
    tabbed.look.choose_node("fc")
    rest()
    assert tabbed.maps.page.currentWidget().bars.isVisible()
    click(tabbed, Squares)
    rest()
    assert tabbed.maps.page.currentWidget().mosaic.isVisible()


def test_a_view_that_is_not_for_the_layer_says_so_and_shows_again_where_it_is(tabbed, results, rest):
    click(tabbed, Corner)
    rest()
    tabbed.look.choose_node("pool")
    assert tabbed.maps.page.sentence.isVisible()
    assert tabbed.maps.page.sentence.text() == ""
    rest()
    assert tabbed.maps.page.sentence.text().startswith("The view Toy corner is for convolutions, but 'pool' is ")
    click(tabbed, Squares)
    rest()
    assert tabbed.maps.page.sentence.text() == "'pool' has no weights to show."
    click(tabbed, Corner)
    tabbed.look.choose_node("conv1")
    rest()
    assert isinstance(tabbed.maps.page.currentWidget(), StepView)
    assert [type(result).__name__ for result in results] == ["Steps", "Steps"]


def test_a_view_that_fails_says_so_and_keeps_nothing_else_from_being_seen(tabbed, results, rest):
    click(tabbed, Failing)
    rest()
    assert tabbed.maps.page.sentence.text().startswith("The view Toy failing ended unexpectedly: KeyError.")
    QTest.mouseClick(tabbed.image.clear, LEFT)
    rest()
    assert tabbed.look.sight.pixels is tabbed.look.pixels
    click(tabbed, FeatureMaps)
    assert tabbed.maps.view.mosaic.isVisible()
    assert tabbed.maps.view.legend.isVisible()
    assert results == []


def test_a_view_whose_result_cannot_be_shown_says_so(tabbed, rest):
    click(tabbed, Unsummed)
    rest()
    words = "The view Toy unsummed gives what cannot be shown: Heat is (H, W), but these values are (1, 12, 12)."
    assert tabbed.maps.page.sentence.text() == words
    click(tabbed, Words)
    rest()
    words = (
        "The view Toy words gives what cannot be shown: Maps are (C, H, W) or (N,) of real numbers, but these are <U1."
    )
    assert tabbed.maps.page.sentence.text() == words


def test_a_result_that_its_widget_cannot_show_is_told_with_the_name_of_the_view(tabbed, rest):
    class Unpaintable(Number):
        pass

    picture.register(Unpaintable, lambda number: number.of_nobody)
    click(tabbed, Mean)
    rest()
    tabbed.maps.page.show_result(Unpaintable(1.0))
    assert tabbed.maps.page.sentence.isVisible()
    assert tabbed.maps.page.sentence.text().startswith("The view Toy mean ended unexpectedly: AttributeError.")


def test_an_unknown_type_of_result_shows_its_picture_or_says_that_there_is_none(tabbed, rest):
    click(tabbed, Mean)
    rest()
    assert tabbed.maps.page.sentence.text() == "There is no picture of Number, only its numbers."
    click(tabbed, Doubled)
    picture.register(Number, lambda number: np.full((2, 2), 127, np.uint8))
    click(tabbed, Mean)
    rest()
    assert tabbed.maps.page.picture.isVisible()
    assert tabbed.maps.page.picture.accessibleName() == "Number"
    picture.register(Number, lambda number: np.full((2, 3, 3), (200, 0, 0), np.uint8))
    tabbed.maps.page.show_result(Number(1.0))
    assert tabbed.maps.page.picture.isVisible()


def test_what_takes_time_says_so_and_an_older_answer_is_never_shown(tabbed, results, rest, qtbot):
    click(tabbed, Waiting)
    qtbot.waitUntil(Waiting.begun.is_set, timeout=PATIENCE)
    qtbot.waitUntil(lambda: tabbed.maps.page.sentence.text() == "Working it out …", timeout=PATIENCE)
    click(tabbed, Saliency)
    Waiting.go_on.set()
    rest()
    assert [result.array.shape for result in results] == [(12, 12)]
    same(results[0].array, expected(tabbed, tabbed.look.run, Saliency, epoch=3))
    assert isinstance(tabbed.maps.page.currentWidget(), HeatView)


def test_a_drawing_with_errors_says_why_there_is_nothing_and_shows_the_view_again(views, inside, document, seen, qtbot):
    inside.set_active(True)
    seen()
    click(inside, Saliency)
    qtbot.waitUntil(lambda: isinstance(inside.maps.page.currentWidget(), HeatView), timeout=PATIENCE)
    assert inside.maps.about.text() == "untrained"
    document.edit("Remove", lambda network: network.remove("flatten"))
    assert "Maps need a network that is finished. fc has no input." in inside.maps.page.sentence.text()
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: isinstance(inside.maps.page.currentWidget(), HeatView), timeout=PATIENCE)


def test_a_layer_that_was_chosen_elsewhere_is_seen_on_coming_back(tabbed, document, results, rest):
    click(tabbed, Squares)
    rest()
    tabbed.set_active(False)
    document.select(["fc"])
    tabbed.set_active(True)
    rest()
    assert results[-1].node == "fc"


class Unmade(Doubled):
    """Cannot be made."""

    name: ClassVar = "toy_unmade"
    title: ClassVar = "Toy unmade"

    @model_validator(mode="after")
    def never(self):
        raise ValueError("never")


class Untitled(View):
    """Has lost its title since it was registered."""

    name: ClassVar = "toy_untitled"
    title: ClassVar = "Toy untitled"


@pytest.mark.parametrize("wrong", [Unmade, Untitled])
def test_a_view_that_cannot_have_a_tab_is_left_out_alone(qtbot, monkeypatch, wrong):
    with registered(Doubled, wrong, Saliency):
        border().forget()
        monkeypatch.delattr(Untitled, "title")
        with qtbot.waitSignal(border().left_out) as told:
            tabs = ViewTabs((Doubled, wrong, Saliency))
        qtbot.addWidget(tabs)
        assert told.args[0].startswith(f"Left out because of an error: the view '{wrong.name}'.")
        assert [tabs.bar.tabText(at) for at in range(tabs.bar.count())] == [
            "Feature maps",
            "Toy doubled",
            "Toy saliency",
        ]
        with qtbot.waitSignal(tabs.chosen) as chosen:
            tabs.bar.setCurrentIndex(2)
        assert chosen.args == [Saliency()]
    border().forget()


def test_each_page_says_which_map_of_the_input_it_is_of(qtbot, qapp):
    network = Network("grouped")
    network.add(LAYERS["Input"](channels=4, height=6, width=6), "input")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3, groups=2), "conv", inputs="input")
    network.add(LAYERS["Output"](), "output", inputs="conv")
    lens, view = Lens(network, task=Classification()), StepView()
    qtbot.addWidget(view)
    view.show_steps(lens.show(Asked(StepThrough(channel=3), "conv"), np.zeros((4, 6, 6), np.uint8)), "")
    assert view.channel.text() == "Map 2, part 1 of 2 of the sum · rows 0–2, columns 0–2"
    assert view.written.text().endswith(", part 1 of 2")
    assert [line.split()[:2] for line in view.sums.text().splitlines()] == [["Part", "1"], ["Sum", "so"]]
    view.on.click()
    assert view.channel.text() == "Map 3, part 2 of 2 of the sum · rows 0–2, columns 0–2"
    assert not view.on.isEnabled()


@pytest.mark.parametrize("shape", [(4, 3, 3, 3), (10, 100), (7,), (3, 8, 8), (600, 2, 1, 1)])
def test_weights_of_every_shape_can_be_drawn(qtbot, shape):
    view = KernelsView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.show_kernels(Kernels("node", np.random.default_rng(0).normal(size=shape).astype(np.float32), None))
    assert (view.bars if len(shape) == 1 else view.mosaic).isVisible()
    assert "×".join(map(str, shape)) in view.title.text()
    assert not view.grab().isNull()
