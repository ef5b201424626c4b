"""Whether a network, and a node or class of it, can be asked for what a lens shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from engine.compiling import value_behind
from engine.errors import LayerloomError
from engine.inspection.sight import Asked
from engine.inspection.views import VIEWS
from engine.layers.shape import Shape
from engine.network import Analysis, Network

if TYPE_CHECKING:
    from engine.inspection.lens import Lens

_MOST_NAMED = 12  # layers that a sentence lists


def require_class(lens: Lens, number: int) -> None:
    """Raise `LayerloomError` if there is no class of that number."""
    if not 0 <= number < lens.outputs:
        raise LayerloomError(f"The network has no class {number}: they are counted from 0 to {lens.outputs - 1}.")


def require_fit(lens: Lens, asked: Asked) -> None:
    """Raise `LayerloomError` if a view cannot be asked for."""
    view, node = asked
    with VIEWS.blaming(view):
        number = getattr(view, view.class_setting) if view.class_setting else None
    if isinstance(number, int):
        require_class(lens, number)
    if not view.needs_node:
        return
    computed(lens, node)
    layer = lens.network.layer(node)
    with VIEWS.blaming(view):
        fits = view.applies_to(layer, lens.network)
    if not fits:
        raise LayerloomError(f"The view {view.title} is for {view.subject}, but '{node}' is {layer.title}.")


def computed(lens: Lens, node: str) -> Shape:
    """What a node gives; raises `LayerloomError` for what is no node that is computed."""
    if node not in lens.network:
        named = ", ".join(list(lens.network)[:_MOST_NAMED])
        raise LayerloomError(f"There is no layer called '{node}'. There are {named} …")
    if node not in lens.module.meta["values"]:
        raise LayerloomError(f"'{node}' is not computed: no layer of that name leads to an output.")
    return lens.analysis[node].output or Shape()


def before(network: Network, output: str, left_out: Collection[str]) -> str:
    """The node that gives what an output would without some nodes at the end of the network."""
    behind = value_behind(network, output)
    return network.incoming(behind)[0].source if behind in left_out else output


def image_shape(network: Network, analysis: Analysis) -> Shape:
    """What one image is for a network; raises `LayerloomError` unless there is one input."""
    inputs = network.inputs
    if len(inputs) != 1:
        there = f"there are {len(inputs)}: {', '.join(inputs)}" if inputs else "there is none"
        raise LayerloomError(f"Looking inside needs one input that takes the image; {there}.")
    return analysis[inputs[0]].output or Shape()
