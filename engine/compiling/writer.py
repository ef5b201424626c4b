"""Writes classes line by line and remembers which nodes each line stands for."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from engine.compiling.classes import ClassSource, annotation
from engine.compiling.expressions import (
    WIDTH,
    Bracketed,
    Code,
    Line,
    Parameter,
    Text,
    code_of,
    lay_out,
    literal_text,
    plain,
    quoted,
)
from engine.compiling.plan import Plan
from engine.compiling.statements import Body, module_at
from engine.compiling.units import Operation, Unit, relative, resolved
from engine.network import names

Lines = tuple[tuple[int, int], ...]
"""First and last line of each place, counted from 1."""


class Writer:
    """Collects lines and remembers which nodes they stand for."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._places: dict[str, list[int]] = defaultdict(list)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def write(self, text: str = "", *nodes: str) -> None:
        self._lines.append(text)
        for node in nodes:
            self._places[node].append(len(self._lines))

    def write_all(self, lines: Iterable[Line]) -> None:
        for text, nodes in lines:
            self.write(text, *nodes)

    def places(self, *, below: int) -> dict[str, Lines]:
        """Where each node stands if the text follows ``below`` other lines."""
        return {node: _ranges(line + below for line in places) for node, places in self._places.items()}


def _ranges(lines: Iterable[int]) -> Lines:
    """Line numbers as ranges: 3, 4, 7 are 3–4 and 7–7."""
    ranges: list[tuple[int, int]] = []
    for line in sorted(set(lines)):
        if ranges and ranges[-1][1] == line - 1:
            ranges[-1] = (ranges[-1][0], line)
        else:
            ranges.append((line, line))
    return tuple(ranges)


def write_class(writer: Writer, source: ClassSource) -> None:
    """A block's class; each line stands for the nodes of all its instances."""
    writer.write(f"class {source.name}(nn.Module):", *(unit.path for unit in source.instances))
    writer.write(f'    """{_where(source.instances)}"""')
    writer.write()
    _write_constructor(writer, source)
    returned = [source.bodies[0].variables[value] for value in source.instances[0].gives]
    kind = "Tensor" if len(returned) == 1 else f"tuple[{', '.join(['Tensor'] * len(returned))}]"
    _write_signature(writer, source.bodies[0], kind)
    _write_statements(writer, source)
    writer.write(f"        return {', '.join(returned)}")
    writer.write()
    writer.write()


def _where(instances: tuple[Unit, ...]) -> str:
    """Which blocks a class is for."""
    paths = [unit.path for unit in instances]
    if len(paths) == 1:
        return f"Block {paths[0]}."
    rest = paths[2] if len(paths) == 3 else f"{len(paths) - 2} more"
    return f"Blocks {paths[0]} and {paths[1]}." if len(paths) == 2 else f"Blocks {paths[0]}, {paths[1]} and {rest}."


def _write_constructor(writer: Writer, source: ClassSource) -> None:
    """``__init__``, unless there is nothing to construct."""
    if not source.members:
        return
    parameters = tuple(Text(_declared(parameter, values)) for parameter, values in source.parameters)
    signature = Bracketed("def __init__(", (Text("self"), *parameters), ")")
    writer.write_all(lay_out(signature, indent=4, suffix=" -> None:"))
    writer.write("        super().__init__()")
    made: set[str] = set()
    for member in source.members:
        for holder in names.prefixes(member.path):
            if holder not in made:
                made.add(holder)
                writer.write_all(_assignment(holder, Text("nn.Module()")))
        lines = _assignment(member.path, code_of(member.expression))
        writer.write_all((text, _in_all(source.instances, nodes)) for text, nodes in lines)
    writer.write()


def _declared(parameter: Parameter, values: tuple[Any, ...]) -> str:
    default = "" if parameter.default is None else f" = {literal_text(parameter.default)}"
    return f"{parameter.name}: {annotation(values)}{default}"


def _assignment(path: str, code: Code) -> list[Line]:
    """``self.conv1 = code``; a child whose name is no Python name is added by name."""
    holder, leaf = module_at(names.parent(path)), names.leaf(path)
    if leaf.isidentifier():
        return lay_out(code, indent=8, prefix=f"{holder}.{leaf} = ")
    return lay_out(Bracketed(f"{holder}.add_module(", (Text(quoted(leaf)), code), ")"), indent=8)


def _in_all(instances: tuple[Unit, ...], nodes: Iterable[str]) -> tuple[str, ...]:
    """Nodes of the first instance, and those in the same place of the others."""
    first, *others = (unit.path for unit in instances)
    inside = [relative(node, first) for node in nodes]
    return (*nodes, *(f"{path}.{node}" for path in others for node in inside))


