"""The outputs of a network and what each counts in the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from engine.compiling import final_layers, final_softmaxes, value_behind
from engine.layers.input_output import Output
from engine.network import Network
from engine.recipe.loss import LOSSES, Loss

if TYPE_CHECKING:
    from torch import Tensor

Outputs: TypeAlias = "Tensor | dict[str, Tensor]"
"""What a compiled network gives: one tensor, or several by the names of its outputs."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Loss weights by output name; ``main`` is the output whose loss and metrics are reported.

    ``after_softmax`` says that a softmax of the network feeds it.
    """

    main: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    after_softmax: bool = False

    def gives_probabilities(self, loss: Loss) -> bool:
        """Whether the main output has been through the network's softmax, which a loss that takes scores leaves out."""
        return self.after_softmax and not loss.takes_scores

    def main_of(self, outputs: Outputs) -> Tensor:
        """What the main output gives, ``(N, …)``."""
        return outputs[self.main] if isinstance(outputs, dict) else outputs

    def losses(self, outputs: Outputs, targets: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
        """The weighted sum of all outputs' losses, which is minimised, and that of the main one alone."""
        with LOSSES.blaming(loss):
            return self._losses(outputs, targets, loss)

    def _losses(self, outputs: Outputs, targets: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
        main = loss.of(self.main_of(outputs), targets)
        if not isinstance(outputs, dict):
            return main, main
        total = main * self.weights.get(self.main, 1.0)
        for name, given in outputs.items():
            if name != self.main:
                total = total + self.weights.get(name, 1.0) * loss.of(given, targets)
        return total, main


def left_out_for(loss: Loss, network: Network) -> tuple[str, ...]:
    """The nodes at the end of a network that are left out while training, as ``loss`` does by itself what they do."""
    with LOSSES.blaming(loss):
        return final_layers(network, loss.applies)


def heads_of(network: Network) -> Heads:
    """The heads of a network: the main one is the first output that is not auxiliary."""
    layers = {name: layer for name in network.outputs if isinstance(layer := network.layer(name), Output)}
    main = next((name for name, layer in layers.items() if not layer.auxiliary), next(iter(layers)))
    after_softmax = value_behind(network, main) in final_softmaxes(network)
    return Heads(main, {name: layer.loss_weight for name, layer in layers.items()}, after_softmax)
