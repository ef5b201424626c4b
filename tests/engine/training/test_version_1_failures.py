"""What the failures of version 1 suggest in words alone."""

import pytest

from engine.training.events import Failed, from_json


@pytest.mark.parametrize(
    ("hint", "changes"),
    [
        ("Try 0.1 in a new run.", {"learning_rate": 0.1}),
        ("Try 1e-05 in a new run.", {"learning_rate": 1e-05}),
        ("Try a batch of 64.", {"batch_size": 64}),
        ("Use a batch of at most 111.", {"batch_size": 111}),
        ("Use a smaller network.", {}),
        ("", {}),
    ],
)
def test_a_hint_is_read_as_values(hint, changes):
    event = {"event": "failed", "code": "out_of_memory", "message": "Memory is full.", "hint": hint, "node": ""}
    assert from_json(event) == Failed("out_of_memory", "Memory is full.", hint, changes=changes)


def test_what_a_later_version_suggests_is_kept_whatever_its_words():
    event = {"event": "failed", "code": "x", "message": "m", "hint": "Try a batch of 64.", "changes": {"batch_size": 8}}
    assert from_json(event).changes == {"batch_size": 8}
