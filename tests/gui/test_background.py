"""Work in threads of its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

ENDING = """
from PySide6.QtCore import QCoreApplication
from gui.background import Job, wait_for_jobs

app = QCoreApplication([])
job = Job(lambda _: print(__import__("torch").__name__)).start()
wait_for_jobs()
"""


def test_the_program_ends_after_its_jobs():
    ended = subprocess.run(
        [sys.executable, "-c", ENDING], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "torch\n", "")
