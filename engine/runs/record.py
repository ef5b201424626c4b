"""What a run must remember of its circumstances to be used or repeated."""

from __future__ import annotations

import platform
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from engine.data.intensity import Depth, Intensities, Scaling, by_kind
from engine.data.normalise import Mean, Std
from engine.errors import LayerloomError
from engine.files import reason_of
from engine.reasons import first_reason
from engine.recipe.recipe import LARGEST_ENSEMBLE
from engine.settings import Settings
from engine.words import counted

VERSION = 3
_WITH_PARTS = 3  # from this version on ``parts.json`` stands beside it
_PACKAGES = ("layerloom", "torch", "numpy")

Row = tuple[float, float, float]
Size = Annotated[int, Field(ge=1)]


def _for_each_depth(value: object) -> object:
    """What ``intensities`` says now, from the one range for images of every depth that it was at first."""
    return {"ranges": dict.fromkeys(Depth, value)} if isinstance(value, dict) and "low" in value else value


class Member(Settings):
    """Which run of an ensemble one is: ``ensemble`` is the same for all of them, ``number`` counts from 1."""

    ensemble: Annotated[str, Field(min_length=1, max_length=64)]
    number: Annotated[int, Field(ge=1, le=LARGEST_ENSEMBLE)]
    of: Annotated[int, Field(ge=2, le=LARGEST_ENSEMBLE)]

    @model_validator(mode="after")
    def _check_number(self) -> Member:
        if self.number > self.of:
            raise ValueError(f"number is {self.number}, but the ensemble has {self.of} runs.")
        return self


class RunRecord(Settings):
    """The contents of ``run.json``. ``images`` counts by split; ``mean`` and ``std`` are a channel, 0 to 1.

    ``intensities`` are the ranges of its images of more than 8 bits, None where there are none or the run is too old.
    ``class_weights`` are what the images of each class counted in the loss, () where all counted alike.
    ``colours`` is the covariance of those of its training images, where augmentation asked for it.
    ``member`` says which run of an ensemble it is, None for a run of its own.
    """

    version: Annotated[int, Field(ge=1, le=VERSION)] = VERSION
    name: str
    started: str
    device: str
    seed: int
    task: str = "classification"  # what every run of version 1 was trained for
    data: str
    classes: tuple[str, ...]
    input_shape: tuple[Size, Size, Size]
    mean: tuple[Mean, ...]
    std: tuple[Std, ...]
    intensities: Annotated[Intensities, BeforeValidator(_for_each_depth)] | None = None
    images: dict[str, int]
    class_weights: tuple[float, ...] = ()
    colours: tuple[Row, Row, Row] | None = None
    skipped_files: int = 0
    member: Member | None = None
    versions: dict[str, str]

    @property
    def keeps_parts(self) -> bool:
        """Whether the run says which image is in which part; older ones are divided as they were then."""
        return self.version >= _WITH_PARTS

    @property
    def scaling(self) -> Scaling:
        """What brings images of more than 8 bits to 0 to 255."""
        return self.intensities or by_kind

    @model_validator(mode="after")
    def _check_channels(self) -> RunRecord:
        channels = self.input_shape[0]
        for name, values in (("mean", self.mean), ("std", self.std)):
            if len(values) != channels:
                has, needed = counted(len(values), "number"), counted(channels, "channel")
                raise ValueError(f"{name} has {has}, but input_shape has {needed}.")
        return self


def read_record(file: Path) -> RunRecord:
    """The record in a file; raises `LayerloomError`, which names the field, for one that is damaged or newer."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        version = _Versioned.model_validate_json(text).version
        if version > VERSION:
            raise LayerloomError(
                f"{file} was written by a newer Layerloom: its version is {version}, this one reads up to {VERSION}."
            )
        return RunRecord.model_validate_json(text, strict=True)
    except UnicodeDecodeError as error:
        raise LayerloomError(f"{file} is damaged: it is not a text file.") from error
    except OSError as error:
        raise LayerloomError(f"{file} cannot be read: {reason_of(error)}.") from error
    except ValidationError as error:
        field = " › ".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
        raise LayerloomError(f"{file} is damaged. {first_reason(error, field or 'Its content')}") from error


class _Versioned(BaseModel, strict=True):
    """What every version of the file has said."""

    version: int = VERSION


def versions() -> dict[str, str]:
    """Versions of Python and of what decides the numbers."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # run from a checkout that is not installed
            continue
    return found


def now() -> str:
    """The local time, to the second, with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
