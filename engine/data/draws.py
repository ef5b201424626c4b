"""Random numbers that follow from what they are for, and from nothing that was drawn before."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53


def seed_of(seed: int, count: int, *, purpose: int) -> int:
    """A seed of its own for each epoch and step of each run."""
    return (seed * 1_000_003 + count) * 4 + purpose


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of training over the images: its order and all that is drawn in it follow from these."""

    seed: int
    epoch: int

    @property
    def order_seed(self) -> int:
        """What the order of the images is shuffled with."""
        return seed_of(self.seed, self.epoch, purpose=1)


@dataclass(slots=True)
class Draws:
    """Random numbers for the N images of a batch, drawn one after the other for one purpose.

    They follow from the pass, the index of each image and how often it was drawn before in this pass: the batch that it
    stands in, and what else is drawn, change nothing.
    """

    keys: NDArray[np.uint64]  # (N,)
    _drawn: int = field(default=0, init=False)

    @classmethod
    def of(cls, drawn_in: Pass, indices: NDArray[np.int64], repetitions: NDArray[np.int64]) -> Draws:
        """Those of images ``(N,)`` by their indices."""
        keys = np.zeros(len(indices), np.uint64)
        for word in (np.uint64(drawn_in.seed % 2**64), np.uint64(drawn_in.epoch), indices, repetitions):
            keys = _output(keys, word.astype(np.uint64))
        return cls(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def of_some(self, places: Tensor) -> Draws:
        """The same for some of the images."""
        return Draws(self.keys[places.numpy()])

    def for_(self, purpose: str) -> Draws:
        """Others for the same images."""
        return Draws(_output(self.keys, np.uint64(zlib.crc32(purpose.encode()))))

    def uniform(self, least: float = 0.0, most: float = 1.0) -> NDArray[np.float64]:
        """A number ``(N,)`` of each image, from ``least`` up to ``most``."""
        return self.uniforms(1, least, most)[:, 0]

    def uniforms(self, count: int, least: float = 0.0, most: float = 1.0) -> NDArray[np.float64]:
        """The next ``count`` such numbers of each image ``(N, count)``."""
        numbers = np.arange(self._drawn + 1, self._drawn + count + 1, dtype=np.uint64)
        self._drawn += count
        bits = _output(self.keys[:, None], numbers) >> np.uint64(11)
        return least + (most - least) * (bits.astype(np.float64) * _UNIT)

    def normal(self) -> NDArray[np.float64]:
        """A normal number ``(N,)`` of each image, of mean 0 and deviation 1 (Box and Muller 1958)."""
        distance: NDArray[np.float64] = np.sqrt(-2 * np.log1p(-self.uniform()))
        return distance * np.cos(2 * np.pi * self.uniform())

    def whole(self, below: int) -> NDArray[np.int64]:
        """A whole number ``(N,)`` of each image, from 0 up and less than ``below``."""
        return np.minimum(self.uniform() * below, below - 1).astype(np.int64)


def _output(states: NDArray[np.uint64], count: np.uint64 | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Output number ``count`` of SplitMix64 from each state (Steele, Lea and Flood 2014, figures 15 and 16)."""
    with np.errstate(over="ignore"):  # arithmetic modulo 2⁶⁴ is meant
        mixed = states + (count + np.uint64(1)) * _GAMMA
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
        output: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return output


def repetitions(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each entry of ``order`` ``(N,)`` stands before itself already."""
    by_index = np.argsort(order, kind="stable")
    begins = np.flatnonzero(np.diff(order[by_index], prepend=-1))
    counted = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    found = np.empty_like(order)
    found[by_index] = counted
    return found
