"""Python expressions that construct modules: compared, given parameters, and laid out as a formatter would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constructor parameter standing where instances of a class have different values; None is no default."""

    name: str
    default: Any = None


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a constructor; ``name`` is what the constructor calls it, "" if unknown."""

    value: Any
    name: str = ""
    keyword: bool = False
    default: Any = None  # with this value the argument need not be written


@dataclass(frozen=True, slots=True)
class Construct:
    """``nn.Conv2d(3, 64, kernel_size=3)``, for the node or block ``path``."""

    target: str
    arguments: tuple[Argument, ...]
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """``nn.Sequential(…)`` of named expressions."""

    items: tuple[tuple[str, Expression], ...]


Expression = Construct | Chain


def skeleton(expression: Expression) -> tuple[Any, ...]:
    """What is left of an expression without its values: equal for expressions that differ in numbers alone."""
    if isinstance(expression, Chain):
        return tuple((name, skeleton(item)) for name, item in expression.items)
    return expression.target, tuple(argument.name for argument in expression.arguments)


def arguments_of(expression: Expression, path: str = "") -> Iterator[tuple[str, Argument]]:
    """All arguments in the order of the text, each with the path of the module that it is for."""
    if isinstance(expression, Chain):
        for name, item in expression.items:
            yield from arguments_of(item, f"{path}.{name}")
    else:
        yield from ((path, argument) for argument in expression.arguments)


def with_values(expression: Expression, values: Iterator[Any]) -> Expression:
    """The same expression with the next ``values`` as its arguments."""
    if isinstance(expression, Chain):
        return Chain(tuple((name, with_values(item, values)) for name, item in expression.items))
    arguments = tuple(replace(argument, value=next(values)) for argument in expression.arguments)
    return replace(expression, arguments=arguments)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of code that is never broken; ``nodes`` are the nodes it stands for."""

    text: str
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bracketed:
    """Pieces between brackets: on one line if they fit and ``split`` allows it, else each on its own."""

    opening: str
    items: tuple[Code, ...]
    closing: str
    split: bool = False
    nodes: tuple[str, ...] = ()


Code = Text | Bracketed
Line = tuple[str, tuple[str, ...]]
"""A line of code and the nodes that it stands for."""


def lay_out(code: Code, *, indent: int, prefix: str = "", suffix: str = "") -> list[Line]:
    """The lines of ``prefix``, ``code`` and ``suffix``, broken as Black and Ruff break them."""
    margin = " " * indent
    flat = f"{margin}{prefix}{_flat(code)}{suffix}"
    if isinstance(code, Text) or (not _must_split(code) and len(flat) <= WIDTH):
        return [(flat, _nodes(code))]
    first: Line = (f"{margin}{prefix}{code.opening}", code.nodes)
    last: Line = (f"{margin}{code.closing}{suffix}", ())
    body = f"{margin}    {', '.join(map(_flat, code.items))}"
    if not _must_split(code) and len(body) <= WIDTH:
        return [first, (body, _nodes(code)), last]
    lines = [line for item in code.items for line in lay_out(item, indent=indent + 4, suffix=",")]
    return [first, *lines, last]


def _flat(code: Code) -> str:
    if isinstance(code, Text):
        return code.text
    return f"{code.opening}{', '.join(map(_flat, code.items))}{code.closing}"


def _must_split(code: Code) -> bool:
    return isinstance(code, Bracketed) and (code.split or any(map(_must_split, code.items)))


def _nodes(code: Code) -> tuple[str, ...]:
    if isinstance(code, Text):
        return code.nodes
    return (*code.nodes, *(node for item in code.items for node in _nodes(item)))


def code_of(expression: Expression) -> Code:
    """An expression as code."""
    if isinstance(expression, Construct):
        arguments = tuple(_argument(a) for a in expression.arguments if a.value != a.default or a.default is None)
        return Bracketed(f"{expression.target}(", arguments, ")", nodes=(expression.path,))
    if [name for name, _ in expression.items] == [str(index) for index in range(len(expression.items))]:
        items = tuple(_runs([code_of(item) for _, item in expression.items]))
        return Bracketed("nn.Sequential(", items, ")", split=len(items) > 1)
    pairs = tuple(Bracketed("(", (Text(quoted(name)), code_of(item)), ")") for name, item in expression.items)
    ordered = Bracketed("OrderedDict(", (Bracketed("[", pairs, "]", split=True),), ")")
    return Bracketed("nn.Sequential(", (ordered,), ")")


def _runs(items: list[Code]) -> Iterator[Code]:
    """The items, with three or more equal ones in a row written once: ``*(Block(64) for _ in range(3))``."""
    start = 0
    while start < len(items):
        end = start + 1
        while end < len(items) and _flat(items[end]) == _flat(items[start]):
            end += 1
        run = items[start:end]
        if len(run) < 3:
            yield from run
        else:
            nodes = tuple(node for item in run for node in _nodes(item))
            yield Text(f"*({_flat(run[0])} for _ in range({len(run)}))", nodes)
        start = end


def _argument(argument: Argument) -> Code:
    value = literal(argument.value)
    if not argument.keyword:
        return value
    if isinstance(value, Text):
        return Text(f"{argument.name}={value.text}")
    return replace(value, opening=f"{argument.name}={value.opening}")


def quoted(text: str) -> str:
    """A string as Python writes it, in double quotes; what could end it or cannot be seen is escaped."""
    escaped = (f"\\{c}" if c in '"\\' else c if c.isprintable() else repr(c)[1:-1] for c in text)
    return f'"{"".join(escaped)}"'


def plain(text: str) -> str:
    """A text as one line of a comment or docstring: with nothing in it that could end either."""
    seen = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split()).replace("\\", "/").replace('"', "'")


def literal(value: Any) -> Code:
    """A value as Python writes it."""
    match value:
        case Parameter(name):
            return Text(name)
        case str():
            return Text(quoted(value))
        case tuple() if len(value) == 1:
            return Text(f"({literal_text(value[0])},)")
        case tuple():
            return Bracketed("(", tuple(map(literal, value)), ")")
        case list():
            return Bracketed("[", tuple(map(literal, value)), "]")
        case _:
            return Text(repr(value))


def literal_text(value: Any) -> str:
    """A value as Python writes it, on one line."""
    return _flat(literal(value))
