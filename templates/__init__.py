"""Known architectures: one file each, a function from options to a `Network`; `TEMPLATES` is the table of all."""

from __future__ import annotations

import difflib
from typing import Any

from engine.errors import LayerloomError
from engine.network import Network
from templates import (
    alexnet,
    densenet,
    fashion_cnn,
    googlenet,
    inception_module,
    inception_v3,
    lenet5,
    mlp,
    mobilenet,
    neocognitron,
    network_in_network,
    perceptron,
    plain,
    resnet,
    vgg,
    wide_resnet,
    zfnet,
)
from templates.catalogue import TEMPLATES, Template
from templates.options import Option

__all__ = [
    "TEMPLATES",
    "Option",
    "Template",
    "alexnet",
    "build",
    "densenet",
    "fashion_cnn",
    "find",
    "googlenet",
    "inception_module",
    "inception_v3",
    "lenet5",
    "mlp",
    "mobilenet",
    "neocognitron",
    "network_in_network",
    "perceptron",
    "plain",
    "resnet",
    "vgg",
    "wide_resnet",
    "zfnet",
]

for _name in sorted(TEMPLATES, key=lambda name: TEMPLATES[name].year):  # the gallery tells history in order
    TEMPLATES[_name] = TEMPLATES.pop(_name)


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
