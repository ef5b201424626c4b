"""A small network on the digits, and the runs of its document."""

import threading

import pytest
from train_parts import PATIENCE, settings, tiny_network

from engine.project import Project
from gui.document import Document
from gui.style.style import apply_style
from gui.train.queue.run_queue import RunQueue
from gui.train.runs.runs import Runs


@pytest.fixture(autouse=True)
def styled(qapp):
    apply_style(qapp)


@pytest.fixture
def document(qapp):
    return Document(Project(tiny_network(), training=settings()))


@pytest.fixture
def runs(document, qtbot):
    made = Runs(document)
    qtbot.waitUntil(lambda: not made.loading, timeout=PATIENCE)
    yield made
    made.shutdown()
    made.deleteLater()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith(("training", "layerloom"))]


@pytest.fixture
def queue(runs, qtbot):
    """What the document has queued, read."""
    made = RunQueue(runs)
    qtbot.waitUntil(lambda: not made.loading, timeout=PATIENCE)
    yield made
    made.close()


@pytest.fixture
def finish(runs, qtbot):
    """Train to the end and answer the run."""

    def train(**changes):
        with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
            runs.start(settings=settings(**changes) if changes else None)
        return runs.current

    return train


@pytest.fixture
def begin(runs, qtbot):
    """Start a run that would go on for long, and wait until it makes steps."""

    def start(epochs=10_000, **changes):
        run = runs.start(settings=settings(epochs=epochs, **changes))
        qtbot.waitUntil(lambda: run.step > 0, timeout=PATIENCE)
        return run

    return start
