"""What a node can be: one small class a layer, one file a family.

Importing this package registers every layer; `LAYERS` maps the class name to the class.
"""

from engine.choices.call import Call, Inputs
from engine.families import Family
from engine.layers import (
    activation,
    connection_table,
    convolution,
    global_pooling,
    input_output,
    linear,
    merge,
    neocognitron,
    normalisation,
    other_pooling,
    pooling,
    regularisation,
    reshaping,
    transposed_convolution,
    unpooling,
)
from engine.layers.base import LAYERS, Layer, Partner, ShapeMismatch, Suggestion, layer_class, register
from engine.layers.formula import Formula
from engine.layers.reading import Reading, Reads, Relaid
from engine.layers.shape import Shape
from engine.layers.window import Window

__all__ = [
    "LAYERS",
    "Call",
    "Family",
    "Formula",
    "Inputs",
    "Layer",
    "Partner",
    "Reading",
    "Reads",
    "Relaid",
    "Shape",
    "ShapeMismatch",
    "Suggestion",
    "Window",
    "activation",
    "connection_table",
    "convolution",
    "global_pooling",
    "input_output",
    "layer_class",
    "linear",
    "merge",
    "neocognitron",
    "normalisation",
    "other_pooling",
    "pooling",
    "register",
    "regularisation",
    "reshaping",
    "transposed_convolution",
    "unpooling",
]
