"""From a run to what its units look for, in windows of every size, dark and light, beside the panels around it."""

import itertools

import pytest
from cut_text import broken_numbers, cut_texts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.inspection import Deconvnet, FeatureMaps, Maximise
from engine.recipe.recipe import Device
from gui.look.declared import LookInsideWorkspace
from gui.style.appearance import ThemeChoice, appearance

SIZES = ((1100, 700), (1280, 800), (1600, 1000), (2560, 1440))


@pytest.fixture
def inside(window, person):
    """Look inside on LeNet-5 that has seen all digits once."""
    person.open_template("lenet5")
    view = window.workspaces()
    person.until(lambda: not view.runs.loading and view.runs.obstacle is None)
    training = view.document.project.training.model_copy(update={"epochs": 2, "device": Device.CPU})
    view.document.change_settings("Two epochs", training)
    view.train()
    person.until(lambda: view.runs.active is None and view.runs.current is not None)
    view.show_workspace(LookInsideWorkspace.name)
    window.messages.hide()
    return view.bench.look_inside


def turn(person, inside, title):
    bar = inside.maps.tabs.bar
    place = next(at for at in range(bar.count()) if bar.tabText(at) == title)
    person.click(bar, bar.tabRect(place).center())


@pytest.mark.slow
def test_a_student_finds_what_a_unit_looks_for(window, person, inside):
    docks = window.workspaces().bench.docks
    before = docks["left"].current, docks["right"].current
    inside.units.how = Maximise(adam_steps=5)
    turn(person, inside, Deconvnet.title)
    assert (docks["left"].current, docks["right"].current) == ("unit_layers", "unit")
    rows = inside.unit_layers.rows
    person.click(rows, rows.area_of(1).center())
    assert inside.look.node == "relu2"
    person.until(lambda: not inside.units.busy)
    person.click(inside.unit_page.all)
    person.until(lambda: inside.units.answers is not None)
    grid = inside.unit_page.grid
    assert grid.hasFocus() or not window.isActiveWindow()
    alive = next(unit for unit in range(16) if not inside.units.answers.dead[unit])
    person.click(grid.viewport(), grid.area_of(grid.place_of(alive)).center())
    person.until(lambda: inside.units.pictures.sheets(alive) is not None)
    person.click(inside.unit.sheets, inside.unit.sheets.area_of(0).center())
    assert inside.look.pixels is inside.units.source(0).pixels
    turn(person, inside, FeatureMaps.title)
    assert (docks["left"].current, docks["right"].current) == before
    person.until(lambda: inside.image.truth.text().startswith("True class"))

    turn(person, inside, Maximise.title)
    for size, theme in itertools.product(SIZES, (ThemeChoice.DARK, ThemeChoice.LIGHT)):
        appearance().choose(theme)
        window.resize(*size)
        for panel in ("unit_layers", "unit"):
            window.workspaces().show_panel(panel)
            QApplication.processEvents()
            assert not [*cut_texts(window), *broken_numbers(window)], (size, theme, panel)
        assert (window.width(), window.height()) == size
        assert grid.columns >= 2
    slider = inside.unit_page.size_
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert grid.cards.picture.width() == 2 * 86
