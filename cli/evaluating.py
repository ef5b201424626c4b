"""What ``evaluate`` answers: the figures of a run, or of the mean of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cli.evaluation_words import class_rows, evaluation_totals, members_report
from cli.progress_bar import ProgressBar
from cli.terminal import answer, answer_json, answer_table, say
from engine.data.looks import Looks
from engine.data.source import Source
from engine.evaluation.ensemble import Together, evaluate_together
from engine.evaluation.predictions_file import predictions_table
from engine.files import require_place, save_whole
from engine.runs.run_data import found_words, what_changed
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import ClassEvaluation

if TYPE_CHECKING:
    from cli.further_figures import Further, Nothing


@dataclass(frozen=True, slots=True)
class Asked:
    """Which runs shall be evaluated, on which part, and how.

    ``moved_to`` is where their images are now, if that is said; ``looks`` how each is looked at, None as the runs say.
    """

    runs: Sequence[RunFolder]
    split: str
    moved_to: Source | None
    looks: Looks | None
    as_json: bool

    @classmethod
    def of(cls, runs: Sequence[str], split: str, *, data: str, looks: Looks | None, as_json: bool) -> Self:
        """What the options say; raises `LayerloomError` for what is no run."""
        from templates.targets import open_runs

        folders = open_runs(runs)
        moved_to = folders[0].project().data.source.moved_to(Path(data)) if data else None
        return cls(folders, split, moved_to, looks, as_json)


def answer_evaluation(asked: Asked, predictions: Path | None, report: Path | None, *, slices: bool) -> None:
    """Evaluate and write the figures; then what is said of each image, and a report of all, into files."""
    from cli.further_figures import further_figures
    from engine.evaluation.report.subject import Subject
    from engine.evaluation.report.writing import require_report_file, write_report_of

    if predictions is not None:
        require_place(predictions)
    if report is not None:
        require_report_file(report)
    bar = ProgressBar()
    listener = bar.listener()
    with bar:
        together = evaluate_together(
            asked.runs, asked.split, moved_to=asked.moved_to, looks=asked.looks, progress=listener
        )
        subject = Subject(asked.runs, together, asked.moved_to, listener)
        further = further_figures(subject, slices=slices)
    _answer(asked, together, further)
    if predictions is not None:
        save_whole(predictions, predictions_table(together.answers, together.data, together.project).encode())
        say(f"What is said of each image is in {predictions}.")
    if report is not None:
        with bar:
            write_report_of(report, subject)
        say(f"The report is in {report}.")


def _answer(asked: Asked, together: Together, further: Further | Nothing) -> None:
    """Write the figures, and what is to be known of the images."""
    found, answers, images, folders = together.evaluation, together.answers, together.data, asked.runs
    if asked.moved_to:
        say(found_words(images, folders[0]))
    for sentence in (*what_changed(images, folders[0]), *images.copies):
        say(sentence)
    members = {"members": members_report(together, folders)} if len(folders) > 1 else {}
    if asked.as_json:
        answer_json({**found.to_json(), **further.to_json(), **answers.looks.to_figures(), **members})
        return
    if isinstance(found, ClassEvaluation):
        of = f"class, mean of {len(folders)} runs" if members else "class"
        answer_table((of, "precision", "recall", "F1", "images"), class_rows(found), numbers_from=1)
    further.answer()
    for folder, member in zip(folders, together.members, strict=True):
        if members:
            answer(f"{folder.path}: {evaluation_totals(member)}")
    averages = f", {answers.looks.summary()}" if answers.looks.views > 1 else ""
    answer(f"{f'Mean of {len(folders)} runs: ' if members else ''}{evaluation_totals(found)}{averages}")
