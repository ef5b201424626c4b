"""Garbage is collected in the GUI thread, for a moment at a time."""

import gc
import sys
import threading
import weakref

from held_calls import Held
from PySide6.QtCore import QObject

from gui.background import Job
from gui.start import collector
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
    collecting = Collector(qapp)
    try:
        qtbot.waitUntil(lambda: bool(deleted))
    finally:
        collecting.deleteLater()
        if collects:
            gc.enable()
    assert deleted == [threading.main_thread()]


def test_what_is_loaded_is_left_out_of_collections_without_looking_through_it(monkeypatch):
    monkeypatch.setattr(collector, "_kept", set())
    looked_through = []

    def note(phase, about):
        looked_through.append(about["generation"])

    gc.callbacks.append(note)
    try:
        keep_what_is_loaded("a test")
        assert not looked_through
        kept = gc.get_freeze_count()
        gc.unfreeze()
        keep_what_is_loaded("a test")
        assert kept > 0 == gc.get_freeze_count()
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
    others = qapp.findChildren(Collector)
    for other in others:  # those that windows of other tests brought would collect too
        other._timer.stop()
    collecting = Collector(qapp)
    try:
        qtbot.waitUntil(lambda: gc.get_count()[0] < 700)
        dead, young = leave_a_loop()
        modules = iter(range(3))
        collecting._timer.timeout.connect(lambda: looks.append(dead() is None))
        collecting._timer.timeout.connect(
            lambda: (
                (name := next(modules, None)) is not None and monkeypatch.setitem(sys.modules, f"loaded_{name}", sys)
            )
        )
        monkeypatch.setitem(sys.modules, "loaded_first", sys)
        qtbot.waitUntil(lambda: dead() is None)
    finally:
        collecting.deleteLater()
        for other in others:
            other._timer.start()
        if collects:
            gc.enable()
    assert looks.index(True) >= 3
    assert young
