"""Views as somebody outside the program would write them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from engine.inspection import VIEWS, Filters, StepThrough, View
from engine.inspection.lens import Lens
from engine.inspection.results import Heat, Kernels, Maps, Result, Steps
from engine.layers import Layer
from engine.layers.convolution import Convolution
from engine.network import Network
from engine.settings import setting


class Saliency(View):
    """The largest absolute gradient of a class score over the channels (Simonyan et al. 2014)."""

    name: ClassVar = "toy_saliency"
    title: ClassVar = "Toy saliency"
    needs_node: ClassVar = False
    needs_gradients: ClassVar = True
    class_setting: ClassVar = "target"

    target: int | None = setting(None, "Class")

    def show(self, lens: Lens, image: Tensor, node: str) -> Heat:
        scores = lens.scores(image)[0]
        target = int(scores.argmax()) if self.target is None else self.target
        (gradient,) = torch.autograd.grad(scores[target], image)
        return Heat(gradient[0].abs().amax(dim=0).cpu().numpy())


class Relevance(View):
    """The gradient of the best score by the maps of a layer, added up over them."""

    name: ClassVar = "toy_relevance"
    title: ClassVar = "Toy relevance"
    needs_gradients: ClassVar = True

    def show(self, lens: Lens, image: Tensor, node: str) -> Heat:
        values = lens.values(image, (node, "output"))
        (gradient,) = torch.autograd.grad(values["output"].max(), values[node])
        return Heat(gradient[0].sum(dim=0).numpy())


class Doubled(View):
    """What a layer gives, twice as large."""

    name: ClassVar = "toy_doubled"
    title: ClassVar = "Toy doubled"

    def show(self, lens: Lens, image: Tensor, node: str) -> Maps:
        return Maps(2 * lens.values(image, (node,))[node][0].numpy())


class Squares(View):
    """The weights of a layer, squared."""

    name: ClassVar = "toy_squares"
    title: ClassVar = "Toy squares"
    needs_image: ClassVar = False

    def show(self, lens: Lens, image: Tensor, node: str) -> Kernels:
        found = Filters().show(lens, image, node)
        return Kernels(node, found.values**2, found.bias)


class Corner(View):
    """The first value of a convolution."""

    name: ClassVar = "toy_corner"
    title: ClassVar = "Toy corner"
    subject: ClassVar = "convolutions"

    def applies_to(self, layer: Layer, network: Network) -> bool:
        return isinstance(layer, Convolution)

    def show(self, lens: Lens, image: Tensor, node: str) -> Steps:
        return StepThrough().show(lens, image, node)


class Unsummed(View):
    """Heat with an axis too many."""

    name: ClassVar = "toy_unsummed"
    title: ClassVar = "Toy unsummed"
    needs_node: ClassVar = False

    def show(self, lens: Lens, image: Tensor, node: str) -> Heat:
        return Heat(image[0].numpy())


class Words(View):
    """Texts where numbers should be."""

    name: ClassVar = "toy_words"
    title: ClassVar = "Toy words"
    needs_node: ClassVar = False

    def show(self, lens: Lens, image: Tensor, node: str) -> Maps:
        return Maps(np.array(["a", "b"]))  # type: ignore[arg-type]


class Number(Result):
    """A type of result that the program does not know."""

    def __init__(self, value: float) -> None:
        self.value = value


class Mean(View):
    """The mean of an image."""

    name: ClassVar = "toy_mean"
    title: ClassVar = "Toy mean"
    needs_node: ClassVar = False

    def show(self, lens: Lens, image: Tensor, node: str) -> Number:
        return Number(float(image.mean()))


class Waiting(View):
    """Waits until the test lets it go on, and tells when it has begun."""

    name: ClassVar = "toy_waiting"
    title: ClassVar = "Toy waiting"
    needs_node: ClassVar = False
    begun: ClassVar = threading.Event()
    go_on: ClassVar = threading.Event()

    def show(self, lens: Lens, image: Tensor, node: str) -> Heat:
        self.begun.set()
        assert self.go_on.wait(60)
        return Heat(image[0, 0].numpy())


class Failing(View):
    """Raises what nobody expects."""

    name: ClassVar = "toy_failing"
    title: ClassVar = "Toy failing"
    needs_node: ClassVar = False
    error: ClassVar[BaseException] = KeyError("nobody thought of it")

    def show(self, lens: Lens, image: Tensor, node: str) -> Heat:
        raise self.error


@contextmanager
def registered(*kinds: type[View]) -> Iterator[None]:
    """These views in their registry, and out of it again."""
    for kind in kinds:
        VIEWS.register(kind)
    try:
        yield
    finally:
        for kind in kinds:
            VIEWS.unregister(kind.name)
