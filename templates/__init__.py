"""Known architectures: one file each, a function from options to a `Network`; `TEMPLATES` is the table of all."""

from __future__ import annotations

import difflib
from typing import Any

from engine.errors import LayerloomError
from engine.network import Network
from templates import alexnet, lenet5, resnet, vgg
from templates.catalogue import TEMPLATES, Template
from templates.options import Option

__all__ = ["TEMPLATES", "Option", "Template", "alexnet", "build", "find", "lenet5", "resnet", "vgg"]


def find(name: str) -> Template:
    """The template called ``name``; raises `LayerloomError` with the nearest name there is."""
    if name in TEMPLATES:
        return TEMPLATES[name]
    near = difflib.get_close_matches(name, TEMPLATES, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else f" There are {', '.join(TEMPLATES)}."
    raise LayerloomError(f"No template is called '{name}'.{hint}")


def build(name: str, **options: Any) -> Network:
    """Draw a known architecture: ``build("resnet", depth=50)``; raises `LayerloomError`."""
    return find(name).build(**options)
