"""The rows of the Layers panel, read off the layer registry, and what a search finds among them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from engine.layers import LAYERS, Family, Layer


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer with its settings, as one row; ``words`` are what a search matches."""

    title: str
    layer: Layer
    hint: str
    words: tuple[str, ...]

    @property
    def family(self) -> Family:
        """The family it is listed under."""
        return self.layer.family


def entries() -> list[Entry]:
    """A row for every registered layer, with its default settings; those that most networks use first."""
    order = sorted(LAYERS.items(), key=lambda item: not item[1].common)
    return [
        Entry(layer.title, layer(), layer.palette_hint, _words(layer.title, name, *layer.aliases))
        for name, layer in order
    ]


def search(text: str, among: Iterable[Entry]) -> list[Entry]:
    """The entries that every word of ``text`` occurs in, best match first."""
    wanted = text.lower().split()
    found = [entry for entry in among if all(any(part in word for word in entry.words) for part in wanted)]
    return sorted(found, key=lambda entry: _rank(entry, text.lower().strip()))


def nearest(text: str, among: Iterable[Entry]) -> Entry | None:
    """The entry whose title, alias or class name is spelt most like ``text``, or None if none is near."""
    by_word = {word: entry for entry in among for word in entry.words}
    near = difflib.get_close_matches(text.lower().strip(), by_word, n=1, cutoff=0.5)
    return by_word[near[0]] if near else None


def _rank(entry: Entry, text: str) -> int:
    """0 for the very word, 1 for the start of one, 2 for the start of an alias's part, 3 for anywhere."""
    if text in entry.words:
        return 0
    if entry.words[0].startswith(text):
        return 1
    return 2 if any(word.startswith(text) for word in entry.words) else 3


def _words(*words: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)
