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
from engine.data.loaded import Normalisation
from engine.evaluation.evaluating import BATCH
from engine.runs.run_folder import RunFolder
from engine.tasks.heads import heads_of


@dataclass(frozen=True, slots=True)
class Guess:
    """A class, and how sure the network is, 0 to 1."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The likeliest classes of one image, best first."""

    image: Path
    guesses: tuple[Guess, ...]

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        guesses = [{"class": guess.name, "probability": guess.probability} for guess in self.guesses]
        return {"image": str(self.image), "predictions": guesses}


def predict(run: RunFolder, images: Sequence[Path], *, top: int = 5, which: str | int = "best") -> list[Prediction]:
    """The ``top`` likeliest classes of each image file; raises `LayerloomError` for one that cannot be read."""
    pixels = np.stack([read_image(path, run.input_shape) for path in images])
    probabilities = predict_pixels(run, pixels, which=which)
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :top]
    classes = run.record.classes
    return [
        Prediction(path, tuple(Guess(classes[index], float(row[index])) for index in best))
        for path, row, best in zip(images, probabilities, order, strict=True)
    ]


@torch.no_grad()
def predict_pixels(run: RunFolder, pixels: Pixels, *, which: str | int = "best") -> NDArray[np.float64]:
    """Class probabilities ``(N, classes)`` of uint8 images ``(N, C, H, W)`` at the network's input shape."""
    project = run.project()
    model = run.load_model(which, logits=project.training.loss.takes_scores)
    heads, task = heads_of(project.network), project.task
    normalise = Normalisation(run.record.mean, run.record.std)
    batches = torch.split(torch.from_numpy(pixels), BATCH)
    return np.concatenate([task.predictions(heads.main_of(model(normalise(some)))).numpy() for some in batches])
