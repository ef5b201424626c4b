"""``python -m benchmarks`` lists the benchmarks; with a name it runs one and prints one JSON line.

``training --rounds N`` measures in more rounds, or in fewer.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import sys
from pathlib import Path

import benchmarks

_HELPERS = {"__main__", "hand_loop", "outside", "timing", "windows"}
_WITH_ROUNDS = ("training",)


def names() -> list[str]:
    """Every module of this package that measures something."""
    return sorted({module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - _HELPERS)


def _purpose(name: str) -> str:
    """The first line of a benchmark's docstring, read without importing torch or Qt."""
    text = Path(benchmarks.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def main(arguments: list[str]) -> int:
    """Run what the command line asks for; 0 if it ran."""
    if not arguments:
        for name in names():
            sys.stdout.write(f"{name:<12} {_purpose(name)}\n")
        return 0
    match arguments:
        case [name] if name in names():
            options: dict[str, int] = {}
        case [name, "--rounds", rounds] if name in _WITH_ROUNDS and rounds.isdecimal() and int(rounds):
            options = {"rounds": int(rounds)}
        case _:
            there = f"there are {', '.join(names())}; --rounds N can follow {', '.join(_WITH_ROUNDS)}"
            sys.stderr.write(f"There is no benchmark '{' '.join(arguments)}'; {there}.\n")
            return 2
    result = importlib.import_module(f"benchmarks.{name}").run(**options)
    sys.stdout.write(json.dumps({"benchmark": name, **result}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
