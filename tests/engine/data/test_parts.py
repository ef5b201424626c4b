"""Parts by name: written, read, and found again in what is there now."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.parts import Parts, PartsError
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
        assert [now[index] if index >= 0 else None for index in part] == [
            name if name in now else None for name in names
        ]
        assert part.dtype == np.int64


NEEDED = "an object with train, validation, test and nothing else is needed"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, NEEDED),
        ([], NEEDED),
        ({}, NEEDED),
        ({"train": [1], "validation": []}, NEEDED),
        ({"train": [1], "validation": [], "test": [], "more": []}, NEEDED),
        ({"train": [1], "validation": ["a"], "test": [1]}, "the image 1 stands there 2 times"),
        ({"train": ["a", "a"], "validation": ["a"], "test": []}, "the image 'a' stands there 3 times"),
        ({"validation": "ab", "train": [], "test": []}, "validation is no list of names and numbers"),
        ({"validation": [1.0], "train": [], "test": []}, "validation is no list of names and numbers"),
        ({"validation": [True], "train": [], "test": []}, "validation is no list of names and numbers"),
        ({"validation": [None], "train": [], "test": []}, "validation is no list of names and numbers"),
        ({"validation": [[]], "train": [], "test": []}, "validation is no list of names and numbers"),
    ],
)
def test_what_are_no_parts_is_refused(value, reason):
    with pytest.raises(PartsError) as refused:
        Parts.from_json(value)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("listed", "names", "reason"),
    [
        (5, range(5), "there is no image 5 in the data of the run"),
        (-1, range(5), "there is no image -1 in the data of the run"),
        ("a/1.png", range(5), "there is no image 'a/1.png' in the data of the run"),
        (0, NAMES, "there is no image 0 in the data of the run"),
    ],
)
def test_a_number_that_never_was_is_refused(listed, names, reason):
    with pytest.raises(PartsError) as refused:
        Parts((), (listed,)).division(names)
    assert str(refused.value) == reason


def found_again(kept, now):
    return [part.tolist() for part in Parts(*kept).division(now)]


def test_a_name_of_another_form_is_found_by_its_text_but_never_in_the_place_of_its_twin():
    composed, apart = "caf\u00e9.png", "cafe\u0301.png"
    assert found_again([(apart,)], [composed]) == [[0], [], []]
    assert found_again([(composed,), (), (apart,)], [apart, composed]) == [[1], [], [0]]
    assert found_again([(composed,), (), (apart,)], [apart]) == [[-1], [], [0]]
    assert found_again([(composed,)], [apart, composed]) == [[1], [], []]
    assert found_again([(composed, apart)], ["other.png"]) == [[-1, -1], [], []]


def test_one_file_stands_for_one_of_two_names_of_its_text_where_it_is_neither():
    names = ["e\u0323\u0302.png", "e\u0302\u0323.png"]
    assert found_again([names[:1], (), names[1:]], ["\u1ec7.png"]) == [[0], [], [-1]]
