"""Rectangles of a drawn area and shape, anywhere in images."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data.draws import Draws

_TRIES = 10  # shapes that are drawn before it is a square or the whole image, as torchvision has it


def rectangles(
    random: Draws, *, area: tuple[float, float], ratio: tuple[float, float]
) -> dict[str, NDArray[np.float64]]:
    """For each image ``(N,)`` height, width and upper left corner of a rectangle within it, as parts of its sides.

    The area as a part of the image's and the logarithm of the ratio of width to height are drawn evenly.
    """
    import numpy as np

    drawn = random.uniforms(2 * _TRIES).T
    areas, ratios = _between(drawn[::2], *area), np.exp(_between(drawn[1::2], *np.log(ratio)))
    heights, widths = np.sqrt(areas / ratios), np.sqrt(areas * ratios)
    fits = (heights <= 1) & (widths <= 1)
    each, first = np.arange(len(random)), fits.argmax(axis=0)
    sides = np.stack((heights, widths))[:, first, each]
    height, width = np.where(fits.any(axis=0), sides, np.sqrt(areas[-1]))
    return {
        "height": height,
        "width": width,
        "top": random.uniform() * (1 - height),
        "left": random.uniform() * (1 - width),
    }


def _between(drawn: NDArray[np.float64], least: float, most: float) -> NDArray[np.float64]:
    return least + (most - least) * drawn
