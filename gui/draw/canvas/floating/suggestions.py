"""What quick add offers: layers with their settings, the shape each would give, and what usually follows first."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers import Family, Layer, Shape, ShapeMismatch
from engine.layers.activation import ReLU, Softmax, Tanh
from engine.layers.convolution import Conv2d, PointwiseConv2d
from engine.layers.input_output import Input, Output
from engine.layers.linear import Linear
from engine.layers.merge import Add
from engine.layers.normalisation import BatchNorm2d
from engine.layers.pooling import MaxPool2d
from engine.layers.regularisation import Dropout, Dropout2d
from engine.layers.reshaping import Flatten
from gui.draw.canvas.model.typed import Typed, fitted, understand
from gui.draw.palette.entries import Entry, entries, nearest, search

USUALLY_FOLLOWS: dict[Family | None, tuple[type[Layer], ...]] = {
    None: (Input,),
    Family.INPUT_OUTPUT: (Conv2d, Flatten, PointwiseConv2d, BatchNorm2d, MaxPool2d, Linear),
    Family.CONVOLUTION: (ReLU, BatchNorm2d, MaxPool2d, Conv2d, Dropout2d, Add),
    Family.POOLING: (Conv2d, Flatten, PointwiseConv2d, Linear, Dropout, BatchNorm2d),
    Family.LINEAR: (ReLU, Output, Linear, Dropout, Softmax, Tanh),
    Family.ACTIVATION: (Conv2d, MaxPool2d, Linear, Dropout, BatchNorm2d, Add),
    Family.NORMALISATION: (ReLU, Conv2d, Add, MaxPool2d, Dropout, Flatten),
    Family.REGULARISATION: (Linear, Conv2d, ReLU, Flatten, Output, BatchNorm2d),
    Family.MERGE: (ReLU, Conv2d, BatchNorm2d, MaxPool2d, PointwiseConv2d, Dropout),
    Family.SHAPE: (Linear, Conv2d, ReLU, Dropout, Output, MaxPool2d),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One row: a layer, and either the shape it would give or why it cannot follow."""

    title: str
    layer: Layer
    gives: str
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where the layer would go: after outputs of these shapes, the last of this layer; nothing for an empty start."""

    shapes: tuple[Shape | None, ...] = ()
    after: Layer | None = None


def offers(text: str, place: Place) -> list[Offer]:
    """The layers that ``text`` may mean, likely ones first, those that would fail last."""
    typed = understand(text)
    known = entries()
    found = search(typed.words, known) if typed.words else _usual(known, place)
    if not found and (guess := nearest(typed.words, known)):
        found = [guess]
    rows = [offer for entry in found if (offer := _offer(entry, typed, place))]
    return [row for row in rows if not row.fails] + [row for row in rows if row.fails]


def _usual(known: list[Entry], place: Place) -> list[Entry]:
    order = USUALLY_FOLLOWS[place.after.family if place.after else None]
    rank = {layer: index for index, layer in enumerate(order)}
    return sorted(known, key=lambda entry: rank.get(type(entry.layer), len(order)))


def _offer(entry: Entry, typed: Typed, place: Place) -> Offer | None:
    source = place.shapes[-1] if place.shapes else None
    layer = fitted(entry.layer, typed, source)
    if layer is None:
        return None
    gives, fails = _outcome(layer, place)
    return Offer(_title(layer, entry, typed), layer, gives, fails)


def _outcome(layer: Layer, place: Place) -> tuple[str, bool]:
    """The shape that ``layer`` would give, or why it would not, and whether it fails."""
    if not layer.input_ports:
        return str(layer.output_shape()), False
    if not place.shapes:
        return "needs an input", False
    if any(shape is None for shape in place.shapes):
        return "?", False
    shapes = [shape for shape in place.shapes if shape is not None]
    inputs = shapes if layer.variadic else shapes[-1:]
    if len(inputs) < len(layer.input_ports):
        partner = layer.partner and layer.partner.layer.title.lower()
        return f"needs a {partner}" if partner else f"needs {len(layer.input_ports)} inputs", False
    try:
        output = layer.output_shape(*inputs)
    except ShapeMismatch as error:
        return error.short or error.what, True
    if layer.variadic and len(inputs) == 1:
        return "wire a second input", False
    return ("same shape" if layer.keeps_shape else str(output)), False


def _title(layer: Layer, entry: Entry, typed: Typed) -> str:
    """The layer's name with the settings that tell rows apart: "Conv2d 5×5, 32 maps"."""
    title = entry.title
    if layer.unit_of(layer.size_setting) == "px":
        kernel = getattr(layer, layer.size_setting)
        title += f" {kernel[0]}×{kernel[1]}"
    unit = layer.unit_of(layer.width_setting)
    if unit == "features" or (unit == "maps" and typed.numbers):
        title += f", {getattr(layer, layer.width_setting)} {unit}"
    stride = getattr(layer, "stride", None)
    if "stride" in typed.named and stride:
        title += f", stride {stride[0]}"
    if typed.fractions and layer.fraction_symbol:
        title += f", {layer.fraction_symbol} = {getattr(layer, layer.fraction_setting):g}"
    return title
