"""Panels in a shown window of their own, over a small drawing; for the conftest.py of those who test them."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from engine.recipe.recipe import Recipe
from gui.document import Document
from gui.style.style import apply_style


@pytest.fixture(autouse=True)
def styled_panels(qapp):
    apply_style(qapp)
    yield
    # Without a running event loop Qt keeps closed windows, and styles them all again on every change of theme.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def network():
    """input → conv1 → block.relu → pool → flatten → fc → output."""
    network = Network("small")
    network.add(LAYERS["Input"](channels=1, height=8, width=8), "input")
    network.add(LAYERS["Conv2d"](out_channels=4), "conv1", inputs="input")
    network.add(LAYERS["ReLU"](), "block.relu", inputs="conv1")
    network.add(LAYERS["MaxPool2d"](), "pool", inputs="block.relu")
    network.add(LAYERS["Flatten"](), "flatten", inputs="pool")
    network.add(LAYERS["Linear"](), "fc", inputs="flatten")
    network.add(LAYERS["Output"](), "output", inputs="fc")
    return network


@pytest.fixture
def document(qapp, network):
    made = Document(Project(network=network, training=Recipe(batch_size=32)))
    yield made
    made.deleteLater()


@pytest.fixture
def show(qtbot):
    """Shows a panel in a window of a given size and lets it settle; without a size, lets what changed settle."""

    windows = []  # Python drops a window that nothing holds

    def show(panel=None, width=400, height=600):
        if panel is not None:
            window = QWidget()
            windows.append(window)
            layout = QVBoxLayout(window)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # off-screen windows have no limits
            layout.addWidget(panel)
            window.resize(width, height)
            qtbot.addWidget(window)
            window.show()
            window.activateWindow()
        for _ in range(4):
            QApplication.processEvents()

    return show
