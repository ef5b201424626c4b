"""Soak tests: the same rounds with chances drawn from a seed, few of them in every build and as many as one likes.

``python -m pytest -m soak --soak-scale=100 --soak-seed=7`` runs a hundred times as many.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Soak:
    """How long a soak test goes on, and what its chances follow from."""

    scale: float
    seed: int

    def rounds(self, usual: int) -> int:
        """How many rounds to make where ``usual`` are made in every build."""
        return max(1, round(usual * self.scale))

    def tell(self, count: int, what: str) -> None:
        """Print a figure of a long run, for ``-s``."""
        print(f"\n{count} {what} (seed {self.seed})")  # noqa: T201

    def random(self) -> random.Random:
        """The chances of one test."""
        return random.Random(self.seed)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(0))  # a long one takes as long as it was asked to


@pytest.fixture
def soak(request) -> Soak:
    return Soak(request.config.getoption("--soak-scale"), request.config.getoption("--soak-seed"))
