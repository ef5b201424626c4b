"""What excites units most, cut out of the images of a part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.loaded import Split
from engine.data.progress import Progress
from engine.inspection.lens import Lens
from engine.inspection.results import Patches
from engine.inspection.units.answers import Answers, PerImage
from engine.inspection.units.cutting import GREY, Image, cut
from engine.inspection.units.deconvnet import Backwards
from engine.network.reach import Reach, reach_of


def patches_of(
    answers: Answers, reach: Reach, images: Split, units: Sequence[int], *, per_image: PerImage = "one"
) -> Patches:
    """The patches that excite some units most, the strongest first, cut out of the ``images`` of the part.

    Outside the image, and where a unit has fewer than nine, they are grey.
    """
    top, chosen = answers.tops[per_image], np.asarray(units, np.int64)
    wanted = np.unique(top.images[chosen])
    wanted = wanted[wanted >= 0]
    pixels = {int(place): _unit_scale(images.images([place])[0]) for place in wanted}
    channels = images.pipeline.shape.channels
    found = np.full((len(chosen), top.images.shape[1], channels, *reach.window), GREY, np.float32)
    for at, unit in enumerate(chosen.tolist()):
        for rank, place in enumerate(top.images[unit].tolist()):
            if place >= 0:
                seen = reach.at(int(top.rows[unit, rank]), int(top.columns[unit, rank]))
                found[at, rank] = cut(pixels[place], seen, reach.window, outside=GREY)
    return Patches(answers.node, tuple(chosen.tolist()), found, top.values[chosen])


def projected(
    lens: Lens, answers: Answers, images: Split, units: Sequence[int], *, per_image: PerImage = "one"
) -> Iterator[Progress | Image]:
    """What in the patches of some units they answered to, ``(U, 9, C, h, w)``, signed; the array comes last.

    Outside the image, and where a unit has fewer than nine, it is 0.
    """
    top, window = answers.tops[per_image], reach_of(lens.network, answers.node, analysis=lens.analysis).window
    asked = [
        (at, unit, rank) for at, unit in enumerate(units) for rank in np.flatnonzero(top.images[unit] >= 0).tolist()
    ]
    found = np.zeros((len(units), top.images.shape[1], lens.shape.channels, *window), np.float32)
    back = Backwards(lens, answers.node)
    for first in range(0, len(asked), back.at_once):
        yield Progress("Projecting back", first, len(asked), "patches")
        some = asked[first : first + back.at_once]
        _, of, ranks = zip(*some, strict=True)
        pixels = images.images(top.images[of, ranks])
        cells = [(int(top.rows[unit, rank]), int(top.columns[unit, rank])) for _, unit, rank in some]
        for (at, _, rank), one in zip(some, back(lens.prepared(pixels), of, cells), strict=True):
            found[at, rank] = cut(one.values, one.seen, window, outside=0)
    yield found


def _unit_scale(pixels: NDArray[np.uint8]) -> Image:
    return (pixels / np.float32(255)).astype(np.float32)
