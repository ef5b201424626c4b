"""What was copied, after the program has ended."""

import os
import subprocess
import sys

COPY_AND_END = """
from PySide6.QtGui import QGuiApplication
from gui.draw.mime import copy_fragment
application = QGuiApplication([])
copy_fragment("{}")
"""


def test_the_program_ends_well_with_layers_on_the_clipboard():
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run([sys.executable, "-c", COPY_AND_END], env=environment, check=False).returncode == 0
