"""Fixes where the inputs of a merge do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from engine.layers import Layer, Shape
from engine.layers.convolution import Conv2d
from engine.layers.global_pooling import AdaptiveAvgPool2d, GlobalAvgPool
from engine.layers.linear import Linear
from engine.layers.merge import Concat
from engine.layers.normalisation import BatchNorm2d
from engine.layers.pooling import MaxPool2d
from engine.layers.reshaping import Crop2d, Flatten, Upsample, ZeroPad2d, ZeroPadShortcut
from engine.network.cases import COST, Case, Generator, inputs_that, inserting
from engine.network.parts import Edge
from engine.network.problems import Fix
from engine.words import thousands, with_article


def insert_projection(case: Case) -> Iterator[Fix]:
    """Give other paths the main path's maps and size by a learned 1×1 convolution (He et al. 2015, option B)."""
    odd = _odd_maps(case)
    strides = [_stride(shape, case.shapes[0]) for _, shape in odd]
    if not odd or None in strides:
        return
    channels, normed = case.shapes[0].channels, isinstance(case.network.layer(case.edges[0].source), BatchNorm2d)
    layers: list[list[Layer]] = []
    for stride in strides:
        conv = Conv2d(out_channels=channels, kernel_size=1, stride=stride, bias=not normed)
        layers.append([conv, BatchNorm2d()] if normed else [conv])
    label = "Insert 1×1 projection"
    with_stride = f"stride {strides[0][0]} and " if strides[0] and strides[0] != (1, 1) else ""
    effect = f"A 1×1 convolution with {with_stride}{channels} maps makes them equal {COST}."
    yield inserting(label, effect, case, [(edge, chain) for (edge, _), chain in zip(odd, layers, strict=True)])


