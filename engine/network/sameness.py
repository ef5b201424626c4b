"""Whether two drawings are the same network, wherever their layers stand, and what else is between them, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.network.network import Network
from engine.words import path_text, thousands

_MOST = 3  # layers named one by one


def same_network(a: Network, b: Network) -> bool:
    """Whether two networks have the same layers and wires by the same names."""
    return set(a) == set(b) and set(a.edges()) == set(b.edges()) and not changed_layers(a, b)


def changed_layers(a: Network, b: Network) -> tuple[str, ...]:
    """The layers of ``a`` that ``b`` has by the same name with other settings or switches."""
    return tuple(name for name in a if name in b and replace(a[name], position=None) != replace(b[name], position=None))


def changes_since(before: Network, now: Network) -> str:
    """How ``now`` differs from ``before``: "conv1 has other settings, pool2 is new"; "" if it is the same network."""
    found = (
        _about(changed_layers(before, now), "has other settings", "have other settings"),
        _about([name for name in now if name not in before], "is new", "are new"),
        _about([name for name in before if name not in now], "is gone", "are gone"),
    )
    rewired = "" if set(before.edges()) == set(now.edges()) else "the wires go otherwise"
    return ", ".join(filter(None, found)) or rewired


def _about(names: Sequence[str], one: str, many: str) -> str:
    if not names:
        return ""
    more = len(names) - _MOST
    *first, last = [*map(path_text, names[:_MOST]), *([f"{thousands(more)} more"] if more > 0 else [])]
    return f"{', '.join(first)} and {last} {many}" if first else f"{last} {one}"
