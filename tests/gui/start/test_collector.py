"""Garbage is collected in the GUI thread, for a moment at a time."""

import gc
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


def test_what_is_loaded_is_left_out_of_collections_without_looking_through_all_of_it():
    looked_through = []

    def note(phase, about):
        looked_through.append(about["generation"])

    gc.callbacks.append(note)
    try:
        keep_what_is_loaded.__wrapped__()
        assert set(looked_through) == {1}
        assert gc.get_freeze_count() > 0
    finally:
        gc.callbacks.remove(note)
        gc.unfreeze()
