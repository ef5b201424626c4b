"""The outputs of a network and what each counts in the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor
from torch.nn import functional

from engine.layers.input_output import Output
from engine.network import Network

Outputs = Tensor | Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Heads:
    """Loss weights by output name; ``main`` is the output whose loss and accuracy are reported."""

    main: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)

    def scores(self, outputs: Outputs) -> Tensor:
        """The class scores ``(N, classes)`` of the main output."""
        return outputs if isinstance(outputs, Tensor) else outputs[self.main]

    def losses(self, outputs: Outputs, labels: Tensor) -> tuple[Tensor, Tensor]:
        """The weighted sum of all outputs' cross-entropies, which is minimised, and that of the main one alone."""
        main = functional.cross_entropy(self.scores(outputs), labels)
        if isinstance(outputs, Tensor):
            return main, main
        total = main * self.weights.get(self.main, 1.0)
        for name, scores in outputs.items():
            if name != self.main:
                total = total + self.weights.get(name, 1.0) * functional.cross_entropy(scores, labels)
        return total, main


def heads_of(network: Network) -> Heads:
    """The heads of a network: the main one is the first output that is not auxiliary."""
    layers = {name: layer for name in network.outputs if isinstance(layer := network.layer(name), Output)}
    main = next((name for name, layer in layers.items() if not layer.auxiliary), next(iter(layers)))
    return Heads(main, {name: layer.loss_weight for name, layer in layers.items()})
