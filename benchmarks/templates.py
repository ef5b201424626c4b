"""Every template: building, analysing, opening on the canvas; and a summary from the command line."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.timing import milliseconds, seconds
from benchmarks.windows import application
from engine.errors import LayerloomError
from engine.network import Network, analyse
from engine.network.layout import tidy
from engine.project import Project
from gui.document import Document
from gui.draw.canvas.canvas import Canvas
from templates import TEMPLATES, Template

BUILD_LIMIT_MS, OPEN_LIMIT_MS, SUMMARY_LIMIT_MS = 300, 500, 1000
LARGEST = ("densenet", "depth=201")  # what the summary is timed with, once there is such a template


def run() -> dict[str, Any]:
    """``ratio`` is the slowest building and analysing over what is allowed; below 1 is good."""
    built = {label: milliseconds(partial(_built, template, options)) for label, template, options in _all()}
    torch_loaded = "torch" in sys.modules
    opened = {label: _opened(_built(template, options)) for label, template, options in _all()}
    slowest, slowest_open = (max(times, key=lambda label: times[label]) for times in (built, opened))
    summary = _summary_ms()
    return {
        "ratio": round(built[slowest] / BUILD_LIMIT_MS, 2),
        "variants": len(built),
        "median_build_ms": round(statistics.median(built.values()), 1),
        "slowest_build": [slowest, built[slowest]],
        "torch_loaded": torch_loaded,
        "slowest_open": [slowest_open, opened[slowest_open]],
        "open_limit_ms": OPEN_LIMIT_MS,
        "summary": summary,
        "summary_limit_ms": SUMMARY_LIMIT_MS,
    }


def _all() -> Iterator[tuple[str, Template, dict[str, Any]]]:
    """Every template with every combination of choices and flags that it allows."""
    for template in TEMPLATES.values():
        axes = [
            [(option.name, value) for value in (option.choices or (False, True))]
            for option in template.options.values()
            if option.kind in {"choice", "flag"}
        ]
        for combination in itertools.product(*axes):
            options = dict(combination)
            try:
                template.build(**options)
            except LayerloomError:
                continue
            yield f"{template.name} {' '.join(f'{k}={v}' for k, v in options.items())}".strip(), template, options


def _built(template: Template, options: dict[str, Any]) -> Network:
    network = template.build(**options)
    analyse(network)
    return network


def _opened(network: Network) -> float:
    """Ms to lay a network out and show it on a canvas that is there, painted."""
    app = application()
    document = Document()
    canvas = Canvas(document)
    canvas.resize(1056, 700)
    canvas.show()
    app.processEvents()

    def opening() -> None:
        tidy(network)
        document.replace(Project(network))
        app.processEvents()

    time = milliseconds(opening, repeats=1)
    canvas.close()
    canvas.deleteLater()
    app.processEvents()
    return time


def _summary_ms() -> dict[str, Any]:
    """Process time of ``python main.py summary``, less that of an empty interpreter."""
    name, option = LARGEST if LARGEST[0] in TEMPLATES else ("resnet", "depth=152")
    summary = [sys.executable, "main.py", "summary", name, "--set", option, "--json"]
    whole, empty = (_process_seconds(command) for command in (summary, [sys.executable, "-c", "pass"]))
    return {"target": f"{name} {option}", "ms": round(1000 * (whole - empty))}


def _process_seconds(command: list[str]) -> float:
    return statistics.median(
        seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(3)
    )
