"""Residual blocks, as ResNet, its plain twin and wide ResNets use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.layers.activation import ReLU
from engine.layers.convolution import Conv2d
from engine.layers.merge import Add
from engine.layers.normalisation import BatchNorm2d
from engine.layers.reshaping import ZeroPadShortcut
from templates.drawing import Drawing
from templates.parts import conv


def basic(maps: int, *, stride: int) -> list[Conv2d]:
    """Two 3×3 convolutions."""
    return [conv3x3(maps, stride=stride), conv3x3(maps)]


def bottleneck(maps: int, out: int, *, stride: int, stride_in_1x1: bool = False) -> list[Conv2d]:
    """1×1 to few maps, 3×3, 1×1 to many; the stride is in the 3×3, or in the first 1×1 as the paper has it."""
    first, second = (stride, 1) if stride_in_1x1 else (1, stride)
    return [conv1x1(maps, stride=first), conv3x3(maps, stride=second), conv1x1(out)]


def conv3x3(maps: int, *, stride: int = 1) -> Conv2d:
    """A 3×3 convolution that keeps the size at stride 1; batch norm follows, so it has no bias."""
    return conv(maps, 3, stride=stride, padding=1, bias=False)


def conv1x1(maps: int, *, stride: int = 1) -> Conv2d:
    """A 1×1 convolution without bias."""
    return conv(maps, 1, stride=stride, bias=False)


@dataclass
class Residual:
    """Draws blocks x + F(x) one after the other; ``maps`` is how many maps flow between them.

    ``zero_pad`` gives shortcuts without parameters (He et al. 2015, option A). ``preactivation`` puts batch norm and
    ReLU before each convolution (He et al. 2016); where such a block projects, both paths start from the activated
    input, and the very first block finds its input activated already.
    """

    pen: Drawing
    maps: int
    zero_pad: bool = False
    preactivation: bool = False
    shortcut_name: str = "downsample"

    def block(self, convs: Sequence[Conv2d], *, stride: int, activated: bool = False) -> None:
        """One block of ``convs`` with batch norms and ReLUs; ``stride`` is that of all of them together."""
        out = convs[-1].out_channels
        changes = stride > 1 or out != self.maps
        if self.preactivation:
            self._before(convs, stride=stride, changes=changes, activated=activated)
        else:
            self._after(convs, stride=stride, changes=changes)
        self.maps = out

    def _after(self, convs: Sequence[Conv2d], *, stride: int, changes: bool) -> None:
        start = self.pen.here
        plain(self.pen, convs[:-1])
        last = len(convs)
        self.pen.chain(**{f"conv{last}": convs[-1], f"bn{last}": BatchNorm2d()})
        self._join(start, convs[-1].out_channels, stride=stride, changes=changes)
        self.pen.add(f"relu{last}", ReLU())

    def _before(self, convs: Sequence[Conv2d], *, stride: int, changes: bool, activated: bool) -> None:
        start = self.pen.here
        for index, layer in enumerate(convs, start=1):
            if index > 1 or not activated:
                self.pen.chain(**{f"bn{index}": BatchNorm2d(), relu_name(index): ReLU()})
            if index == 1 and changes and not self.zero_pad:
                start = self.pen.here
            self.pen.add(f"conv{index}", layer)
        self._join(start, convs[-1].out_channels, stride=stride, changes=changes)

    def _join(self, start: str, out: int, *, stride: int, changes: bool) -> None:
        """Add what came in at ``start`` to the main path, fitted to it where the block changes the shape."""
        main, shortcut = self.pen.here, start
        if changes and self.zero_pad:
            layer = ZeroPadShortcut(out_channels=out, stride=(stride, stride))
            shortcut = self.pen.add(self.shortcut_name, layer, start)
        elif changes:
            self.pen.here = start
            layers = [conv1x1(out, stride=stride), *([] if self.preactivation else [BatchNorm2d()])]
            shortcut = self.pen.sequence(self.shortcut_name, layers, kind="Projection")
        self.pen.add("add", Add(), main, shortcut)


def plain(pen: Drawing, convs: Sequence[Conv2d]) -> None:
    """Convolutions, each with batch norm and ReLU behind it."""
    for index, layer in enumerate(convs, start=1):
        pen.chain(**{f"conv{index}": layer, f"bn{index}": BatchNorm2d(), relu_name(index): ReLU()})


def relu_name(index: int) -> str:
    """torchvision calls the first ``relu`` and uses it again; here every use is a node."""
    return "relu" if index == 1 else f"relu{index}"
