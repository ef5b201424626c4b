"""Summaries, problems and choices as the command line writes them for people."""

from __future__ import annotations

from typing import Any

from engine.network import Problem
from engine.words import memory, si, thousands

Rows = list[tuple[str, ...]]


def layer_rows(report: list[dict[str, Any]]) -> Rows:
    """Name, family and settings of each layer in a report of `cli.reports.layers`."""
    return [
        (entry["name"], entry["family"], ", ".join(f"{key}={value}" for key, value in entry["settings"].items()))
        for entry in report
    ]


def choice_rows(report: dict[str, Any]) -> Rows:
    """Registry, name, settings and help of each choice in a report of `cli.reports.choices`."""
    return [
        (registry, entry["name"], _defaults(entry["settings"]), entry["help"])
        for registry, entries in report.items()
        for entry in entries
    ]


def _defaults(settings: dict[str, Any]) -> str:
    return ", ".join(f"{key}={schema.get('default')}" for key, schema in settings.items())


def summary_rows(report: dict[str, Any]) -> Rows:
    """Name, layer, output, parameters, MACs and receptive field of each node in an `cli.reports.summary`."""
    return [
        (
            entry["name"],
            entry["layer"],
            _shape(entry["output"]),
            thousands(entry["parameters"]),
            si(entry["multiply_adds"]),
            _shape(entry["receptive_field"]),
        )
        for entry in report["layers"]
    ]


def summary_totals(report: dict[str, Any]) -> str:
    """What the whole network has and costs, in one line."""
    macs, evaluation = report["multiply_adds"], report["evaluation_multiply_adds"]
    resting = f"; {si(macs - evaluation)} of them in auxiliary heads, which rest in evaluation" * (macs != evaluation)
    return (
        f"{report['name']}: {thousands(report['total_parameters'])} parameters, {si(macs)} MACs "
        f"(convolutions and matrix products only{resting}), "
        f"{memory(report['activation_bytes'])} activations at batch {report['batch']}"
    )


def problem_line(problem: Problem) -> str:
    """A problem with its place and the fixes that the window offers."""
    where = f"{problem.node}: " if problem.node else ""
    fixes = "".join(f" [{fix.label}]" for fix in problem.fixes)
    return f"{problem.severity}  {where}{problem.message} {problem.hint}".rstrip() + fixes


def _shape(sizes: list[int] | None) -> str:
    return "×".join(map(str, sizes)) if sizes else "?"
