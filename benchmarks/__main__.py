"""``python -m benchmarks`` lists the benchmarks; with a name it runs one and prints one JSON line."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import sys
from pathlib import Path

import benchmarks

_HELPERS = {"__main__", "hand_loop", "outside", "timing", "windows"}


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
    if len(arguments) > 1 or arguments[0] not in names():
        sys.stderr.write(f"There is no benchmark '{' '.join(arguments)}'; there are {', '.join(names())}.\n")
        return 2
    result = importlib.import_module(f"benchmarks.{arguments[0]}").run()
    sys.stdout.write(json.dumps({"benchmark": arguments[0], **result}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
