"""How far a training is: which epoch is the best, what is added up, and what a checkpoint holds of it."""

import json
import math
import sys

import pytest

from engine.recipe.metrics import Accuracy, LossValue, Measured
from engine.training.position import Position

ACCURACY, LOSS = Accuracy.measured(), LossValue.measured()
ERROR = Measured("error", "Error")  # less of it is better


def best_of(epochs, watched):
    """The best of some epochs' figures, counted from 1."""
    position = Position()
    for figures in epochs:
        position.is_best(figures, watched)
        position.next_epoch()
    return position.best_epoch


def figures(**values):
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


@pytest.mark.parametrize(
    ("epochs", "watched", "best"),
    [
        (figures(accuracy=(0.5, 0.9, 0.7), loss=(1.0, 2.0, 0.5)), ACCURACY, 2),
        (figures(accuracy=(0.5, 0.9, 0.7), loss=(1.0, 2.0, 0.5)), LOSS, 3),
        (figures(error=(0.5, 0.9, 0.2), loss=(1.0, 0.1, 2.0)), ERROR, 3),
        (figures(accuracy=(0.9, 0.9, 0.9), loss=(0.4, 0.3, 0.5)), ACCURACY, 2),
        (figures(error=(0.2, 0.2, 0.2), loss=(0.4, 0.3, 0.5)), ERROR, 2),
        (figures(accuracy=(0.9, 0.9), loss=(0.3, 0.3)), ACCURACY, 1),
        (figures(loss=(0.3, 0.3)), LOSS, 1),
    ],
    ids=[
        "more is better",
        "less loss is better",
        "less is better",
        "as good with less loss",
        "as little with less loss",
        "the first of equals",
        "the first of equal losses",
    ],
)
def test_the_watched_metric_decides_and_then_the_loss(epochs, watched, best):
    assert best_of(epochs, watched) == best


@pytest.mark.parametrize("nothing", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_never_the_best(nothing):
    assert best_of(figures(loss=(nothing, 5.0, nothing)), LOSS) == 2
    assert best_of(figures(accuracy=(0.9, 0.8, 0.9), loss=(nothing, 5.0, nothing)), ACCURACY) == 2
    assert best_of(figures(loss=(nothing, nothing)), LOSS) is None


def test_what_is_kept_as_the_best_is_json():
    position = Position()
    position.is_best({"accuracy": 0.5, "loss": math.inf}, ACCURACY)
    position.next_epoch()
    json.loads(position.to_text(), parse_constant=pytest.fail)
    assert Position.from_text(position.to_text()) == position


def test_an_epoch_begins_with_nothing_added_up():
    position = Position(batch=3, step=3, epoch_seconds=2.0, seconds=1.0)
    position.add({"loss": 6.0, "accuracy": 2.0}, images=4)
    position.add({"loss": 2.0, "accuracy": 1.0}, images=2)
    assert (position.sums, position.images) == ({"loss": 8.0, "accuracy": 3.0}, 6)
    position.next_epoch()
    assert position == Position(epoch=2, step=3, seconds=3.0)


@pytest.mark.parametrize(("since", "without"), [(0, 3), (4, 3), (5, 2), (7, 0)])
def test_early_stopping_counts_from_the_best_epoch_or_from_where_it_began_again(since, without):
    assert Position(epoch=8, best_epoch=4, patient_since=since).without_gain == without


VERSION_1 = {
    "epoch": 1,
    "batch": 2,
    "step": 2,
    "images": 128,
    "loss_sum": 200.0,
    "correct": 30,
    "seconds": 0.0,
    "epoch_seconds": 0.5,
}


def test_a_checkpoint_of_version_1_before_its_first_epoch_has_no_best_one():
    values = {**VERSION_1, "best_loss": 1.7e308, "best_accuracy": -1.0, "best_epoch": None}
    position = Position.from_text(json.dumps(values))
    assert position.sums == {"loss": 200.0, "accuracy": 30}
    assert position.best == {}
    assert position.is_best({"loss": 2.0, "accuracy": 0.0}, ACCURACY)


def test_a_checkpoint_of_version_1_between_epochs_has_nothing_added_up():
    values = {**VERSION_1, "epoch": 2, "images": 0, "loss_sum": 0.0, "correct": 0, "best_loss": 0.5}
    position = Position.from_text(json.dumps({**values, "best_accuracy": 0.8, "best_epoch": 1}))
    assert position.sums == {}
    assert (position.best, position.best_epoch) == ({"loss": 0.5, "accuracy": 0.8}, 1)


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
def test_what_is_no_number_is_never_the_best(odd):
    assert best_epochs(HIGHER, [odd, -1e300, 0.8, odd, 0.99]) == [2, 3, 5]
    assert best_epochs(LOWER, [odd, 1e300, 0.8, odd, 0.1]) == [2, 3, 5]
    assert best_epochs(HIGHER, [odd, odd], losses=[2.0, 1.0]) == []


@pytest.mark.parametrize("watched", [HIGHER, LOWER])
def test_an_older_best_that_was_no_number_gives_way_to_any_number(watched):
    position = Position(epoch=2, best={"loss": 1.0, watched.name: sys.float_info.max}, best_epoch=1)
    assert position.is_best({"loss": 2.0, watched.name: 1e300}, watched)


def test_equal_figures_are_decided_by_the_loss_then_by_who_was_first():
    accuracy = Accuracy.measured()
    assert best_epochs(accuracy, [0.5, 0.5, 0.5, 0.5], losses=[math.nan, 2.0, 1.0, 1.0]) == [2, 3]


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


def test_a_position_that_did_not_keep_how_many_images_had_their_turn_goes_on_after_those_that_it_counts():
    values = json.loads(Position(epoch=2, batch=3, step=8, images=11, passed=12).to_text())
    assert Position.from_text(json.dumps(values)).passed == 12
    del values["passed"]
    assert Position.from_text(json.dumps(values)).passed == 11
