"""How numbers are written for people: thin-space thousands, and SI prefixes from a million on."""

from __future__ import annotations

import math

from engine.words import thousands

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"))


def brief(value: int) -> str:
    """``57.8 M`` from a million on, whole below."""
    for size, prefix in _PREFIXES:
        if value >= size:
            figure = value / size
            decimals = 2 if figure < 9.995 else 1 if figure < 99.95 else 0
            return f"{figure:.{decimals}f} {prefix}"
    return thousands(value)


def decimal(value: float) -> str:
    """``27.5``: at most two decimals, none that are zero."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def by(size: tuple[int, ...]) -> str:
    """``3×3``."""
    return "×".join(str(value) for value in size)


def one_or_both(size: tuple[int, int]) -> str:
    """``3`` for equal sides, else ``3×5``: what a person would say."""
    return str(size[0]) if size[0] == size[1] else by(size)


def nearest_divisor(number: int, target: int) -> int:
    """The divisor of ``number`` nearest to ``target``, the larger of two as near."""
    divisors = [d for d in range(1, math.isqrt(number) + 1) if number % d == 0]
    divisors += [number // d for d in divisors]
    return min(divisors, key=lambda divisor: (abs(divisor - target), -divisor))
