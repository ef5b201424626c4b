"""The lines of a ``forward`` method, with the variables a person would use."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.compiling.expressions import Bracketed, Code, Text, literal_text, quoted
from engine.compiling.units import Operation, Unit, is_attribute, relative
from engine.layers import Call, Inputs
from engine.network import names

_OPERATORS = {"torch.add": " + ", "torch.mul": " * "}
TAKEN = frozenset({"self", "torch", "nn", "F"})
"""Names that no variable of a ``forward`` may have."""

_IN_PROGRESS = "out"

Piece = Operation | Unit


@dataclass(frozen=True, slots=True)
class Statement:
    """``target = value``; ``path`` is the node or block that runs, ``shape`` what comes out, as text."""

    target: str
    value: Code
    path: str
    shape: str
    training_only: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A ``forward`` method: names of its arguments, statements, and the variable of each value."""

    arguments: tuple[str, ...]
    statements: tuple[Statement, ...]
    variables: Mapping[str, str]


def body_of(unit: Unit, arguments: Iterable[str] = ()) -> Body:
    """The body of the ``forward`` method of a unit; ``arguments`` default to x, y, z …"""
    names_of_arguments = tuple(arguments) or _letters(len(unit.reads))
    variables = _Variables(unit, dict(zip(unit.reads, names_of_arguments, strict=True)))
    statements = []
    for place, item in enumerate(unit.items):
        inputs = [variables.of[value] for value in item.reads]
        value = _value(item, inputs, around=unit.path)
        targets = variables.assign(place, item)
        shape = str(item.shape) if isinstance(item, Operation) else _shape_of(item)
        statements.append(Statement(", ".join(targets), value, item.path, shape, item.training_only))
    return Body(names_of_arguments, tuple(statements), variables.of)


def _letters(count: int) -> tuple[str, ...]:
    return tuple("xyz"[:count]) if count <= 3 else tuple(f"x{index}" for index in range(1, count + 1))


def _shape_of(unit: Unit) -> str:
    """The shape of what the last operation of a unit gives, if nothing else comes out."""
    last = unit.items[-1]
    if len(unit.gives) != 1 or last.gives != unit.gives:
        return ""
    return str(last.shape) if isinstance(last, Operation) else _shape_of(last)


def _value(item: Piece, inputs: list[str], *, around: str) -> Code:
    if isinstance(item, Operation) and not item.call.is_module:
        return _function_call(item.call, inputs)
    return Text(f"{module_at(relative(item.path, around))}({', '.join(inputs)})")


def module_at(path: str) -> str:
    """How a method reaches a child module: ``self.conv1``, or by name where that is no Python name."""
    if not path:
        return "self"
    return f"self.{path}" if is_attribute(path) else f"self.get_submodule({quoted(path)})"


def _function_call(call: Call, inputs: list[str]) -> Code:
    function = short_target(call.target)
    keywords = tuple(Text(f"{name}={literal_text(value)}") for name, value in call.keywords.items())
    variables = tuple(map(Text, inputs))
    match call.inputs:
        case Inputs.FOLD if call.target in _OPERATORS and not keywords:
            return Text(_OPERATORS[call.target].join(inputs))
        case Inputs.FOLD:
            value: Code = variables[0]
            for other in variables[1:]:
                value = Bracketed(f"{function}(", (value, other, *keywords), ")")
            return value
        case Inputs.LIST:
            return Bracketed(f"{function}(", (Bracketed("[", variables, "]"), *keywords), ")")
        case Inputs.SEPARATE:
            return Bracketed(f"{function}(", (*variables, *keywords), ")")


def short_target(target: str) -> str:
    """A target as the imports of the file allow it to be written: ``nn.Conv2d``, ``F.pad``, ``torch.cat``."""
    for long, short in (("torch.nn.functional.", "F."), ("torch.nn.", "nn.")):
        if target.startswith(long):
            return short + target.removeprefix(long)
    return target if target.startswith("torch.") else names.leaf(target)


class _Variables:
    """Which variable holds which value.

    Work in progress goes through one variable, x or out; a value that is kept until several meet gets its node's name.
    """

    def __init__(self, unit: Unit, arguments: dict[str, str]) -> None:
        self.of = dict(arguments)
        self._unit = unit
        self._arguments = frozenset(arguments.values())
        self._kept: set[str] = set()  # variables with the name of a node
        self._readers: dict[str, list[Piece]] = defaultdict(list)
        self._last_read = dict.fromkeys(unit.gives, len(unit.items))
        for place, item in enumerate(unit.items):
            for value in item.reads:
                self._readers[value].append(item)
                self._last_read[value] = max(place, self._last_read.get(value, 0))
        self._training_only = {value: item.training_only for item in unit.items for value in item.gives}

    def assign(self, place: int, item: Piece) -> list[str]:
        """The variables that take what ``item``, the unit's ``place``-th, gives."""
        targets: list[str] = []
        for value in item.gives:
            reused = None if self._starts_a_branch(item, value) else self._reused(place, item, targets)
            self.of[value] = reused or self._new(place, item, value)
            targets.append(self.of[value])
        return targets

    def _starts_a_branch(self, item: Piece, value: str) -> bool:
        """Whether a value comes straight from an argument and waits for others to meet it."""
        merged = any(len(reader.reads) > 1 for reader in self._readers[value])
        return merged and len(item.reads) == 1 and self.of[item.reads[0]] in self._arguments

    def _reused(self, place: int, item: Piece, taken: list[str]) -> str | None:
        """The variable of an input that nobody reads later."""
        for value in item.reads:
            variable = self.of[value]
            same_mode = self._training_only.get(value, self._unit.training_only) == item.training_only
            if self._last_read[value] == place and same_mode and variable not in {*taken, *self._kept}:
                return variable
        return None

    def _new(self, place: int, item: Piece, value: str) -> str:
        in_use = {name for held, name in self.of.items() if self._last_read.get(held, -1) >= place} | TAKEN
        stem = self._stem(item, value)
        candidates = [stem, *(f"{stem}{index}" for index in range(2, len(self.of) + 3))]
        variable = next(name for name in candidates if name not in in_use)
        if stem != _IN_PROGRESS:
            self._kept.add(variable)
        return variable

    def _stem(self, item: Piece, value: str) -> str:
        goes_on = any(len(reader.reads) == 1 for reader in self._readers[value]) and value not in self._unit.gives
        if goes_on or len(item.reads) > 1:
            return _IN_PROGRESS
        leaf = re.sub(r"\W", "_", names.leaf(value if len(item.gives) > 1 else item.path))
        return leaf if leaf.isidentifier() else f"branch{leaf}"
