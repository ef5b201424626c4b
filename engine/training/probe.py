"""The output of the node that is being watched, while the network learns."""

from __future__ import annotations

import torch
from torch import fx

from engine.data.loaded import Normalisation
from engine.inspection.feature_maps import feature_maps
from engine.training.control import Watched
from engine.training.events import Probed


def probe(model: fx.GraphModule, watched: Watched, *, normalisation: Normalisation, epoch: int) -> Probed:
    """What the watched node gives for the watched image, in evaluation mode; training goes on as if unasked.

    Raises `LayerloomError` for a node that the network does not compute.
    """
    device = next(model.parameters()).device
    images = normalisation(torch.from_numpy(watched.image[None]).to(device))
    maps = feature_maps(model, images, (watched.node,))[watched.node][0]
    return Probed(watched.node, epoch, maps)
