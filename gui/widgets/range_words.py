"""Values with their units, and ranges of them, as they are written and spoken."""

from __future__ import annotations

from engine.words import signed_text

_SPOKEN = {"°": "degrees", "%": "per cent", "×": "times", "px": "pixels"}


def end_text(value: float, unit: str, *, signed: bool = False) -> str:
    """A value with its unit: "+20°", "8 %" for 0.08, "×0.70"."""
    if unit == "×":
        return f"×{value:.2f}"
    digits = f"{_shown(value, unit):.4g}"
    number = f"+{digits}" if signed and value > 0 else signed_text(digits)
    return f"{number} %" if unit == "%" else f"{number}{unit}"


def range_text(ends: tuple[float, float], unit: str, *, signed: bool = False) -> str:
    """Both ends of a range: "−20° – +20°"."""
    return " – ".join(end_text(end, unit, signed=signed) for end in ends)


def spoken_range(ends: tuple[float, float], unit: str) -> str:
    """The same as it is read aloud: "minus 20 to 20 degrees"."""
    spoken = " to ".join(f"{_shown(end, unit):.4g}".replace("-", "minus ") for end in ends)
    return f"{spoken} {_SPOKEN.get(unit, unit)}".strip()


def value_of(shown: float, unit: str) -> float:
    """The value that is shown as a number: 0.08 for 8 of the unit %."""
    return shown / 100 if unit == "%" else shown


def _shown(value: float, unit: str) -> float:
    return value * 100 if unit == "%" else value
