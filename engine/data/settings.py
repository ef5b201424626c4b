"""Which images a project learns from, as a value; needs no torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.settings import Settings

Fraction = Annotated[float, Field(ge=0.0, le=0.8)]


class DataSettings(Settings):
    """A data set by name ("digits", "mnist", …, "folder") and how it is split.

    ``folder`` is the path of a folder with one sub-folder a class, used when ``name`` is "folder".
    ``validation`` and ``test`` are fractions of all images; a set that ships its own test images keeps them.
    """

    name: str = "digits"
    folder: str = ""
    validation: Fraction = 0.15
    test: Fraction = 0.15
    seed: Annotated[int, Field(ge=0)] = 0
