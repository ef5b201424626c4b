"""The feature maps of one layer as one picture."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engine.compiling import compile_network
from engine.compiling.taps import feature_maps
from engine.data.images import read_image
from engine.data.normalise import Normalisation
from engine.errors import LayerloomError
from engine.files import save_whole
from engine.network import analyse
from engine.project import Project
from engine.runs.preparing import input_shape
from engine.runs.run_folder import RunFolder

_GAP = 1  # pixels of a map between two maps, before enlarging
_EDGE = 96  # px that a map is enlarged to at least
_BACKGROUND = 255


def draw_maps(project: Project, image: Path, *, node: str, output: Path, run: RunFolder | None = None) -> int:
    """Write the maps of ``node`` for an image file as a PNG, with the best weights of ``run`` or initial ones.

    Each map is grey from its own least (black) to its own largest value (white). Returns how many there are; raises
    `LayerloomError` for an unknown node or an unreadable image.
    """
    network = project.network
    if node not in network:
        raise LayerloomError(f"There is no layer called '{node}'. There are {', '.join(list(network)[:12])} …")
    shape = input_shape(network, analyse(network))
    model = run.load_model() if run else compile_network(network, seed=project.training.seed).eval()
    channels = shape.channels
    normalise = (
        Normalisation(run.record.mean, run.record.std) if run else Normalisation((0.5,) * channels, (0.5,) * channels)
    )
    pixels = normalise(torch.from_numpy(read_image(image, shape)[None]))
    maps = feature_maps(model, pixels, (node,))[node][0]
    buffer = io.BytesIO()
    Image.fromarray(sheet(maps)).save(buffer, "PNG")
    save_whole(output, buffer.getvalue())
    return len(maps)


def sheet(maps: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Maps ``(C, H, W)``, or ``(N,)`` as maps of one value, side by side in rows of about equal length."""
    values = maps.astype(np.float64).reshape(1, -1, 1).transpose(1, 0, 2) if maps.ndim == 1 else maps.astype(np.float64)
    axes = None if maps.ndim == 1 else (1, 2)
    low, high = values.min(axis=axes, keepdims=True), values.max(axis=axes, keepdims=True)
    grey = ((values - low) / np.where(high > low, high - low, 1) * 255).round().astype(np.uint8)
    count, height, width = grey.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    cells = np.full((rows * columns, height + _GAP, width + _GAP), _BACKGROUND, dtype=np.uint8)
    cells[:count, :height, :width] = grey
    wide = cells.reshape(rows, columns, height + _GAP, width + _GAP).transpose(0, 2, 1, 3)
    picture = wide.reshape(rows * (height + _GAP), columns * (width + _GAP))
    scale = max(1, round(_EDGE / max(height, width))) if max(height, width) > 1 else 12
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)
