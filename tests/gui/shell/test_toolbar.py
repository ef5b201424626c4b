"""The toolbar while a run trains."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine.machine.memory import free_bytes
from gui.shell.toolbar import Tool


@pytest.mark.skipif(free_bytes() is None, reason="only Linux says how much memory there is")
def test_the_device_shows_the_memory_in_use_while_a_run_trains(window, person, training):
    device = window.workspaces().toolbar.device
    person.until(lambda: device.shows_share)
    assert device.accessibleDescription().startswith("CPU ")
    assert device.accessibleDescription().endswith(" GB")
    window.workspaces().runs.stop()
    person.until(lambda: not device.shows_share)
    assert not device.accessibleDescription().endswith(" GB")


def test_workspaces_keep_their_words_as_long_as_there_is_room(window, person, training):
    toolbar = window.workspaces().toolbar
    window.resize(1280, 800)
    person.until(lambda: window.width() == 1280)
    words = [button.text() for button in toolbar.workspaces.findChildren(QPushButton)]
    assert words == ["Draw", "Data", "Train", "Look inside", "Evaluate"]
    assert toolbar.layout().sizeHint().width() <= toolbar.width()


def test_the_toolbar_fits_itself_when_a_word_grows(window, person):
    person.open_template("lenet5")
    window.resize(1280, 800)
    toolbar = window.workspaces().toolbar
    person.until(lambda: window.width() == 1280 == toolbar.width())
    toolbar.data.set_words("x" * 40, "many more classes than fit beside its name", "tip")
    person.until(lambda: toolbar.layout().sizeHint().width() <= toolbar.width())
    assert toolbar.data.accessibleDescription().endswith("its name")
    window.resize(1600, 900)
    person.until(lambda: toolbar.width() == 1600)
    assert toolbar.data.width() > 400


def test_tools_keep_their_own_words_whatever_their_commands_are_called(window, person):
    person.open_template("lenet5")
    buttons = [tool.button for tool in window.workspaces().toolbar.findChildren(Tool) if not tool.isHidden()]
    window.document.select(["conv1"])  # each action changes
    worded = [button for button in buttons if button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon]
    assert [button.text() for button in worded] == ["Add layer", "Tidy layout", "Group"]
