"""ZFNet: AlexNet with a finer first look, chosen by looking inside it."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.layers.activation import ReLU
from engine.layers.normalisation import LocalResponseNorm
from engine.layers.regularisation import Dropout
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import conv, fc, max_pool

MAPS = {"lecture": (512, 1024, 512), "paper": (384, 384, 256)}


@template(
    title="ZFNet",
    year=2013,
    authors="M. D. Zeiler, R. Fergus",
    paper="Visualizing and understanding convolutional networks",
    idea="A deconvnet shows what layers see; the first kernel shrinks to 7×7.",
    top5=11.7,
    top5_note="several networks averaged, as entered by Zeiler's company; the paper's six reach 14.8",
)
def zfnet(
    *,
    variant: Literal["lecture", "paper"] = "paper",
    classes: Classes = 1000,
    input_size: Annotated[int, Between(63, 1024)] = 224,
) -> Network:
    """224×224 colour images to 1 000 classes; ``lecture`` widens the last three convolutions."""
    maps3, maps4, maps5 = MAPS[variant]
    pen = Drawing("zfnet", channels=3, height=input_size, width=input_size)
    pen.chain(conv1=conv(96, 7, stride=2, padding=1), relu1=ReLU(), pool1=max_pool(3, stride=2, ceil=True))
    pen.chain(norm1=LocalResponseNorm())
    pen.chain(conv2=conv(256, 5, stride=2), relu2=ReLU(), pool2=max_pool(3, stride=2, ceil=True))
    pen.chain(norm2=LocalResponseNorm())
    pen.chain(conv3=conv(maps3, 3, padding=1), relu3=ReLU())
    pen.chain(conv4=conv(maps4, 3, padding=1), relu4=ReLU())
    pen.chain(conv5=conv(maps5, 3, padding=1), relu5=ReLU(), pool5=max_pool(3, stride=2))
    pen.chain(flatten=Flatten())
    pen.chain(fc6=fc(4096), relu6=ReLU(), dropout6=Dropout())
    pen.chain(fc7=fc(4096), relu7=ReLU(), dropout7=Dropout())
    pen.chain(fc8=fc(classes))
    return pen.output()
