"""Options that a person types, as values."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.errors import LayerloomError
from engine.words import thousands

if TYPE_CHECKING:
    from engine.choices import Choice, Registry
    from engine.data.augmentation import Step
    from engine.data.looks import Looks
    from engine.layers.shape import Shape

TEN_CROP = "--ten-crop"

C = TypeVar("C", bound="Choice")


def pairs(texts: Sequence[str] | None, *, option: str = "--set", example: str = "depth=50") -> dict[str, str]:
    """What ``--set key=value`` says, by key; raises `LayerloomError` for another form, or a key said twice."""
    said: dict[str, str] = {}
    for text in texts or ():
        key, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not key:
            raise LayerloomError(f"{option} takes KEY=VALUE, such as {option} {example}, not '{key}'.")
        if said.setdefault(key, value) != value:
            raise LayerloomError(f"{option} says {key} twice: {said[key]} and {value}.")
    return said


def settings_by_path(texts: Sequence[str] | None) -> dict[str, str]:
    """What ``--with path=value`` says, by path; raises `LayerloomError` for another form, or a path said twice."""
    return pairs(texts, option="--with", example="training.optimiser=sgd")


def count(option: str, text: str, *, least: int = 1, most: int = 1_000_000) -> int:
    """A whole number from ``least`` to ``most``; raises `LayerloomError`."""
    if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= most:
        ends = f"from {least} to {thousands(most)}"
        raise LayerloomError(f"{option} is '{text}', but a whole number {ends} is needed.")
    return int(text)


def with_sizes(arguments: Sequence[str]) -> list[str]:
    """Arguments in which ``--ten-crop`` has a value: the number that follows it, else 0."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1] == f"{TEN_CROP}=0" and argument.isdecimal():
            found[-1] = f"{TEN_CROP}={argument}"
        else:
            found.append(f"{TEN_CROP}=0" if argument == TEN_CROP else argument)
    return found


def looks_asked(draws: str, ten_crop: str) -> Looks | None:
    """How images shall be looked at; None where the run says it. Raises `LayerloomError`."""
    from engine.data.looks import Drawn, TenCrop

    if draws and ten_crop:
        raise LayerloomError("--draws and --ten-crop are two ways to look at an image: give one of them.")
    if ten_crop:
        return TenCrop(size=count(TEN_CROP, ten_crop, least=0, most=2**14))
    return Drawn(count=count("--draws", draws, least=0)) if draws else None


def new_place(option: str, text: str) -> Path:
    """Where to write; raises `LayerloomError` for nothing, which would be the current folder."""
    if not text.strip():
        raise LayerloomError(f"{option} is empty, but the path of what to write is needed.")
    return Path(text)


def image_shape(option: str, text: str) -> Shape:
    """Channels, height and width of an image, ``C,H,W``; raises `LayerloomError`."""
    from engine.layers.shape import Shape  # the window opens without it

    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) != len("CHW"):
        raise LayerloomError(f"{option} takes C,H,W, such as {option} 3,224,224, not '{text}'.")
    return Shape(*(count(option, number) for number in numbers))


def choice(option: str, text: str, registry: Registry[C]) -> C:
    """What ``NAME:key=value,key=low..high`` names, with its settings; raises `LayerloomError`."""
    name, _, settings = text.partition(":")
    given = given_settings(f"{option} {name}", settings.split(",") if settings else (), form=f"{option} takes NAME:")
    return registry.make({**given, "name": name})


def given_settings(said: str, parts: Sequence[str], *, form: str = "") -> dict[str, str | list[str]]:
    """What ``key=value`` and ``key=low..high`` say, by key; raises `LayerloomError`, which names what is ``said``."""
    given: dict[str, str | list[str]] = {}
    for part in parts:
        key, sign, value = (one.strip() for one in part.partition("="))
        if not sign or not key:
            raise LayerloomError(f"{form}KEY=VALUE,KEY=VALUE, but '{key}' is no KEY=VALUE.")
        if key in given:
            raise LayerloomError(f"{said} says {key} twice.")
        given[key] = _value(value)
    if "name" in given:
        raise LayerloomError(f"{said} names another choice as well.")
    return given


def _value(text: str) -> str | list[str]:
    """What a setting is given as: a text, or the ends of a range."""
    low, sign, high = text.partition("..")
    return [low, high] if sign else text


def augmentation(texts: Sequence[str]) -> tuple[Step, ...]:
    """The steps that ``--augment`` names one by one, or by the name of a preset; raises `LayerloomError`."""
    from engine.data.augmentation import AUGMENTATION
    from engine.data.augmentation.presets import PRESETS, steps_of

    found: list[Step] = []
    for text in texts:
        name = text.partition(":")[0]
        if PRESETS.has(name):
            if name != text:
                raise LayerloomError(f"The preset {name} takes no settings: give its steps one by one.")
            found += steps_of(name)
        elif AUGMENTATION.has(name):
            found.append(choice("--augment", text, AUGMENTATION))
        else:
            near = difflib.get_close_matches(name.lower(), [*AUGMENTATION, *PRESETS], n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Presets are {', '.join(PRESETS)}."
            raise LayerloomError(f"No augmentation step or preset is called '{name}'. {hint}")
    return tuple(found)


def class_number(text: str, classes: Sequence[str], count: int) -> int:
    """The number of the class that ``--class`` names, by its name or number; raises `LayerloomError`."""
    if text in classes:
        return classes.index(text)
    if text.isascii() and text.isdecimal() and int(text) < count:
        return int(text)
    named = f" It has {', '.join(classes)}." if classes else ""
    raise LayerloomError(f"The network has no class '{text}': they are counted from 0 to {count - 1}.{named}")
