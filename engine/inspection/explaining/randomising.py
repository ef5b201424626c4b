"""Copies of a network whose layers are drawn anew from the output down, and what explanations make of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata
from torch import Tensor

from engine.errors import LayerloomError
from engine.inspection.explaining.places import on_the_way
from engine.inspection.explaining.sanity import JUDGED_AT, Curve, Sanity
from engine.inspection.lens import Lens
from engine.inspection.results import Heat
from engine.inspection.sight import Asked
from engine.inspection.views import View

_APART = 1_000_003  # from the seeds that people train with: the weights of a network that has just begun differ too


def sanity(lens: Lens, image: Tensor, methods: Sequence[View], node: str, *, seed: int = 0) -> Iterator[Sanity]:
    """The curves of ``methods``, as far as they are known, after each heat; ``image`` is ``(1, C, H, W)``."""
    groups = layers_from_output(lens)
    layers, judged_at = tuple(names[-1] for names in groups), min(JUDGED_AT, len(groups))
    curves = [Curve(method, (), judged_at) for method in methods]
    whole: list[NDArray[np.float32]] = []
    total = len(curves) * (len(groups) + 1)
    for number, stage in enumerate(randomised(lens, groups, seed=seed)):
        for place, method in enumerate(methods):
            heat = _heat(stage, method, node, image)
            if not number:
                whole.append(heat)
            found = (*curves[place].correlations, rank_correlation(whole[place], heat))
            kept = heat if number == judged_at else curves[place].heat
            curves[place] = replace(curves[place], correlations=found, heat=kept)
            yield Sanity(layers, tuple(curves), done=(number * len(curves) + place + 1) / total)


def randomised(lens: Lens, groups: Sequence[Sequence[str]], *, seed: int) -> Iterator[Lens]:
    """The lens, and on a copy of its network that with one group of layers more each time as it starts by a seed."""
    yield lens
    with torch.inference_mode(False):  # what is made in it cannot be differentiated
        fresh, forgetting = lens.initial_module(_APART + seed), copy.deepcopy(lens.module)
    for names in groups:
        with torch.inference_mode(False):
            for name in names:
                forgetting.get_submodule(name).load_state_dict(fresh.get_submodule(name).state_dict())
        yield lens.through(forgetting)


def layers_from_output(lens: Lens) -> list[tuple[str, ...]]:
    """The layers with weights on the way to the scores, from the output down; each after the norms that follow it."""
    network, way = lens.network, on_the_way(lens)
    groups: list[tuple[str, ...]] = []
    following: tuple[str, ...] = ()
    for name in reversed(network.topological()):
        layer = network.layer(name)
        if name not in way or network[name].bypassed or not layer.learns():
            continue
        following = (*following, name)
        if layer.plain_weights:
            groups.append(following)
            following = ()
    return [*groups, following] if following else groups


def rank_correlation(whole: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Spearman's, of absolute values with ties at their mean rank; NaN where the first is flat, 0 where the second."""
    first, second = (rankdata(np.abs(values), axis=None) for values in (whole, other))
    if not np.ptp(first):
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1]) if np.ptp(second) else 0.0


def _heat(lens: Lens, method: View, node: str, image: Tensor) -> NDArray[np.float32]:
    result = lens.shown(Asked(method, node if method.needs_node else ""), image)
    if not isinstance(result, Heat):
        raise LayerloomError(f"The sanity check is for views that give heat, which {method.title} does not.")
    return result.values
