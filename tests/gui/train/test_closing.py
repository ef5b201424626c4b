"""Closing while a run trains."""

import subprocess
import sys

import pytest

_SCRIPT = """
import threading
from PySide6.QtWidgets import QApplication
from train_parts import settings, tiny_network
from engine.project import Project
from gui.document import Document
from gui.train.runs.runs import Runs
app = QApplication([])
runs = Runs(Document(Project(tiny_network(), training=settings(epochs=100_000))))
runs.progressed.connect(app.quit)
run = runs.start()
app.exec()
runs.shutdown()
assert run.status == "stopped", run.status
assert threading.active_count() == 1, threading.enumerate()
"""


@pytest.mark.slow
def test_the_program_ends_cleanly_while_a_run_trains(tmp_path, request):
    root = request.config.rootpath
    path = f"import sys; sys.path[:0] = [{str(root)!r}, {str(request.path.parents[2])!r}]\n"
    ended = subprocess.run(
        [sys.executable, "-c", path + _SCRIPT], capture_output=True, text=True, timeout=200, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
