"""What a run must remember of its circumstances to be used or repeated."""

from __future__ import annotations

import platform
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

from pydantic import Field

from engine.settings import Settings

VERSION = 2
_PACKAGES = ("layerloom", "torch", "lightning-fabric", "numpy")


class RunRecord(Settings):
    """The contents of ``run.json``. ``images`` counts by split; ``mean`` and ``std`` are a channel, 0 to 1."""

    version: Annotated[int, Field(ge=1, le=VERSION)] = VERSION
    name: str
    started: str
    device: str
    seed: int
    task: str = "classification"  # what every run of version 1 was trained for
    data: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    images: dict[str, int]
    skipped_files: int = 0
    versions: dict[str, str]


def versions() -> dict[str, str]:
    """Versions of Python and of what decides the numbers."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # run from a checkout that is not installed
            continue
    return found


def now() -> str:
    """The local time, to the second, with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
