"""Full analysis of ResNet-152, and what an edit of it visits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.timing import milliseconds
from engine.compiling import python_source
from engine.layers import Layer
from engine.network import Analyser, Network, analyse
from templates import build

MIDDLE, LAST = "layer3.17.conv2", "fc"


def run() -> dict[str, Any]:
    """``ratio`` is the time of a full analysis over that of an edit in the middle that keeps all shapes."""
    network = build("resnet", depth=152)
    full_ms = milliseconds(lambda: analyse(network))
    analyser = Analyser(network)
    analyser.update()
    middle_ms, middle_visited = _edit(analyser, network, MIDDLE, _flipped("bias"))
    last_ms, last_visited = _edit(analyser, network, LAST, _toggled_classes)
    analyser.close()
    source_ms = milliseconds(lambda: python_source(network, analysis=analyser.analysis))
    return {
        "ratio": round(full_ms / middle_ms, 1),
        "nodes": len(network),
        "full_ms": full_ms,
        "edit_keeping_shapes_ms": middle_ms,
        "edit_keeping_shapes_visited": middle_visited,
        "edit_of_the_last_layer_ms": last_ms,
        "edit_of_the_last_layer_visited": last_visited,
        "python_source_ms": source_ms,
    }


def _edit(analyser: Analyser, network: Network, name: str, change: Callable[[Layer], Layer]) -> tuple[float, int]:
    """Median ms of the analysis after an edit of one layer, and how many nodes it visited."""
    times = []
    for _ in range(9):
        network.set_layer(name, change(network.layer(name)))
        times.append(milliseconds(analyser.update, repeats=1))
    return sorted(times)[len(times) // 2], analyser.visited


def _flipped(setting: str) -> Callable[[Layer], Layer]:
    return lambda layer: layer.with_settings(**{setting: not getattr(layer, setting)})


def _toggled_classes(layer: Layer) -> Layer:
    return layer.with_settings(out_features=10 if getattr(layer, "out_features") == 1000 else 1000)  # noqa: B009
