"""What may help a training: other settings, or an edit of its network; tried on a copy, in a new run."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from engine.layers.activation import Activation, LeakyReLU, ReLU
from engine.layers.normalisation import BatchNorm2d, LayerNorm, Normalisation
from engine.network import Edge, Network
from engine.network.edits import insert_on_edge
from engine.network.names import parent, short_name
from engine.project import Project
from engine.project.values import with_values
from engine.words import rate_text


@dataclass(frozen=True, slots=True)
class Cure:
    """A change of a project: either settings by their paths in its file, or an edit of the network.

    ``label`` names it as an undo step and at the end of "Try …".
    """

    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    edit: Callable[[Network], object] | None = field(default=None, compare=False)

    def applied(self, project: Project) -> Project:
        """A copy of the project with the change made."""
        network = project.network.copy()
        if self.edit is not None:
            network.edit(self.edit)
        return with_values(replace(project, network=network), self.values)


def at_rate(rate: float) -> Cure:
    """Another learning rate."""
    return Cure(rate_text(rate), {"training.learning_rate": repr(rate)})


def below(rate: float) -> float:
    """The largest of 0.01, 0.03, 0.1, 0.3, 1, 3 … that is not above ``rate``."""
    power = math.floor(math.log10(rate * (1 + 1e-9)))
    three = float(f"3e{power}")
    return three if three <= rate * (1 + 1e-9) else float(f"1e{power}")


def leaky(rectifiers: Collection[str]) -> Cure:
    """Leaky ReLU in place of these ReLUs: what lies below 0 has a gradient there."""
    return Cure("Leaky ReLU", edit=partial(_replace, layers=dict.fromkeys(rectifiers, LeakyReLU())))


def open_gradients(network: Network, *, batch: int = 2) -> Cure | None:
    """ReLU in place of what saturates, batch norm before it where nothing normalises; None where that is so already.

    Where a ``batch`` has one image it is layer norm.
    """
    norm: Normalisation = BatchNorm2d() if batch > 1 else LayerNorm()
    flat = saturating(network)
    bare = [edge for name in _hidden(network) for edge in network.incoming(name) if not _is_normalised(network, edge)]
    parts = ["ReLU"] * bool(flat) + [norm.title.lower()] * bool(bare)
    if not parts:
        return None

    def edit(network: Network) -> None:
        for edge in bare:
            insert_on_edge(network, norm, edge)
            _leave_bias_out(network, edge.source)
        _replace(network, dict.fromkeys(flat, ReLU()))

    return Cure(" and ".join(parts), edit=edit)


def saturating(network: Network) -> list[str]:
    """The hidden activations whose values have limits, towards which their gradients fade."""
    return [name for name in _hidden(network) if network.layer(name).has_limits]


def _replace(network: Network, layers: Mapping[str, Activation]) -> None:
    """Set these layers; a name that only says what a layer was says what it is."""
    for name, layer in layers.items():
        before = network.layer(name).stem
        network.set_layer(name, layer)
        if layer.stem != before and re.fullmatch(rf"{before}\d*", short_name(name)):
            network.rename(name, network.free_name(layer.stem, block=parent(name)))


def _leave_bias_out(network: Network, name: str) -> None:
    """Take away a bias that every norm behind it subtracts again."""
    layer = network.layer(name)
    below = (network.layer(edge.target) for edge in network.outgoing(name))
    if getattr(layer, "bias", False) is True and all(other.subtracts_mean for other in below):
        network.set_layer(name, layer.with_settings(bias=False))


def _hidden(network: Network) -> Iterator[str]:
    """The activations that have weights behind them, but for those that are meant to give probabilities."""
    for name in network.topological():
        layer = network.layer(name)
        squeezes = isinstance(layer, Activation) and not (layer.gives_probabilities or layer.hands_on)
        if squeezes and any(network.layer(after).learns() for after in network.downstream(name)):
            yield name


def _is_normalised(network: Network, edge: Edge) -> bool:
    return isinstance(network.layer(edge.source), Normalisation)
