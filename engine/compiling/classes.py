"""Blocks become classes, and equal blocks one class: with arguments where only numbers differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.compiling.expressions import (
    Argument,
    Chain,
    Construct,
    Expression,
    Parameter,
    arguments_of,
    skeleton,
    with_values,
)
from engine.compiling.statements import TAKEN, Body, body_of, short_target
from engine.compiling.units import Operation, Unit, relative
from engine.layers import Call, Shape
from engine.network import Network, names

MOST_PARAMETERS = 8  # a constructor with more reads worse than a class of its own

_POSITIONAL = {
    "nn.Linear": ("in_features", "out_features"),
    "nn.Conv2d": ("in_channels", "out_channels"),
    "nn.ConvTranspose2d": ("in_channels", "out_channels"),
    "nn.BatchNorm1d": ("num_features",),
    "nn.BatchNorm2d": ("num_features",),
}
_USUAL = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "nn.Conv2d": {"kernel_size": None, **_USUAL},
    "nn.Linear": {"bias": True},
}


@dataclass(frozen=True, slots=True)
class Member:
    """A child that the constructor makes: ``self.path = expression``."""

    path: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class ClassSource:
    """A class to be written; ``parameters`` are those of its constructor, each with all values it is given."""

    name: str
    parameters: tuple[tuple[Parameter, tuple[Any, ...]], ...]
    members: tuple[Member, ...]
    instances: tuple[Unit, ...]
    bodies: tuple[Body, ...]  # of each instance; they differ in paths and shapes alone


def classes_of(root: Unit, network: Network, shapes: Mapping[str, Shape], *, taken: set[str]) -> list[ClassSource]:
    """The classes of a network, each after those it uses; the network's own is last.

    ``shapes`` are those of all values; ``taken`` are names that no class may have.
    """
    name = class_name(network.name) or "Network"
    name = f"Net{name}" if name in taken else name
    classes = _Classes(network, shapes, taken | {name})
    for units in _by_height(root):
        classes.add(units)
    classes.found.append(classes.whole(root, name))
    return classes.found


def class_name(text: str) -> str:
    """Words as a class name: "my net-2" gives "MyNet2"; "" if no letter is left."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return f"Net{name}" if name[:1].isdigit() else name


def _by_height(root: Unit) -> list[list[Unit]]:
    """All units below ``root`` that need a class, those that use no other first."""
    levels: list[list[Unit]] = []

    def visit(unit: Unit) -> int:
        height = max((visit(item) for item in unit.items if isinstance(item, Unit)), default=0)
        if unit.is_chain or unit is root:
            return height
        levels.extend([] for _ in range(height + 1 - len(levels)))
        levels[height].append(unit)
        return height + 1

    visit(root)
    return levels


class _Classes:
    """Finds equal units and defines their classes, level by level."""

    def __init__(self, network: Network, shapes: Mapping[str, Shape], taken: set[str]) -> None:
        self.found: list[ClassSource] = []
        self._network = network
        self._shapes = shapes
        self._taken = taken
        self._made: dict[str, Construct] = {}  # what constructs a unit, by its path
        self._plain: dict[str, ClassSource] = {}  # the first class of each base name

    def add(self, units: list[Unit]) -> None:
        """Define classes for units whose own units all have one."""
        groups: dict[Any, list[_Draft]] = {}
        for unit in units:
            draft = _Draft(unit, self._members(unit), body_of(unit))
            groups.setdefault((self._base(unit), *draft.form), []).append(draft)
        for (base, *_), group in sorted(groups.items(), key=lambda item: len(item[1][0].members)):
            for equal in _readable(group):
                self._define(base, equal)

    def whole(self, root: Unit, name: str) -> ClassSource:
        """The class of the network itself."""
        arguments = [re.sub(r"\W", "_", names.leaf(value)) for value in root.reads]
        distinct = len({*arguments, *TAKEN}) == len(arguments) + len(TAKEN)
        usable = len(arguments) > 1 and distinct and all(argument.isidentifier() for argument in arguments)
        body = body_of(root, arguments if usable else ())
        if not root.reads:
            body = replace(body, arguments=("x",))
        return ClassSource(name, (), self._members(root), (root,), (body,))

    def _base(self, unit: Unit) -> str:
        """What a unit's class would be called: the block's kind, else its name without numbers."""
        kind = class_name(self._network.block(unit.path).kind)
        words = [part.rstrip("0123456789_") for part in unit.path.split(".")]
        return kind or class_name(words[-1]) or f"{class_name(''.join(words[-2:-1]))}Block"

    def _members(self, unit: Unit) -> tuple[Member, ...]:
        return tuple(
            Member(relative(item.path, unit.path), self._expression(item))
            for item in unit.items
            if isinstance(item, Unit) or item.call.is_module
        )

    def _expression(self, item: Operation | Unit) -> Expression:
        if isinstance(item, Operation):
            return _construct(item.call, item.path)
        if item.is_chain:
            return Chain(tuple((names.leaf(child.path), self._expression(child)) for child in item.items))
        return self._made[item.path]

    def _define(self, base: str, drafts: list[_Draft]) -> None:
        """Define one class for units of equal form and note how each is constructed."""
        first, units = drafts[0], tuple(draft.unit for draft in drafts)
        columns = [tuple(values) for values in zip(*(draft.values for draft in drafts), strict=True)]
        parameters = self._parameters(units, first.arguments, columns)
        values = iter([parameters.get(column, column[0]) for column in columns])
        members = tuple(Member(member.path, with_values(member.expression, values)) for member in first.members)
        name = self._free_name(base, members)
        given = tuple(sorted(((parameter, column) for column, parameter in parameters.items()), key=_in_order))
        self.found.append(ClassSource(name, given, members, units, tuple(draft.body for draft in drafts)))
        self._plain.setdefault(base, self.found[-1])
        for index, unit in enumerate(units):
            arguments = tuple(
                Argument(column[index], parameter.name, not _is_size(parameter.name), parameter.default)
                for parameter, column in given
            )
            self._made[unit.path] = Construct(name, arguments, unit.path)

    def _parameters(
        self, units: tuple[Unit, ...], first: tuple[tuple[str, Argument], ...], columns: list[tuple[Any, ...]]
    ) -> dict[tuple[Any, ...], Parameter]:
        """A constructor parameter for each way in which values differ over the units."""
        varying: dict[tuple[Any, ...], tuple[str, str]] = {}
        for (path, argument), column in zip(first, columns, strict=True):
            if any(value != column[0] for value in column):
                varying.setdefault(column, (path, argument.name))
        ends = self._end_names(units)
        inner = sum(_is_size(hint) and column not in ends for column, (_, hint) in varying.items())
        parameters: dict[tuple[Any, ...], Parameter] = {}
        for column, (path, hint) in varying.items():
            kind = hint.rpartition("_")[2] if _is_size(hint) else hint or "value"
            detailed = f"{_identifier(path)}_{kind}"
            plain = kind if not _is_size(hint) else f"mid_{kind}" if inner == 1 else detailed
            candidates = [ends.get(column, plain), detailed, *(f"{detailed}{n}" for n in range(2, len(columns) + 2))]
            used = {parameter.name for parameter in parameters.values()}
            default = _USUAL.get(hint) if _USUAL.get(hint) in column else None
            parameters[column] = Parameter(next(name for name in candidates if name not in used), default)
        return parameters

    def _end_names(self, units: tuple[Unit, ...]) -> dict[tuple[Any, ...], str]:
        """What to call the values that are the channels going into the units and coming out."""
        shapes = [(self._shapes[unit.reads[0]], self._shapes[unit.gives[-1]]) for unit in units]
        entering, leaving = (tuple(shape.channels for shape in end) for end in zip(*shapes, strict=True))
        noun = "channels" if shapes[0][0].is_map else "features"
        if entering == leaving:
            return {entering: noun}
        return {entering: f"in_{noun}", leaving: f"out_{noun}"}

    def _free_name(self, base: str, members: tuple[Member, ...]) -> str:
        """The base name, or one that says which member sets this class apart from the first of that name."""
        first = self._plain.get(base)
        known = {member.path for member in first.members} if first else set()
        extra = [class_name(member.path) for member in members if member.path not in known]
        candidates = [base, f"{base}{extra[0]}"] if first and len(extra) == 1 else [base]
        candidates += [f"{base}{index}" for index in range(2, len(self._taken) + 3)]
        name = next(candidate for candidate in candidates if candidate not in self._taken)
        self._taken.add(name)
        return name


