"""No typed key lands in a field that nobody chose: the keyboard goes to the middle when what had it is gone."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton

from engine.layers.linear import Linear
from engine.network.edits import remove_and_close_gap
from engine.project import Project
from engine.recipe.recipe import Recipe
from gui.compare.window import CompareWindow
from gui.data.sheet.view import SheetView
from gui.draw.inspector.problem_banner import ProblemBanner
from gui.start.template_options import TemplateOptions
from gui.widgets.message_bar import Remedy
from templates import build

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(window, person):
    """The workspaces with LeNet-5 in them, and the window in front."""
    person.open_template("lenet5")
    window.activateWindow()
    person.until(window.isActiveWindow)
    return window.workspaces()


@pytest.fixture
def five(window, view):
    """Types a 5 wherever the keyboard is and says where; the project must stay as it was."""

    def press():
        QApplication.processEvents()
        place = QApplication.focusWidget()
        network, settings = window.document.network.copy(), window.document.project.training
        steps = window.document.undo_stack.count()
        QTest.keyClick(place or window, Qt.Key.Key_5)
        QApplication.processEvents()
        assert window.document.network == network
        assert window.document.project.training == settings
        assert window.document.undo_stack.count() == steps
        assert not isinstance(place, QLineEdit)
        return place

    return press


def in_field(view, panel="inspector"):
    """Put the keyboard into the first field of a panel."""
    view.show_panel(panel)
    widget = view.bench.panels[panel].widget
    if panel == "inspector":
        widget.focus_settings()
    else:
        widget.form.focus_first()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    return QApplication.focusWidget()


def test_after_evaluating_the_matrix_has_the_keyboard(window, person, view, five, hold):
    settings = Recipe(epochs=1, batch_size=256)
    window.document.replace(Project(build("lenet5"), window.document.project.data, settings))
    person.until(lambda: not view.runs.loading)
    view.train()
    person.until(lambda: view.runs.active is None and view.bench.evaluate.evaluator.ready)
    view.show_workspace("evaluate")
    matrix = view.bench.evaluate.matrix
    matrix.evaluate.setFocus()
    held = hold("engine.evaluation.evaluating.run_split")
    person.click(matrix.evaluate)
    held.wait()
    assert five() is matrix
    held.let_go()
    person.until(lambda: view.bench.evaluate.evaluator.result is not None)
    assert five() is matrix.matrix


def test_after_train_pause_and_stop_no_field_has_the_keyboard(window, person, view, five):
    document = window.document
    document.replace(Project(build("lenet5"), document.project.data, Recipe(epochs=10_000)))
    person.until(lambda: not view.runs.loading)
    train, strip = view.toolbar.train, view.toolbar.training
    train.setFocus()
    person.click(train)
    assert five() in (view.bench.train, view.bench.train.curves.loss)
    person.until(lambda: view.runs.active.step > 0)
    strip.pause.setFocus()
    person.click(strip.pause)
    assert five() is strip.pause  # it is still there
    person.until(lambda: view.actions["pause"].text() == strip.pause.text() == "Resume")
    strip.stop.setFocus()
    person.click(strip.stop)
    person.until(lambda: view.runs.active is None)
    assert five() is view.bench.train.curves.loss
    view.show_panel("runs")
    duplicate = view.bench.panels["runs"].widget.duplicate
    duplicate.setFocus()
    person.click(duplicate)
    assert not duplicate.isEnabled()
    assert five() is view.bench.train.curves.loss


def test_after_a_fix_in_data_its_middle_has_the_keyboard(window, person, view, five):
    document = window.document
    document.edit("Narrow", lambda network: network.set_layer("fc3", Linear(out_features=7)))
    view.show_workspace("data")
    person.until(view.session.part(SheetView).grid.isVisible)
    view.bench.data.refresh_now()
    mend = view.bench.data.fix_button
    mend.setFocus()
    person.click(mend)
    assert document.network.layer("fc3").out_features == 10
    person.until(lambda: not mend.isVisible())
    assert five() is view.session.part(SheetView).grid


def test_after_a_remedy_or_the_cross_the_canvas_has_the_keyboard(window, person, view, five):
    canvas, done = view.canvas.view, []
    window.tell("That is wrong.", Remedy("Mend it", lambda: done.append(True)))
    button = window.messages.buttons[0]
    button.setFocus()
    person.click(button)
    assert done
    assert five() is canvas
    window.tell("That is wrong.")
    cross = window.messages.findChild(QToolButton)
    cross.setFocus()
    person.click(cross)
    assert five() is canvas


def test_a_remedy_that_is_told_over_gives_the_keyboard_to_the_canvas(window, view, five):
    window.tell("One.", Remedy("Mend it", list))
    window.messages.buttons[0].setFocus()
    window.tell("Another.", Remedy("Mend it", list))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert five() is view.canvas.view


def test_after_a_fix_the_canvas_has_the_keyboard_with_an_inspector_field_next(window, person, view, five):
    document = window.document
    document.edit("Remove flatten", lambda network: remove_and_close_gap(network, ["flatten"]))
    document.select(["fc1"])
    view.show_panel("inspector")
    view.bench.inspector.refresh_now()
    banner = view.bench.inspector.findChild(ProblemBanner)
    button = next(b for b in banner.findChildren(QPushButton) if b.text() == "Insert Flatten")
    button.setFocus()
    person.click(button)
    person.until(lambda: not document.analysis.problems)
    assert five() is view.canvas.view


def test_a_used_up_undo_button_gives_the_keyboard_to_the_canvas(window, person, view, five):
    window.document.edit("Freeze", lambda network: network.set_node("conv1", frozen=True))
    button = next(b for b in view.toolbar.findChildren(QToolButton) if b.defaultAction() is window.actions_["undo"])
    button.setFocus()
    person.click(button)
    assert not button.isEnabled()
    assert five() is view.canvas.view


def test_undo_that_takes_the_page_of_a_field_away(window, person, view, five):
    document = window.document
    document.edit("Add", lambda network: network.add(type(network.layer("conv1"))(), "conv9"))
    document.select(["conv9"])
    in_field(view)
    document.undo_stack.undo()
    person.until(lambda: document.selection.names == ())
    QApplication.processEvents()
    assert five() is view.canvas.view


@pytest.mark.parametrize("way", ["tab", "fold", "close"])
def test_a_panel_that_goes_gives_the_keyboard_to_the_canvas(window, person, view, five, way):
    window.document.select(["conv1"])
    in_field(view)
    dock = view.bench.docks["right"]
    if way == "tab":
        bar = dock.strip.tabs
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(1).center())
        assert dock.current == "weights"
    elif way == "fold":
        dock.stack.hide()
    else:
        window.actions_["right_panel"].trigger()
        assert not dock.isVisible()
    assert five() is view.canvas.view


def test_a_workspace_by_key_has_the_keyboard_in_its_middle(window, person, view, five):
    window.document.select(["conv1"])
    view.show_workspace("train")
    in_field(view, "training")  # what Qt would go back to
    for action, name in (("draw", "draw"), ("train_view", "train"), ("evaluate", "evaluate"), ("draw", "draw")):
        window.actions_[action].trigger()
        assert view.bench.workspace == name
        assert view.bench.centre.currentWidget().isAncestorOf(five()) or five() is view.bench.centre.currentWidget()
        if name == "draw":
            in_field(view)


def test_a_command_that_only_the_canvas_has_a_key_for_takes_the_keyboard_there(window, view, five):
    for name, leaves in (("tidy", True), ("fit_selection", False), ("zoom_in", True), ("fit_all", False)):
        button = view.toolbar.workspaces.button("draw")
        button.setFocus()
        window.actions_[name].trigger()
        assert five() is (button if leaves else view.canvas.view), name


def test_the_pressed_workspace_button_keeps_the_keyboard(view, person, five):
    button = view.toolbar.workspaces.button("train")
    button.setFocus()
    person.click(button)
    assert five() is button


def test_an_icon_of_the_rail_opens_its_panel_and_the_canvas_has_the_keyboard(person, view, five):
    dock = view.bench.docks["left"]
    dock.set_folded(True)
    icon = dock.findChild(QToolButton, "rail-layers")
    icon.setFocus()
    person.click(icon)
    assert not dock.folded
    assert five() is view.canvas.view


def test_what_goes_while_another_window_is_in_front(window, person, view, five):
    window.tell("One.", Remedy("Mend it", list))
    window.messages.buttons[0].setFocus()
    window.actions_["compare"].trigger()
    other = window.findChild(CompareWindow)
    other.activateWindow()
    person.until(other.isActiveWindow)
    window.messages.hide()
    other.close()
    window.activateWindow()
    person.until(window.isActiveWindow)
    assert five() is view.canvas.view


def test_a_field_that_is_clicked_keeps_the_keyboard(window, person, view):
    """Also when what had it goes because of that, as the popups of the canvas do."""
    window.document.select(["conv1"])
    field = in_field(view)
    view.canvas.view.setFocus()
    QTest.keyClick(view.canvas.view, Qt.Key.Key_F2)
    rename = QApplication.focusWidget()
    assert isinstance(rename, QLineEdit)
    person.click(field)
    assert not rename.isVisible()
    assert QApplication.focusWidget() is field


def test_what_takes_the_keyboard_by_itself_keeps_it(window, person, view):
    window.document.select(["conv1"])
    view.show_panel("inspector")
    view.bench.inspector.refresh_now()
    name = view.bench.inspector.nodes.header.name
    name.edit()
    QTest.keyClick(name.field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is name
    view.show_panel("templates")
    view.bench.gallery.search.setFocus()
    window.actions_["search_layers"].trigger()
    assert QApplication.focusWidget() is view.palette.search


def test_after_closing_the_document_the_start_screen_has_the_keyboard(window, person, view):
    in_field(view)
    window.files.close()
    assert QApplication.focusWidget() is window.start
    person.open_template("mlp")
    window.activateWindow()
    person.until(window.isActiveWindow)
    assert QApplication.focusWidget() is window.workspaces().canvas.view


def test_an_open_button_that_cannot_open_gives_the_keyboard_to_the_form(window, person):
    person.until(lambda: any(card.template.name == "resnet" for card in window.start.cards))
    card = next(card for card in window.start.cards if card.template.name == "resnet")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Space)
    dialog = window.findChild(TemplateOptions)
    dialog.activateWindow()
    person.until(dialog.isActiveWindow)
    dialog.open_button.setFocus()
    dialog.open_button.setEnabled(False)
    assert QApplication.focusWidget() is dialog
    before = dialog.choice
    QTest.keyClick(dialog, Qt.Key.Key_5)
    assert dialog.choice == before
