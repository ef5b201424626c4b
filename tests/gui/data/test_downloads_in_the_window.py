"""Data sets that are fetched from the window: with their progress, gone on with, or read from files that one has."""

import sys
import threading
from pathlib import Path

import pytest
from look_parts import PATIENCE
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

sys.path.append(str(Path(__file__).parents[2] / "engine" / "data"))

from a_server import Sent, serving
from published_files import MADE, small, written

from engine.data.published_sets import MNIST
from engine.words import memory
from gui.background import wait_for_jobs

LEFT = Qt.MouseButton.LeftButton
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def server():
    with serving() as found:
        yield found


def served(server):
    contents = MADE[MNIST]()[0]
    server.files |= {file.name: Sent(content) for file, content in zip(MNIST.files, contents, strict=True)}
    return small(MNIST, server.url, contents=contents)


def offered(place):
    return [button.text() for button in place.offers if button.isVisible()]


def test_a_set_is_downloaded_on_request_alone(server, panel, data, sheet, read):
    data.choose("Choose it", served(server))
    read()
    assert server.asked == []
    assert data.listing is None
    assert sheet.empty.message.text() == "MNIST is not on this computer yet."
    QTest.mouseClick(sheet.empty.offers[0], LEFT)
    read()
    assert len(server.asked) == 4
    assert len(data.listing) == sum(map(len, data.division)) > 0
    assert offered(sheet.empty) == []


def test_a_download_that_is_called_off_waits_to_be_gone_on_with(server, panel, data, sheet, read, qtbot):
    source = served(server)
    first = server.files[MNIST.files[0].name]
    first.held = threading.Event()
    data.choose("Choose it", source)
    read()
    QTest.mouseClick(sheet.empty.offers[0], LEFT)
    qtbot.waitUntil(lambda: sheet.busy.text.text().startswith("Downloading MNIST"), timeout=PATIENCE)
    qtbot.waitUntil(sheet.busy.isVisible, timeout=PATIENCE)
    QTest.mouseClick(sheet.busy.cancel, LEFT)
    assert data.said.text == "Reading was cancelled."
    first.held.set()
    wait_for_jobs()
    first.held = None
    data.read_again()
    read()
    here = source.availability().here
    assert here > 0
    assert sheet.empty.message.text() == "MNIST is only in part on this computer yet."
    assert offered(sheet.empty)[0] == f"Go on, {memory(source.download_bytes - here)} left"
    QTest.mouseClick(sheet.empty.offers[0], LEFT)
    read()
    assert data.listing is not None


def test_what_stands_in_place_of_the_images_is_said_nowhere_else(panel, data, sheet, read):
    data.choose("Choose it", small(MNIST, NOWHERE))
    read()
    QTest.mouseClick(sheet.empty.offers[0], LEFT)
    read()
    assert sheet.empty.message.text() == "MNIST could not be downloaded: no connection."
    assert offered(sheet.empty) == ["Try again", "Choose a file…"]
    assert not panel.message.isVisible()
    assert offered(panel) == []


def test_without_a_network_files_can_be_chosen(panel, data, read, tmp_path, monkeypatch):
    source = small(MNIST, NOWHERE)
    data.choose("Choose it", source)
    read()
    QTest.mouseClick(panel.offers[0], LEFT)
    read()
    assert panel.message.property("role") == "error"
    assert panel.message.text() == "MNIST could not be downloaded: no connection."
    assert offered(panel) == ["Try again", "Choose a file…"]
    assert panel.offers[1].toolTip().startswith(f"Get {MNIST.files[0].name}, ")
    files = [str(path) for path in written(MNIST, tmp_path)]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (files, ""))
    QTest.mouseClick(panel.offers[1], LEFT)
    read()
    assert len(data.listing) == sum(map(len, data.division)) > 0
    assert panel.message.text() == ""


def test_a_file_that_is_none_of_the_set_is_told(panel, data, read, tmp_path, monkeypatch):
    data.choose("Choose it", small(MNIST, NOWHERE))
    read()
    (tmp_path / "other.gz").write_bytes(b"nothing")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(tmp_path / "other.gz")], ""))
    QTest.mouseClick(panel.offers[1], LEFT)
    read()
    assert "is no file of MNIST" in panel.message.text()
    assert "Choose a file…" in offered(panel)
