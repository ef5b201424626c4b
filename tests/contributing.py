"""What CONTRIBUTING shows, written into a module outside the program and registered for a test."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.choices import Registry
from engine.data.augmentation import AUGMENTATION
from engine.data.source import SOURCES
from engine.inspection import VIEWS
from engine.recipe.initialisations import INITIALISATIONS
from engine.recipe.losses import LOSSES
from engine.recipe.metrics import METRICS
from engine.recipe.optimisers import OPTIMISERS
from engine.recipe.presets import RECIPES
from engine.recipe.schedules import SCHEDULES

REGISTRIES: dict[str, Registry[Any]] = {
    "OPTIMISERS": OPTIMISERS,
    "SCHEDULES": SCHEDULES,
    "LOSSES": LOSSES,
    "INITIALISATIONS": INITIALISATIONS,
    "RECIPES": RECIPES,
    "METRICS": METRICS,
    "SOURCES": SOURCES,
    "AUGMENTATION": AUGMENTATION,
    "VIEWS": VIEWS,
}
WINDOW = ("COMMANDS", "PANELS", "WORKSPACES")
TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
HEADS = re.findall(r"```python\n(from .*?)```", TEXT, re.DOTALL)
HEAD = "\n".join(head for head in HEADS if "gui.registry" not in head)
WINDOW_HEAD = "\n".join(head for head in HEADS if "gui.registry" in head)


def examples(registries: Iterable[str]) -> list[str]:
    """The examples that register themselves in these."""
    return re.findall(rf"```python\n(@(?:{'|'.join(registries)})\..*?)```", TEXT, re.DOTALL)


BLOCKS = examples(REGISTRIES)
START = next(block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "import mine" in block)
"""The file that starts the program with what was added."""


@contextmanager
def registered(folder: Path) -> Iterator[dict[str, str]]:
    """What CONTRIBUTING adds to the registries of the engine, in them; the names by registry."""
    with _added(folder, HEAD, BLOCKS, REGISTRIES, lambda registry, name: registry.unregister(name)) as names:
        yield names


@contextmanager
def in_the_window(folder: Path) -> Iterator[dict[str, str]]:
    """The command, panel and workspace of CONTRIBUTING for windows that are opened now; their names by registry."""
    from gui.registry.workspaces import WORKSPACES
    from gui.shell.commands import COMMANDS
    from gui.shell.panels import PANELS

    found = dict(zip(WINDOW, (COMMANDS, PANELS, WORKSPACES), strict=True))
    blocks = examples(WINDOW)
    with _added(folder, WINDOW_HEAD, blocks, found, lambda registry, name: registry.remove(name)) as names:
        yield names


@contextmanager
def _added(
    folder: Path,
    head: str,
    blocks: list[str],
    registries: Mapping[str, Mapping[str, Any]],
    remove: Callable[[Any, str], None],
) -> Iterator[dict[str, str]]:
    file = folder / "from_outside.py"
    file.write_text("\n\n".join([head, *blocks]), "utf-8")
    before = {title: set(registry) for title, registry in registries.items()}
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        yield {
            title: next(name for name in registry if name not in before[title])
            for title, registry in registries.items()
        }
    finally:
        for title, registry in reversed(registries.items()):
            for name in set(registry) - before[title]:
                remove(registry, name)
