"""Images of the user's own, while the run in view and how it looks at images become others."""

import pytest
from look_parts import PATIENCE
from PIL import Image

from engine.data.looks import Drawn

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def image(tmp_path):
    Image.new("L", (12, 12), 90).save(tmp_path / "own.png")
    return tmp_path / "own.png"


@pytest.fixture
def own(evaluate, trained, image, qtbot):
    """The page, with the answer of the first run."""
    evaluate.matrix.show_own([image])
    page = evaluate.matrix.own
    qtbot.waitUntil(lambda: page.said.value is not None, timeout=PATIENCE)
    return page


def test_a_run_chosen_out_of_sight_answers_once_the_page_is_seen_again(own, evaluate, runs, trained, qtbot):
    window = evaluate.matrix.window()
    window.hide()
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.start()
    other = runs.current
    assert other is not trained
    window.show()
    qtbot.waitUntil(lambda: own.said.key[0] == other.folder and own.said.value is not None, timeout=PATIENCE)
    assert own.heading.text() == f"1 image of your own, by run {other.number}"


def test_another_way_to_look_at_images_and_more_epochs_are_asked_for_anew(own, evaluate, runs, trained, qtbot):
    evaluate.evaluator.choose_looks(Drawn(count=1))
    assert own.said.value is None
    qtbot.waitUntil(lambda: own.said.value is not None, timeout=PATIENCE)
    asked = own.said.key
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(trained, epochs=4)
    qtbot.waitUntil(lambda: own.said.key != asked and own.said.value is not None, timeout=PATIENCE)


def test_what_was_called_off_does_not_begin_again_by_itself_and_another_project_has_none(
    own, evaluate, image, document
):
    window, evaluator = evaluate.matrix.window(), evaluate.evaluator
    evaluator.choose_looks(Drawn(count=1))
    own.said.cancel()
    window.hide()
    window.show()
    evaluator.changed.emit()
    assert own.isVisible()
    assert not own.said.busy
    own.ask([image])
    assert own.said.busy
    document.replace(document.project)
    assert not evaluate.matrix.head.own
    assert (own.said.busy, own.said.key, own.places) == (False, None, ())
