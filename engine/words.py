"""Numbers, shapes and paths as people read them: thin spaces between thousands, an SI prefix in summaries."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable


def thousands(value: int) -> str:
    """``73 728``, with narrow spaces at which no line breaks."""
    return f"{value:,}".replace(",", "\u202f")


def number_text(value: float, decimals: int) -> str:
    """A number with so many decimals and a minus sign as printed: "−0.38"."""
    return signed_text(f"{value:z.{decimals}f}")


def percent_text(fraction: float) -> str:
    """A fraction in per cent: "94.1 %"."""
    return f"{100 * fraction:.1f} %"


def p_text(p: float) -> str:
    """A probability under chance as papers write it: "p = 0.031", "p < 0.001"."""
    return "p < 0.001" if p < 0.0005 else f"p = {p:.3f}"


def whole_percent_text(fraction: float) -> str:
    """A fraction in whole per cent: "41 %"."""
    return f"{100 * fraction:.0f} %"


def scientific_text(value: float) -> str:
    """Two digits and an exponent: "4.1e-1"; "0" where there is nothing."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞"
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def rate_text(value: float) -> str:
    """A learning rate as people write it: "0.061", "5e-4"."""
    text = f"{value:.3g}"
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text


def signed_text(number: str) -> str:
    """A number in digits with a minus sign as printed: "−5.1e-3"."""
    return number.replace("-", "\u2212", 1) if number.startswith("-") else number


def with_article(words: str) -> str:
    """Words that begin with a number, as it is spoken, with "a" or "an": "an 8×4×4 map", "a 1×1 kernel"."""
    number = re.match(r"[0-9]+", words.replace("\u202f", ""))
    digits = number[0] if number else ""
    eleven_or_eighteen = digits[:2] in ("11", "18") and len(digits) % 3 == 2
    return f"{'an' if digits[:1] == '8' or eleven_or_eighteen else 'a'} {words}"


def known_part(text: str, *, known: bool, value: float) -> str:
    """A figure of which some may not be ``known`` yet: "12.3 k", "12.3 k + ?", or "?" where nothing is."""
    return text if known else f"{text} + ?" if value else "?"


def abridged(sentence: str) -> str:
    """A sentence whose words of more than 80 letters, which no person wrote, lack their middle."""
    return re.sub(r"\S{81,}", lambda word: f"{word[0][:40]}…{word[0][-20:]}", sentence)


def si(number: float) -> str:
    """Three significant digits with an SI prefix: "11.7 M", "462 M", "84"."""
    for limit, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit * 0.9995:
            figure = number / limit
            return f"{figure:.{2 if figure < 9.995 else 1 if figure < 99.95 else 0}f} {prefix}"
    return f"{number:.3g}"


def power_text(value: float, digits: int = 1) -> str:
    """So many digits and a power of ten, as rates are compared: "3e-3", "2.4e-2", "1e-1", "3", "10"."""
    figure, _, power = f"{value:.{digits - 1}e}".partition("e")
    figure = figure.rstrip("0").rstrip(".") if "." in figure else figure
    return f"{float(figure) * 10 ** int(power):g}" if 0 <= int(power) < 3 else f"{figure}e{int(power)}"


def memory(size: int) -> str:
    """Bytes with a decimal prefix: "12.8 MB"."""
    return f"{si(size)}B" if size >= 1000 else f"{size} B"


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


def brief(seconds: float) -> str:
    """A time that may be short, to three digits: "0.57 ms", "290 ms", "7.1 s"."""
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else duration(seconds)


def path_text(name: str) -> str:
    """A node's path as a person reads it: "layer2 › block 0 › conv1"."""
    *blocks, last = name.split(".")
    return " › ".join((*map(_block_word, blocks), last))


def block_path_text(prefix: str) -> str:
    """A block's path as a person reads it: "layer2 › block 0"."""
    return " › ".join(map(_block_word, prefix.split(".")))


def _block_word(part: str) -> str:
    return f"block {part}" if part.isdigit() else part


def shape_text(shape: Iterable[int] | None) -> str:
    """A shape as a wire shows it: "64×56×56", or "?" where none is known."""
    return "?" if shape is None else "×".join(map(str, shape))


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 layer", "68 layers"."""
    return f"{thousands(number)} {one if number == 1 else many or one + 's'}"


def undivided(number: int, one: str, groups: int) -> str:
    """That a number of things does not divide: "512 output channels do not divide by 3 groups."."""
    return f"{counted(number, one)} {'does' if number == 1 else 'do'} not divide by {counted(groups, 'group')}."
