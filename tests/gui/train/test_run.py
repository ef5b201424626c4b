"""A run as the window sees it, told by its events alone."""

import numpy as np
import pytest

from engine.project import Project
from engine.recipe.metrics import Accuracy, LossValue, Measured
from engine.recipe.recipe import Recipe
from engine.training.events import EpochDone, Failed, Finished, Started, StepDone
from gui.train.runs.run import Run

LOSS, ACCURACY = LossValue.measured(), Accuracy.measured()
ERROR = Measured("error", "Error")  # less of it is better


def told(folder, metrics, watched, *epochs):
    """A run with these validation figures after each epoch of five steps."""
    run = Run(1, folder, Project(training=Recipe(epochs=9)))
    run.take(Started("cpu", "32-true", 1, 9, 5, 50, 10, metrics=metrics, watched=watched.name))
    for epoch, figures in enumerate(epochs, 1):
        run.take(StepDone(epoch, 5, 5 * epoch, 1.0, 0.1, 100.0))
        run.take(EpochDone(epoch, figures, figures, 1.0, False))
    return run


def test_it_is_judged_by_what_is_watched_and_where_that_is_the_loss_by_the_first_other(tmp_path):
    metrics = (LOSS, ACCURACY, ERROR)
    assert [told(tmp_path, metrics, watched).judged_by for watched in metrics] == [ACCURACY, ACCURACY, ERROR]
    assert told(tmp_path, (LOSS,), LOSS).judged_by == LOSS


def test_the_best_of_a_metric_is_its_highest_or_its_lowest(tmp_path):
    figures = [{"loss": 1.0, "accuracy": a, "error": e} for a, e in ((0.5, 0.3), (0.9, 0.2), (0.7, np.nan), (0.6, 0.4))]
    run = told(tmp_path, (LOSS, ACCURACY, ERROR), ERROR, *figures)
    assert run.best_of(ACCURACY) == (0.9, 2)
    assert run.best_of(ERROR) == (0.2, 2)
    assert run.best_of(Measured("other", "Other")) is None


def test_what_it_measures_is_known_when_it_starts(tmp_path):
    run = told(tmp_path, (LOSS, ERROR), ERROR, {"loss": 1.0, "error": 0.3})
    assert run.figures("validation", ERROR).tolist() == [0.3]
    assert np.isnan(run.figures("validation", ACCURACY)).all()
    assert run.score == 0.3


def test_a_repeated_epoch_replaces_its_time(tmp_path):
    run = told(tmp_path, (LOSS,), LOSS, *[{"loss": 1.0}] * 3)
    run.take(Started("cpu", "32-true", 2, 9, 5, 50, 10, metrics=(LOSS,), watched="loss"))
    run.take(EpochDone(2, {"loss": 0.5}, {"loss": 0.5}, 7.0, True))
    assert run.epoch_seconds == [1.0, 7.0]
    assert run.epochs["seconds"].tolist() == [1.0, 8.0]


@pytest.mark.parametrize(
    ("end", "resumable"),
    [
        (Finished(1, True, 1, 1.0), True),
        (Finished(1, False, 1, 1.0, early=True), True),
        (Finished(1, False, 1, 1.0), False),
        (Failed("disk", "The disk is full."), True),
        (Failed("crashed", "A fault of the program."), True),
        (Failed("not_finite", "Loss became NaN."), False),
        (Failed("removed", "Its folder is gone."), False),
    ],
)
def test_what_stopped_or_failed_by_no_fault_of_its_own_can_go_on(tmp_path, end, resumable):
    run = told(tmp_path, (LOSS,), LOSS, {"loss": 1.0})
    run.take(end)
    assert run.resumable == resumable
    before = told(tmp_path, (LOSS,), LOSS)
    before.take(end)
    assert not (before.resumable and isinstance(end, Failed))  # there is no checkpoint to go on from
