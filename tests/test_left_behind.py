"""What a test leaves running is found, with the place where it was begun; what is ending is waited for."""

import subprocess
import sys
import threading

import left_behind
import pytest
from PySide6.QtCore import QObject, QTimer

THIS = "test_left_behind.py"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(left_behind, "PATIENCE", 0.05)


@pytest.mark.parametrize("daemon", [True, False])
def test_a_thread_is_found(daemon):
    before, end = left_behind.running(), threading.Event()
    thread = threading.Thread(target=end.wait, name="forgotten", daemon=daemon)
    thread.start()
    (found,) = left_behind.since(before)
    assert "forgotten" in found
    assert f"{THIS}:" in found
    end.set()
    thread.join()
    assert left_behind.since(before) == []


def test_a_thread_that_is_ending_is_waited_for(monkeypatch):
    monkeypatch.setattr(left_behind, "PATIENCE", 30)
    before, end = left_behind.running(), threading.Event()
    threading.Thread(target=end.wait).start()
    threading.Thread(target=end.set).start()
    assert left_behind.since(before) == []


def test_a_timer_is_found_until_it_stops_or_goes(qapp):
    before, owner = left_behind.running(), QObject()
    timer = QTimer(owner, interval=60_000)
    timer.start()
    (found,) = left_behind.since(before)
    assert f"{THIS}:" in found
    timer.stop()
    assert left_behind.since(before) == []
    timer.start()
    del owner, timer
    assert left_behind.since(before) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs a system that lists child processes")
def test_a_child_process_is_found():
    before = left_behind.running()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        (found,) = left_behind.since(before)
        assert f"process {child.pid}: " in found
        child.communicate(b"\n")
    assert left_behind.since(before) == []
