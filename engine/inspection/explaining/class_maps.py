"""What maps say for a class: Selvaraju et al. 2017, section 3, equations 1 and 2.

    α_k = mean over the cells of ∂y/∂A_k,  L = max(0, Σ_k α_k·A_k)

y is the score before the softmax. L is enlarged to the image after the maximum is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor
from torch.nn import functional

from engine.compiling import value_behind
from engine.inspection.explaining.evidence import ClassMap, Explained, Note
from engine.inspection.explaining.grad_cam import Enlarging
from engine.inspection.explaining.places import convolutions, name_of, on_the_way
from engine.inspection.explaining.scoring import array_of, class_scores, gradients
from engine.inspection.lens import Lens
from engine.inspection.results import NotShownError
from engine.network import analyse


def class_map(
    lens: Lens, image: Tensor, node: str, *, of: int | None = None, enlarge: Enlarging = "smooth"
) -> ClassMap:
    """The map of one node for a class, with the maps that it is made of. ``image`` is ``(1, C, H, W)``.

    Raises `NotShownError` for a node that gives no maps, or none that the scores are made of.
    """
    _require_maps(lens, node)
    found = class_maps(lens, image, (node,), of=of, enlarge=enlarge, keep=True)[node]
    if found.strength.any():
        return found
    number = found.explained.number
    sentence = f"Grad-CAM is 0: no map of {node} speaks for {name_of(lens, number)}."
    others = class_maps(lens, image, convolutions(lens), of=number)
    speaking = [name for name, other in others.items() if other.strength.any()]
    later = [name for name in speaking if lens.network.place(name) > lens.network.place(node)]
    return replace(found, notes=(Note(sentence, next(iter(later or reversed(speaking)), "")),))


def class_maps(
    lens: Lens,
    image: Tensor,
    nodes: Sequence[str],
    *,
    of: int | None = None,
    enlarge: Enlarging = "smooth",
    keep: bool = False,
) -> dict[str, ClassMap]:
    """The maps of several nodes, which give maps, for a class in one pass; with ``keep``, what they are made of too."""
    scores, explained, values = class_scores(lens, image, nodes, of=of)
    slopes = gradients(scores[0, explained.number], [values[node] for node in nodes])
    size = (image.shape[2], image.shape[3])
    return {
        node: _class_map(node, values[node].detach(), slope, explained, size, enlarge, keep=keep, trained=lens.trained)
        for node, slope in zip(nodes, slopes, strict=True)
    }


def _class_map(
    node: str,
    maps: Tensor,
    slopes: Tensor,
    explained: Explained,
    size: tuple[int, int],
    enlarge: Enlarging,
    *,
    keep: bool,
    trained: bool,
) -> ClassMap:
    """Maps and slopes are ``(1, K, h, w)``."""
    weights = slopes.mean(dim=(2, 3), keepdim=True)
    weighted = weights * maps
    raw = weighted.sum(dim=1, keepdim=True).relu()
    smooth = enlarge == "smooth"
    large = functional.interpolate(
        raw, size, mode="bilinear" if smooth else "nearest", align_corners=False if smooth else None
    )
    return ClassMap(
        array_of(large[0, 0]),
        explained,
        trained=trained,
        node=node,
        raw=array_of(raw[0, 0]),
        weights=array_of(weights[0, :, 0, 0]),
        parts=array_of(weighted.sum(dim=(2, 3))[0]),
        maps=array_of(maps[0]) if keep else None,
    )


def _require_maps(lens: Lens, node: str) -> None:
    """Raise `NotShownError` for a node that gives no maps of its own, or none that the scores are made of."""
    network = lens.network
    shape = analyse(network)[node].output
    if shape is None or not shape.is_map:
        gives = "a vector" if shape is None or shape.is_vector else f"{shape} values"
        last = convolutions(lens, before=node)[-1:]
        raise NotShownError(f"Grad-CAM needs maps, but {node} gives {gives}.", *last)
    if network[node].bypassed:
        behind = value_behind(network, node)
        raise NotShownError(f"{node} is bypassed: its maps are those of {behind}.", behind)
    if node not in on_the_way(lens):
        last = convolutions(lens)[-1:]
        raise NotShownError(f"No map of {node} counts for the scores: it leads to another output alone.", *last)
