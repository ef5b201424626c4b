"""Which layer of one network belongs to which of another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.network.network import Network

Key = Callable[[Network, str], Hashable]
Sources = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The layers that belong together, and what each reads from.

    ``sources_a`` and ``sources_b`` name, for every layer, the nearest ones above it that have a counterpart; those
    of B go by the names in A, so that equal wiring is equal.
    """

    b_of: Mapping[str, str]
    sources_a: Sources
    sources_b: Sources

    def in_order(self, a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Every layer once, with its counterpart or ""; a layer of B alone follows the one before it in B."""
        a_of = {other: name for name, other in self.b_of.items()}
        alone: dict[str, list[str]] = {"": []}
        last = ""
        for name in b:
            if name in a_of:
                last = name
                alone[name] = []
            else:
                alone[last].append(name)
        yield from (("", name) for name in alone[""])
        for name in a:
            yield name, self.b_of.get(name, "")
            yield from (("", other) for other in alone.get(self.b_of.get(name, "-"), ()))


def align(a: Network, b: Network) -> Pairs:
    """Pair the layers of two networks: by name and kind, then by order with equal settings, then by order and kind."""
    named = {name for name in a if name in b and _kind(a, name) == _kind(b, name)}

    def name_or_layer(network: Network, name: str) -> Hashable:
        return (name,) if name in named else network.layer(name)

    def name_or_kind(network: Network, name: str) -> Hashable:
        return (name,) if name in named else _kind(network, name)

    aligned = dict(_in_order(a, b, a.topological(), b.topological(), keys=(name_or_layer, name_or_kind)))
    b_of = aligned | {name: name for name in named}
    a_of = {other: name for name, other in b_of.items()}
    return Pairs(b_of, _sources(a, {name: name for name in b_of}), _sources(b, a_of))


def _in_order(
    a: Network, b: Network, names_a: Sequence[str], names_b: Sequence[str], *, keys: Sequence[Key]
) -> Iterator[tuple[str, str]]:
    """Pairs of equal first key in a common order; what lies between them is aligned by the next key."""
    if not (keys and names_a and names_b):
        return
    key, *coarser = keys
    matcher = SequenceMatcher(
        None, [key(a, name) for name in names_a], [key(b, name) for name in names_b], autojunk=False
    )
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(names_a[a1:a2], names_b[b1:b2], strict=True)
        else:
            yield from _in_order(a, b, names_a[a1:a2], names_b[b1:b2], keys=coarser)


def _kind(network: Network, name: str) -> str:
    return type(network.layer(name)).__name__


def _sources(network: Network, known: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """For each layer the nearest ones above it that are ``known``, by the names given there, in port order."""
    found: dict[str, tuple[str, ...]] = {}
    for name in network.topological():
        above = (edge.source for edge in network.incoming(name))
        named = [(known[source],) if source in known else found[source] for source in above]
        found[name] = tuple(dict.fromkeys(source for sources in named for source in sources))
    return found
