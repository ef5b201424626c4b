"""What is said of one image's prediction: right, wrong, or neither where that means nothing."""

import numpy as np
import pytest

from engine.tasks.classification import Classification

DIGITS = tuple("0123456789")
ABOUT_SEVEN = np.eye(10)[7]
UNKNOWN = "True class {}, which the network does not know: it tells {} others apart"


@pytest.mark.parametrize(
    ("prediction", "true", "classes", "learned", "words", "right"),
    [
        (ABOUT_SEVEN, 7, DIGITS, DIGITS, "True class 7: correct", True),
        (ABOUT_SEVEN, 3, DIGITS, DIGITS, "True class 3: wrong", False),
        (ABOUT_SEVEN, 7, DIGITS, (), "True class 7: correct", True),
        (ABOUT_SEVEN, 7, (), (), "True class 7: correct", True),
        (ABOUT_SEVEN, 7, ("cat", "dog"), (), "True class 7: correct", True),
        (ABOUT_SEVEN, 7, ("cat", "dog"), DIGITS, "True class 7: correct", True),
        (ABOUT_SEVEN, 7, DIGITS, None, "True class 7; the network is untrained", None),
        (np.eye(1000)[7], 7, DIGITS, None, "True class 7; the network is untrained", None),
        (
            np.eye(1000)[7],
            7,
            DIGITS,
            (),
            UNKNOWN.format("7", "1\u202f000"),
            None,
        ),
        (
            np.eye(2)[0],
            1,
            ("cat", "dog"),
            ("bird", "cow"),
            UNKNOWN.format("dog", "2"),
            None,
        ),
        (np.eye(2)[0], 1, ("cat", "dog"), ("dog", "cat"), "True class dog: correct", True),
        (np.eye(2)[1], 1, ("cat", "dog"), ("dog", "cat"), "True class dog: wrong", False),
    ],
)
def test_a_prediction_is_right_or_wrong_only_where_the_network_learned_these_classes(
    prediction, true, classes, learned, words, right
):
    verdict = Classification().verdict(prediction, np.array(true), classes, learned=learned)
    assert (verdict.words, verdict.right) == (words, right)
