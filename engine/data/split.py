"""Which images train, which validate and which test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


class Division(NamedTuple):
    """Indices of the training, validation and test images; together each index once."""

    train: Indices
    validation: Indices
    test: Indices


def divide(labels: Indices, *, validation: float, test: float, seed: int) -> Division:
    """Divide images at random so that each part has every class in its share of the whole.

    ``validation`` and ``test`` are fractions of all images. The same seed gives the same division on every machine.
    A class with a single image trains.
    """
    generator = np.random.default_rng(seed)
    members = [generator.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    tests, validations = _part_sizes(np.array([len(indices) for indices in members]), validation, test)
    parts = [
        np.split(indices, (first, first + second))
        for indices, first, second in zip(members, tests, validations, strict=True)
    ]
    in_test, in_validation, in_train = (
        np.sort(np.concatenate(pieces)).astype(np.int64) for pieces in zip(*parts, strict=True)
    )
    return Division(in_train, in_validation, in_test)


def training_images(counts: Sequence[int], *, validation: float, test: float) -> int:
    """How many images `divide` leaves for training where ``counts`` are images a class."""
    sizes = np.array([count for count in counts if count], dtype=np.int64)
    tests, validations = _part_sizes(sizes, validation, test)
    return int((sizes - tests - validations).sum())


def _part_sizes(sizes: Indices, validation: float, test: float) -> tuple[Indices, Indices]:
    """How many images of each class test, and how many validate; each class keeps one that trains."""
    tests = _shares(sizes, test, sizes - 1)
    return tests, _shares(sizes, validation, sizes - 1 - tests)


def _shares(sizes: Indices, fraction: float, most: Indices) -> Indices:
    """How many of each class make up ``fraction`` of all, never above ``most``: the largest remainders round up."""
    exact = sizes * fraction
    shares = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    allowed: Indices = np.minimum(shares, most)
    return allowed


def first_of_each(labels: Indices, count: int) -> Indices:
    """Positions of the first ``count`` images of each class, class by class."""
    return np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)])
