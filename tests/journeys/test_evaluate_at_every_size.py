"""Evaluate in windows of every size, dark and light: nothing is cut or outside, and docks have their widths."""

import numpy as np
import pytest
from cut_text import broken_numbers, cut_texts
from PIL import Image
from PySide6.QtWidgets import QApplication, QWidget

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from gui.shell.docks import PanelDock
from gui.style.appearance import ThemeChoice, appearance
from templates import build

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
    window.document.replace(Project(build("perceptron", classes=4, input_size=8), data, recipe))
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
    person.until(lambda: evaluate.matrix.own.said.value is not None)
    return evaluate


def outside(window) -> list[str]:
    """What is seen of the window and yet stands beyond it."""
    seen = (one for one in window.findChildren(QWidget) if one.isVisible() and not one.visibleRegion().isEmpty())
    frame = window.rect()
    return [
        repr(one)
        for one in seen
        if not frame.contains(one.visibleRegion().boundingRect().translated(one.mapTo(window, one.rect().topLeft())))
    ]


@pytest.mark.parametrize("theme", [ThemeChoice.DARK, ThemeChoice.LIGHT])
@pytest.mark.parametrize("size", SIZES, ids="x".join(map(str, SIZES)) if False else lambda size: f"{size[0]}x{size[1]}")
def test_every_page_has_room(window, person, evaluate, size, theme):
    appearance().choose(theme)
    window.resize(*size)
    centre = evaluate.matrix
    for page in centre._figures:
        centre.show_page(page)
        person.until(lambda page=page: not any(answer.busy for answer in page.answers()))
        QApplication.processEvents()
        assert not cut_texts(window), page.title
        assert not broken_numbers(window), page.title
        assert not outside(window), page.title
    centre.head.own = True
    centre._show()
    QApplication.processEvents()
    assert not cut_texts(window)
    assert not outside(window)
    assert (window.width(), window.height()) == size
    docks = {dock.objectName(): dock for dock in window.findChildren(PanelDock) if dock.isVisible()}
    assert docks["left-dock"].width() in (range(288, 305) if 1280 <= size[0] < 2560 else range(1000))
