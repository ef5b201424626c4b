"""What the first paint waits for, and what it must not wait for."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.network.layout import Flow
from engine.project import Project
from gui.document import Document
from gui.registry.commands import COMMANDS
from templates import build

ROOT = Path(__file__).parents[3]
LATER = {
    *("torch", "networkx", "pydantic", "numpy", "scipy", "PIL", "psygnal", "pyqtgraph", "importlib.metadata"),
    *("templates", "engine.layers", "engine.network", "engine.project", "engine.recipe.recipe", "engine.choices"),
    *("engine.data.settings", "engine.compiling", "engine.tasks", "gui.shell.workspace_view", "gui.widgets.values"),
}
"""They take long to load: one of them in front of the window is seen."""
PAINTED = """
import sys
from PySide6.QtCore import QTimer
from cli import app
from gui.app import run
from gui.shell.main_window import MainWindow
paint = MainWindow.paintEvent
def paint_and_tell(window, event):
    if not window._has_painted:
        QTimer.singleShot(0, tell)  # before all that begins when the window is painted
    paint(window, event)
def tell():
    print(*sys.modules)
    QTimer.singleShot(0, close)
def close():
    from PySide6.QtWidgets import QApplication
    for window in QApplication.topLevelWidgets():
        window.close()
MainWindow.paintEvent = paint_and_tell
run()
"""


@pytest.mark.parametrize("recent", [False, True])
def test_the_first_paint_waits_for_nothing_that_takes_long(tmp_path, recent):
    """Not for what the start screen shows of recent files either."""
    if recent:
        from gui.preferences import Preferences
        from gui.start.recent import RecentFiles

        file = tmp_path / "net.loom"
        file.write_text("{}")
        RecentFiles(Preferences()).add(file)
    done = subprocess.run([sys.executable, "-c", PAINTED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "gui.start.start_screen" in loaded
    assert loaded & LATER == set()


def test_the_flows_of_the_menu_are_those_that_there_are():
    assert [name for name in COMMANDS if name.startswith("flow_")] == [f"flow_{flow}" for flow in Flow]


@pytest.mark.parametrize("ask", ["analysis", "network", "project", "title", "modified"])
def test_a_document_is_empty_whatever_is_asked_of_it_first(qapp, ask):
    document = Document()
    getattr(document, ask)
    document.replace(Project(build("mlp")))
    document.replace(Project())
    assert len(document.network) == len(document.analysis.nodes) == 0
    assert not document.modified
