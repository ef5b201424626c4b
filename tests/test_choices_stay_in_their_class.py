"""What a choice does stands in its class: nobody else asks which one it is."""

import ast
from pathlib import Path

import pytest

from engine.registries import REGISTRIES

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for package in ("cli", "engine", "gui", "templates") for path in (ROOT / package).rglob("*.py"))
KINDS = {kind.__name__ for registry in REGISTRIES for kind in registry.values()}
NAMES = {name for registry in REGISTRIES for name in registry}
LEFT_OUT = {
    ROOT / "engine" / "project" / "migrations.py",  # what version 1 wrote has no classes
    *(ROOT / "engine" / "layers").glob("*.py"),  # they know no other choices, and have settings called alike
    *(ROOT / "templates").glob("*.py"),  # so have their variants
}


def kinds_in(node):
    """The classes of choices that an expression names."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & KINDS


def asks(node):
    """How a piece of code asks which choice something is, "" if it does not."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]) if kinds_in(kinds):
            return "isinstance"
        case ast.MatchClass(cls=kind) if kinds_in(kind):
            return "match on a class"
        case ast.MatchValue(value=ast.Constant(value=str() as name)) if name in NAMES:
            return "match on a name"
        case ast.Compare(left=left, comparators=others):
            for side in (left, *others):
                if isinstance(side, ast.Constant) and side.value in NAMES:
                    return "comparison with a name"
                named = isinstance(side, ast.Attribute) and side.attr == "name"
                if (isinstance(side, ast.Name) or named) and kinds_in(side):
                    return "comparison with a class or its name"
    return ""


def questions(source):
    return [(node.lineno, found) for node in ast.walk(ast.parse(source)) if (found := asks(node))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_asks_which_choice_it_is(path):
    if path not in LEFT_OUT:
        assert questions(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "isinstance(x, SGD)",
        "isinstance(x, (A, Cosine))",
        "x.name == 'sgd'",
        "'adamw' != x",
        "type(x) is Accuracy",
        "x.name == Folder.name",
        "match x:\n    case SGD():\n        pass",
        "match x.name:\n    case 'cosine':\n        pass",
    ],
)
def test_the_search_finds_each_way_to_ask(source):
    assert questions(source)


@pytest.mark.parametrize(
    "source", ["SGD(momentum=0.5)", "registry['sgd']", "x.name == y.name", "isinstance(x, Choice)"]
)
def test_the_search_lets_pass_what_does_not_ask(source):
    assert not questions(source)
