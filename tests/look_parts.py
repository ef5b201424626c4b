"""A small trained network, and the workspaces that look at it, in a shown window."""

import threading

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.layers import LAYERS
from engine.network import Network
from engine.project import Project
from engine.recipe.recipe import Device, Recipe
from gui.document import Document
from gui.evaluate.workspace import Evaluate
from gui.look.workspace import LookInside
from gui.style.style import apply_style
from gui.train.runs.runs import Runs

PATIENCE = 60_000  # ms


@pytest.fixture
def document(qapp):
    """input → conv1 → relu1 → pool → flatten → fc → output, on 12×12 digits."""
    apply_style(qapp)
    network = Network("small")
    network.add(LAYERS["Input"](channels=1, height=12, width=12), "input")
    network.add(LAYERS["Conv2d"](out_channels=4, kernel_size=3), "conv1", inputs="input")
    network.add(LAYERS["ReLU"](), "relu1", inputs="conv1")
    network.add(LAYERS["MaxPool2d"](), "pool", inputs="relu1")
    network.add(LAYERS["Flatten"](), "flatten", inputs="pool")
    network.add(LAYERS["Linear"](), "fc", inputs="flatten")
    network.add(LAYERS["Output"](), "output", inputs="fc")
    settings = Recipe(epochs=3, batch_size=128, learning_rate=0.01, device=Device.CPU)
    return Document(Project(network, training=settings))


@pytest.fixture
def runs(document, qtbot):
    made = Runs(document)
    qtbot.waitUntil(lambda: not made.loading, timeout=PATIENCE)
    yield made
    made.shutdown()
    made.deleteLater()


@pytest.fixture
def trained(runs, qtbot):
    """A run that has finished its three epochs."""
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.start()
    return runs.current


def _shown(qtbot, *widgets: QWidget) -> QWidget:
    window = QWidget()
    row = QHBoxLayout(window)
    for widget in widgets:
        row.addWidget(widget)
    window.resize(1500, 900)
    with qtbot.waitExposed(window, timeout=PATIENCE):
        window.show()
    return window


@pytest.fixture
def inside(document, runs, qtbot):
    """Look inside, not active yet."""
    workspace = LookInside(document, runs)
    window = _shown(qtbot, workspace.image, workspace.maps, workspace.step)
    for panel in vars(workspace).values():
        if isinstance(panel, QWidget) and panel.parent() is None:  # one that the docks would hold
            panel.setParent(window)
    yield workspace
    workspace.close()
    window.deleteLater()
    threads = ("layerloom-looker", "layerloom-explainer")
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith(threads)]


@pytest.fixture
def seen(inside, qtbot):
    """Wait until the latest question is answered, and answer the sight."""

    def wait():
        qtbot.waitUntil(lambda: inside.look.sight is not None and not inside.look.busy, timeout=PATIENCE)
        return inside.look.sight

    return wait


@pytest.fixture
def evaluate(runs, qtbot):
    workspace = Evaluate(runs)
    window = _shown(qtbot, workspace.figures, workspace.matrix)
    yield workspace
    workspace.close()
    window.deleteLater()
