"""After any edits, undoing all of them gives back the project and redoing them what they came to."""

import pytest
from drawn_scene import drawn
from random_edits import RandomEdits

from engine.network import analyse
from engine.project import project_from_dict, project_to_dict
from gui.document import Document
from gui.draw.canvas.items.scene import CanvasScene

EDITS = 400
_TOGETHER = 40  # edits that are undone at once


def require_as_opened(editing: RandomEdits) -> None:
    """The document and the canvas are as if the project as it is now had just been opened."""
    document, scene = editing.document, editing.canvas.scene
    fresh = project_from_dict(project_to_dict(document.project))
    assert fresh == document.project, editing.made
    assert document.analysis == analyse(fresh.network), editing.made
    assert drawn(scene) == drawn(CanvasScene(Document(fresh))), editing.made


@pytest.mark.timeout(0)
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_any_edits_are_undone_and_redone(soak, qtbot):
    editing = RandomEdits(soak.random())
    qtbot.addWidget(editing.canvas)
    document, count = editing.document, 0
    while count < soak.rounds(EDITS):
        editing.open()
        before = project_to_dict(document.project)
        for _ in range(_TOGETHER):
            editing.edit()
            count += 1
            assert document.analysis == analyse(document.network), editing.made
            assert set(editing.canvas.scene.nodes) == set(editing.canvas.scene.outline.drawn()), editing.made
        require_as_opened(editing)
        after, place = project_to_dict(document.project), document.undo_stack.index()
        document.undo_stack.setIndex(0)
        assert project_to_dict(document.project) == before, editing.made
        require_as_opened(editing)
        document.undo_stack.setIndex(place)
        assert project_to_dict(document.project) == after, editing.made
        require_as_opened(editing)
    soak.tell(count, "random edits, undone and redone")
