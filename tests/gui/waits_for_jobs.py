"""What waits for a job: how it is begun, and what it then waits for, says and has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a job: how it begins, whether it waits, what it says, and whether all came."""

    begin: Callable[[], Any]
    waits: Callable[[], bool]
    says: Callable[[], str]
    has: Callable[[], bool]


@dataclass(frozen=True)
class Case:
    """Who waits (a module), what it waits for (``fault``, which breaks), and what it says then."""

    module: str
    fault: str
    make: Callable[..., Waiting]
    told: str


CASES: list[Case] = []


def waiting(module, fault, *, told="ended unexpectedly: RuntimeError. The details are in "):
    """Try what ``make`` builds (from ``get``, which gives fixtures) with ``fault`` broken, then whole."""

    def keep(make):
        CASES.append(Case(module, fault, make, told))
        return make

    return keep
