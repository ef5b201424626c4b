"""Garbage is collected in the GUI thread, for a moment at a time."""

import gc

from gui.start.collector import keep_what_is_loaded


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
