"""The output layer of LeNet-5: distances to one prototype a class."""

from __future__ import annotations

import torch
from torch import nn

# Ten digits as 7×12 pictures; "#" is +1, "." is −1. They are drawn in the manner of figure 3 of the paper, which gives
# no numbers: the readings of that figure that others have published do not agree with each other.
DIGIT_BITMAPS = (
    ".#####. ##...## #.....# #.....# #.....# #.....# #.....# #.....# ##...## .#####. ....... .......",
    "...#... ..##... .###... ...#... ...#... ...#... ...#... ...#... ...#... .#####. ....... .......",
    ".#####. ##...## .....## .....## ....##. ...##.. ..##... .##.... ##..... ####### ....... .......",
    ".#####. ##...## .....## .....## ..####. .....## .....## .....## ##...## .#####. ....... .......",
    "....##. ...###. ..####. .##.##. ##..##. ####### ....##. ....##. ....##. ....##. ....... .......",
    "####### ##..... ##..... ######. .....## .....## .....## .....## ##...## .#####. ....... .......",
    "..####. .##.... ##..... ##..... ######. ##...## ##...## ##...## ##...## .#####. ....... .......",
    "####### .....## .....## ....##. ....##. ...##.. ...##.. ..##... ..##... ..##... ....... .......",
    ".#####. ##...## ##...## ##...## .#####. ##...## ##...## ##...## ##...## .#####. ....... .......",
    ".#####. ##...## ##...## ##...## ##...## .###### .....## .....## ....##. .####.. ....... .......",
)


def digit_bitmaps() -> torch.Tensor:
    """The ten pictures as rows of +1 and −1: (10, 84)."""
    pictures = [picture.replace(" ", "") for picture in DIGIT_BITMAPS]
    return torch.tensor([[1.0 if sign == "#" else -1.0 for sign in picture] for picture in pictures])


class RBFOutput(nn.Module):
    """Minus the squared distance to each class's prototype, −Σⱼ (xⱼ − wᵢⱼ)²: (N, F) → (N, classes).

    LeCun et al. 1998, eq. 7, with the sign turned so that the nearest class scores highest. ``distance`` gives the
    distance itself. ``digits`` takes the fixed pictures as prototypes; otherwise they are learned.
    """

    def __init__(self, features: int, classes: int, *, digits: bool = False, distance: bool = False) -> None:
        super().__init__()
        self.sign = 1.0 if distance else -1.0
        if digits:
            self.register_buffer("weight", digit_bitmaps())
        else:
            self.weight = nn.Parameter(torch.empty(classes, features).uniform_(-1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.sign * (x[:, None, :] - self.weight).square().sum(2)
