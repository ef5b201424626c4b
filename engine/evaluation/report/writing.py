"""A report put together and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.data.looks import Looks
from engine.data.progress import Listener, Progress, tell
from engine.data.source import Source
from engine.errors import LayerloomError
from engine.evaluation.ensemble import evaluate_together
from engine.evaluation.report.blocks import Block, Report, Section, Words
from engine.evaluation.report.circumstances import data_section, network_section, repeating_section, training_section
from engine.evaluation.report.figures import (
    calibration_section,
    classes_section,
    comparison_sections,
    confusion_section,
    curves_section,
    result_section,
    slices_section,
)
from engine.evaluation.report.html import html
from engine.evaluation.report.limits import limits
from engine.evaluation.report.pictures import Album, mistakes_section, suspects_section
from engine.evaluation.report.subject import Subject
from engine.files import require_place, save_whole
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted


def _html(report: Report) -> bytes:
    return html(report).encode()


def _pdf(report: Report) -> bytes:
    from engine.evaluation.report.pdf import pdf  # a third of a second

    return pdf(report)


WRITERS: dict[str, Callable[[Report], bytes]] = {".html": _html, ".pdf": _pdf}
"""What makes a file of a report, by its suffix."""


def require_report_file(path: Path) -> None:
    """Raise `LayerloomError` where a name is not that of a report, or nothing can be written there."""
    if path.suffix.lower() not in WRITERS:
        ends = " or ".join(WRITERS)
        raise LayerloomError(f"A report is an HTML or a PDF file: let the name of {path} end in {ends}.")
    require_place(path)


def write_report(
    path: Path,
    runs: Sequence[RunFolder],
    split: str = "test",
    *,
    looks: Looks | None = None,
    moved_to: Source | None = None,
    progress: Listener | None = None,
) -> None:
    """Evaluate one or several runs on the images of a part, and write what there is to say into an HTML or PDF file.

    Raises `LayerloomError`; then nothing is written.
    """
    require_report_file(path)
    together = evaluate_together(runs, split, looks=looks, moved_to=moved_to, progress=progress)
    write_report_of(path, Subject(runs, together, moved_to, progress))


def write_report_of(path: Path, subject: Subject) -> None:
    """The same of runs that are evaluated already."""
    write_pages(path, report_of(subject, path.name), progress=subject.progress)


def write_pages(path: Path, report: Report, *, progress: Listener | None) -> None:
    """Write a report into a file whose suffix says which; nothing is written of one that is called off."""
    content = WRITERS[path.suffix.lower()](report)
    tell(progress, Progress("Writing the report", 0, 0, "images"))
    save_whole(path, content)


def report_of(subject: Subject, file: str) -> Report:
    """Everything that a report says in a ``file`` of that name."""
    network, data = subject.project.network.name, subject.runs[0].record.data
    runs = str(subject.runs[0].path) if len(subject.runs) == 1 else f"mean of {counted(len(subject.runs), 'run')}"
    found = subject.together.evaluation
    result = result_section(subject, found)
    notes: list[Block] = [Words(text, note=True) for text in limits(subject)]
    return Report(
        f"Evaluation of {network} on {data}",
        f"{runs} on {subject.images}, {subject.looks.summary()}",
        (
            Section(result.title, (*result.blocks, *notes)),
            *(_class_sections(subject, found) if isinstance(found, ClassEvaluation) else ()),
            data_section(subject),
            training_section(subject),
            repeating_section(subject, file),
            network_section(subject),
        ),
    )


def _class_sections(subject: Subject, found: ClassEvaluation) -> tuple[Section, ...]:
    curves, album = (subject.precision_recall, subject.roc), Album.of(subject)
    return (
        confusion_section(found),
        classes_section(found, curves),
        calibration_section(subject),
        curves_section(curves),
        slices_section(subject.slices),
        *comparison_sections(subject),
        mistakes_section(subject, found, album),
        suspects_section(subject, album),
    )
