"""What a run makes of one image of its data, while somebody looks."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget
from train_parts import PATIENCE

from engine.data.settings import DataSettings
from engine.data.user_folder import Folder
from gui.train.runs.run import Run
from gui.train.runs.sample import RunSample


@pytest.fixture
def sample(qtbot):
    looker = QWidget()
    qtbot.addWidget(looker)
    with qtbot.waitExposed(looker, timeout=PATIENCE):
        looker.show()
    sample = RunSample()
    sample.watch_for(looker)
    yield sample
    sample.close()


@pytest.fixture
def sight_of(sample, qtbot):
    """Ask until there is an answer for the run."""

    def ask(run):
        run.sight = None

        def seen():
            sample.update(run)
            return run.sight is not None

        qtbot.waitUntil(seen, timeout=PATIENCE)
        return run.sight

    return ask


def test_a_run_that_learns_more_is_asked_again_and_else_not(finish, runs, sample, sight_of, qtbot):
    run = finish(epochs=1, schedule="constant")
    before = sight_of(run).prediction
    with qtbot.assertNotEmitted(sample.seen, wait=200):
        sample.update(run)
    with qtbot.waitSignal(runs.finished, timeout=PATIENCE):
        runs.continue_run(run, epochs=2)
    assert not np.array_equal(sight_of(run).prediction, before)


def test_the_image_is_one_of_the_data_of_the_run(finish, sight_of, tmp_path):
    run = finish(epochs=1)
    for name in ("dark", "light"):
        (tmp_path / "images" / name).mkdir(parents=True)
        Image.new("L", (8, 8), 255).save(tmp_path / "images" / name / "one.png")
    data = DataSettings(source=Folder(path=str(tmp_path / "images")))
    other = Run(2, run.folder, replace(run.project, data=data))
    other.record = run.record
    other.epochs, other.steps = run.epochs, run.steps
    first, second = sight_of(run).prediction, sight_of(other).prediction
    assert not np.array_equal(first, second)
    assert np.array_equal(sight_of(run).prediction, first)


def test_a_run_that_is_asked_about_once_is_answered_when_the_image_has_been_read(finish, sample, qtbot):
    run = finish(epochs=1)
    sample.update(run)
    assert sample._pixels is None
    qtbot.waitUntil(lambda: run.sight is not None, timeout=PATIENCE)
