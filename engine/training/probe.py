"""The output of the node that is being watched, while the network learns."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from engine.data.loaded import Normalisation
from engine.training.control import Watched
from engine.training.events import Probed


@torch.no_grad()
def probe(model: nn.Module, watched: Watched, *, normalisation: Normalisation, epoch: int) -> Probed:
    """What the watched node gives for the watched image, in evaluation mode; training goes on as if unasked."""
    from engine.inspection.feature_maps import feature_maps

    training = model.training
    model.eval()
    device = next(model.parameters()).device
    images = normalisation(torch.from_numpy(watched.image[None]).to(device))
    maps = feature_maps(model, images, (watched.node,))[watched.node][0]
    model.train(training)
    return Probed(watched.node, epoch, np.ascontiguousarray(maps, dtype=np.float32))
