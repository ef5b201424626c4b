import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.data.split import divide, first_of_each, training_images

labels_strategy = st.lists(st.integers(0, 4), min_size=1, max_size=200).map(np.array)
fraction = st.floats(0, 0.45)


@given(labels_strategy, fraction, fraction, st.integers(0, 10))
def test_parts_hold_each_image_once(labels, validation, test, seed):
    parts = divide(labels, validation=validation, test=test, seed=seed)
    together = np.concatenate([parts.train, parts.validation, parts.test])
    assert sorted(together) == list(range(len(labels)))


@given(labels_strategy, fraction, fraction)
def test_every_class_trains(labels, validation, test):
    parts = divide(labels, validation=validation, test=test, seed=0)
    assert set(labels[parts.train]) == set(labels)


@given(labels_strategy, st.floats(0, 0.45), st.integers(0, 10))
def test_classes_keep_their_shares(labels, validation, seed):
    parts = divide(labels, validation=validation, test=0, seed=seed)
    for label in np.unique(labels):
        expected = (labels == label).sum() * validation
        assert abs((labels[parts.validation] == label).sum() - expected) < 1 + 1e-9


def test_the_seed_decides():
    labels = np.repeat(np.arange(10), 30)
    first, again, other = (divide(labels, validation=0.2, test=0.2, seed=seed) for seed in (1, 1, 2))
    assert (first.train == again.train).all()
    assert set(first.train) != set(other.train)


def test_small_classes_still_validate_together():
    labels = np.repeat(np.arange(20), 3)
    assert len(divide(labels, validation=0.15, test=0, seed=0).validation) == 9


def test_of_classes_with_equal_remainders_the_first_give_an_image_more():
    labels = np.repeat(np.arange(4), 3)
    parts = divide(labels, validation=1 / 6, test=1 / 6, seed=0)
    assert np.bincount(labels[parts.test], minlength=4).tolist() == [1, 1, 0, 0]
    assert np.bincount(labels[parts.validation], minlength=4).tolist() == [1, 1, 0, 0]
    assert training_images([3, 0, 3, 3, 3], validation=1 / 6, test=1 / 6) == len(parts.train) == 8


def test_the_first_of_each_class_come_class_by_class():
    assert first_of_each(np.array([2, 0, 2, 2, 1, 0]), 2).tolist() == [1, 5, 4, 0, 2]
