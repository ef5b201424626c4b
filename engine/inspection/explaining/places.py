"""The nodes of a network that an explanation is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.layers import Family
from engine.network import analyse
from engine.network.exits import exit_of

if TYPE_CHECKING:
    from engine.inspection.lens import Lens


def on_the_way(lens: Lens) -> set[str]:
    """The nodes that the scores are made of."""
    return {lens.scored, *lens.network.upstream(lens.scored)}


def convolutions(lens: Lens, *, before: str = "") -> tuple[str, ...]:
    """The convolutions that the scores are made of, from input to output; those alone that lead to a node, if given."""
    network = lens.network
    among = on_the_way(lens) & network.upstream(before) if before else on_the_way(lens)
    return tuple(
        name
        for name in network.topological()
        if name in among and network.layer(name).family is Family.CONVOLUTION and not network[name].bypassed
    )


def blocks(lens: Lens) -> dict[str, str]:
    """The node by which each block on the way to the scores gives its maps, from input to output, by the block."""
    network, analysis, way = lens.network, analyse(lens.network), on_the_way(lens)
    exits = {block: exit_of(network, block) for block in network.block_prefixes()}
    shapes = {block: analysis[node].output for block, node in exits.items() if node in way}
    giving = [block for block, shape in shapes.items() if shape is not None and shape.is_map]
    return {block: exits[block] for block in sorted(giving, key=lambda block: network.place(exits[block]))}


def name_of(lens: Lens, number: int) -> str:
    """What a class is called, or its number."""
    return lens.classes[number] if number < len(lens.classes) else str(number)
