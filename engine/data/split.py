"""Which images train, which validate and which test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

_IN_EVERY_PART = 3  # images from which on a class is in every part


class Division(NamedTuple):
    """Indices of the training, validation and test images; together each index once."""

    train: Indices
    validation: Indices
    test: Indices


class OwnParts(NamedTuple):
    """Indices of images that come as validation and test images; where there are none, they are cut from training."""

    validation: Indices
    test: Indices


def divide(labels: Indices, *, validation: float, test: float, seed: int, every_class: bool = True) -> Division:
    """Divide images at random so that each part has every class in its share of the whole.

    ``validation`` and ``test`` are fractions of all images. The same seed gives the same division on every machine.
    A class with a single image trains; one of three or more is in every part unless ``every_class`` is False, which is
    how version 1 divided.
    """
    generator = np.random.default_rng(seed)
    members = [generator.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    sizes = np.array([len(indices) for indices in members])
    tests, validations = _part_sizes(sizes, validation, test, every_class=every_class)
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
    return sum(training_counts(counts, validation=validation, test=test))


def training_counts(counts: Sequence[int], *, validation: float, test: float) -> tuple[int, ...]:
    """How many of each class those are."""
    sizes = np.array(counts, dtype=np.int64)
    there = sizes[sizes > 0]
    tests, validations = _part_sizes(there, validation, test, every_class=True)
    sizes[sizes > 0] = there - tests - validations
    return tuple(sizes.tolist())


def _part_sizes(sizes: Indices, validation: float, test: float, *, every_class: bool) -> tuple[Indices, Indices]:
    """How many images of each class test, and how many validate; each class keeps one that trains."""
    one = np.where(sizes >= _IN_EVERY_PART, 1, 0) if every_class else np.zeros_like(sizes)
    room = sizes - 1
    tests = _shares(sizes, test, least=one, most=room - one if validation else room)
    return tests, _shares(sizes, validation, least=one, most=room - tests)


def _shares(sizes: Indices, fraction: float, *, least: Indices, most: Indices) -> Indices:
    """How many of each class make up ``fraction`` of all, within limits: the largest remainders round up."""
    exact = sizes * fraction
    shares = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    clipped: Indices = np.minimum(np.maximum(shares, least if fraction else 0), most)
    return clipped


def steps_in_pass(images: int, batch_size: int) -> int:
    """Number of batches in one pass over ``images``, which differ by at most one image.

    From two a batch none is left with a single image, which batch norm over vectors could not take: of an odd number in
    twos, one batch has three.
    """
    batches = -(-images // batch_size)
    return batches - 1 if batch_size > 1 and batches > 1 and images // batches == 1 else batches


def first_of_each(labels: Indices, count: int) -> Indices:
    """Positions of the first ``count`` images of each class, class by class."""
    return np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)])
