"""Input ports by name: a layer's own names, or input0, input1 … where it takes any number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from engine.layers import Layer

_NUMBERED = re.compile(r"input(0|[1-9][0-9]{0,3})")


def has_port(layer: Layer, port: str) -> bool:
    """Whether a layer takes an edge at ``port``."""
    return bool(_NUMBERED.fullmatch(port)) if layer.variadic else port in layer.input_ports


def first_free(layer: Layer, taken: Iterable[str]) -> str | None:
    """The first port of a layer that is not ``taken``, or None if all are."""
    ports = (f"input{index}" for index in itertools.count()) if layer.variadic else layer.input_ports
    return next((port for port in ports if port not in taken), None)


def port_order(layer: Layer, port: str) -> int:
    """The place of a port among all ports of a layer."""
    return int(port.removeprefix("input")) if layer.variadic else layer.input_ports.index(port)
