"""Evaluate in windows of every size, dark and light: nothing is cut or outside, and docks have their widths."""

import itertools

import numpy as np
import pytest
from cut_text import broken_numbers, cut_texts
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from small_training import small_network

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from gui.shell.docks import PanelDock
from gui.style.appearance import ThemeChoice, appearance

NAMES = ("Hemiptera_Auchenorrhyncha_Cicadellidae_Typhlocybinae", "two\nlines", "healthy", "rust")
SIZES = ((1100, 700), (1280, 800), (1600, 1000), (2560, 1440))


@pytest.fixture
def evaluate(window, person, tmp_path):
    """A run on a few images of classes whose names are as long and as odd as folders allow."""
    random, top = np.random.default_rng(1), tmp_path / "leaves"
    for name, level in zip(NAMES, (50, 100, 150, 200), strict=True):
        (top / name).mkdir(parents=True)
        for number in range(20):
            pixels = (level + random.normal(0, 40, (8, 8))).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(top / name / f"{number:02}_{'x' * 60}.png")
    recipe = Recipe(epochs=2, learning_rate=0.05, device=Device.CPU)
    data = DataSettings(source=Folder(path=str(top)))
    window.document.replace(Project(small_network(classes=4), data, recipe))
    window.files.opened.emit()
    view = window.workspaces()
    person.until(lambda: not view.runs.loading and view.runs.obstacle is None)
    for _ in range(2):
        view.train()
        person.until(lambda: view.runs.active is None and view.runs.current is not None)
    view.show_workspace("evaluate")
    evaluate = view.bench.evaluate
    person.click(evaluate.matrix.evaluate)
    person.until(lambda: evaluate.evaluator.result is not None)
    window.messages.hide()
    evaluate.matrix.own.ask([top / NAMES[2]])
    person.until(lambda: not evaluate.matrix.own.said.busy)
    assert evaluate.matrix.own.said.value, evaluate.matrix.own.said.message
    return evaluate


def outside(window) -> list[str]:
    """What is shown and stands beyond the window, where nobody can scroll to it."""
    every = (one for one in window.findChildren(QWidget) if not one.objectName().startswith("qt_"))  # Qt has its own
    shown = (one for one in every if one.isVisible() and not one.isWindow())
    places = ((one, QRect(one.mapTo(window, QPoint()), one.size())) for one in shown if not scrolls(one))
    return [f"{one!r} at {place}" for one, place in places if not window.rect().contains(place)]


def scrolls(widget) -> bool:
    around = widget
    while around is not None and not isinstance(around, QAbstractScrollArea):
        around = around.parentWidget()
    return around is not None and around is not widget


@pytest.mark.slow
def test_every_page_has_room_at_every_size_dark_and_light(window, person, evaluate):
    centre, docks = evaluate.matrix, {dock.objectName(): dock for dock in window.findChildren(PanelDock)}

    def look_at(*place):
        QApplication.processEvents()
        assert not [*cut_texts(window), *broken_numbers(window), *outside(window)], place
        assert (window.width(), window.height()) == size
        rail, whole = range(48, 52), range(288, 305)
        assert docks["left-dock"].width() in (rail if window.width() < 1280 else whole), place

    for size, theme in itertools.product(SIZES, (ThemeChoice.DARK, ThemeChoice.LIGHT)):
        appearance().choose(theme)
        window.resize(*size)
        person.click(centre.splits.button("test"))
        for page in centre._figures:
            centre.show_page(page)
            person.until(lambda page=page: not any(answer.busy for answer in page.answers()))
            look_at(size, theme, page.title)
        centre.head.own = True
        centre._show()
        look_at(size, theme, "own images")
