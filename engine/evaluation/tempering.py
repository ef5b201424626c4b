"""The temperature that the validation images of some runs ask for, shown on another part."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.loaded import LoadedData
from engine.data.looks import Looks
from engine.data.progress import Listener
from engine.data.source import Source
from engine.evaluation.calibration import Tempered, tempered
from engine.evaluation.ensemble import evaluate_together
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation


def tempered_by_validation(
    runs: Sequence[RunFolder],
    shown: ClassEvaluation,
    *,
    data: LoadedData,
    moved_to: Source | None = None,
    looks: Looks | None = None,
    progress: Listener | None = None,
) -> Tempered:
    """Evaluate the validation images of ``runs``, fit a temperature, and show what it does to the images of ``shown``.

    ``data`` are those of the first run. Raises `LayerloomError` where there are none, or where no temperature fits.
    """
    validation: Evaluation = shown
    if shown.split != "validation":
        validation = evaluate_together(
            runs, "validation", moved_to=moved_to, data=data, looks=looks, progress=progress
        ).evaluation
    assert isinstance(validation, ClassEvaluation)  # as the other part's is
    return tempered(validation, shown)
