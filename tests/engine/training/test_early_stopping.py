"""Early stopping: training ends when the validation images no longer gain, and keeps the best epoch's weights."""

import pytest
import torch
from small_training import settings, small_network

from engine.data.settings import DataSettings
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.session import run_project
from engine.training.control import Control
from engine.training.events import EpochDone, Finished


def trained(path, *, resume=False, control=None, **values):
    """The events of a run that soon gains nothing: its learning rate is far too small."""
    project = Project(small_network(), DataSettings(), settings(learning_rate=1e-12, epochs=50, **values))
    return list(run_project(project, path, control=control or Control(), resume=resume))


def epochs(events):
    return [event.epoch for event in events if isinstance(event, EpochDone)]


@pytest.fixture
def ended_early(tmp_path):
    return tmp_path / "run", trained(tmp_path / "run", patience=2)


def test_it_ends_after_so_many_epochs_without_gain(ended_early):
    _, events = ended_early
    end = events[-1]
    assert isinstance(end, Finished)
    assert end.early
    assert not end.stopped
    assert epochs(events)[-1] == end.epochs == end.best_epoch + 2 < 50


def test_the_best_epoch_s_weights_are_the_ones_in_use(ended_early):
    path, events = ended_early
    folder = RunFolder(path)
    best, of_epoch = folder.weights("best"), folder.weights(events[-1].best_epoch)
    assert all(torch.equal(best[name], of_epoch[name]) for name in best)
    assert folder.end().early


def test_without_patience_it_trains_to_the_end(tmp_path):
    project = Project(small_network(), DataSettings(), settings(learning_rate=1e-12, epochs=4))
    events = list(run_project(project, tmp_path / "run", control=Control()))
    assert epochs(events) == [1, 2, 3, 4]
    assert not events[-1].early


def test_who_goes_on_after_an_early_end_has_patience_again(ended_early):
    path, events = ended_early
    more = trained(path, resume=True, patience=2)
    first = events[-1].epochs + 1
    assert epochs(more)[0] == first
    assert more[-1].epochs >= first + 1
    assert more[-1].early
