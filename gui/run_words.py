"""How the window words what runs measure: durations, percentages, losses, rates."""

from __future__ import annotations

import math

from gui.words import THIN_SPACE, thousands

NOTHING = "–"


def duration(seconds: float) -> str:
    """Time with the units that matter: "7.1 s", "1 min 27 s", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s" if seconds % 1 else f"{seconds:.0f} s"
    if round(seconds) < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def percent(fraction: float | None, decimals: int = 1) -> str:
    """A fraction in per cent without its sign, for columns that say "%": "94.1"."""
    return NOTHING if fraction is None else f"{100 * fraction:.{decimals}f}"


def loss_text(loss: float | None, decimals: int = 2) -> str:
    """A loss as a table shows it: "0.38"; scientific where decimals would hide it."""
    if loss is None or math.isnan(loss):
        return NOTHING
    if math.isinf(loss) or abs(loss) >= 10_000:
        return f"{loss:.1e}"
    return f"{loss:.{decimals}f}"


def rate(value: float) -> str:
    """A learning rate as people write it: "0.061", "5e-4"."""
    text = f"{value:.3g}"
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text


def scientific(value: float | None) -> str:
    """Two digits and an exponent: "4.1e-1"; a dash where there is nothing."""
    if value is None:
        return NOTHING
    if not math.isfinite(value):
        return "not finite"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def speed(images_per_second: float) -> str:
    """Throughput: "1 940 images/s"."""
    return f"{thousands(round(images_per_second))}{THIN_SPACE}images/s"
