"""The window while LeNet-5 trains: lateness of a 60 Hz timer, and what the window costs the training."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from benchmarks.windows import application, wait, wait_until
from engine.project import Project
from engine.recipe.recipe import Recipe
from engine.runs.runner import Runner
from engine.training.events import EpochDone
from gui.shell.main_window import MainWindow
from templates import build

EPOCHS = 12
ROUNDS = 3
PERIOD = 1000 / 60  # ms


def run() -> dict[str, Any]:
    """``ratio`` is training speed beside the idle window over that without one, at the same number of threads.

    Idle is the window left in Draw; ``ratio_in_train`` is the same with its curves, maps and figures in view.
    """
    application()
    with tempfile.TemporaryDirectory() as folder:
        window = _window(Path(folder))
        _epoch_seconds_alone(Path(folder) / "first")  # loads torch and the data
        alone, idle, watching = [], [], []
        for index in range(ROUNDS):
            alone.append(_epoch_seconds_alone(Path(folder) / f"alone{index}"))
            idle.append(_epoch_seconds_beside(window, "draw"))
            watching.append(_epoch_seconds_beside(window, "train"))
        clock = _Clock()  # not before: its ticks cost the training something too
        _epoch_seconds_beside(window, "train")
        clock.stop()
        window.close()
        wait(0.2)
    late = sorted(clock.late)
    return {
        "ratio": _ratio(alone, idle),
        "target": 0.95,
        "ratio_in_train": _ratio(alone, watching),
        "epoch_ms_alone": round(1000 * statistics.median(alone)),
        "window_busy_in_draw": round(statistics.median(share for _, share in idle), 3),
        "window_busy_in_train": round(statistics.median(share for _, share in watching), 3),
        "late_ms_p50": round(late[len(late) // 2], 1),
        "late_ms_p99": round(late[len(late) * 99 // 100], 1),
        "late_ms_max": round(late[-1], 1),
        "ticks": len(late),
    }


def _ratio(alone: list[float], beside: list[tuple[float, float]]) -> float:
    """The median speed beside the window over that without it, round by round."""
    return round(statistics.median(a / b for a, (b, _) in zip(alone, beside, strict=True)), 3)


def _settings() -> Recipe:
    return Recipe(epochs=EPOCHS)


def _window(folder: Path) -> MainWindow:
    """The window with LeNet-5 open, its runs kept in ``folder``."""
    window = MainWindow()
    window.show()
    wait_until(lambda: bool(window.warm_up.devices))
    window.open_target("lenet5")
    wait_until(lambda: window.has_document)
    window.files.save_to(folder / "lenet5.loom")
    return window


def _epoch_seconds_alone(path: Path) -> float:
    """Median seconds of an epoch of a training in a thread while this one waits."""
    runner = Runner(Project(build("lenet5"), training=_settings()), path)
    runner.start()
    runner.join()
    return _median(event.seconds for event in _events(runner) if isinstance(event, EpochDone))


def _events(runner: Runner) -> list[Any]:
    return [runner.events.get() for _ in range(runner.events.qsize())]


def _epoch_seconds_beside(window: MainWindow, workspace: str) -> tuple[float, float]:
    """The same of a training in the window's ``workspace``, and what share of the time the window's thread worked."""
    window.workspaces().show_workspace(workspace)
    wait(0.5)
    runs = window.workspaces().runs
    loop = QEventLoop()
    runs.finished.connect(loop.quit)
    began, busy = time.perf_counter(), time.thread_time()
    run = runs.start(settings=_settings())
    window.workspaces().show_workspace(workspace)  # training may have brought Train to the front
    loop.exec()
    share = (time.thread_time() - busy) / (time.perf_counter() - began)
    runs.finished.disconnect(loop.quit)
    return _median(run.epoch_seconds), share


def _median(values: Iterable[float]) -> float:
    """The median but for the first epoch, which warms caches up."""
    return statistics.median(list(values)[1:])


class _Clock(QObject):
    """A 60 Hz timer that notes by how many ms each of its ticks comes late."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=round(PERIOD), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, 1000 * (now - self._last) - self._timer.interval()))
        self._last = now
