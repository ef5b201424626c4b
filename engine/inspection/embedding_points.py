"""The values of a layer for many images brought down to two numbers an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.compiling.taps import Tapped
from engine.data.part_words import SPOKEN
from engine.errors import LayerloomError
from engine.inspection.results import Points
from engine.inspection.tsne import tsne
from engine.words import counted, path_text, thousands

if TYPE_CHECKING:
    from engine.inspection.embedding import Embedding
    from engine.inspection.lens import Lens

Floats = NDArray[np.float64]

_MOST = 4096  # images or values an image, the smaller number: PCA takes its cube
_MOST_VALUES = 2 * 10**8  # of all images, which are kept with 8 bytes each
_FEWEST = 3  # images


def points(lens: Lens, node: str, settings: Embedding) -> Points:
    """What a node gives for the images of a part, by PCA or t-SNE.

    Raises `LayerloomError` where there are too few images, more values than can be kept, or values that are no numbers.
    """
    gathered = _gathered(lens, node, settings)
    explained: tuple[float, ...] = ()
    if settings.method == "pca":
        found, shares = principal(gathered.values, 2)
        explained = tuple(shares.tolist())
    else:
        listener = lens.listener
        reduced, _ = principal(gathered.values, min(50, *gathered.values.shape))  # as its authors do
        found = tsne(
            reduced, perplexity=settings.perplexity, steps=settings.descents, seed=settings.seed, listener=listener
        )
    return Points(
        node,
        settings.method,
        settings.part,
        found.astype(np.float32),
        gathered.positions,
        gathered.labels,
        gathered.predicted,
        gathered.classes,
        explained,
    )


def principal(values: Floats, count: int) -> tuple[Floats, Floats]:
    """Values ``(N, F)`` along their ``count`` axes of most variance, exactly, and the share of it along each.

    Which way an axis points follows from the values: its largest component is above 0. Where values vary along fewer
    axes, the others are 0.
    """
    from sklearn.decomposition import PCA

    if not (values != values[:1]).any():
        return np.zeros((len(values), count)), np.zeros(count)
    axes = min(count, *values.shape)
    pca = PCA(axes, svd_solver="covariance_eigh" if values.shape[1] <= len(values) else "full")
    found = np.zeros((len(values), count))
    found[:, :axes] = pca.fit_transform(values)
    shares = np.zeros(count)
    shares[:axes] = pca.explained_variance_ratio_
    return found, shares


@dataclass(frozen=True, slots=True, eq=False)
class _Gathered:
    values: Floats
    positions: NDArray[np.int64]
    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    classes: tuple[str, ...]


def _gathered(lens: Lens, node: str, settings: Embedding) -> _Gathered:
    """The values ``(N, F)`` of a node for the images of a part, what they show, and what they are taken for."""
    from engine.inspection.measuring import seen

    split, images = seen(lens, settings.part), lens.images
    tapped = Tapped(lens.module, (node, lens.read_at))
    values, outputs, places = [], [], []

    def look(batch: Tensor) -> tuple[Tensor, Tensor]:
        found = tapped(batch)
        return _flat(found[node], every_place=settings.flatten), found[lens.read_at]

    task = f"Looking at {SPOKEN[settings.part]} images"
    with torch.inference_mode():
        for (some, answered), batch in images.each(split, look, device=lens.device, task=task):
            _require_room(node, some.shape[1], len(split), flat=settings.flatten)
            values.append(some.double().cpu().numpy())
            outputs.append(answered.cpu())
            places.append(batch.numpy())
    kept, positions = np.concatenate(values), np.concatenate(places)
    if not np.isfinite(kept).all():
        raise LayerloomError(f"Some of what {path_text(node)} gives is NaN or infinite, which has no place.")
    if len(kept) < _FEWEST:
        raise LayerloomError(f"Points need {_FEWEST} images or more; {counted(len(kept), 'image')} could be read.")
    labels, predicted = np.full((2, len(kept)), -1)
    if split.targets.classes:
        labels = split.targets.strata[positions]
        predicted = lens.meaning(torch.cat(outputs)).argmax(dim=1).numpy()
    return _Gathered(kept, positions, labels, predicted, split.targets.classes)


def _flat(values: Tensor, *, every_place: bool) -> Tensor:
    """Values ``(N, C, …)`` as ``(N, F)``."""
    flat = values.flatten(2) if values.ndim > 2 else values[:, :, None]
    return flat.flatten(1) if every_place else flat.double().mean(dim=2)


def _require_room(node: str, each: int, images: int, *, flat: bool) -> None:
    if min(each, images) <= _MOST and each * images <= _MOST_VALUES:
        return
    cure = "let each map count by its mean" if flat else "choose a part with fewer images"
    raise LayerloomError(
        f"{path_text(node)} gives {counted(each, 'value')} for each of {thousands(images)} images, which is too much "
        f"to compare: {cure}."
    )
