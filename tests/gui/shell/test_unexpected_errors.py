"""An error that nobody expected costs a sentence across the top, not the window."""

import subprocess
import sys
import threading

import pytest
from PySide6.QtWidgets import QWidget

from engine.layers import LAYERS
from gui.registry.panels import SIDES
from gui.shell.logging import CrashReporter
from gui.shell.panels import PANELS
from gui.widgets.live import LiveWidget
from gui.widgets.panel import Panel


@pytest.fixture
def reporter(window, monkeypatch):
    """What the program installs when it starts."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    reporter = CrashReporter(window)
    reporter.install()
    reporter.crashed.connect(window.tell_crash)
    return reporter


def fail():
    raise KeyError("nobody thought of it")


def shared_parts(widget: QWidget) -> list[QWidget]:
    return [part for part in (widget, *widget.findChildren(QWidget)) if isinstance(part, Panel | LiveWidget)]


def test_panels_that_fail_are_told_and_the_window_goes_on(window, person, reporter, caplog, monkeypatch):
    person.open_template("lenet5")
    bench = window.workspaces().bench
    for key in sorted(PANELS):
        window.messages.hide()
        caplog.clear()
        parts = shared_parts(bench.panels[key].widget)
        for part in parts:
            part.hide()
            monkeypatch.setattr(part, "refresh", fail)
            part.invalidate()
        bench.show_panel(key)
        for part in parts:
            part.show()
        side = next(side for side in SIDES if key in PANELS.at(bench.workspace, side))
        assert bench.docks[side].current == key
        assert window.messages.isVisible() == bool(parts), key
        assert ("nobody thought of it" in caplog.text) == bool(parts), key
    assert window.messages.text.text().startswith("Something went wrong inside Layerloom (KeyError)")
    window.document.edit("Add", lambda network: network.add(LAYERS["ReLU"](), "late"))
    person.until(lambda: "late" in window.document.analysis.nodes)


def test_the_code_stays_until_it_can_be_written_again(window, person, reporter, monkeypatch):
    person.open_template("lenet5")
    bench, document = window.workspaces().bench, window.document
    bench.show_panel("code")
    panel = bench.panels["code"].widget
    person.until(lambda: "self.conv1" in panel.view.toPlainText())
    before = panel.view.toPlainText()
    with monkeypatch.context() as patch:
        patch.setattr("gui.draw.code.python_source", lambda *_, **__: fail())
        document.edit("Rename", lambda network: network.rename("conv1", "first"))
        person.until(window.messages.isVisible)
        assert panel.view.toPlainText() == before
    document.select(["first"])
    person.until(lambda: "self.first" in panel.view.toPlainText())


def test_the_same_error_is_told_once(window, person, reporter, monkeypatch):
    person.open_template("lenet5")
    bench = window.workspaces().bench
    bench.show_panel("code")
    panel = bench.panels["code"].widget
    told = []
    reporter.crashed.connect(told.append)
    with monkeypatch.context() as patch:
        patch.setattr(panel, "refresh", fail)
        for _ in range(3):
            panel.refresh_now()
    assert len(told) == 1
    panel.refresh_now()
    monkeypatch.setattr(panel, "refresh", fail)
    panel.refresh_now()
    assert len(told) == 2


FAILING_IN_C = """
from PySide6.QtCore import QTimer
from gui import app
from gui.shell.main_window import MainWindow
from gui.draw.code import CodePanel

CodePanel.refresh = lambda panel: ()[0]

def open_code(window):
    window.open_target("lenet5")
    until(lambda: window.has_document, lambda: look(window))

def look(window):
    window.workspaces().show_panel("code")
    print(window.messages.text.text(), flush=True)
    window.close_at_once()

def until(seen, then):
    QTimer.singleShot(20, lambda: then() if seen() else until(seen, then))

show = MainWindow.show
MainWindow.show = lambda window: (show(window), QTimer.singleShot(0, lambda: open_code(window)))
print("ended with", app.run(None))
"""


def test_an_error_raised_in_c_does_not_end_the_program():
    """Its exception has no arguments yet when Python code lets it pass, and PySide would read them."""
    done = subprocess.run([sys.executable, "-c", FAILING_IN_C], capture_output=True, text=True, check=False)
    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert said[-1] == "ended with 0"
    assert "(IndexError). The log holds the details." in said[0]
