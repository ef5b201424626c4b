"""After any edits, undoing all of them gives back the drawing and redoing them what they came to."""

import pytest
from random_edits import RandomEdits

from engine.network import analyse

EDITS = 400
_TOGETHER = 40  # edits that are undone at once


@pytest.mark.timeout(0)
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_any_edits_are_undone_and_redone(soak, qtbot):
    editing = RandomEdits(soak.random())
    qtbot.addWidget(editing.canvas)
    document, count = editing.document, 0
    while count < soak.rounds(EDITS):
        before = editing.open()
        for _ in range(_TOGETHER):
            editing.edit()
            count += 1
            assert document.analysis == analyse(document.network), editing.made
            assert set(editing.canvas.scene.nodes) == set(editing.canvas.scene.outline.drawn()), editing.made
        after, place = document.network.copy(), document.undo_stack.index()
        document.undo_stack.setIndex(0)
        assert document.network == before, editing.made
        assert document.analysis == analyse(before), editing.made
        document.undo_stack.setIndex(place)
        assert document.network == after, editing.made
        assert document.analysis == analyse(after), editing.made
    soak.tell(count, "random edits, undone and redone")
