"""Where images enter a network and predictions leave it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from engine.families import Family
from engine.layers.base import Layer, register
from engine.layers.settings import Count, setting
from engine.layers.shape import Shape


@register
class Input(Layer):
    """Images enter here: channels, rows and columns of one image."""

    family: ClassVar = Family.INPUT_OUTPUT
    title: ClassVar = "Input"
    aliases: ClassVar = ("image", "data")
    stem: ClassVar = "input"
    input_ports: ClassVar = ()
    map_settings: ClassVar = ("channels", "height", "width")

    channels: Count = setting(3, "Channels", unit="maps", help="1 for grey images, 3 for colour.")
    height: Count = setting(32, "Height", unit="px")
    width: Count = setting(32, "Width", unit="px")

    def output_shape(self) -> Shape:
        return Shape(self.channels, self.height, self.width)

    def summary(self, *_: Shape) -> str:
        return {1: "grey image", 3: "RGB image"}.get(self.channels, f"{self.channels} channels")

    def call(self) -> None:
        return None


@register
class Output(Layer):
    """Predictions leave here and meet the loss; `loss_weight` scales the loss of an auxiliary head."""

    family: ClassVar = Family.INPUT_OUTPUT
    title: ClassVar = "Output"
    aliases: ClassVar = ("loss", "head", "prediction")
    stem: ClassVar = "output"
    has_output: ClassVar = False

    loss_weight: Annotated[float, Field(gt=0, le=1000)] = setting(
        1.0, "Loss weight", help="How much this head counts in the loss."
    )
    auxiliary: bool = setting(False, "Auxiliary", help="Trains with the others but is left out of evaluation.")

    def output_shape(self, x: Shape) -> Shape:
        return x

    def summary(self, *_: Shape) -> str:
        return f"auxiliary, weight {self.loss_weight:g}" if self.auxiliary else "prediction"

    def call(self, *_: Shape) -> None:
        return None
