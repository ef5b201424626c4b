"""Going through the images of a part for what excites the units of layers most."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from engine.compiling.taps import Tapped
from engine.data.loaded import Split
from engine.data.progress import Progress, finished
from engine.errors import LayerloomError
from engine.inspection.fitting import computed
from engine.inspection.lens import Lens
from engine.inspection.units.answers import Answers
from engine.inspection.units.collecting import Collected
from engine.inspection.units.deconvnet import no_numbers
from engine.inspection.units.keeping import Shelf
from engine.layers.shape import Shape
from engine.words import counted

_MOST_VALUES = 2**24  # of all layers together that are searched at once: 64 MB
_MOST_IMAGES = 256
_TRIED = 64  # images by which it is told how long all take
_MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The `Answers` of each node that was asked for; ``notes`` are sentences on what could not be read or kept."""

    answers: Mapping[str, Answers]
    notes: tuple[str, ...] = ()


def search(
    lens: Lens, nodes: Sequence[str], part: str = "test", *, most: int | None = None, keep: bool = True
) -> Iterator[Progress | Found]:
    """Search the images of a part for what excites the units of some nodes most; the `Found` comes last.

    All nodes share one pass. ``most`` bounds the number of images, which are then spread evenly over the part. What
    was found is kept with the run, if there is one, and taken from there when the same is asked of the same weights
    and images, unless not to ``keep``; never of an altered lens. Memory does not grow with the number of images. Raises
    `LayerloomError` if there are no images, or a layer gives what is no number.
    """
    outputs = {node: computed(lens, node) for node in nodes}
    whole = lens.data.part(part)
    images, chosen = _spread(whole, most)
    shelf = Shelf.of_images(lens, lens.data, part, chosen) if keep else None
    known, notes = _kept(shelf, outputs)
    missing = {node: output for node, output in outputs.items() if node not in known}
    if missing:
        collected = yield from _collect(lens, missing, images, chosen)
        for node, one in collected.items():
            known[node] = one.answers(node, part, of=len(whole), classes=images.targets.classes)
            notes.append(shelf.keep(known[node]) if shelf else "")
    yield Found({node: known[node] for node in nodes}, tuple(filter(None, notes)))


def seconds_of_a_search(lens: Lens, nodes: Sequence[str], part: str = "test") -> float:
    """About how long a search of all images of a part takes, by that of a few; nothing is kept of these."""
    began = time.perf_counter()
    found = finished(search(lens, nodes, part, most=_TRIED, keep=False), lens.listener)
    tried = next(iter(found.answers.values()))
    return (time.perf_counter() - began) * tried.of / tried.images


def search_words(images: int, seconds: float) -> str:
    """How long a search takes, in a sentence: "Searching 50 000 images takes about 3 min."."""
    about = f"{max(1, round(seconds))} s" if seconds < _MINUTE else f"{round(seconds / _MINUTE)} min"
    return f"Searching {counted(images, 'image')} takes about {about}."


def _spread(split: Split, most: int | None) -> tuple[Split, NDArray[np.int64]]:
    """So many images, spread evenly over a part, and their positions in it."""
    count = min(len(split), most or len(split))
    chosen = np.arange(count, dtype=np.int64) * len(split) // count
    if count == len(split):
        return split, chosen
    return replace(split, indices=split.indices[chosen], targets=split.targets.of(chosen), turns=None), chosen


def _kept(shelf: Shelf | None, outputs: Mapping[str, Shape]) -> tuple[dict[str, Answers], list[str]]:
    """What is known already, and what is to be said of files that cannot be used."""
    known, notes = dict[str, Answers](), list[str]()
    for node, output in outputs.items() if shelf else ():
        try:
            found = shelf.find(node, output) if shelf else None
        except LayerloomError as error:
            notes.append(str(error))
        else:
            known |= {node: found} if found else {}
    return known, notes


def _collect(
    lens: Lens, outputs: Mapping[str, Shape], images: Split, chosen: NDArray[np.int64]
) -> Generator[Progress, None, dict[str, Collected]]:
    """One pass over the images, at positions ``chosen`` of their part."""
    images = replace(images, pipeline=replace(images.pipeline, normalisation=lens.normalisation))
    tapped, strata, done = Tapped(lens.module, outputs), images.targets.strata, 0
    collected = {node: Collected(output, max(1, len(images.targets.classes))) for node, output in outputs.items()}
    values_an_image = sum(output.elements for output in outputs.values())
    at_once = max(1, min(_MOST_IMAGES, _MOST_VALUES // values_an_image))
    for batch, positions in images.located(at_once, device=lens.device):
        yield Progress("Searching images", done, len(images), "images")
        places = positions.numpy()
        with torch.inference_mode():
            values = tapped(batch.to(lens.dtype))
        for node, one in collected.items():
            if not one.add(values[node], chosen[places], strata[places]):
                raise no_numbers(node)
        done += len(places)
    if not done:
        raise LayerloomError("None of the images can be read any more.")
    yield Progress("Searching images", done, len(images), "images")
    return collected
