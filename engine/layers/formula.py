"""Arithmetic written out with a layer's own numbers in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """One derived number and how it comes about.

    ``steps`` read top to bottom, from symbols to numbers:
    ``("⌊(H_in + 2p − k) / s⌋ + 1", "⌊(56 + 2·1 − 3) / 2⌋ + 1", "⌊27.5⌋ + 1")`` for ``quantity="H"``, ``result="28"``.
    ``note`` adds a plain sentence where one helps ("27.5 is rounded down: the last padded row is not read.").
    """

    quantity: str
    steps: tuple[str, ...]
    result: str
    note: str = ""

    def __str__(self) -> str:
        return " = ".join((self.quantity, *self.steps, self.result))
