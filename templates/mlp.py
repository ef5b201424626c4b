"""The multilayer perceptron: f₃(f₂(f₁(x)))."""

from __future__ import annotations

from typing import Annotated

from engine.layers.activation import ReLU
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes, Sizes
from templates.parts import fc


@template(
    title="Multilayer perceptron",
    year=1986,
    authors="D. E. Rumelhart, G. E. Hinton, R. J. Williams",
    paper="Learning representations by back-propagating errors",
    idea="Hidden layers, trained by sending errors backwards.",
    group="Lecture exercises",
)
def mlp(
    *, hidden: Sizes = (128, 64), classes: Classes = 10, input_size: Annotated[int, Between(1, 512)] = 28
) -> Network:
    """Each layer is an affine map and a nonlinearity; ``hidden`` gives the size of every one but the last."""
    pen = Drawing("mlp", channels=1, height=input_size, width=input_size)
    pen.chain(flatten=Flatten())
    for index, size in enumerate(hidden, start=1):
        pen.chain(**{f"fc{index}": fc(size), f"relu{index}": ReLU()})
    pen.add(f"fc{len(hidden) + 1}", fc(classes))
    return pen.output()