@dataclass(frozen=True)
class _Draft:
    """A unit with what its class would hold, to be compared with others."""

    unit: Unit
    members: tuple[Member, ...]
    body: Body

    @cached_property
    def form(self) -> tuple[Any, ...]:
        """Equal for units that one class can serve."""
        members = tuple((member.path, skeleton(member.expression)) for member in self.members)
        lines = tuple((statement.target, statement.value) for statement in self.body.statements)
        return members, lines, tuple(self.body.variables[value] for value in self.unit.gives)

    @cached_property
    def arguments(self) -> tuple[tuple[str, Argument], ...]:
        """Every argument in the constructor, with the path of the module it is for."""
        return tuple(pair for member in self.members for pair in arguments_of(member.expression, member.path))

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """The values of all arguments."""
        return tuple(argument.value for _, argument in self.arguments)


def _readable(group: list[_Draft]) -> list[list[_Draft]]:
    """The group whole, or cut into equal units if its class would need too many parameters."""
    columns = set(zip(*(draft.values for draft in group), strict=True))
    if sum(any(value != column[0] for value in column) for column in columns) <= MOST_PARAMETERS:
        return [group]
    equal: dict[tuple[Any, ...], list[_Draft]] = {}
    for draft in group:
        equal.setdefault(draft.values, []).append(draft)
    return list(equal.values())


def _is_size(name: str) -> bool:
    """Whether a parameter counts channels or features: these come first and are passed by position."""
    return name.endswith(("channels", "features"))


def _in_order(parameter: tuple[Parameter, tuple[Any, ...]]) -> tuple[bool, bool]:
    """Sizes first, and what has a default last."""
    return not _is_size(parameter[0].name), parameter[0].default is not None


def _construct(call: Call, path: str) -> Construct:
    """A call of a module class as an expression; known defaults are filled in, so that equal layers compare equal."""
    target = short_target(call.target)
    positional = _POSITIONAL.get(target, ())
    arguments = [
        Argument(value, positional[index] if index < len(positional) else "")
        for index, value in enumerate(call.arguments)
    ]
    defaults = _DEFAULTS.get(target, {})
    keywords = {name: call.keywords.get(name, default) for name, default in defaults.items()} | dict(call.keywords)
    arguments += [Argument(value, name, keyword=True, default=defaults.get(name)) for name, value in keywords.items()]
    return Construct(target, tuple(arguments), path)


def _identifier(path: str) -> str:
    name = re.sub(r"\W", "_", path)
    return name if name.isidentifier() else f"part{name}"


def annotation(values: tuple[Any, ...]) -> str:
    """The type of a parameter that is given ``values``: "int | tuple[int, int]"."""
    return " | ".join(sorted({_type(value) for value in values}))


def _type(value: Any) -> str:
    if isinstance(value, tuple):
        return f"tuple[{', '.join(map(_type, value))}]"
    return type(value).__name__
