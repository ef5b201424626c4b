"""A theme that is chosen while the window is open looks as in a window that was started in it."""

import pytest
from a_person import PATIENCE
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor, QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox

from gui.background import Job
from gui.registry.workspaces import WORKSPACES
from gui.style.appearance import ThemeChoice, appearance


@pytest.fixture
def opened(window, qtbot):
    """The window with a network of which every workspace was shown once, and no pointer over it."""
    QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())
    window.open_target("lenet5")
    qtbot.waitUntil(lambda: window.has_document and bool(window.warm_up.devices), timeout=PATIENCE)
    window.workspaces().status.hide()  # it says how long things took
    pictures(window, qtbot)
    for box in window.findChildren(QComboBox):
        QCoreApplication.sendEvent(box, QEvent(QEvent.Type.StyleChange))  # forgets its width in an earlier font
    return window


def pictures(window, qtbot):
    """What each workspace looks like once nothing in it is on its way."""
    found = {}
    for name in WORKSPACES:
        window.workspaces().show_workspace(name)

        def settled(name=name):
            before, found[name] = found.get(name), window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
            return before == found[name] and not any(job.running for job in window.findChildren(Job))

        qtbot.waitUntil(settled, timeout=PATIENCE)
    return found


def test_every_workspace_looks_as_qt_styles_it_and_as_it_was_after_another_change(opened, qapp, qtbot):
    started = pictures(opened, qtbot)
    appearance().choose(ThemeChoice.LIGHT)
    changed = pictures(opened, qtbot)
    qapp.setStyleSheet(f"{qapp.styleSheet()} ")  # in Qt's own way
    assert unlike(changed, pictures(opened, qtbot)) == []
    assert unlike(changed, started) == list(WORKSPACES)
    appearance().choose(ThemeChoice.DARK)
    assert unlike(started, pictures(opened, qtbot)) == []


def unlike(some, others):
    return [name for name in some if some[name] != others[name]]
