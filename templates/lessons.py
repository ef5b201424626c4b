"""The cost lessons: pairs of small networks that do the same work for different money.

Each closed form is worked out from its symbols alone; the tests hold the drawn pair to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from engine.layers import Formula
from engine.layers.activation import ReLU
from engine.layers.convolution import DepthwiseConv2d
from engine.layers.numbers import brief
from engine.network import Network
from engine.words import thousands
from templates.drawing import Drawing
from templates.inception_module import inception_module
from templates.parts import conv


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two networks to compare, what to see in it, and the closed form of the cost of B over that of A."""

    name: str
    title: str
    sentence: str
    a: Callable[[], Network]
    b: Callable[[], Network]
    titles: tuple[str, str]
    formula: Formula
    ratio: Fraction


Kernel = tuple[int, int, int]
"""Side of the window, channels in, maps out."""

INCEPTION_SIDE = 28
NAIVE: tuple[Kernel, ...] = ((1, 256, 128), (3, 256, 192), (5, 256, 96))
REDUCED: tuple[Kernel, ...] = (
    *((1, 256, 128), (1, 256, 64), (3, 64, 192)),
    *((1, 256, 64), (5, 64, 96), (1, 256, 64)),
)


def inception() -> Lesson:
    """Szegedy et al., Going deeper with convolutions: K²·C·M·H·W for each convolution, with and without bottlenecks."""
    naive, reduced = (INCEPTION_SIDE**2 * sum(k * k * c * m for k, c, m in way) for way in (NAIVE, REDUCED))
    return Lesson(
        name="inception",
        title="Naive and reduced Inception",
        sentence="1×1 bottlenecks before the 3×3 and the 5×5 leave them 64 channels to read in place of 256.",
        a=lambda: inception_module(variant="naive"),
        b=lambda: inception_module(variant="reduced"),
        titles=("Naive Inception module", "Inception module with bottlenecks"),
        formula=_ratio(
            "H·W·Σ K²·C·M with bottlenecks / without",
            f"28·28·({_products(REDUCED)}) / 28·28·({_products(NAIVE)})",
            f"{brief(reduced)} / {brief(naive)}",
            ratio=Fraction(reduced, naive),
        ),
        ratio=Fraction(reduced, naive),
    )


def small_kernels(channels: int = 64) -> Lesson:
    """Simonyan & Zisserman, Very deep convolutional networks, section 2.3: 2·3²·C² weights in place of 5²·C²."""
    ratio = Fraction(2 * 3**2 * channels**2, 5**2 * channels**2)
    return Lesson(
        name="small_kernels",
        title="Two 3×3 and one 5×5",
        sentence="Two 3×3 convolutions see the same 5×5 pixels as one 5×5, with one more ReLU between them.",
        a=lambda: _stack("one_5x5", channels, kernels=(5,)),
        b=lambda: _stack("two_3x3", channels, kernels=(3, 3)),
        titles=("One 5×5 convolution", "Two 3×3 convolutions"),
        formula=_ratio(
            "2·3²·C² / 5²·C²",
            f"18·{channels}² / 25·{channels}²",
            f"{thousands(18 * channels**2)} / {thousands(25 * channels**2)}",
            ratio=ratio,
        ),
        ratio=ratio,
    )


def separable(channels: int = 512, maps: int = 512, *, kernel: int = 3, side: int = 14) -> Lesson:
    """Howard et al., MobileNets, section 3.1: (D_K²·M·D_F² + M·N·D_F²) / (D_K²·M·N·D_F²)."""
    ratio = Fraction(1, maps) + Fraction(1, kernel**2)
    return Lesson(
        name="separable",
        title="Depthwise-separable and standard convolution",
        sentence="One kernel for each map and a 1×1 that mixes the maps do the work of one full convolution.",
        a=lambda: _standard(channels, maps, kernel=kernel, side=side),
        b=lambda: _separable(channels, maps, kernel=kernel, side=side),
        titles=("Standard convolution", "Depthwise-separable convolution"),
        formula=_ratio(
            "(D_K²·M·D_F² + M·N·D_F²) / (D_K²·M·N·D_F²)",
            f"1/N + 1/D_K² = 1/{maps} + 1/{kernel}²",
            ratio=ratio,
        ),
        ratio=ratio,
    )


def _ratio(*steps: str, ratio: Fraction) -> Formula:
    return Formula("MACs of B / A", steps, f"{float(ratio):.3g}")


def _products(kernels: tuple[Kernel, ...]) -> str:
    return " + ".join(f"{k}²·{c}·{m}" if k > 1 else f"{c}·{m}" for k, c, m in kernels)


def _stack(name: str, channels: int, *, kernels: tuple[int, ...], side: int = 28) -> Network:
    """Convolutions without bias that keep channels and size, a ReLU after each."""
    pen = Drawing(name, channels=channels, height=side, width=side)
    for index, kernel in enumerate(kernels, start=1):
        pen.add(f"conv{index}", conv(channels, kernel, padding=kernel // 2, bias=False))
        pen.add(f"relu{index}", ReLU())
    return pen.output()


def _standard(channels: int, maps: int, *, kernel: int, side: int) -> Network:
    pen = Drawing("standard", channels=channels, height=side, width=side)
    pen.add("conv", conv(maps, kernel, padding=kernel // 2, bias=False))
    return pen.output()


def _separable(channels: int, maps: int, *, kernel: int, side: int) -> Network:
    pen = Drawing("depthwise_separable", channels=channels, height=side, width=side)
    depthwise = DepthwiseConv2d(kernel_size=(kernel, kernel), padding=(kernel // 2, kernel // 2), bias=False)
    pen.chain(depthwise=depthwise, pointwise=conv(maps, 1, bias=False))
    return pen.output()


LESSONS: dict[str, Lesson] = {lesson.name: lesson for lesson in (inception(), small_kernels(), separable())}
