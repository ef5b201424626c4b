"""From the command to the first painted window, and to being ready to train."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

RUNS = 5

_CHILD = """
import json, sys, time
started = float(sys.argv[1])
from benchmarks.windows import application, wait_until
app = application()
from PySide6.QtCore import QEvent, QObject
from gui.shell.main_window import MainWindow
class Clock(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            result["painted"] = time.time() - started
            result["torch_loaded"] = "torch" in sys.modules
        return False
result = {}
clock = Clock()
app.installEventFilter(clock)
window = MainWindow()
def note(name):
    return lambda: result.setdefault(name, time.time() - started)
window.painted.connect(note("usable"))
window.painted.connect(lambda: app.removeEventFilter(clock))  # which would hear of every event from then on
window.warm_up.ready.connect(note("devices"))
window.warm_up.complete.connect(note("ready"))
window.warm_up.ended.connect(note("all"))
window.show()
wait_until(lambda: "all" in result and "usable" in result)
window.close()
print(json.dumps(result))
"""


def run() -> dict[str, Any]:
    """``ratio`` is the time to the first painted window over that until all that a training needs is loaded.

    Torch and its devices are known before; Look inside needs no more. What torch itself loads with the first update of
    weights comes last. How long Python takes to import torch alone is measured beside it, as a loaded machine is slow.
    """
    _started()  # compiles what Python has not compiled yet, and warms the disk
    both = [(_started(), _interpreter("import torch")) for _ in range(RUNS)]
    results = [result for result, _ in both]
    painted, usable, devices, ready, everything = (
        statistics.median(result[key] for result in results) for key in ("painted", "usable", "devices", "ready", "all")
    )
    torch = statistics.median(torch for _, torch in both)
    return {
        "ratio": round(painted / ready, 2),
        "painted_ms": round(1000 * painted),
        "all_panels_made_ms": round(1000 * usable),
        "devices_known_ms": round(1000 * devices),
        "ready_to_train_ms": round(1000 * ready),
        "first_update_loaded_ms": round(1000 * everything),
        "import_torch_ms": round(1000 * torch),
        "ready_per_import_of_torch": round(ready / torch, 2),
        "torch_loaded_when_painted": any(result["torch_loaded"] for result in results),
        "interpreter_ms": round(1000 * statistics.median(_interpreter("pass") for _ in range(RUNS))),
        "runs": RUNS,
    }


def _started() -> dict[str, Any]:
    command = [sys.executable, "-c", _CHILD, str(time.time())]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _interpreter(code: str) -> float:
    """The seconds that Python takes to run some code and end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began
