"""Options that a person types, as values."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import LayerloomError


def pairs(texts: Sequence[str] | None) -> dict[str, str]:
    """What ``--set key=value`` says, by key; raises `LayerloomError` for a text of another form."""
    parts = [text.partition("=") for text in texts or ()]
    for key, sign, _ in parts:
        if not sign or not key:
            raise LayerloomError(f"--set takes KEY=VALUE, such as --set depth=50, not '{key}'.")
    return {key.strip(): value.strip() for key, _, value in parts}


def count(option: str, text: str) -> int:
    """A whole number from 1 to 1 000 000; raises `LayerloomError`."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 1_000_000:
        raise LayerloomError(f"{option} is '{text}', but a whole number from 1 to 1 000 000 is needed.")
    return int(text)
