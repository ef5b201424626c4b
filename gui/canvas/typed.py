"""Understanding what is typed into quick add: "conv 5x5 32", "max pool 3 s2", "dropout 0.3", "input 1x28x28"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pydantic import ValidationError

from engine.layers import Layer, Shape

_NUMBER = re.compile(r"\d+")
_FRACTION = re.compile(r"\d*\.\d+")
_SIZES = re.compile(r"\d+(?:[x×]\d+)+")
_NAMED = re.compile(r"(s|stride|p|pad|padding|k|kernel|g|groups|d|dilation)=?(\d*\.?\d+(?:[x×]\d+)?|same)")
_WORDS = {"s", "stride", "p", "pad", "padding", "k", "kernel", "g", "groups", "d", "dilation"}
_FIELDS = {
    "s": "stride",
    "stride": "stride",
    "p": "padding",
    "pad": "padding",
    "padding": "padding",
    "k": "kernel_size",
    "kernel": "kernel_size",
    "g": "groups",
    "groups": "groups",
    "d": "dilation",
    "dilation": "dilation",
}
_COUNTS = ("out_channels", "out_features", "classes", "channels")


@dataclass
class Typed:
    """Words that name a layer, and the numbers for its settings."""

    words: str = ""
    sizes: list[tuple[int, ...]] = field(default_factory=list)  # 5x5, 1x28x28
    numbers: list[int] = field(default_factory=list)
    fractions: list[float] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)  # stride, padding … by the field's name

    @property
    def has_settings(self) -> bool:
        """Whether any number was typed."""
        return bool(self.sizes or self.numbers or self.fractions or self.named)


def understand(text: str) -> Typed:
    """Split typed text into words and settings; what is no number belongs to the name."""
    typed, words = Typed(), []
    tokens = re.sub(r"\b(" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")\s+(?=\d|same)", r"\1=", text.lower())
    for token in tokens.replace(",", " ").split():
        if (match := _NAMED.fullmatch(token)) and words:
            typed.named[_FIELDS[match[1]]] = match[2]
        elif _SIZES.fullmatch(token) and words:
            typed.sizes.append(tuple(int(size) for size in re.split("[x×]", token)))
        elif _FRACTION.fullmatch(token):
            typed.fractions.append(float(token))
        elif _NUMBER.fullmatch(token) and words:
            typed.numbers.append(int(token))
        else:
            words.append(token)
    typed.words = " ".join(words)
    return typed


def fitted(layer: Layer, typed: Typed, source: Shape | None) -> Layer | None:
    """``layer`` with the typed settings, and with defaults that fit ``source``; None if they do not fit the layer.

    A convolution keeps the number of maps and, unless a padding is typed, rows and columns at stride 1.
    """
    settings: dict[str, object] = {}
    fields = type(layer).model_fields
    if "out_channels" in fields and source is not None and source.is_map:
        settings["out_channels"] = source.channels
    settings |= _from_sizes(fields, typed) | _from_numbers(fields, typed) | _from_names(fields, typed)
    if not _all_used(settings, fields, typed):
        return None
    kernel = settings.get("kernel_size", getattr(layer, "kernel_size", None))
    if "padding" not in settings and "groups" in fields and isinstance(kernel, tuple):
        settings["padding"] = (kernel[0] // 2, kernel[1] // 2)
    if "kernel_size" in settings and "stride" not in settings and "dilation" in fields and "groups" not in fields:
        settings["stride"] = getattr(layer, "stride", (1, 1))
    try:
        return layer.with_settings(**settings)
    except ValidationError:
        return None


def _from_sizes(fields: dict, typed: Typed) -> dict[str, object]:
    found: dict[str, object] = {}
    for sizes in typed.sizes:
        if len(sizes) == 3 and "height" in fields:
            found |= dict(zip(("channels", "height", "width"), sizes, strict=True))
        elif len(sizes) == 2 and "kernel_size" in fields:
            found["kernel_size"] = sizes
        elif len(sizes) == 2 and "output_size" in fields:
            found["output_size"] = sizes
        elif len(sizes) == 2 and "height" in fields:
            found |= {"height": sizes[0], "width": sizes[1]}
    return found


def _from_numbers(fields: dict, typed: Typed) -> dict[str, object]:
    """A number counts maps or features; where there are none to count, it is the kernel or the size."""
    if len(typed.numbers) == 3 and "height" in fields:
        return dict(zip(("channels", "height", "width"), typed.numbers, strict=True))
    places = [name for name in (*_COUNTS, "kernel_size", "output_size", "scale") if name in fields]
    found: dict[str, object] = {}
    for name, number in zip(places, typed.numbers, strict=False):
        found[name] = (number, number) if name in ("kernel_size", "output_size", "scale") else number
    return found


def _from_names(fields: dict, typed: Typed) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, text in typed.named.items():
        if name == "padding" and name not in fields and "p" in fields:
            found["p"] = float(text)
        elif name in fields:
            found[name] = text if text == "same" else _value(text, single=name == "groups")
    fractions = [name for name in ("p", "negative_slope", "alpha", "ratio") if name in fields]
    found |= dict(zip(fractions, typed.fractions, strict=False))
    return found


def _value(text: str, *, single: bool) -> object:
    if "x" in text or "×" in text:
        return tuple(int(size) for size in re.split("[x×]", text))
    number = int(float(text))
    return number if single else (number, number)


def _all_used(settings: dict[str, object], fields: dict, typed: Typed) -> bool:
    """Whether each typed number found a setting: "relu 64" means no ReLU."""
    given = len(typed.sizes) + len(typed.numbers) + len(typed.named) + len(typed.fractions)
    sizes = sum(name in settings for name in ("kernel_size", "output_size", "scale"))
    kernels = min(sizes, 1) if typed.sizes or "kernel" in typed.named else sizes
    counts = sum(name in settings for name in _COUNTS) if typed.numbers or "height" in fields else 0
    others = sum(name in settings for name in ("stride", "padding", "groups", "dilation", "p", "ratio"))
    return given == 0 or given <= kernels + counts + others
