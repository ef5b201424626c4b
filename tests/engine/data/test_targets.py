"""What comes with images, whatever it is."""

import numpy as np
import pytest
import torch

from engine.data.targets import Targets

CPU = torch.device("cpu")
CLASSES = Targets(np.array([2, 0, 2, 1]), ("a", "b", "c", "d"))
VALUES = Targets(np.arange(8, dtype=np.float32).reshape(4, 2))


@pytest.mark.parametrize("targets", [CLASSES, VALUES])
def test_some_are_taken_by_index_and_come_as_a_batch(targets):
    some = targets.of([3, 0, 0])
    assert len(some) == 3
    assert type(some) is type(targets)
    assert some.classes == targets.classes
    assert (some.values == targets.values[[3, 0, 0]]).all()
    for _ in range(2):  # the second time from the copy that is kept
        assert torch.equal(some.batch(torch.tensor([1, 0]), CPU), torch.from_numpy(targets.values[[0, 3]]))
    assert torch.equal(targets.batch(torch.tensor([1]), CPU), torch.from_numpy(targets.values[[1]]))


def test_classes_are_counted_and_divided_by():
    assert CLASSES.counts == (1, 1, 2, 0)
    assert CLASSES.strata.tolist() == [2, 0, 2, 1]
    assert VALUES.counts == ()
    assert VALUES.strata.tolist() == [0, 0, 0, 0]


def test_classes_are_numbered_as_others_by_their_names():
    found = Targets(np.array([0, 1, 2, 1]), ("cafe\u0301", "dogs", "owls"))
    learned = found.in_classes(("dogs", "caf\u00e9", "cats"))
    assert learned.values.tolist() == [1, 0, -1, 0]
    assert learned.classes == ("dogs", "caf\u00e9", "cats")
    assert learned.unknown == [2]
    assert found.beyond(learned.classes) == ("owls",)
    assert learned.beyond(found.classes) == ("cats",)
