"""What a run makes of the sample under watch is shown for the run that was asked last."""

import threading

from PySide6.QtWidgets import QWidget
from train_parts import PATIENCE

from engine.inspection import FeatureMaps
from gui.train.runs.sample import RunSample


def test_an_answer_about_another_run_is_never_shown(finish, monkeypatch, qtbot):
    first, second = finish(epochs=1), finish(epochs=1)
    begun, go_on, show = threading.Event(), threading.Event(), FeatureMaps.show

    def waiting(view, lens, image, node):
        begun.set()
        assert go_on.wait(60)
        return show(view, lens, image, node)

    monkeypatch.setattr(FeatureMaps, "show", waiting)
    watcher = QWidget()
    qtbot.addWidget(watcher)
    with qtbot.waitExposed(watcher, timeout=PATIENCE):
        watcher.show()
    sample, seen = RunSample(watcher), []
    sample.seen.connect(seen.append)
    sample.watch_for(watcher)

    def asked_of_first():
        sample.update(first)
        return begun.is_set()

    qtbot.waitUntil(asked_of_first, timeout=PATIENCE)
    sample.update(second)
    go_on.set()
    qtbot.waitUntil(lambda: bool(seen), timeout=PATIENCE)
    sample.close()
    assert seen == [second]
    assert first.sight is None
