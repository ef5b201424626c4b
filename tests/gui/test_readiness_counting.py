"""What the window says of a project, whatever becomes of reading its data."""

import threading
from typing import ClassVar

import pytest
from PIL import Image
from train_parts import PATIENCE, settings, tiny_network

from engine.data.progress import Progress, tell
from engine.data.settings import DataSettings
from engine.data.source import SOURCES, DataDescription, Source
from engine.data.user_folder import Folder
from engine.log import log_file
from engine.project import Project, problems_of
from engine.recipe.recipe import Device
from gui import readiness as of_the_window
from gui.document import Document
from gui.readiness import readiness_of

asked = []
gates = {}


def described(classes):
    return DataDescription("Slow", tuple(str(number) for number in range(classes)), (9,) * classes, None)


class Slow(Source):
    """Data that are read when the test says so."""

    name: ClassVar = "toy_slow"
    title: ClassVar = "Slow"

    classes: int = 10
    tag: str = ""

    def describe(self, *, progress=None):
        asked.append(self.tag)
        while not gates.setdefault(self.tag, threading.Event()).wait(0.01):
            tell(progress, Progress("Looking", 0, 0, "files"))
        if self.tag == "broken":
            raise OSError
        return described(self.classes)


@pytest.fixture(autouse=True)
def slow():
    SOURCES.register(Slow)
    yield
    SOURCES.unregister("toy_slow")
    for gate in gates.values():
        gate.set()
    asked.clear()
    gates.clear()


@pytest.fixture
def opened(qapp):
    """Open documents on sources, and close them."""
    made = []

    def show(source, **values):
        document = Document(Project(tiny_network(), DataSettings(source=source), settings(**values)))
        made.append(document)
        return document, readiness_of(document)

    yield show
    for document in made:
        readiness_of(document).close()


def choose(document, source):
    document.change_settings("Choose", document.project.data.from_source(source))


def text(readiness):
    return readiness.obstacle.text if readiness.obstacle else ""


def let(tag):
    gates.setdefault(tag, threading.Event()).set()


def test_what_an_old_source_holds_is_not_taken_for_that_of_the_new(opened, qtbot):
    document, readiness = opened(Slow(classes=3, tag="old"))
    choose(document, Slow(classes=4, tag="new"))
    readiness.learn(document.project.data.source, described(4))
    let("old")
    qtbot.wait(100)
    assert text(readiness) == "Output gives 10 classes, Slow has 4."
    assert asked.count("new") <= 1


def test_an_old_source_that_comes_late_says_nothing_of_one_that_needs_no_reading(opened, qtbot):
    document, readiness = opened(Slow(classes=3, tag="old"))
    choose(document, DataSettings().source)
    let("old")
    qtbot.wait(100)
    assert text(readiness) == ""
    document.edit("Narrow", lambda network: network.set_layer("fc", tiny_network(3).layer("fc")))
    assert text(readiness) == "Output gives 3 classes, Digits has 10."


def test_a_new_source_is_read_while_an_old_one_still_is(opened, qtbot):
    document, readiness = opened(Slow(classes=3, tag="old"))
    let("new")
    choose(document, Slow(classes=5, tag="new"))
    qtbot.waitUntil(lambda: text(readiness) == "Output gives 10 classes, Slow has 5.", timeout=PATIENCE)


def test_reading_that_breaks_down_does_not_end_all_reading(opened, qtbot):
    let("broken")
    let("next")
    document, readiness = opened(Slow(tag="broken"))
    told = "The data set Slow ended unexpectedly: OSError. The details are in "
    qtbot.waitUntil(lambda: text(readiness).startswith(told), timeout=PATIENCE)
    assert readiness._again.remainingTime() > 10_000  # each try writes a traceback to the log
    choose(document, Slow(classes=6, tag="next"))
    qtbot.waitUntil(lambda: text(readiness) == "Output gives 10 classes, Slow has 6.", timeout=PATIENCE)


def test_closing_calls_the_reading_off(opened, qtbot):
    _, readiness = opened(Slow(tag="endless"))
    qtbot.waitUntil(lambda: asked == ["endless"], timeout=PATIENCE)
    readiness.close()
    assert not (log_file().exists() and "Cancelled" in log_file().read_text("utf-8"))  # it is no fault of the source
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("layerloom")]


@pytest.mark.parametrize("name", ["pets", "y" * 300])
def test_a_folder_that_cannot_be_read_blocks_training_as_check_says(opened, qtbot, tmp_path, name):
    document, readiness = opened(Folder(path=str(tmp_path / name)))
    qtbot.waitUntil(lambda: readiness.obstacle is not None, timeout=PATIENCE)
    assert [problem.message for problem in problems_of(document.project)] == [text(readiness)]


def test_a_folder_that_appears_is_read(opened, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(of_the_window, "_READ_AGAIN_AFTER", 50)
    _, readiness = opened(Folder(path=str(tmp_path / "pets")))
    qtbot.waitUntil(lambda: text(readiness) == f"There is no folder {tmp_path / 'pets'}.", timeout=PATIENCE)
    for name in ("cats", "dogs"):
        (tmp_path / "made" / name).mkdir(parents=True)
        Image.new("L", (8, 8)).save(tmp_path / "made" / name / "one.png")
    (tmp_path / "made").rename(tmp_path / "pets")
    qtbot.waitUntil(lambda: text(readiness) == "Output gives 10 classes, the folder has 2.", timeout=PATIENCE)


def test_the_machine_s_devices_decide_once_they_are_known(opened, monkeypatch):
    monkeypatch.setattr("engine.project.readiness.free_bytes", lambda: 1000)
    _, readiness = opened(DataSettings().source, device=Device.AUTO)
    assert text(readiness) == ""
    readiness.learn_devices([Device.CUDA, Device.CPU])
    assert text(readiness) == ""
    readiness.learn_devices([Device.CPU])
    assert text(readiness).startswith("Memory is full: batch ")
    _, other = opened(DataSettings().source, device=Device.MPS)
    other.learn_devices([Device.CUDA, Device.CPU])
    assert text(other) == "This machine has no mps device that PyTorch can use; it has cuda and cpu."


def test_what_another_source_holds_is_not_taken_over(opened):
    gates["a"] = threading.Event()
    _, readiness = opened(Slow(tag="a"))
    before = readiness.problems
    readiness.learn(Slow(tag="b"), described(3))
    assert readiness.problems == before
    readiness.learn(Slow(tag="a"), described(3))
    assert readiness.problems != before