def _write_signature(writer: Writer, body: Body, kind: str, *, comment: str = "", nodes: Iterable[str] = ()) -> None:
    arguments = tuple(Text(f"{argument}: Tensor") for argument in body.arguments)
    code = Bracketed("def forward(", (Text("self"), *arguments), ")", nodes=tuple(nodes))
    writer.write_all(lay_out(code, indent=4, suffix=f" -> {kind}:{comment}"))


def _write_statements(writer: Writer, source: ClassSource) -> None:
    """The lines of ``forward`` but the last; what only training needs stands under ``if self.training``."""
    unit, training_only = source.instances[0], False
    for place, (item, statement) in enumerate(zip(unit.items, source.bodies[0].statements, strict=True)):
        if statement.training_only and not training_only and not unit.training_only:
            writer.write("        if self.training:")
        training_only = statement.training_only
        indent = 12 if training_only and not unit.training_only else 8
        lines = lay_out(statement.value, indent=indent, prefix=f"{statement.target} = ")
        nodes = _in_all(source.instances, tuple(_marked_by(item)))
        shapes = {body.statements[place].shape for body in source.bodies}
        for number, (text, _) in enumerate(lines):
            last = number == len(lines) - 1
            writer.write(_commented(text, shapes) if last else text, *nodes)


def _marked_by(item: Operation | Unit) -> Iterator[str]:
    """The nodes that the call of an item stands for: itself, and the members of a chain."""
    yield item.path
    if isinstance(item, Unit) and item.is_chain:
        for child in item.items:
            yield from _marked_by(child)


def _commented(text: str, shapes: set[str]) -> str:
    """A line with the shape that its value always has."""
    commented = f"{text}  # {next(iter(shapes))}"
    return commented if len(shapes) == 1 and "" not in shapes and len(commented) <= WIDTH else text


FROZEN = "FROZEN"
"""What the list of the parts that do not train is called in the file."""


def write_network(
    writer: Writer, source: ClassSource, steps: Plan, unwritten: list[Line], *, frozen: bool = False
) -> None:
    """The class of the whole network; ``frozen`` says that parts of it do not train."""
    writer.write(f"class {source.name}(nn.Module):")
    writer.write(f'    """{_takes_and_gives(steps)}"""')
    writer.write()
    _write_constructor(writer, source)
    if frozen:
        _write_train(writer)
    real = resolved(steps)
    variables = {name: source.bodies[0].variables[real[name]] for name in steps.outputs}
    training, evaluation = (steps.outputs_in(training=mode) for mode in (True, False))
    kinds = sorted({"Tensor" if len(outputs) <= 1 else "dict[str, Tensor]" for outputs in (training, evaluation)})
    comment = f"  # {steps.steps[steps.inputs[0]].shape}" if len(steps.inputs) == 1 else ""
    _write_signature(writer, source.bodies[0], " | ".join(kinds), comment=comment, nodes=steps.inputs)
    _write_statements(writer, source)
    for text, nodes in unwritten:
        lines = textwrap.wrap(plain(text), WIDTH, initial_indent=_COMMENT, subsequent_indent=_COMMENT)
        writer.write_all((line, nodes) for line in lines)
    if training != evaluation:
        items = source.instances[0].items
        if not items or not items[-1].training_only:
            writer.write("        if self.training:")
        writer.write_all(_return(training, variables, indent=12))
    writer.write_all(_return(evaluation, variables, indent=8))


def _write_train(writer: Writer) -> None:
    """A ``train`` that leaves out what is frozen."""
    writer.write("    def train(self, mode: bool = True) -> nn.Module:")
    writer.write("        super().train(mode)")
    writer.write(f"        for name in {FROZEN}:")
    writer.write("            self.get_submodule(name).eval()  # no dropout, and batch norm keeps its averages")
    writer.write("        return self")
    writer.write()


_COMMENT = " " * 8 + "# "


def _return(outputs: tuple[str, ...], variables: dict[str, str], *, indent: int) -> list[Line]:
    if len(outputs) <= 1:
        return [(f"{' ' * indent}return {''.join(variables[name] for name in outputs) or 'x'}", outputs)]
    pairs = tuple(Text(f"{quoted(name)}: {variables[name]}", (name,)) for name in outputs)
    return lay_out(Bracketed("{", pairs, "}"), indent=indent, prefix="return ")


def _takes_and_gives(steps: Plan) -> str:
    """What goes in and comes out, with the batch as N."""
    if not steps.steps:
        return "Nothing is drawn yet."
    takes, gives = (
        " and ".join(f"N×{steps.steps[name].shape}" for name in ends)
        for ends in (steps.inputs, steps.outputs_in(training=False))
    )
    return f"From {takes} to {gives}."
