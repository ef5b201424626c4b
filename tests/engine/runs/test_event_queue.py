"""Nobody who takes no events for long fills the memory, and nobody misses the end of an epoch or of the training."""

import queue

import numpy as np
import pytest

from engine.runs.event_queue import MOST_WAITING, EventQueue
from engine.training.events import EpochDone, Finished, Health, HealthMeasured, Preparing, Probed, StepDone

PASSING = {
    StepDone: lambda number: StepDone(1, number, number, 0.5, 0.01, 100.0),
    HealthMeasured: lambda number: HealthMeasured(1, number, {"conv": Health(0.1)}),
    Preparing: lambda number: Preparing("Reading", number, 10_000, "images"),
    Probed: lambda number: Probed("conv", np.zeros((1, 1, 1), np.float32), number),
}


def taken(events):
    return [events.get_nowait() for _ in range(events.qsize())]


def test_every_kind_that_is_bounded_is_tried():
    assert PASSING.keys() == MOST_WAITING.keys()


@pytest.mark.parametrize("kind", PASSING, ids=lambda kind: kind.__name__)
def test_it_stays_small_and_keeps_the_newest_the_order_and_every_epoch(kind):
    events, most = EventQueue(), MOST_WAITING[kind]
    made = [PASSING[kind](number) for number in range(1, 5 * most)]
    ends = [EpochDone(number, {"loss": 0.5}, None, 1.0, best=True) for number in range(1, 5 * most)]
    for event, end in zip(made, ends, strict=True):
        events.put(event)
        events.put(end)
    events.put(Finished(5, False, 1, 2.0))
    found = taken(events)
    passing = [made.index(event) for event in found if type(event) is kind]
    assert most / 2 <= len(passing) <= most
    assert passing == sorted(passing)
    assert passing[-1] == len(made) - 1
    assert [event for event in found if isinstance(event, EpochDone)] == ends
    assert found[-1] == Finished(5, False, 1, 2.0)
    for place, event in enumerate(found):  # each still stands before the end of its own epoch
        if type(event) is kind:
            later = next(one for one in found[place:] if isinstance(one, EpochDone))
            assert later.epoch == made.index(event) + 1


def test_who_takes_them_in_time_gets_all_of_them():
    events, most = EventQueue(), MOST_WAITING[StepDone]
    for start in range(0, 3 * most, most):
        made = [PASSING[StepDone](number) for number in range(start + 1, start + most + 1)]
        for event in made:
            events.put(event)
        assert taken(events) == made
    with pytest.raises(queue.Empty):
        events.get_nowait()
