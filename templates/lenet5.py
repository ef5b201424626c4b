"""LeNet-5, the network that read cheques."""

from __future__ import annotations

from typing import Literal

from engine.layers.activation import ReLU
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Classes
from templates.parts import conv, fc, max_pool


@template(
    title="LeNet-5",
    year=1998,
    authors="Y. LeCun, L. Bottou, Y. Bengio, P. Haffner",
    paper="Gradient-based learning applied to document recognition",
    idea="Learned kernels, shared over the image, with pooling between them.",
)
def lenet5(*, variant: Literal["modern"] = "modern", classes: Classes = 10) -> Network:
    """32×32 grey images to ten digits.

    ``modern``: as it is taught today, with ReLU and max pooling.
    """
    pen = Drawing("lenet5", channels=1, height=32, width=32)
    pen.chain(conv1=conv(6, 5), relu1=ReLU(), pool1=max_pool(2, stride=2))
    pen.chain(conv2=conv(16, 5), relu2=ReLU(), pool2=max_pool(2, stride=2))
    pen.chain(flatten=Flatten(), fc1=fc(120), relu3=ReLU(), fc2=fc(84), relu4=ReLU(), fc3=fc(classes))
    return pen.output()
