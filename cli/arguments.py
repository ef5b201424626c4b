"""Options that a person types, as values."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import LayerloomError


def pairs(texts: Sequence[str] | None, *, option: str = "--set", example: str = "depth=50") -> dict[str, str]:
    """What ``--set key=value`` says, by key; raises `LayerloomError` for a text of another form."""
    parts = [text.partition("=") for text in texts or ()]
    for key, sign, _ in parts:
        if not sign or not key:
            raise LayerloomError(f"{option} takes KEY=VALUE, such as {option} {example}, not '{key}'.")
    return {key.strip(): value.strip() for key, _, value in parts}


def settings_by_path(texts: Sequence[str] | None) -> dict[str, str]:
    """What ``--with path=value`` says, by path; raises `LayerloomError` for a text of another form."""
    return pairs(texts, option="--with", example="training.optimiser=sgd")


def count(option: str, text: str) -> int:
    """A whole number from 1 to 1 000 000; raises `LayerloomError`."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 1_000_000:
        raise LayerloomError(f"{option} is '{text}', but a whole number from 1 to 1 000 000 is needed.")
    return int(text)
