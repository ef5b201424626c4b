"""Evaluations as the command line writes them for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.data.part_words import SPOKEN
from engine.tasks import Reading
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation
from engine.words import counted, percent_text, thousands

if TYPE_CHECKING:
    from engine.evaluation.ensemble import Together
    from engine.runs.run_folder import RunFolder

Rows = list[tuple[str, ...]]
_BY_CLASS = ("per_class", "confusion")


def class_rows(found: ClassEvaluation) -> Rows:
    """Name, precision, recall, F1 and images of each class."""
    return [
        (score.name, *map(_figure, (score.precision, score.recall, score.f1)), thousands(score.images))
        for score in found.per_class
    ]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def members_report(together: Together, runs: Sequence[RunFolder]) -> list[dict[str, Any]]:
    """The figures of each run alone, as JSON objects, without those of single classes."""
    return [
        {"run": str(run.path), **{key: value for key, value in member.to_json().items() if key not in _BY_CLASS}}
        for run, member in zip(runs, together.members, strict=True)
    ]


def reading_words(reading: Reading) -> str:
    """What a prediction says, in a few words: "3 94.1 %"."""
    value = f"{percent_text(reading.value)}" if reading.is_share else f"{reading.value:.4g}"
    return f"{reading.name} {value}"


def evaluation_totals(found: Evaluation) -> str:
    """The figures over all images, in one line."""
    on = f"on {counted(found.images, f'{SPOKEN[found.split]} image')}"
    if not isinstance(found, ClassEvaluation):
        return f"{', '.join(f'{title} {text}' for title, text in found.figures())} {on}"
    low, high = map(percent_text, found.interval)
    top5 = "" if found.top5 is None else f", top-5 {percent_text(found.top5)}"
    accuracy = f"Accuracy {percent_text(found.accuracy)} ({low} to {high} with 95 % confidence)"
    lacking = "" if all(score.images for score in found.per_class) else f", macro averages over {found.averaged}"
    return f"{accuracy}{top5}, loss {found.loss:.3f} {on}{lacking}"