def resize_with_stride(case: Case) -> Iterator[Fix]:
    """Bring larger maps to the main path's size by max pooling."""
    chains: list[tuple[Edge, list[Layer]]] = []
    sizes: list[tuple[int, int]] = []
    for edge, shape in _odd_maps(case):
        size = (shape.height // case.shapes[0].height, shape.width // case.shapes[0].width)
        if min(size) < 1:
            return
        chains.append((edge, [MaxPool2d(kernel_size=size, stride=size)]))
        sizes.append(size)
    if chains:
        pool = with_article(f"{sizes[0][0]}×{sizes[0][1]} max pool")
        effect = f"{pool[0].upper()}{pool[1:]} with the same stride makes the sizes equal (no parameters)."
        yield inserting("Resize with stride", effect, case, chains)


def enlarge(case: Case) -> Iterator[Fix]:
    """Bring smaller maps to the main path's size by repeating pixels."""
    chains: list[tuple[Edge, list[Layer]]] = []
    for edge, shape in _odd_maps(case):
        scale = (case.shapes[0].height // shape.height, case.shapes[0].width // shape.width)
        if min(scale) < 1:
            return
        chains.append((edge, [Upsample(scale=scale)]))
    if chains:
        yield inserting("Insert Upsample", "Repeating pixels makes the sizes equal (no parameters).", case, chains)


def pad_channels(case: Case) -> Iterator[Fix]:
    """Give other paths more maps, of zeros (He et al. 2015, option A)."""
    main = case.shapes[0]
    odd = _odd_maps(case)
    if not odd or isinstance(case.layer, Concat) or any(shape.channels >= main.channels for _, shape in odd):
        return
    chains: list[tuple[Edge, list[Layer]]] = []
    for edge, shape in odd:
        stride = _stride(shape, main)
        if stride is None:
            return
        chains.append((edge, [ZeroPadShortcut(out_channels=main.channels, stride=stride)]))
    effect = f"Maps of zeros bring the shortcut to {main.channels} channels (no parameters)."
    yield inserting("Zero-pad the channels", effect, case, chains)


def crop_or_pad(case: Case) -> Iterator[Fix]:
    """Cut the edges of larger maps off, or put zeros around smaller ones."""
    odd = _odd_maps(case)
    for kind, label, what in (
        (Crop2d, "Crop", "Cutting its edges off"),
        (ZeroPad2d, "Pad with zeros", "Putting zeros around it"),
    ):
        chains: list[tuple[Edge, list[Layer]]] = []
        for edge, shape in odd:
            rows, columns = (abs(case.shapes[0][axis] - shape[axis]) for axis in (1, 2))
            sides = {
                "top": rows // 2,
                "bottom": rows - rows // 2,
                "left": columns // 2,
                "right": columns - columns // 2,
            }
            chains.append((edge, [kind(**sides)]))
        if chains:
            height, width = case.shapes[0][1:]
            yield inserting(label, f"{what} makes it {height}×{width} (no parameters).", case, chains)


def match_features(case: Case) -> Iterator[Fix]:
    """Give other vectors the main path's length by a fully connected layer."""
    main = case.shapes[0]
    odd = inputs_that(case, lambda shape: shape.is_vector and shape != main)
    if main.is_vector and odd:
        effect = f"A fully connected layer gives {main.said} {COST}."
        chains: list[tuple[Edge, list[Layer]]] = [(edge, [Linear(out_features=main.channels)]) for edge, _ in odd]
        yield inserting(f"Insert Linear {thousands(main.channels)}", effect, case, chains)


def resize_and_project(case: Case) -> Iterator[Fix]:
    """Average other maps to the main path's size, whatever theirs is, and give them as many by a 1×1 convolution."""
    main, odd = case.shapes[0], _odd_maps(case)
    if not odd:
        return
    chains: list[tuple[Edge, list[Layer]]] = []
    for edge, shape in odd:
        chain: list[Layer] = [AdaptiveAvgPool2d(output_size=main[1:])] if shape[1:] != main[1:] else []
        if shape.channels != main.channels and not isinstance(case.layer, Concat):
            chain.append(Conv2d(out_channels=main.channels, kernel_size=1))
        chains.append((edge, chain))
    projects = any(isinstance(layer, Conv2d) for _, chain in chains for layer in chain)
    label = f"Average to {main.height}×{main.width}" + (f" and project to {main.channels} maps" if projects else "")
    cost = COST if projects else "(no parameters)"
    yield inserting(label, f"Every input is then {main.height}×{main.width} {cost}.", case, chains)


def make_vectors(case: Case) -> Iterator[Fix]:
    """Average maps to vectors where some inputs are vectors, all of the first one's length."""
    if not any(shape.is_vector for shape in case.shapes) or not inputs_that(case, lambda shape: shape.is_map):
        return
    length = case.shapes[0].channels
    chains: list[tuple[Edge, list[Layer]]] = []
    for edge, shape in zip(case.edges, case.shapes, strict=True):
        chain: list[Layer] = [GlobalAvgPool(), Flatten()] if shape.is_map else []
        if shape.channels != length and not isinstance(case.layer, Concat):
            chain.append(Linear(out_features=length))
        if chain:
            chains.append((edge, chain))
    effect = f"Each map becomes its mean, so that every input is a vector {COST}."
    yield inserting("Average maps to vectors", effect, case, chains)


MERGE_FIXES: tuple[Generator, ...] = (
    insert_projection,
    resize_with_stride,
    pad_channels,
    crop_or_pad,
    enlarge,
    resize_and_project,
    match_features,
    make_vectors,
)
"""In the order they are offered."""


def _odd_maps(case: Case) -> list[tuple[Edge, Shape]]:
    """The inputs that do not go with the first, if all are maps."""
    main = case.shapes[0]
    if not all(shape.is_map for shape in case.shapes):
        return []
    sizes_only = isinstance(case.layer, Concat)
    return inputs_that(case, lambda shape: shape[1:] != main[1:] if sizes_only else shape != main)


def _stride(shape: Shape, main: Shape) -> tuple[int, int] | None:
    """The stride with which a 1×1 window turns the size of ``shape`` into that of ``main``, if there is one."""
    strides = (-(-shape.height // main.height), -(-shape.width // main.width))
    fits = all(-(-shape[axis] // strides[axis - 1]) == main[axis] for axis in (1, 2))
    return strides if fits else None
