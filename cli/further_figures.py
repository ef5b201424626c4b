"""What ``evaluate`` says besides the figures of a run: curves, temperature, slices, two runs, suspected labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.evaluating import Asked
from cli.evaluation_words import evaluation_totals
from cli.progress_bar import ProgressBar
from cli.terminal import answer, answer_json, answer_table, say
from engine.errors import LayerloomError
from engine.evaluation.calibration import Tempered
from engine.evaluation.comparing import Compared, compare_runs
from engine.evaluation.curves import Curves
from engine.evaluation.label_errors import LabelErrors, find_label_errors
from engine.evaluation.report.subject import Subject
from engine.evaluation.slices import SLICES_NOTE, Slice
from engine.files import readable
from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted, number_text, percent_text, thousands


@dataclass(frozen=True, slots=True)
class Further:
    """What goes with the figures of an evaluation; ``temperature`` is the reason where there is none."""

    found: ClassEvaluation
    roc: Curves
    precision_recall: Curves
    temperature: Tempered | str
    slices: tuple[Slice, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The keys that they add to those of the evaluation."""
        fitted = self.temperature
        none = {"temperature": None, "no_temperature": fitted}
        return {
            "auc": self.roc.to_json(),
            "average_precision": self.precision_recall.to_json(),
            **(none if isinstance(fitted, str) else {"temperature": fitted.to_json()}),
            **({} if self.slices is None else {"slices": [one.to_json() for one in self.slices]}),
        }

    def answer(self) -> None:
        """Write them for people."""
        if self.slices is not None:
            _answer_slices(self.slices)
        answer(f"{_averages(self.found)}; {_areas(self.roc, self.precision_recall)}")
        answer(_calibration(self.found, self.temperature))


class Nothing:
    """What goes with an evaluation that is not of classes."""

    def to_json(self) -> dict[str, Any]:
        """No keys."""
        return {}

    def answer(self) -> None:
        """Nothing to write."""


def further_figures(subject: Subject, *, slices: bool) -> Further | Nothing:
    """All that goes with an evaluation; raises `LayerloomError` where slices cannot be made."""
    found = subject.together.evaluation
    if not isinstance(found, ClassEvaluation):
        if slices:
            raise LayerloomError("Only a run that tells classes apart can be measured by slices.")
        return Nothing()
    cut = subject.slices if slices else None
    return Further(found, subject.roc, subject.precision_recall, subject.temperature, cut)


def _averages(found: ClassEvaluation) -> str:
    named = (("Macro", found.macro), ("weighted", found.weighted))
    return ", ".join(
        f"{title} precision {one.precision:.3f}, recall {one.recall:.3f} and F1 {one.f1:.3f}" for title, one in named
    )


def _areas(roc: Curves, precision_recall: Curves) -> str:
    areas = (f"{title} {one.macro.area:.3f}" for title, one in (("AUC", roc), ("AP", precision_recall)) if one.macro)
    return f"{' and '.join(areas)} over {counted(len(precision_recall.of), 'class', 'classes')}"


def _calibration(found: ClassEvaluation, temperature: Tempered | str) -> str:
    error = f"Expected calibration error {percent_text(found.calibration_error)}"
    if isinstance(temperature, str):
        return f"{error}. {temperature}"
    after = percent_text(temperature.after.expected_error)
    images = counted(temperature.images, "validation image")
    return f"{error}; {after} at temperature {temperature.temperature:.2f}, fitted on {images}."


def _answer_slices(slices: Sequence[Slice]) -> None:
    rows = [
        (
            one.kind,
            readable(one.title),
            thousands(one.images),
            percent_text(one.accuracy),
            " to ".join(map(percent_text, one.interval)),
            "worse" if one.worse else "",
        )
        for one in slices
    ]
    if rows:
        answer_table(("slice", "", "images", "accuracy", "95 % interval", ""), rows)
    answer(SLICES_NOTE if rows else "The images do not differ in size, brightness, folder or size of their class.")


def answer_comparison(asked: Asked, report: Path | None) -> None:
    """Evaluate two runs alone, write what their difference is, and a report of it; raises `LayerloomError`."""
    from engine.evaluation.report.comparison import write_comparison
    from engine.evaluation.report.writing import require_report_file

    if len(asked.runs) != 2:
        raise LayerloomError(f"--compare takes two runs, not {len(asked.runs)}.")
    if report is not None:
        require_report_file(report)
    runs, bar = (asked.runs[0], asked.runs[1]), ProgressBar()
    listener = bar.listener()
    with bar:
        found = compare_runs(runs, asked.split, moved_to=asked.moved_to, looks=asked.looks, progress=listener)
    _answer_compared(asked, found)
    if report is not None:
        with bar:
            write_comparison(report, runs, found, moved_to=asked.moved_to, progress=listener)
        say(f"The report is in {report}.")


def _answer_compared(asked: Asked, found: Compared) -> None:
    runs, comparison = asked.runs, found.comparison
    first, second = runs
    if asked.as_json:
        sides = {"first": (first, found.first), "second": (second, found.second)}
        alone = {name: {"run": str(run.path), **one.to_json()} for name, (run, one) in sides.items()}
        answer_json({**alone, "comparison": comparison.to_json()})
        return
    for run, one in zip(runs, (found.first, found.second), strict=True):
        answer(f"{run.path}: {evaluation_totals(one)}")
    counts = (
        ("both right", comparison.both),
        (f"only {first.path} right", comparison.only_first),
        (f"only {second.path} right", comparison.only_second),
        ("neither right", comparison.neither),
    )
    answer_table(("", "images"), [(title, thousands(len(pairs))) for title, pairs in counts], numbers_from=1)
    if left := comparison.left_words(asked.split):
        answer(left)
    answer(comparison.verdict(str(first.path), str(second.path)))


def answer_label_errors(asked: Asked) -> None:
    """Write the images that are likely labelled wrongly, the surest first."""
    with ProgressBar() as progress:
        listener = progress.listener()
        found = find_label_errors(asked.runs, moved_to=asked.moved_to, looks=asked.looks, progress=listener)
    if asked.as_json:
        answer_json(found.to_json())
        return
    if found.suspects:
        titles = ("file", "label", "likely", "p of label", "p of likely", "margin", "runs")
        answer_table(titles, _suspect_rows(found), numbers_from=3)
    by = counted(found.runs, "run")
    answer(
        f"{counted(len(found.suspects), 'image')} of {thousands(found.judged)} that {by} judged without having trained "
        f"on {'it' if found.judged == 1 else 'them'} may be labelled wrongly; {thousands(found.not_judged)} trained in "
        "every run and are not judged."
    )


def _suspect_rows(found: LabelErrors) -> list[tuple[str, ...]]:
    return [
        (
            readable(str(one.name)),
            found.classes[one.given],
            found.classes[one.likely],
            *(number_text(value, 3) for value in (one.given_probability, one.likely_probability, one.margin)),
            thousands(one.runs),
        )
        for one in found.suspects
    ]
