"""What a run says of single image files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.images import Pixels, read_image
from engine.data.pipeline import Pipeline
from engine.errors import LayerloomError
from engine.evaluation.evaluating import BATCH, predictions_of
from engine.runs.run_folder import RunFolder
from engine.tasks import Reading
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


def predict(run: RunFolder, images: Sequence[Path], *, top: int = 5, which: str | int = "best") -> list[Prediction]:
    """The ``top`` first readings of each image file, or why there are none; raises `LayerloomError` for a bad run."""
    project, classes = run.project(), run.record.classes
    task, kept_at = project.task, project.data.stored_at(run.input_shape)
    pixels: dict[int, Pixels] = {}
    found: dict[int, Prediction] = {}
    for place, path in enumerate(images):
        try:
            pixels[place] = read_image(path, kept_at, scaling=run.record.scaling)
        except LayerloomError as error:
            found[place] = Prediction(path, error=str(error))
    meant = predict_pixels(run, np.stack(list(pixels.values())), which=which) if pixels else ()
    for place, prediction in zip(pixels, meant, strict=True):
        path = images[place]
        if np.isfinite(prediction).all():
            found[place] = Prediction(path, task.readings(prediction, classes)[:top], task.reading_keys)
        else:
            found[place] = Prediction(path, error=f"The network gives no number for {path}.")
    return [found[place] for place in range(len(images))]


@torch.no_grad()
def predict_pixels(run: RunFolder, pixels: Pixels, *, which: str | int = "best") -> NDArray[np.float64]:
    """The task's predictions ``(N, …)`` for uint8 images ``(N, C, H, W)`` of any size."""
    project = run.project()
    model, heads = run.load_model(which, logits=project.training.loss.takes_scores), heads_of(project.network)
    pipeline = Pipeline(run.input_shape, run.normalisation)
    batches = torch.split(torch.from_numpy(pixels), BATCH)
    return np.concatenate([predictions_of(project, heads.main_of(model(pipeline(some)))) for some in batches])
