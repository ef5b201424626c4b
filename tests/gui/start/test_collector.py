"""Garbage is collected in the GUI thread, for a moment at a time."""

import gc
import sys
import threading
import weakref

from held_calls import Held
from PySide6.QtCore import QObject

from gui.background import Job
from gui.start.collector import Collector, keep_what_is_loaded


def test_what_an_ended_thread_worked_for_is_let_go_in_the_gui_thread(qapp, qtbot):
    deleted, held, last, collects = [], Held(lambda _: None), QObject(), gc.isenabled()
    weakref.finalize(last, lambda: deleted.append(threading.current_thread()))

    def start(last):
        Job(lambda job: (held(job), last)).start().cancel()

    start(last)
    del last
    held.wait()
    held.let_go()
    collector = Collector(qapp)
    try:
        qtbot.waitUntil(lambda: bool(deleted))
    finally:
        collector.deleteLater()
        if collects:
            gc.enable()
    assert deleted == [threading.main_thread()]


def test_what_is_loaded_is_left_out_of_collections_without_looking_through_it():
    looked_through = []

    def note(phase, about):
        looked_through.append(about["generation"])

    gc.callbacks.append(note)
    try:
        keep_what_is_loaded.__wrapped__("all")
        assert not looked_through
        assert gc.get_freeze_count() > 0
    finally:
        gc.callbacks.remove(note)
        gc.unfreeze()


def test_nothing_is_collected_while_modules_are_loaded(qapp, qtbot, monkeypatch):
    class Loop:
        pass

    def leave_a_loop():
        loop = Loop()
        loop.itself = loop
        young = [Loop() for _ in range(2000)]  # more than a collection waits for
        return weakref.ref(loop), young

    looks, collects = [], gc.isenabled()
    collector = Collector(qapp)
    try:
        qtbot.waitUntil(lambda: gc.get_count()[0] < 700)
        dead, young = leave_a_loop()
        modules = iter(range(3))
        collector._timer.timeout.connect(lambda: looks.append(dead() is None))
        collector._timer.timeout.connect(
            lambda: (
                (name := next(modules, None)) is not None and monkeypatch.setitem(sys.modules, f"loaded_{name}", sys)
            )
        )
        monkeypatch.setitem(sys.modules, "loaded_first", sys)
        qtbot.waitUntil(lambda: dead() is None)
    finally:
        collector.deleteLater()
        if collects:
            gc.enable()
    assert looks.index(True) >= 3 and young
