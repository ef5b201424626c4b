"""What people should know of a loss before they read its figures."""

from __future__ import annotations

from collections.abc import Iterator

from engine.network import Network
from engine.recipe.loss import LOSSES, Loss
from engine.tasks.heads import heads_of, left_out_for


def loss_notes(loss: Loss, network: Network, *, classes: int) -> Iterator[str]:
    """Sentences on what a loss leaves out of ``network``, what it compares, and what it has while training alone."""
    left_out = {network.layer(name).title: network.layer(name) for name in left_out_for(loss, network)}
    for title, layer in left_out.items():
        applied = "the loss applies it" if layer.has_gradient else "the loss takes the score before it"
        yield f"The final {title.lower()} is left out while training: {applied}."
    with LOSSES.blaming(loss):
        note = "" if left_out else loss.note(after_softmax=heads_of(network).after_softmax)
        only = loss.only_in_training(classes)
    if note:
        yield note
    if only:
        yield f"The training loss has {' and '.join(only)}; validation and test losses are without."
