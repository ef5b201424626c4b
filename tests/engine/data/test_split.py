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


@given(labels_strategy, st.floats(0.001, 0.45), st.floats(0.001, 0.45), st.integers(0, 10))
def test_a_class_of_three_is_in_every_part(labels, validation, test, seed):
    parts = divide(labels, validation=validation, test=test, seed=seed)
    enough = {label for label in np.unique(labels) if (labels == label).sum() >= 3}
    for part in (parts.train, parts.validation, parts.test):
        assert enough <= set(labels[part])


@given(labels_strategy, fraction, st.integers(0, 10))
def test_a_part_that_is_not_asked_for_has_no_images(labels, share, seed):
    assert not len(divide(labels, validation=share, test=0, seed=seed).test)
    assert not len(divide(labels, validation=0, test=share, seed=seed).validation)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=20).filter(any), fraction, fraction)
def test_training_images_are_counted_before_they_are_divided(counts, validation, test):
    labels = np.repeat(np.arange(len(counts)), counts)
    parts = divide(labels, validation=validation, test=test, seed=0)
    assert training_images(counts, validation=validation, test=test) == len(parts.train)


def test_a_hundred_classes_of_five_are_all_tested():
    labels = np.repeat(np.arange(100), 5)
    new, old = (divide(labels, validation=0.15, test=0.15, seed=0, every_class=now) for now in (True, False))
    assert (len(set(labels[new.test])), len(set(labels[new.validation]))) == (100, 100)
    assert (len(set(labels[old.test])), len(set(labels[old.validation]))) == (75, 75)


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
    for now, count in ((True, 20), (False, 9)):
        assert len(divide(labels, validation=0.15, test=0, seed=0, every_class=now).validation) == count


def test_of_classes_with_equal_remainders_the_first_give_an_image_more():
    labels = np.repeat(np.arange(4), 3)
    parts = divide(labels, validation=1 / 6, test=1 / 6, seed=0, every_class=False)
    assert np.bincount(labels[parts.test], minlength=4).tolist() == [1, 1, 0, 0]
    assert np.bincount(labels[parts.validation], minlength=4).tolist() == [1, 1, 0, 0]
    assert len(parts.train) == 8


def test_the_first_of_each_class_come_class_by_class():
    assert first_of_each(np.array([2, 0, 2, 2, 1, 0]), 2).tolist() == [1, 5, 4, 0, 2]
