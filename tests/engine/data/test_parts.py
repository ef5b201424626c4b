"""Parts by name: written, read, and found again in what is there now."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.parts import Parts
from engine.data.split import Division

NAMES = ("a/1.png", "a/2.png", "b/1.png", "b/ü \udcff.png", "b/3.png")


def parts():
    division = Division(np.array([0, 3]), np.array([2]), np.array([4, 1]))
    return Parts.of(NAMES, division)


def test_they_name_the_images_of_a_division():
    assert parts() == Parts(("a/1.png", "b/ü \udcff.png"), ("b/1.png",), ("b/3.png", "a/2.png"))
    assert parts().images == 5


def test_they_survive_their_file():
    assert Parts.from_json(json.loads(json.dumps(parts().to_json()))) == parts()
    assert Parts.from_json({"test": [2], "train": [4, 0], "validation": []}) == Parts((4, 0), (), (2,))


@given(st.permutations(range(5)), st.integers(0, 5))
def test_they_are_found_wherever_the_images_stand_now(order, count):
    now = [*(NAMES[index] for index in order[:count]), "new.png"]
    found = parts().division(now)
    for part, names in zip((found.train, found.validation, found.test), parts().to_json().values(), strict=True):
        assert [now[index] for index in part] == [name for name in names if name in now]
        assert part.dtype == np.int64


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"train": [1], "validation": []},
        {"train": [1], "validation": [], "test": [], "more": []},
        {"train": [1], "validation": [], "test": [1]},
        {"train": [1, 1], "validation": [], "test": []},
        {"train": "ab", "validation": [], "test": []},
        {"train": [1.0], "validation": [], "test": []},
        {"train": [True], "validation": [], "test": []},
        {"train": [None], "validation": [], "test": []},
        {"train": [[]], "validation": [], "test": []},
    ],
)
def test_what_are_no_parts_is_refused(value):
    with pytest.raises(ValueError, match=r"part|twice"):
        Parts.from_json(value)
