"""Images of a data set are read to be looked at only as far as that was asked for."""

import threading
from typing import ClassVar

import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.progress import Progress, tell
from engine.data.published import Digits
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, DataDescription
from engine.project import Project
from gui.look.weights import WeightsPanel

LEFT = Qt.MouseButton.LeftButton


class Distant(Digits):
    """Digits that lie elsewhere; they arrive when somebody lets them go on."""

    name: ClassVar = "distant"
    title: ClassVar = "Distant digits"
    download_bytes: ClassVar = 2_000_000
    here: ClassVar = False
    asked: ClassVar = 0
    arriving: ClassVar = threading.Event()

    def describe(self, *, progress=None):
        return DataDescription(self.title, self.classes, self.counts, self.shape, type(self).here, 2_000_000)

    def raw(self, *, progress=None):
        type(self).asked += 1
        while not self.arriving.wait(0.01):
            tell(progress, Progress("Downloading distant digits", 1, 2, "bytes"))
        type(self).here = True
        return super().raw()


@pytest.fixture
def distant():
    """A project's data that must be downloaded first; they arrive at once."""
    Distant.here, Distant.asked = False, 0
    Distant.arriving.set()
    yield DataSettings(source=SOURCES.register(Distant)())
    Distant.arriving.set()
    SOURCES.unregister(Distant.name)


@pytest.fixture
def reader(inside, document, distant, qtbot):
    """What reads the images of such a project, in Look inside."""
    document.replace(Project(document.network.copy(), distant))
    inside.set_active(True)
    qtbot.waitUntil(inside.image.reader.offer.isVisible, timeout=PATIENCE)
    return inside.image.reader


def test_nothing_is_downloaded_before_somebody_asks_for_it(inside, reader, qtbot):
    assert Distant.asked == 0
    assert reader.message.text() == "Distant digits has not been downloaded yet."
    assert reader.offer.text() == "Download 2.00 MB"
    inside.look.reset.emit()
    assert not reader.busy
    QTest.mouseClick(reader.offer, LEFT)
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)
    assert Distant.asked == 1
    assert not reader.offer.isVisible()
    assert not reader.message.isVisible()


def test_a_set_that_was_downloaded_before_is_read(inside, document, distant, qtbot):
    Distant.here = True
    document.replace(Project(document.network.copy(), distant))
    inside.set_active(True)
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)


def test_reading_tells_how_far_it_is_and_can_be_cancelled(inside, reader, qtbot):
    Distant.arriving.clear()
    QTest.mouseClick(reader.offer, LEFT)
    qtbot.waitUntil(reader.waiting.isVisible, timeout=PATIENCE)
    qtbot.waitUntil(lambda: reader.waiting.text.text().startswith("Downloading distant digits"), timeout=PATIENCE)
    assert reader.waiting.bar.value() == 500
    QTest.mouseClick(reader.waiting.cancel, LEFT)
    assert not reader.busy
    assert not reader.waiting.isVisible()
    assert not inside.image.busy
    assert reader.message.text() == "Reading was cancelled."
    inside.look.reset.emit()
    assert not reader.busy  # it stays so until somebody asks again
    Distant.arriving.set()
    QTest.mouseClick(reader.offer, LEFT)
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)


def test_a_reading_that_goes_on_gives_way_to_another_data_set(inside, reader, document, qtbot):
    Distant.arriving.clear()
    QTest.mouseClick(reader.offer, LEFT)
    qtbot.waitUntil(reader.waiting.isVisible, timeout=PATIENCE)
    document.replace(Project(document.network.copy()))
    qtbot.waitUntil(lambda: inside.image.samples is not None, timeout=PATIENCE)
    assert inside.image.samples.classes == Digits.classes
    assert not reader.waiting.isVisible()
    assert not Distant.here


def test_figures_of_weights_are_worked_out_beside_the_window(document, runs, trained, qtbot, hold):
    held = hold("numpy.histogram")
    panel = WeightsPanel(document, runs)
    qtbot.addWidget(panel)
    panel.show()
    document.select(["conv1"])
    held.wait()
    assert not panel.area.isVisible()
    held.let_go()
    qtbot.waitUntil(panel.area.isVisible)
    assert threading.main_thread() not in held.threads
