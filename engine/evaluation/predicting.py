"""What a run says of single image files."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.augmentation import fitted
from engine.data.images import Pixels, read_image
from engine.data.looks import Looks
from engine.data.pipeline import Pipeline
from engine.errors import LayerloomError
from engine.evaluation.alike import require_alike
from engine.evaluation.evaluating import BATCH, predictions_of
from engine.runs.run_folder import RunFolder
from engine.tasks import Reading
from engine.tasks.answering import answer
from engine.tasks.heads import heads_of


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a run says of one image, what matters most first; ``keys`` name the fields of a reading in JSON.

    ``error`` is the reason why it says nothing, "" if it says something.
    """

    image: Path
    readings: tuple[Reading, ...] = ()
    keys: tuple[str, str] = ("", "")
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        if self.error:
            return {"image": str(self.image), "error": self.error}
        name, value = self.keys
        said = [{name: reading.name, value: reading.value} for reading in self.readings]
        return {"image": str(self.image), "predictions": said}


def predict(
    run: RunFolder,
    images: Sequence[Path],
    *,
    top: int = 5,
    which: str | int = "best",
    looks: Looks | None = None,
    others: Sequence[RunFolder] = (),
) -> list[Prediction]:
    """The ``top`` first readings of each image file, or why there are none; raises `LayerloomError` for a bad run.

    ``looks`` is how each image is looked at, as a run says if left out. What ``others`` say is averaged with it; they
    must be alike.
    """
    require_alike((run, *others))
    said = [_said(one, images, which=which, looks=looks) for one in (run, *others)]
    task, classes = run.project().task, run.record.classes
    found = []
    for place, path in enumerate(images):
        answers = [one[place] for one in said]
        error = next((answer for answer in answers if isinstance(answer, str)), "")
        if error:
            found.append(Prediction(path, error=error))
        else:
            readings = task.readings(np.mean(np.asarray(answers), axis=0), classes)[:top]
            found.append(Prediction(path, readings, task.reading_keys))
    return found


def _said(
    run: RunFolder, images: Sequence[Path], *, which: str | int, looks: Looks | None
) -> list[NDArray[np.float64] | str]:
    """The prediction of a run for each image file, or why there is none."""
    kept_at = run.project().data.stored_at(run.input_shape)
    kept_at = looks.stored_at(kept_at, run.input_shape) if looks else kept_at
    pixels: dict[int, Pixels] = {}
    found: list[NDArray[np.float64] | str] = [""] * len(images)
    for place, path in enumerate(images):
        try:
            pixels[place] = read_image(path, kept_at, scaling=run.record.scaling)
        except LayerloomError as error:
            found[place] = str(error)
    meant = predict_pixels(run, np.stack(list(pixels.values())), which=which, looks=looks) if pixels else ()
    for place, prediction in zip(pixels, meant, strict=True):
        finite = np.isfinite(prediction).all()
        found[place] = prediction if finite else f"The network gives no number for {images[place]}."
    return found


@torch.no_grad()
def predict_pixels(
    run: RunFolder, pixels: Pixels, *, which: str | int = "best", looks: Looks | None = None
) -> NDArray[np.float64]:
    """The task's predictions ``(N, …)`` for uint8 images ``(N, C, H, W)`` of any size."""
    project = run.project()
    data, seed, loss = project.data, project.training.seed, project.training.loss
    model, heads = run.load_model(which, logits=True), heads_of(project.network)
    colours = run.record.colours
    steps = fitted(data.steps, lambda: colours) if colours else data.steps
    pipeline = Pipeline(run.input_shape, run.normalisation, steps)
    pipeline = pipeline.seen(looks) if looks else pipeline.drawing(data.test_time)
    found = []
    for some in np.split(pixels, range(BATCH, len(pixels), BATCH)):
        marks = np.array([zlib.crc32(image.tobytes()) for image in some])
        drawn = pipeline.at_test_time(torch.from_numpy(some), marks, seed)
        found.append(predictions_of(project, answer(model, drawn, heads=heads, task=project.task, loss=loss)))
    return np.concatenate(found)
