"""What a run's figures say of its best epoch and of its patience, told by events alone."""

from dataclasses import replace

import pytest
from train_parts import settings, tiny_network

from engine.project import Project
from engine.recipe.metrics import Accuracy, LossValue
from engine.training.events import EpochDone, Finished, Started
from gui.train.progress.panel import ProgressPanel
from gui.train.runs.run import Run

METRICS = (LossValue.measured(), Accuracy.measured())


@pytest.fixture
def told(tmp_path):
    """A run whose validation images gave these losses and accuracies, the epochs in ``best`` being kept."""

    def tell(figures, best, *, watch=None, patience=0):
        run = Run(1, tmp_path, Project(tiny_network(), training=settings(epochs=9, watch=watch, patience=patience)))
        run.take(started(1, watch))
        for epoch, pair in enumerate(figures, 1):
            run.take(done(epoch, pair, best=epoch in best))
        return run

    return tell


def started(first, watch=None):
    return Started("cpu", "32-true", first, 9, 10, 600, 200, metrics=METRICS, watched=(watch or Accuracy()).name)


def done(epoch, pair, *, best=False):
    train = {"loss": 0.4, "accuracy": 0.9}
    return EpochDone(epoch, train, dict(zip(train, pair, strict=True)) if pair else None, 1.0, best)


@pytest.fixture
def tiles(runs, qtbot):
    panel = ProgressPanel(runs)
    qtbot.addWidget(panel)

    def show(run):
        panel._show_figures(run)
        return panel

    return show


def test_each_tile_states_the_best_of_its_own_metric(told, tiles):
    run = told([(0.5, 0.80), (0.3, 0.85), (0.4, 0.95)], {1, 2}, watch=LossValue())
    panel = tiles(run)
    assert panel.score.accessibleName() == "Validation accuracy 95.0 %. best 95.0, epoch 3"
    assert panel.loss.accessibleName() == "Validation loss 0.40. best 0.30, epoch 2"


def test_of_epochs_as_accurate_the_kept_one_is_the_best(told, tiles):
    run = told([(0.5, 0.90), (0.3, 0.90), (0.4, 0.85)], {1, 2})
    assert tiles(run).score.accessibleName() == "Validation accuracy 85.0 %. best 90.0, epoch 2"


@pytest.mark.parametrize(("epochs", "said"), [(1, "its weights are kept"), (2, "1 epoch ago"), (31, "30 epochs ago")])
def test_how_long_ago_the_best_epoch_was_is_said_in_few_words(told, tiles, epochs, said):
    run = told([(0.3, 0.9), *[(0.4, 0.8)] * (epochs - 1)], {1})
    assert tiles(run).best.accessibleName() == f"Best epoch 1. {said}"


def test_without_validation_images_nothing_is_said_of_a_best_figure(told, tiles):
    panel = tiles(told([None, None], {1}))
    assert panel.score.accessibleName() == "Validation accuracy –. "
    assert panel.loss.accessibleName() == "Validation loss –. "


def test_a_run_that_goes_on_after_it_ended_early_has_patience_again(told, tiles):
    run = told([(0.3, 0.9), (0.4, 0.8)], {1}, patience=1)
    run.take(Finished(2, stopped=False, best_epoch=1, seconds=2.0, early=True))
    assert run.without_gain == 1
    run.take(started(3))
    assert run.without_gain == 0
    run.take(done(3, (0.4, 0.8)))
    assert run.without_gain == 1
    assert tiles(run).patience.accessibleName() == "Early stopping 1 of 1. epoch without gain"


def test_a_run_that_was_stopped_goes_on_with_the_patience_it_had_left(told):
    run = told([(0.3, 0.9), (0.4, 0.8)], {1}, patience=3)
    run.take(Finished(2, stopped=True, best_epoch=1, seconds=2.0))
    run.take(started(3))
    run.take(done(3, (0.4, 0.8)))
    assert run.without_gain == 2


def test_images_that_the_last_epoch_left_out_are_told(told, tiles):
    run = told([(0.3, 0.9)], {1})
    panel = tiles(run)
    assert panel._notes(run) == ""
    run.take(replace(done(2, (0.3, 0.9)), unread=7))
    assert panel._notes(run) == "7 images could not be read any more and were left out."
    run.take(done(3, (0.3, 0.9)))
    assert panel._notes(run) == ""
