"""The perceptron: weigh, add, decide."""

from __future__ import annotations

from typing import Annotated

from engine.layers.activation import ThresholdUnit
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import fc


@template(
    title="Perceptron",
    year=1958,
    authors="F. Rosenblatt",
    paper="The perceptron: a probabilistic model for information storage and organization in the brain",
    idea="A neuron that learns its weights from examples.",
    group="Lecture exercises",
)
def perceptron(*, classes: Classes = 10, input_size: Annotated[int, Between(1, 512)] = 28) -> Network:
    """One neuron a class, with a weight for each pixel and a bias: the strongest wins.

    ``classes=1`` is one neuron that fires or not, and so tells two classes apart, as Rosenblatt's did.
    """
    pen = Drawing("perceptron", channels=1, height=input_size, width=input_size)
    pen.chain(flatten=Flatten(), neuron=fc(classes))
    if classes == 1:
        pen.chain(threshold=ThresholdUnit())
    return pen.output()
