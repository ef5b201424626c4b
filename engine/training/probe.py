"""The output of the node that is being watched, while the network learns."""

from __future__ import annotations

from typing import TypeGuard

import torch
from torch import fx, nn

from engine.compiling.taps import feature_maps
from engine.data.normalise import Normalisation
from engine.layers.shape import Shape
from engine.training.control import Watched
from engine.training.events import Probed


def can_probe(model: nn.Module, watched: Watched, shape: Shape) -> TypeGuard[fx.GraphModule]:
    """Whether ``model`` computes the watched node from images like the watched one; a training never fails over it."""
    return watched.image.shape == tuple(shape) and watched.node in getattr(model, "meta", {}).get("values", {})


def probe(model: fx.GraphModule, watched: Watched, *, normalisation: Normalisation, epoch: int) -> Probed:
    """What the watched node gives for the watched image, in evaluation mode; training goes on as if unasked."""
    device = next(model.parameters()).device
    images = normalisation(torch.from_numpy(watched.image[None]).to(device))
    maps = feature_maps(model, images, (watched.node,))[watched.node][0]
    return Probed(watched.node, epoch, maps)
