"""Summaries, problems and evaluations as the command line writes them for people."""

from __future__ import annotations

from typing import Any

from engine.network import Problem
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation
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


def class_rows(found: ClassEvaluation) -> Rows:
    """Name, precision, recall, F1 and images of each class."""
    return [
        (score.name, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", thousands(score.images))
        for score in found.per_class
    ]


def evaluation_totals(found: Evaluation) -> str:
    """The figures over all images, in one line."""
    on = f"on {thousands(found.images)} {found.split} images"
    if not isinstance(found, ClassEvaluation):
        return f"{', '.join(f'{title} {text}' for title, text in found.figures())} {on}"
    low, high = found.interval
    top5 = "" if found.top5 is None else f", top-5 {found.top5:.1%}"
    accuracy = f"Accuracy {found.accuracy:.1%} ({low:.1%} to {high:.1%} with 95 % confidence)"
    return f"{accuracy}{top5}, loss {found.loss:.3f} {on}"


def _shape(sizes: list[int] | None) -> str:
    return "×".join(map(str, sizes)) if sizes else "?"
