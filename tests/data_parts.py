"""The data set of a document as the workspace Data shows it, and folders to show; for those who test it."""

import numpy as np
import pytest
from look_parts import PATIENCE
from PIL import Image
from PySide6.QtWidgets import QApplication

from gui.data.data_set import DataSet
from gui.data.panel import DataSetPanel
from gui.data.sheet.view import SheetView


@pytest.fixture
def data(document, qtbot):
    made = DataSet(document)
    yield made
    made.close()


@pytest.fixture
def panel(data, show):
    made = DataSetPanel(data)
    show(made, 288, 900)
    yield made
    made.chooser.close_jobs()


@pytest.fixture
def sheet(data, qtbot):
    made = SheetView(data)
    qtbot.addWidget(made)
    made.resize(928, 376)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    yield made
    made.close_jobs()


@pytest.fixture
def read(data, qtbot, show):
    """Lets the data set be seen, and waits until it has read what it wants."""

    def read():
        data.set_active(True)
        show()
        qtbot.waitUntil(lambda: not data.busy, timeout=PATIENCE)
        show()

    return read


@pytest.fixture
def folder(tmp_path):
    """Three classes of four 6×6 images, and a file that is none."""
    return make_folder(tmp_path / "pets", {"cat": 4, "dog": 4, "owl": 4}, broken="cat")


def make_folder(top, counts, *, broken="", size=(6, 6)):
    """A folder of images, so many a class, each of a colour of its own; ``broken`` gets a file that is none."""
    generator = np.random.default_rng(0)
    for name, count in counts.items():
        (top / name).mkdir(parents=True)
        for index in range(count):
            pixels = generator.integers(0, 256, (*size, 3), np.uint8)
            Image.fromarray(pixels).save(top / name / f"{index}.png")
    if broken:
        (top / broken / "broken.png").write_bytes(b"")
    return top
