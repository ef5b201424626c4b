"""The source of modules that torch lacks, so that an exported file needs torch alone."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OWN = "engine.modules."


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: ``from module import name`` or, with an empty ``name``, ``import module``."""

    module: str
    name: str = ""
    alias: str = ""

    @property
    def binds(self) -> str:
        """The name it makes known."""
        return self.alias or self.name or self.module.partition(".")[0]

    def __str__(self) -> str:
        alias = f" as {self.alias}" if self.alias else ""
        return f"{self.name or f'import {self.module}'}{alias}"


@dataclass(frozen=True, slots=True)
class Carried:
    """Definitions copied from our modules, in an order that runs, and the imports they need."""

    definitions: tuple[str, ...]
    imports: frozenset[Import]
    names: frozenset[str]


def carried(targets: Iterable[str]) -> Carried:
    """Everything that the ``engine.modules`` classes and functions among ``targets`` stand on."""
    copier = _Copier()
    for target in dict.fromkeys(targets):
        if target.startswith(OWN):
            module, _, name = target.rpartition(".")
            copier.copy(module, name)
    return Carried(tuple(copier.definitions.values()), frozenset(copier.imports), frozenset(copier.definitions))


def format_imports(imports: Iterable[Import]) -> list[str]:
    """Import lines in the usual order: the future, the standard library, everything else."""
    sections: list[list[str]] = [[], [], []]
    members: dict[str, set[Import]] = {}
    for item in imports:
        members.setdefault(item.module if item.name else "", set()).add(item)
    plain = sorted(members.pop("", set()), key=lambda item: (item.module, item.alias))
    for item in plain:
        sections[_section(item.module)].append(str(item))
    for module in sorted(members, key=str.lower):
        listed = ", ".join(sorted(map(str, members[module]), key=_as_isort))
        sections[_section(module)].append(f"from {module} import {listed}")
    return [line for section in sections if section for line in ("", *section)][1:]


def _section(module: str) -> int:
    return 0 if module == "__future__" else 1 if module.partition(".")[0] in sys.stdlib_module_names else 2


def _as_isort(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2, name)


class _Copier:
    """Copies definitions with what they refer to."""

    def __init__(self) -> None:
        self.definitions: dict[str, str] = {}
        self.imports: set[Import] = set()

    def copy(self, module: str, name: str) -> None:
        """Copy one definition of one of our modules, after everything that it uses."""
        if name in self.definitions:
            return
        source = _source(module)
        self.imports.add(Import("__future__", "annotations"))  # their annotations may name what comes later
        self.definitions[name] = ""  # taken, so that two that use each other end here
        for used in source.used_by(name):
            if used in source.definitions:
                self.copy(module, used)
            elif source.imports[used].module.startswith(OWN):
                self.copy(source.imports[used].module, source.imports[used].name)
            else:
                self.imports.add(source.imports[used])
        del self.definitions[name]
        self.definitions[name] = source.definitions[name]


@dataclass(frozen=True, slots=True)
class _Source:
    """One of our modules: the text of each thing it defines at the top level, and its imports by name."""

    definitions: dict[str, str]
    nodes: dict[str, ast.stmt]
    imports: dict[str, Import]

    def used_by(self, name: str) -> list[str]:
        """What a definition refers to at this module's top level."""
        found = [node.id for node in ast.walk(self.nodes[name]) if isinstance(node, ast.Name)]
        return [used for used in dict.fromkeys(found) if used != name and (used in self.nodes or used in self.imports)]


@cache
def _source(module: str) -> _Source:
    """Read and parse one of our modules without importing it, as that would load torch."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    text = Path(spec.origin).read_text(encoding="utf-8")
    nodes: dict[str, ast.stmt] = {}
    imports: dict[str, Import] = {}
    for statement in ast.parse(text).body:
        for name in _defined(statement):
            nodes[name] = statement
        for item in _imported(statement):
            imports[item.binds] = item
    lines = text.splitlines()
    definitions = {name: "\n".join(lines[_first_line(node) - 1 : node.end_lineno]) for name, node in nodes.items()}
    return _Source(definitions, nodes, imports)


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.ClassDef() | ast.FunctionDef():
            return [statement.name]
        case ast.Assign():
            return [target.id for target in statement.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _imported(statement: ast.stmt) -> list[Import]:
    match statement:
        case ast.Import():
            return [Import(alias.name, alias=alias.asname or "") for alias in statement.names]
        case ast.ImportFrom(module=str(module)):
            return [Import(module, alias.name, alias.asname or "") for alias in statement.names]
    return []


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
