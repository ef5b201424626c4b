"""The network that an alteration makes of another, and the images that it shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, fx

from engine.compiling.changing import Changed
from engine.data.normalise import Normalisation
from engine.errors import LayerloomError
from engine.inspection.damages import Damage, damaged
from engine.inspection.interventions import INTERVENTIONS, Elsewhere, Intervention
from engine.layers.shape import Shape
from engine.network import Network, analyse


@dataclass(frozen=True)
class DamagedFirst(Normalisation):
    """Damages images before they are normalised."""

    damages: tuple[Damage, ...] = ()

    @classmethod
    def of(cls, normalisation: Normalisation, damages: tuple[Damage, ...]) -> Normalisation:
        """The same normalisation of images that are damaged before it."""
        return cls(normalisation.mean, normalisation.std, damages=damages) if damages else normalisation

    def __call__(self, pixels: Tensor) -> Tensor:
        return super().__call__(damaged(pixels, self.damages))


def altering(
    module: fx.GraphModule, network: Network, units: Sequence[Intervention], elsewhere: Elsewhere, device: torch.device
) -> Changed:
    """What puts other values in place of what some units of a compiled network give: a function for `changed_network`.

    All else stays, bit for bit. Raises `LayerloomError` for units that there are not, and when it is used where nothing
    can stand in their place.
    """
    shapes = {one.node: _shape_of(module, network, one.node) for one in units}
    chosen = {}
    for one in units:
        shape = shapes[one.node]
        one.require_units(shape.channels, maps=shape.is_map)
        chosen[id(one)] = _mask(one, shape).to(device)

    def change(node: str, values: Tensor) -> Tensor:
        for one in units:
            if one.node == node:
                with INTERVENTIONS.blaming(one):
                    given = one.of(values, elsewhere)
                values = torch.where(chosen[id(one)], given, values)
        return values

    return change


def _shape_of(module: fx.GraphModule, network: Network, node: str) -> Shape:
    """The shape of what a node gives; raises `LayerloomError` for one that is not computed."""
    if node not in network:
        raise LayerloomError(f"There is no layer called '{node}' whose units could be changed.")
    shape = analyse(network)[node].output
    if shape is None or node not in module.meta["values"]:
        raise LayerloomError(f"'{node}' is not computed: no layer of that name leads to an output.")
    return shape


def _mask(one: Intervention, shape: Shape) -> Tensor:
    """Which units are changed, ``(1, C, 1, 1)`` for maps and ``(1, N)`` for vectors."""
    mask = torch.zeros(shape.channels, dtype=torch.bool)
    mask[slice(None) if one.units == "all" else list(one.units)] = True
    return mask.view(1, -1, *[1] * (len(shape) - 1))
