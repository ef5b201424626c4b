"""Networks that no machine holds, and how large what they hold may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from engine.layers import Layer
from engine.network.names import short_name
from engine.network.network import Network
from engine.network.problems import Fix, Problem, Severity
from engine.network.results import NodeAnalysis
from engine.network.trials import made_wrong, rehearsed
from engine.words import memory, thousands

LARGEST_NETWORK = 64 * 2**30  # bytes of weights and activations of one image; beyond it no machine trains it
BYTES = 4  # of a float32
_MOST_HALVINGS = 24

Nodes = Mapping[str, NodeAnalysis]


def too_large(network: Network, nodes: Nodes) -> Iterator[Problem]:
    """What one image needs, if that is more than any machine has."""
    total = _total(nodes.values())
    if total > LARGEST_NETWORK:
        name = max(nodes, key=lambda name: _size(nodes[name]))
        message = f"One image needs {memory(total)}, {memory(_size(nodes[name]))} of it in {short_name(name)}."
        hint = f"At most {memory(LARGEST_NETWORK)} can be built: make its input or its output smaller."
        halved = (_smaller(network, nodes, other) for other in dict.fromkeys((name, *network.inputs)))
        fixes = tuple(fix for fix in halved if fix)
        yield Problem("too_large", Severity.ERROR, name, message, hint, "too large", fixes=fixes)


def _total(nodes: Iterable[NodeAnalysis]) -> int:
    return sum(map(_size, nodes))


def _size(node: NodeAnalysis) -> int:
    """Bytes of the weights of a node and of what it gives for one image."""
    return BYTES * (node.parameters + node.activation_elements)


def _smaller(network: Network, nodes: Nodes, name: str) -> Fix | None:
    """Let a node give less, by halves, until the whole network is small enough."""
    layer = network.layer(name)
    names = (layer.width_setting,) if layer.width_setting else layer.map_settings[1:]
    for halvings in range(1, _MOST_HALVINGS if names else 0):
        settings = {setting: getattr(layer, setting) >> halvings for setting in names}
        if 0 in settings.values():
            return None
        fix = _setting(name, layer.with_settings(**settings), settings)
        trial = rehearsed(network, nodes, fix)
        if _total(trial[other] for other in nodes) <= LARGEST_NETWORK:
            return None if any(made_wrong(trial, nodes)) else fix
    return None


def _setting(name: str, layer: Layer, settings: Mapping[str, int]) -> Fix:
    said = "×".join(map(thousands, settings.values()))
    effect = f"{short_name(name)} then gives so little that one image fits."
    edit = partial(_set, name=name, layer=layer)
    return Fix(f"Set {short_name(name)} to {said}", effect, edit)


def _set(network: Network, *, name: str, layer: Layer) -> None:
    network.set_layer(name, layer)
