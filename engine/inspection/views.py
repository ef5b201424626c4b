"""Ways to look inside a network; one class each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from engine.choices import Choice, Registry
from engine.inspection.results import Result
from engine.layers import Layer
from engine.network import Network

if TYPE_CHECKING:
    from torch import Tensor

    from engine.inspection.lens import Lens


class View(Choice):
    """Makes something to be seen of a network, an image or a node of it; the fields of a subclass are its settings."""

    subject: ClassVar[str] = "any layer"
    """The layers it is for, as a sentence names them: "convolutions"."""
    needs_node: ClassVar[bool] = True
    needs_image: ClassVar[bool] = True
    needs_gradients: ClassVar[bool] = False
    """Whether `show` differentiates: it then gets an image that requires gradients."""
    needs_data: ClassVar[bool] = False
    """Whether `show` goes through images of the data set, which may take long."""
    precise: ClassVar[bool] = False
    """Whether arrays that are written are computed in 64 bits, as rounding adds up in them."""
    class_setting: ClassVar[str] = ""
    """The setting that holds the number of the class that is asked about; "" without one."""

    def applies_to(self, layer: Layer, network: Network) -> bool:
        """Whether it has something to show of a node with this layer."""
        return True

    def reads(self, node: str, network: Network) -> tuple[str, ...]:
        """The nodes whose values `show` asks for; those of several views come from one pass then."""
        return ()

    def show(self, lens: Lens, image: Tensor, node: str) -> Result:
        """What there is to see of ``node`` ("" if it needs none) for ``image``, ``(1, C, H, W)``, normalised.

        Raises `LayerloomError` if there is nothing.
        """
        if type(self).steps is View.steps:
            raise TypeError(f"{type(self).__name__} does not declare show")
        return deque(self.steps(lens, image, node), maxlen=1).pop()

    def steps(self, lens: Lens, image: Tensor, node: str) -> Iterator[Result]:
        """What there is to see as it comes about, the last of it whole; declared in place of `show` by what is slow."""
        yield self.show(lens, image, node)


VIEWS: Registry[View] = Registry("views", one="view")
