"""Random numbers that hang on what they are for, and on nothing else."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from engine.data.draws import Draws, Pass, repetitions

INDICES = np.arange(1000)
NONE = np.zeros(1000, np.int64)


def draws(seed=0, epoch=1, indices=INDICES, before=NONE):
    return Draws.of(Pass(seed, epoch), indices, before[: len(indices)])


def splitmix64(state, count):
    """Output number ``count`` in plain integers, as the authors' Java has it."""
    value = (state + (count + 1) * 0x9E3779B97F4A7C15) % 2**64
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB % 2**64
    return value ^ (value >> 31)


def test_the_generator_gives_its_published_numbers():
    assert [splitmix64(1234567, count) for count in range(2)] == [6457827717110365317, 3203168211198807973]


@pytest.mark.parametrize(("seed", "epoch", "index", "before"), [(0, 1, 0, 0), (3, 2, 17, 1), (2**63, 9, 10**9, 4)])
def test_numbers_are_those_of_the_generator_keyed_by_each_word_in_turn(seed, epoch, index, before):
    state = 0
    for word in (seed, epoch, index, before):
        state = splitmix64(state, word)
    found = Draws.of(Pass(seed, epoch), np.array([index]), np.array([before]))
    assert [found.uniform().item() for _ in range(3)] == [(splitmix64(state, n) >> 11) / 2**53 for n in (1, 2, 3)]


def test_they_are_the_same_whatever_else_stands_in_the_batch():
    whole = draws().uniform()
    for size in (1, 7, 64):
        pieces = [draws(indices=INDICES[start : start + size]).uniform() for start in range(0, 1000, size)]
        assert (np.concatenate(pieces) == whole).all()
    backwards = draws(indices=INDICES[::-1]).uniform()
    assert (backwards[::-1] == whole).all()


def test_seed_epoch_index_repetition_purpose_and_order_all_matter():
    random = draws().for_("crop")
    found = [draws().uniform(), random.uniform(), random.uniform(), draws().for_("mirror").uniform()]
    found += [
        draws(seed, epoch).uniform() for seed, epoch in product((0, 1, 2, 3), (1, 2, 3)) if (seed, epoch) != (0, 1)
    ]
    found += [draws(before=NONE + 1).uniform()]
    together = np.concatenate(found)
    assert len(np.unique(together)) == len(together)
    correlations = np.corrcoef(np.stack(found)) - np.eye(len(found))
    assert np.abs(correlations).max() < 0.15  # 5 standard deviations of 1000 pairs


def test_they_are_spread_evenly():
    many = Draws.of(Pass(0, 1), np.arange(100_000), np.zeros(100_000, np.int64))
    assert kstest(many.uniform(), "uniform").pvalue > 0.001
    inside = many.uniform(-20, 5)
    assert -20 <= inside.min() < -19.99
    assert 4.99 < inside.max() < 5
    counts = np.bincount(many.whole(7), minlength=7)
    assert counts.size == 7
    assert np.abs(counts - 100_000 / 7).max() < 600


@given(st.lists(st.integers(-1, 9), max_size=60))
def test_repetitions_count_what_stood_before(order):
    assert repetitions(np.array(order, np.int64)).tolist() == [order[:place].count(x) for place, x in enumerate(order)]
