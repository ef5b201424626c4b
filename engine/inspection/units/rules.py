"""How what lies between a unit and the image is gone through backwards, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.layers import Family, Layer
from engine.layers.activation import LeakyReLU, ReLU
from engine.layers.merge import Add, Concat
from engine.layers.pooling import MaxPool2d
from engine.network import Analysis, Network
from engine.network.results import NodeAnalysis
from engine.words import counted, path_text

_RECTIFIERS = (ReLU, LeakyReLU)
_LINEAR_MERGES = (Add, Concat)


def rules_of(network: Network, node: str, analysis: Analysis) -> tuple[str, ...]:
    """Sentences on the rules by which an answer of ``node`` is projected back."""
    between = {name: analysis[name] for name in _upstream(network, node) if not network[name].bypassed}
    return tuple(_sentences(between))


def _upstream(network: Network, node: str) -> list[str]:
    """The node and all that it depends on, in the order they run."""
    needed, waiting = set[str](), [node]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [edge.source for edge in network.incoming(name)]
    return [name for name in network.topological() if name in needed]


def _sentences(between: dict[str, NodeAnalysis]) -> Iterator[str]:
    layers = {name: node.layer for name, node in between.items()}
    pools = [name for name, layer in layers.items() if isinstance(layer, MaxPool2d)]
    if pools:
        yield "Max pools are undone with the switches of this very image."
    overlapping = [name for name in pools if _overlaps(between[name])]
    if overlapping:
        yield f"The windows of {_listed(overlapping)} overlap: what returns to one pixel from several is added."
    if any(layer.normalises_over_batch for layer in layers.values()):
        yield "Batch norm is undone by its linear transpose."
    if any(isinstance(layer, _LINEAR_MERGES) for layer in layers.values()):
        yield "Shortcuts and joined paths hand the signal to each of their inputs, by their linear transpose."
    smooth = [layer for layer in layers.values() if _is_smooth(layer)]
    if smooth:
        of_all = sum(layer.family is Family.ACTIVATION for layer in layers.values())
        kinds = " or ".join(Counter(layer.title for layer in smooth))
        verb = "is" if len(smooth) == 1 else "are"
        passes = "passes" if len(smooth) == 1 else "pass"
        yield f"{len(smooth)} of {counted(of_all, 'activation')} {verb} {kinds} and {passes} the plain gradient."
    others = [name for name, layer in layers.items() if _is_other_normalisation(layer)]
    if others:
        yield f"{_listed(others)}: by the gradient."


def _overlaps(node: NodeAnalysis) -> bool:
    window = node.layer.window(*node.inputs)
    return window is not None and any(
        (kernel - 1) * dilation + 1 > stride
        for kernel, stride, dilation in zip(window.kernel, window.stride, window.dilation, strict=True)
    )


def _is_smooth(layer: Layer) -> bool:
    return layer.family is Family.ACTIVATION and not isinstance(layer, _RECTIFIERS) and not layer.hands_on


def _is_other_normalisation(layer: Layer) -> bool:
    return layer.family is Family.NORMALISATION and not layer.normalises_over_batch


def _listed(names: Sequence[str]) -> str:
    *first, last = map(path_text, names)
    return f"{', '.join(first)} and {last}" if first else last
