"""What the steps share that move pixels: each says where a point of the image that it gives lay before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple, TypeAlias

from pydantic import Field

from engine.data.augmentation.step import Family, Step
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws

Size = tuple[int, int]
"""Height and width."""
Drawn: TypeAlias = "Mapping[str, NDArray[np.float64]]"
"""What was drawn for each image ``(N, …)``, by name."""
Border = Literal["constant", "edge", "reflect"]
"""What stands outside of an image: one value, its outermost pixels, or the image mirrored in its edge."""

_MOST_APPROXIMATIONS = 300
_NEAR = 1e-4  # pixels


class Outside(NamedTuple):
    """What stands outside of an image; ``fill`` is the pixel value where that is constant."""

    border: Border
    fill: int


class GeometricStep(Step):
    """Moves pixels. Points are x and y in pixels from the upper left corner, whose pixel has its middle at 0.5, 0.5."""

    group: ClassVar = Family.GEOMETRY

    def draw(self, random: Draws) -> Drawn:
        return {}

    def outside(self) -> Outside | None:
        """What stands outside of the image that it is given; None if nothing from there can come into another."""
        return None

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        """How many pixels before lie beside each other in one of those after, at most, for each image ``(N,)``."""
        import numpy as np

        return np.ones(1)

    def stays(self, values: Drawn, before: Size, after: Size) -> NDArray[np.bool_]:
        """Which images ``(N,)`` it leaves as they are, bit for bit, by what it drew for them."""
        import numpy as np

        return np.zeros(1, bool)

    def source(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        """Where points ``(N, …, 2)`` of the image that it gives lay in the one before."""
        raise TypeError(f"{type(self).__name__} does not declare source")

    def target(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        """Where points ``(N, …, 2)`` of the image before lie in the one that it gives."""
        found = points
        for _ in range(_MOST_APPROXIMATIONS):  # converges, as no step folds an image over itself
            missing = points - self.source(found, values, before, after)
            if not (missing.abs() > _NEAR).any():
                break
            found = found + missing / 2
        return found

    def alone(self, pixels: Tensor, values: Drawn, takes_part: NDArray[np.bool_], after: Size) -> Tensor:
        """Images ``(N, C, H, W)`` brought to a size, those that take part moved by this step and no other."""
        from engine.data.augmentation.resampling import Move, moved

        return moved(pixels, [Move(self, values, takes_part, after)])

    def apply(self, pixels: Tensor, targets: Tensor, values: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        import numpy as np

        drawn = {name: value.cpu().double().numpy() for name, value in values.items()}
        size = (pixels.shape[2], pixels.shape[3])
        return self.alone(pixels, drawn, np.ones(len(pixels), bool), size), targets


class MatrixStep(GeometricStep):
    """Moves pixels by a matrix for each image."""

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        """Matrices ``(N, 3, 3)`` that bring points x, y, 1 of the image that it gives to those of the one before."""
        raise TypeError(f"{type(self).__name__} does not declare matrices")

    def stays(self, values: Drawn, before: Size, after: Size) -> NDArray[np.bool_]:
        import numpy as np

        still: NDArray[np.bool_] = (self.matrices(values, before, after) == np.eye(3)).all(axis=(1, 2))
        return still & (before == after)

    def source(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        from engine.data.augmentation.resampling import through

        return through(points, self.matrices(values, before, after))

    def target(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        from engine.data.augmentation.resampling import through

        return through(points, inverse(self.matrices(values, before, after)))


class LooksOutside(Step):
    """Settings of a step into whose images something from outside may come."""

    border: Border = setting("constant", "Outside", advanced=True)
    fill: Annotated[int, Field(ge=0, le=255)] = setting(
        0, "Its value", help="A pixel value, before normalising.", advanced=True
    )

    def outside(self) -> Outside | None:
        return Outside(self.border, self.fill)


def scaling(x: NDArray[np.float64] | float, y: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` that multiply x and y."""
    return matrices([[x, 0, 0], [0, y, 0], [0, 0, 1]])


def shifting(x: NDArray[np.float64] | float, y: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` that add to x and y."""
    return matrices([[1, 0, x], [0, 1, y], [0, 0, 1]])


def turning(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` that turn clockwise as seen on a screen, where y points down."""
    import numpy as np

    angle = np.radians(degrees)
    return matrices([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])


def slanting(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` that add to x a share of y and then to y a share of x, as tangents of angles in degrees.

    One after the other, as areas stay what they are then; at once, two of 45° would leave a line of an image.
    """
    import numpy as np

    across, down = np.tan(np.radians(x)), np.tan(np.radians(y))
    return matrices([[1, across, 0], [down, 1 + across * down, 0], [0, 0, 1]])


def inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` that lead back."""
    import numpy as np

    return np.linalg.inv(matrix).astype(np.float64)


def about_middle(matrix: NDArray[np.float64], size: Size) -> NDArray[np.float64]:
    """The same with the middle of an image of ``size`` as what stays in its place."""
    height, width = size
    return shifting(width / 2, height / 2) @ matrix @ shifting(-width / 2, -height / 2)


def matrices(rows: list[list[NDArray[np.float64] | float]]) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` of entries that are one value each or those of all images ``(N,)``."""
    import numpy as np

    entries = np.broadcast_arrays(*(np.atleast_1d(entry) for row in rows for entry in row))
    return np.stack(entries, axis=-1).reshape(*entries[0].shape, 3, 3).astype(np.float64)
