"""Augmentation steps under which straight lines or right angles do not stay what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from engine.data.augmentation.geometry import Drawn, GeometricStep, LooksOutside, MatrixStep, Size
from engine.data.augmentation.ranges import Bend, span
from engine.data.augmentation.step import AUGMENTATION
from engine.data.augmentation.told import Told, share, signed
from engine.settings import setting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.draws import Draws

_CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))  # x, y, as parts of width and height


def _zero(drawn: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For which images ``(N,)`` nothing but 0 was drawn."""
    found: NDArray[np.bool_] = (drawn == 0).reshape(len(drawn), -1).all(axis=1)
    return found


@AUGMENTATION.register
class Perspective(LooksOutside, MatrixStep):
    """The image is seen at an angle: each corner moves inwards by up to so much of half the width and height.

    Below two thirds of these no corner can come to lie between its neighbours, where the image would fold.
    """

    name: ClassVar = "perspective"
    title: ClassVar = "Perspective"
    icon: ClassVar = "mdi6.perspective-less"

    strength: Annotated[float, Field(ge=0, le=0.65)] = setting(0.3, "Strength")

    def draw(self, random: Draws) -> Drawn:
        return {"inwards": random.uniforms(2 * len(_CORNERS), 0, self.strength / 2)}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        return Told((f"up to {share(values['inwards'][index].max())}", "inwards"))

    def stays(self, values: Drawn, before: Size, after: Size) -> NDArray[np.bool_]:
        return _zero(values["inwards"])

    def matrices(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        import numpy as np

        sides, corners = np.array((before[1], before[0]), float), np.array(_CORNERS, float)
        moved = corners + np.sign(0.5 - corners) * values["inwards"].reshape(-1, 4, 2)
        return _through_corners(moved * sides, corners * sides)

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        sides: NDArray[np.float64] = 1 - 2 * values["inwards"].reshape(-1, 4, 2).mean(axis=1)
        least: NDArray[np.float64] = sides.min(axis=1)
        return 1 / least


def _through_corners(these: NDArray[np.float64], those: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices ``(N, 3, 3)`` that bring points ``(N, 4, 2)`` to ``(4, 2)`` (Hartley and Zisserman, section 4.1)."""
    import numpy as np

    x, y = these[..., 0], these[..., 1]
    u, v = np.broadcast_to(those[:, 0], x.shape), np.broadcast_to(those[:, 1], x.shape)
    none, one = np.zeros_like(x), np.ones_like(x)
    across = np.stack((x, y, one, none, none, none, -u * x, -u * y), axis=-1)
    down = np.stack((none, none, none, x, y, one, -v * x, -v * y), axis=-1)
    entries = np.linalg.solve(np.concatenate((across, down), axis=1), np.concatenate((u, v), axis=1)[..., None])
    return np.concatenate((entries[..., 0], np.ones((len(x), 1))), axis=1).reshape(-1, 3, 3)


@AUGMENTATION.register
class Warp(LooksOutside, GeometricStep):
    """Each place moves a little, neighbours nearly alike, as handwriting varies (Simard et al. 2003).

    Displacements are drawn at the knots of a grid and smooth in between (a cubic B-spline, which nowhere exceeds them).
    Below 0.488 of the distance between knots they never fold the image over itself (Choi and Lee 2000).
    """

    name: ClassVar = "warp"
    title: ClassVar = "Local warp"
    icon: ClassVar = "mdi6.waves"
    aliases: ClassVar = ("elastic",)

    strength: Annotated[float, Field(ge=0, le=0.45)] = setting(
        0.15, "Strength", help="How far a knot moves at most, as a part of the distance between knots."
    )
    knots: Annotated[int, Field(ge=2, le=16)] = setting(4, "Knots", help="Knots along each side.")

    def draw(self, random: Draws) -> Drawn:
        each = random.uniforms(2 * (self.knots + 2) ** 2, -self.strength, self.strength)
        return {"by": each.reshape(-1, self.knots + 2, self.knots + 2, 2)}

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        import numpy as np

        farthest = np.abs(values["by"][index]).max() / (self.knots - 1)
        return Told((f"up to {share(farthest)}", "warped"))

    def stays(self, values: Drawn, before: Size, after: Size) -> NDArray[np.bool_]:
        return _zero(values["by"])

    def source(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        from engine.data.augmentation.splines import displacement

        return points + displacement(points, values["by"], (before[1], before[0]))


@AUGMENTATION.register
class Lens(LooksOutside, GeometricStep):
    """Straight lines bend as through a lens: outwards like a barrel for values above 0, inwards like a cushion below.

    A point at r from the middle was at r·(1 + k·r²), where 1 is half the diagonal (Brown 1966, the first term).
    """

    name: ClassVar = "lens"
    title: ClassVar = "Lens distortion"
    icon: ClassVar = "mdi6.camera-iris"

    bend: Bend = span((-0.2, 0.2), "Bend", neutral=0, track=(-0.33, 0.5))

    def told(self, values: Mapping[str, NDArray[np.generic]], index: int) -> Told:
        bend = float(values["bend"][index])
        return Told((signed(bend, 2), "barrel" if bend >= 0 else "cushion"))

    def draw(self, random: Draws) -> Drawn:
        return {"bend": random.uniform(*self.bend)}

    def stays(self, values: Drawn, before: Size, after: Size) -> NDArray[np.bool_]:
        return _zero(values["bend"])

    def source(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        middle, away, squared, bend = _from_middle(points, values["bend"], before)
        return middle + away * (1 + bend * squared)

    def target(self, points: Tensor, values: Drawn, before: Size, after: Size) -> Tensor:
        """See `GeometricStep.target`; points that are not seen any more come to lie beyond the corners.

        It is the root of a cubic equation, by hyperbolic or circular functions (Nickalls 2006).
        """
        import torch

        middle, away, squared, bend = _from_middle(points, values["bend"], before)
        radius, unit = squared.sqrt(), (3 * bend.abs()).sqrt()
        part = 1.5 * unit * radius
        third = torch.where(bend > 0, (part.asinh() / 3).sinh(), (part.clamp(max=1).asin() / 3).sin())
        return middle + away * (2 * third / (unit * radius)).where(part > 0, 1)

    def shrinking(self, values: Drawn, before: Size, after: Size) -> NDArray[np.float64]:
        return 1 + 3 * values["bend"].clip(min=0)


def _from_middle(points: Tensor, bends: NDArray[np.float64], size: Size) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The middle of an image, and what goes with points ``(N, …, 2)``: how far from it they are, the square of that as
    a part of half the diagonal, and how much their image is bent."""
    import torch

    middle = points.new_tensor((size[1] / 2, size[0] / 2))
    away = points - middle
    squared = away.square().sum(dim=-1, keepdim=True) / middle.square().sum()
    return middle, away, squared, torch.from_numpy(bends).to(points).view(-1, *[1] * (points.ndim - 1))
