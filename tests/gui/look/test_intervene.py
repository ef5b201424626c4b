"""Units are switched off and images damaged in the window, for the look alone, and it undoes by itself."""

import numpy as np
import pytest
from look_parts import PATIENCE
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.inspection import Alteration, FeatureMaps
from engine.inspection.damages import Blur
from engine.inspection.interventions import Constant, Mean, Off, OtherImage, Scale
from engine.inspection.lens import Lens
from engine.inspection.measuring import measured
from engine.inspection.sight import Asked
from engine.project import Project
from engine.runs.run_folder import RunFolder
from gui.look.effect import EffectSection
from gui.look.intervene import IntervenePanel

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(trained, inside, seen):
    """The panel beside maps of a trained run."""
    inside.set_active(True)
    seen()
    inside.intervene.setGeometry(0, 0, 380, 900)
    inside.intervene.show()
    return inside.intervene


@pytest.fixture
def lens(trained):
    run = RunFolder(trained.folder)
    found = Lens.of_run(run)
    found.load(run.weights(3))
    return found


def altered(inside):
    return inside.look.alterations.value


def menu_of(widget, at):
    """The menu that a right click opens."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible())


def pick(menu, words):
    action = next(one for one in menu.actions() if one.text().partition("\t")[0] == words)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def tile(inside, number):
    tiles = inside.maps.view.mosaic.tiles
    return tiles, tiles.area_of(number).center()


def test_a_map_is_switched_off_by_its_menu_and_everything_says_so(panel, inside, lens, seen):
    before = seen().prediction
    pick(menu_of(*tile(inside, 2)), "Switch off map 2")
    assert altered(inside) == Alteration(units=[Off(node="conv1", units=(2,))])
    sight = seen()
    expected = lens.altered(altered(inside)).look(inside.look.pixels, [Asked(FeatureMaps(), "conv1")])
    np.testing.assert_allclose(sight.prediction, expected.prediction, atol=1e-6)
    np.testing.assert_allclose(sight.before, before, atol=1e-6)
    assert not sight.maps["conv1"][2].any()
    tiles = {one.index: one.figure for one in inside.maps.view.mosaic.tiles._tiles}
    assert tiles[2] == "off"
    assert tiles[1].startswith("max ")
    assert inside.maps.altered.isVisible()
    assert inside.maps.altered.text.text() == "Altered: conv1 2: off"
    assert "was" in inside.image.bars.accessibleDescription()
    assert [card.choice.name for card in panel.units.ordered("units").cards] == ["off"]
    assert "Switch off map 2" not in {one.text().partition("\t")[0] for one in menu_of(*tile(inside, 2)).actions()}


def test_all_of_it_is_undone_from_the_bar_and_that_too(panel, inside, seen):
    first = seen().prediction
    pick(menu_of(*tile(inside, 0)), "Double map 0")
    pick(menu_of(*tile(inside, 1)), "Switch off all but map 1")
    assert seen().prediction != pytest.approx(first)
    QTest.mouseClick(inside.maps.altered.reset, LEFT)
    assert not altered(inside)
    assert seen().before is None
    assert seen().prediction == pytest.approx(first)
    assert not inside.maps.altered.isVisible()
    QTest.mouseClick(panel.undo, LEFT)
    assert altered(inside).units == (Scale(node="conv1", units=(0,)), Off(node="conv1", units=(0, 2, 3)))
    QTest.mouseClick(panel.undo, LEFT)
    QTest.mouseClick(panel.undo, LEFT)
    assert altered(inside) == Alteration()
    assert not panel.undo.isEnabled()


def test_a_map_is_let_be_again_without_the_others(panel, inside):
    pick(menu_of(*tile(inside, 1)), "Switch off all but map 1")
    pick(menu_of(*tile(inside, 2)), "Do nothing to map 2")
    assert altered(inside).units == (Off(node="conv1", units=(0, 3)),)
    pick(menu_of(*tile(inside, 0)), "Do nothing to map 0")
    pick(menu_of(*tile(inside, 3)), "Do nothing to map 3")
    assert altered(inside) == Alteration()


def test_keys_switch_the_current_map_off(panel, inside, seen):
    tiles = inside.maps.view.mosaic.tiles
    tiles.setFocus()
    QTest.keyClick(tiles, Qt.Key.Key_Right)
    QTest.keyClick(tiles, Qt.Key.Key_Delete)
    assert altered(inside).units == (Off(node="conv1", units=(1,)),)
    QTest.keyClick(tiles, Qt.Key.Key_Delete)  # it is off already
    assert len(altered(inside).units) == 1
    inside.look.choose_node("fc")
    seen()
    bars = inside.maps.view.bars
    pick(menu_of(bars, bars._bar(4).center().toPoint()), "Switch off unit 4")
    assert altered(inside).units[1] == Off(node="fc", units=(4,))
    seen()
    assert inside.maps.view.values[4] == 0


def test_lists_add_what_is_looked_at_and_take_what_is_typed(panel, inside, seen):
    inside.look.choose_node("relu1")
    seen()
    listed = panel.units.ordered("units")
    listed.add("constant")
    assert altered(inside).units == (Constant(node="relu1", units=(0,)),)
    units = panel.units.row("units.0.units").editor
    units.setFocus()
    units.selectAll()
    QTest.keyClicks(units, "all")
    assert altered(inside).units[0].units == "all"
    units.selectAll()
    QTest.keyClicks(units, "1, 3")
    assert altered(inside).units[0].units == (1, 3)
    QTest.mouseClick(panel.undo, LEFT)  # one stay in a field is one step
    assert altered(inside).units[0].units == (0,)
    slider = panel.units.row("units.0.value").editor.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert altered(inside).units[0].value == 3
    panel.damages.ordered("damages").add("blur")
    assert altered(inside).damages == (Blur(),)
    switch = panel.damages.ordered("damages").cards[0].switch
    QTest.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    assert not altered(inside).damages[0].on


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("units", "2, 4", "conv1 has 4 maps, counted from 0 to 3: there is no map 4."),
        ("units", "x", "number"),
        ("node", "conv", "There is no layer called 'conv' whose units could be changed."),
        ("factor", "99", "Factor is 99, at most 10 fits."),
    ],
)
def test_what_cannot_be_is_refused_below_its_field_and_the_maps_stay(panel, inside, seen, path, text, why):
    panel.units.ordered("units").add("scale")
    seen()
    field = panel.units.row(f"units.0.{path}")
    editor = getattr(field.editor, "number", field.editor)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    assert why in field.reason.text()
    assert altered(inside).units == (Scale(node="conv1", units=(0,)),)
    assert inside.maps.view.values is not None


def test_units_are_taken_from_the_image_that_was_there(panel, inside, lens, seen):
    first = inside.look.pixels
    panel.units.ordered("units").add("other_image")
    assert altered(inside).units == (OtherImage(node="conv1", units=(0,), image="kept image 1"),)
    inside.look.choose_image(255 - first)
    sight = seen()
    own = lens.look(first, [Asked(FeatureMaps(), "conv1")]).maps["conv1"]
    np.testing.assert_allclose(sight.maps["conv1"][0], own[0], atol=1e-5)
    assert not np.allclose(sight.maps["conv1"][1], own[1])


def test_the_network_receives_the_damaged_image_and_the_own_one_stays(panel, inside, seen):
    own = inside.look.pixels
    panel.damages.ordered("damages").add("occlusion")
    sight = seen()
    assert sight.pixels is own is inside.look.pixels
    assert not np.array_equal(sight.shown, own)
    assert inside.image.received.isVisible()
    assert inside.image.truth.text().startswith("True class")
    QTest.mouseClick(panel.reset, LEFT)
    seen()
    assert not inside.image.received.isVisible()


def measure(panel, qtbot):
    QTest.mouseClick(panel.effect.ask, LEFT)
    qtbot.waitUntil(lambda: not panel.effect._job.running, timeout=PATIENCE)
    return dict(panel.effect.facts.facts) if panel.effect.facts.isVisible() else {}


def test_accuracy_is_measured_when_it_is_asked(panel, inside, lens, qtbot):
    own = f"{100 * measured(lens, 'validation').value:.1f} %"
    assert measure(panel, qtbot) == {"Accuracy, as it is": own}
    inside.look.alterations.put(Alteration(units=[Off(node="conv1"), Mean(node="fc", units=(1,))]), "x")
    assert not panel.effect.facts.isVisible()
    after = measured(lens.altered(altered(inside)), "validation").value
    found = measure(panel, qtbot)
    assert (found["Accuracy, as it is"], found["Accuracy, altered"]) == (own, f"{100 * after:.1f} %")
    assert found["Difference"].endswith(" points")
    assert panel.effect.said.text() == "On 270 validation images."


def test_what_was_measured_of_something_else_is_never_shown(panel, inside, qtbot, hold):
    held = hold("engine.inspection.measuring.measured")
    QTest.mouseClick(panel.effect.ask, LEFT)
    held.wait()
    inside.look.alterations.put(Alteration(units=[Off(node="conv1")]), "x")
    held.let_go()
    qtbot.waitUntil(lambda: not panel.effect._job.running, timeout=PATIENCE)
    QApplication.processEvents()
    assert not panel.effect.facts.isVisible()
    assert panel.effect.ask.isEnabled()


def test_a_drawing_without_a_run_has_nothing_to_measure_on(inside, seen):
    inside.set_active(True)
    assert not inside.intervene.effect.ask.isEnabled()
    assert inside.intervene.effect.said.text() == "There is no run whose images could be looked at."
    assert isinstance(inside.intervene.effect, EffectSection)
    assert isinstance(inside.intervene, IntervenePanel)


def test_epochs_are_looked_at_altered_and_another_network_is_not(panel, inside, document, seen):
    inside.look.alterations.put(Alteration(units=[Off(node="conv1", units=(1,))]), "x")
    inside.look.choose_epoch(1)
    assert not seen().maps["conv1"][1].any()
    document.replace(Project(inside.look.network.copy()))
    assert altered(inside) == Alteration()
