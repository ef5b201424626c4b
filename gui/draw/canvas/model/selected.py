"""Small questions about what is selected."""

from __future__ import annotations

from collections.abc import Iterable

from engine.network.names import inside


def outermost(names: Iterable[str]) -> list[str]:
    """Names without those that stand inside another of them."""
    names = list(dict.fromkeys(names))
    return [name for name in names if not any(inside(name, other) and name != other for other in names if other)]
