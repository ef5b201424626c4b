"""What units look for: searching 10 000 images of the digits' size, drawing 16 pictures, and the way back."""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.timing import busy_seconds
from benchmarks.training import Case, noise
from engine.data.progress import finished
from engine.inspection.lens import Lens
from engine.inspection.units.layers import layers_with_units
from engine.inspection.units.maximising import maximise
from engine.inspection.units.patches import patches_of, projected
from engine.inspection.units.search import search
from engine.layers.shape import Shape
from engine.network.reach import reach_of
from engine.tasks import Classification
from templates import build

IMAGES = 10_000
SEARCH_S, DRAWING_S = 5.0, 2.0


def run() -> dict[str, Any]:
    """``ratio`` is the most that any takes of what it may take. One thread, and only the time it is busy.

    The search goes through all layers of LeNet-5 at once, in the images of a data set at 32×32; then come the sixteen
    units of its second convolution: their pictures in 160 steps, and their nine patches projected back.
    """
    torch.set_num_threads(1)
    network = build("lenet5")
    data = noise(Case(network, Shape(1, 32, 32), 100, IMAGES // 100, 1.0))
    lens = Lens(network, task=Classification(), images=lambda _: data)
    nodes, units = [layer.node for layer in layers_with_units(network)], range(16)
    found = finished(search(lens, nodes, "train"), None)
    searching = busy_seconds(lambda: finished(search(lens, nodes, "train"), None))
    drawing = busy_seconds(lambda: list(maximise(lens, "relu2", units)))
    answers, reach = found.answers["relu2"], reach_of(network, "relu2")
    cutting = busy_seconds(lambda: patches_of(answers, reach, data.train, units))
    back = busy_seconds(lambda: finished(projected(lens, answers, data.train, units), None))
    return {
        "ratio": round(max(searching / SEARCH_S, drawing / DRAWING_S), 3),
        "search_s": round(searching, 2),
        "search_goal_s": SEARCH_S,
        "images": answers.images,
        "drawing_s": round(drawing, 2),
        "drawing_goal_s": DRAWING_S,
        "patches_s": round(cutting, 3),
        "projected_s": round(back, 3),
    }
