"""Understanding what is typed into quick add: "conv 5x5 32", "max pool 3 s2", "dropout 0.3", "input 1x28x28"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pydantic import ValidationError

from engine.layers import Layer, Shape

_NUMBER = re.compile(r"\d+")
_FRACTION = re.compile(r"\d*\.\d+")
_SIZES = re.compile(r"\d+(?:[x×]\d+)+")
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
_KEYS = "|".join(sorted(_FIELDS, key=len, reverse=True))
_NAMED = re.compile(rf"({_KEYS})=?(\d*\.?\d+(?:[x×]\d+)?|same)")
_APART = re.compile(rf"\b({_KEYS})\s+(?=\d|\.|same)")

Settings = dict[str, object]


@dataclass
class Typed:
    """Words that name a layer, and the numbers for its settings."""

    words: str = ""
    sizes: list[tuple[int, ...]] = field(default_factory=list)  # 5x5, 1x28x28
    numbers: list[int] = field(default_factory=list)
    fractions: list[float] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)  # stride, padding … by the field's name


def understand(text: str) -> Typed:
    """Split typed text into words and settings; what is no number belongs to the name."""
    typed = Typed()
    words: list[str] = []
    joined = _APART.sub(r"\1=", text.lower())
    for token in joined.replace(",", " ").split():
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
    """``layer`` with the typed settings, and with defaults that fit ``source``; None if a number has no place in it.

    A convolution keeps the number of maps, unless these are the colours of an image; its padding goes with its kernel
    and stride, unless it is typed.
    """
    parts = [_from_sizes(layer, typed), _from_numbers(layer, typed), _from_names(layer, typed)]
    if any(part is None for part in parts):
        return None
    given = {name: value for part in parts if part for name, value in part.items()}
    try:
        layer = layer.with_settings(**layer.matching_width(source) | given)
        return layer.with_settings(**layer.matching_padding() | given)
    except ValidationError:
        return None


def _from_sizes(layer: Layer, typed: Typed) -> Settings | None:
    found: Settings = {}
    for sizes in typed.sizes:
        if len(sizes) == 2 and layer.size_setting:
            found[layer.size_setting] = sizes
        elif len(sizes) <= len(layer.map_settings):  # a map's height and width, or all of it
            found |= dict(zip(layer.map_settings[-len(sizes) :], sizes, strict=True))
        else:
            return None
    return found


def _from_numbers(layer: Layer, typed: Typed) -> Settings | None:
    """A number counts maps or features; where there are none to count, it is the kernel or the size."""
    if layer.map_settings and len(typed.numbers) == len(layer.map_settings):
        return dict(zip(layer.map_settings, typed.numbers, strict=True))
    counts = (layer.width_setting, *layer.map_settings[:1])
    places = [name for name in (*counts, layer.size_setting) if name]
    if len(places) < len(typed.numbers):
        return None
    pairs = zip(places, typed.numbers, strict=False)
    return {name: (number, number) if name == layer.size_setting else number for name, number in pairs}


def _from_names(layer: Layer, typed: Typed) -> Settings | None:
    found: Settings = {}
    for name, text in typed.named.items():
        if name in type(layer).model_fields:
            found[name] = text if text == "same" else _value(text, single=name == "groups")
        elif name == _FIELDS.get(layer.fraction_symbol) and text != "same":
            found[layer.fraction_setting] = float(text)
        else:
            return None
    places = [layer.fraction_setting] if layer.fraction_setting else []
    if len(places) < len(typed.fractions):
        return None
    return found | dict(zip(places, typed.fractions, strict=False))


def _value(text: str, *, single: bool) -> object:
    if "x" in text or "×" in text:
        return tuple(int(size) for size in re.split("[x×]", text))
    number = int(float(text))
    return number if single else (number, number)
