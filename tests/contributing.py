"""The choices that CONTRIBUTING shows, written into a module outside the program and registered for a test."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.choices import Registry
from engine.data.augmentation import AUGMENTATION
from engine.data.source import SOURCES
from engine.inspection import VIEWS
from engine.recipe.losses import LOSSES
from engine.recipe.metrics import METRICS
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.schedules import SCHEDULES

REGISTRIES: dict[str, Registry[Any]] = {
    "OPTIMISERS": OPTIMISERS,
    "SCHEDULES": SCHEDULES,
    "LOSSES": LOSSES,
    "METRICS": METRICS,
    "SOURCES": SOURCES,
    "AUGMENTATION": AUGMENTATION,
    "VIEWS": VIEWS,
}
TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
BLOCKS = re.findall(rf"```python\n(@(?:{'|'.join(REGISTRIES)})\..*?)```", TEXT, re.DOTALL)
HEADS = re.findall(r"```python\n(from .*?)```", TEXT, re.DOTALL)


@contextmanager
def registered(folder: Path) -> Iterator[dict[str, str]]:
    """What CONTRIBUTING adds to the registries, in them; the names by registry."""
    file = folder / "choices_from_outside.py"
    file.write_text("\n\n".join([*HEADS, *BLOCKS]), "utf-8")
    before = {title: set(registry) for title, registry in REGISTRIES.items()}
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        yield {title: name for title, registry in REGISTRIES.items() for name in set(registry) - before[title]}
    finally:
        for title, registry in REGISTRIES.items():
            for name in set(registry) - before[title]:
                registry.unregister(name)
