"""A small trained network with a dead unit, and the cards of units in a shown window."""

import threading

import pytest
from look_parts import PATIENCE, document, runs, trained
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from safetensors.torch import load_file, save_file

from engine.inspection import Deconvnet, Maximise
from engine.runs.run_folder import RunFolder
from gui.look.workspace import LookInside

__all__ = ["document", "runs", "trained"]

LEFT = Qt.MouseButton.LeftButton
DEAD = 1


@pytest.fixture
def run(trained):
    """A run whose first convolution has a dead unit after every epoch."""
    folder = RunFolder(trained.folder)
    for epoch in folder.kept_epochs():
        weights = load_file(folder.checkpoint(epoch))
        weights["conv1.weight"][DEAD], weights["conv1.bias"][DEAD] = 0, -1
        save_file(weights, folder.checkpoint(epoch))
    return trained


class Cards:
    """Look inside with the cards of units in front, and what a person does there."""

    def __init__(self, inside, qtbot):
        self.inside, self.qtbot = inside, qtbot
        self.look, self.units, self.page = inside.look, inside.units, inside.unit_page
        self.grid, self.unit, self.layers = inside.unit_page.grid, inside.unit, inside.unit_layers

    def click(self, widget, at=None):
        QTest.mouseClick(widget, LEFT, pos=at or widget.rect().center())

    def press(self, key, widget=None):
        QTest.keyClick(widget or self.grid, key)

    def turn(self, title):
        """Click a tab."""
        bar = self.inside.maps.tabs.bar
        place = next(at for at in range(bar.count()) if bar.tabText(at) == title)
        self.click(bar, bar.tabRect(place).center())

    def until(self, seen):
        self.qtbot.waitUntil(seen, timeout=PATIENCE)

    def rest(self):
        """Wait until nothing is to come any more, and it is painted."""
        self.until(lambda: not self.units.busy)
        self.grid.viewport().repaint()
        self.until(lambda: not self.units.busy and not self.look.busy)

    def search(self):
        """Search what is offered."""
        self.rest()
        self.click(self.page.all)
        self.until(lambda: self.units.answers is not None)
        self.rest()


def _opened(document, runs, qtbot):
    inside = LookInside(document, runs)
    window = QWidget()
    row = QHBoxLayout(window)
    for widget in (inside.image, inside.unit_layers, inside.maps, inside.unit):
        row.addWidget(widget)
    for widget in (inside.step, inside.intervene):
        widget.setParent(window)
    window.resize(1700, 900)
    with qtbot.waitExposed(window, timeout=PATIENCE):
        window.show()
    return Cards(inside, qtbot), window


@pytest.fixture
def opened(document, runs, qtbot):
    """Open Look inside with the cards in front; each is closed in the end, with its threads."""
    made = []

    def open_cards():
        cards, window = _opened(document, runs, qtbot)
        cards.units.how = Maximise(adam_steps=5)  # pictures are as good as it gets in the tests of the engine
        made.append((cards, window))
        cards.inside.set_active(True)
        cards.turn(Deconvnet.title)
        return cards

    yield open_cards
    for cards, window in made:
        cards.inside.close()
        cards.inside.deleteLater()
        window.deleteLater()
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("layerloom-")]


@pytest.fixture
def cards(run, opened):
    return opened()
