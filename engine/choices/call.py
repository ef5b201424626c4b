"""The torch-free description of the torch call that a layer becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any


class Inputs(Enum):
    """How a node's inputs reach the function that its `Call` names."""

    SEPARATE = "separate"  # f(a, b)
    LIST = "list"  # f([a, b])
    FOLD = "fold"  # f(f(a, b), c)


@dataclass(frozen=True, slots=True)
class Call:
    """What runs for a node: a module built once with ``arguments``, or a function called on the inputs.

    ``target`` is the dotted path of an ``nn.Module`` class ("torch.nn.Conv2d") or of a function ("torch.cat").
    A module is constructed as ``target(*arguments, **keywords)`` and then called on the inputs; a function is
    called as ``target(inputs..., **keywords)`` with the inputs passed as ``inputs`` says. The compiler executes and
    the source export prints this one value, so both always agree.
    """

    target: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    inputs: Inputs = Inputs.SEPARATE

    def __post_init__(self) -> None:
        object.__setattr__(self, "keywords", MappingProxyType(dict(self.keywords)))

    @property
    def is_module(self) -> bool:
        """Whether ``target`` is a class (built once, may hold parameters) and not a function."""
        return self.target.rpartition(".")[2][0].isupper()


def module(target: str, *arguments: Any, **keywords: Any) -> Call:
    """A call of a module class: ``module("torch.nn.Linear", 400, 120)``."""
    return Call(target, arguments, keywords)


def function(target: str, *, inputs: Inputs = Inputs.SEPARATE, **keywords: Any) -> Call:
    """A call of a function on the inputs: ``function("torch.cat", inputs=Inputs.LIST, dim=1)``."""
    return Call(target, (), keywords, inputs)
