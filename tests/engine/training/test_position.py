"""Which epoch is the best, and what a metric comes to that was not measured from the start."""

import json
import math

import pytest

from engine.recipe.metrics import Accuracy, LossValue, Measured
from engine.training.position import Position

HIGHER = Measured("r2", "R²", higher_is_better=True)
LOWER = Measured("mae", "Mean absolute error")


def best_epochs(watched, figures, losses=None):
    """The epochs that each were the best when they were done; the position goes through its text between them."""
    position, found = Position(), []
    for value, loss in zip(figures, losses or [1.0] * len(figures), strict=True):
        if position.is_best({"loss": loss, watched.name: value}, watched):
            found.append(position.epoch)
        position.next_epoch()
        position = Position.from_text(position.to_text())
    return found


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_worse_than_any_number(odd):
    assert best_epochs(HIGHER, [odd, -1e300, 0.8, odd, 0.99]) == [1, 2, 3, 5]
    assert best_epochs(LOWER, [odd, 1e300, 0.8, odd, 0.1]) == [1, 2, 3, 5]
    assert best_epochs(HIGHER, [odd, odd], losses=[2.0, 1.0]) == [1, 2]


def test_equal_figures_are_decided_by_the_loss_then_by_who_was_first():
    accuracy = Accuracy.measured()
    assert best_epochs(accuracy, [0.5, 0.5, 0.5, 0.5], losses=[math.nan, 2.0, 1.0, 1.0]) == [1, 2, 3]


def test_an_epoch_that_was_not_measured_by_it_is_not_compared():
    position = Position(epoch=3, best={"loss": 0.1, "accuracy": 1.0}, best_epoch=2)
    assert position.is_best({"loss": 9.0, "accuracy": 0.1, "r2": -5.0}, HIGHER)
    assert position.best_epoch == 3
    assert not position.is_best({"loss": 9.0, "accuracy": 0.1, "r2": -6.0}, HIGHER)
    assert position.is_best({"loss": 8.0, "accuracy": 0.1, "r2": -6.0}, LossValue.measured())


def test_a_metric_missing_from_some_batches_of_an_epoch_has_no_figure():
    position = Position()
    for totals in ({"loss": 1.0, "r2": 1.0}, {"loss": 1.0}, {"loss": 1.0, "r2": 1.0}):
        position.add(totals, images=2)
        position = Position.from_text(position.to_text())
    assert (position.sums["loss"], position.images) == (3.0, 6)
    assert math.isnan(position.sums["r2"])
    position.next_epoch()
    position.add({"loss": 1.0, "r2": 1.0}, images=2)
    assert position.sums == {"loss": 1.0, "r2": 1.0}


def told(**changes):
    """A position as its checkpoint tells it, with some of its values changed."""
    values = json.loads(Position(2, 3, 10, {"loss": 4.0}, 30, {"loss": 1.0, "accuracy": 0.5}, 1).to_text())
    return json.dumps({**values, **changes})


def test_a_position_comes_back_from_its_text():
    again = Position.from_text(told(sums={"loss": math.nan}))
    assert again.best == {"loss": 1.0, "accuracy": 0.5}
    assert math.isnan(again.sums["loss"])


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "{}", '"loss_sum"', '["loss_sum"]', "{", "9" * 5000, "[" * 100_000),
        '{"epoch": 2}',
        told(extra=1),
        told(epoch=0),
        told(epoch="2"),
        told(epoch=True),
        told(batch=-1),
        told(step=10**30),
        told(step=1.5),
        told(sums={"loss": "x"}),
        told(sums=[1]),
        told(best={"accuracy": 1}),
        told(best={}),
        told(best_epoch=None),
        told(best_epoch=2),
        told(patient_since=2),
        told(seconds=math.inf),
        told(epoch_seconds=None),
        json.dumps({"loss_sum": 1.0}),
        json.dumps({"loss_sum": "x", "correct": 1, "best_loss": 1, "best_accuracy": 1, "images": 1, "best_epoch": 1}),
    ],
)
def test_what_no_training_can_have_written_is_no_position(text):
    with pytest.raises(ValueError):
        Position.from_text(text)
