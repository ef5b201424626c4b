"""Inception v3: large kernels factorised into small and one-sided ones. Parameter names are torchvision's."""

from __future__ import annotations

from typing import Annotated

from engine.layers.activation import ReLU
from engine.layers.global_pooling import GlobalAvgPool
from engine.layers.merge import Concat
from engine.layers.normalisation import BatchNorm2d
from engine.layers.regularisation import Dropout
from engine.layers.reshaping import Flatten
from engine.network import Network
from templates.catalogue import template
from templates.drawing import Drawing
from templates.options import Between, Classes
from templates.parts import Size, average_pool, conv, fc, max_pool

AUXILIARY_WEIGHT = 0.3
ROW, COLUMN = (1, 7), (7, 1)
ROW_PADDING, COLUMN_PADDING = (0, 3), (3, 0)


@template(
    title="Inception v3",
    year=2015,
    authors="C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna",
    paper="Rethinking the inception architecture for computer vision",
    idea="5×5 as two 3×3, n×n as 1×n and n×1: fewer weights, same view.",
)
def inception_v3(
    *, aux: bool = True, classes: Classes = 1000, input_size: Annotated[int, Between(75, 1024)] = 299
) -> Network:
    """Three kinds of modules on 35×35, 17×17 and 8×8 maps; ``aux`` adds a classifier at 17×17, of weight 0.3.

    Its published weights were trained on pixels from −1 to 1, not on ImageNet's mean and deviation.
    """
    pen = Inception("inception_v3", channels=3, height=input_size, width=input_size)
    pen.conv_block("Conv2d_1a_3x3", 32, 3, stride=2)
    pen.conv_block("Conv2d_2a_3x3", 32, 3)
    pen.conv_block("Conv2d_2b_3x3", 64, 3, padding=1)
    pen.chain(maxpool1=max_pool(3, stride=2))
    pen.conv_block("Conv2d_3b_1x1", 80, 1)
    pen.conv_block("Conv2d_4a_3x3", 192, 3)
    pen.chain(maxpool2=max_pool(3, stride=2))
    pen.small_kernels("Mixed_5b", pool_maps=32)
    pen.small_kernels("Mixed_5c", pool_maps=64)
    pen.small_kernels("Mixed_5d", pool_maps=64)
    pen.halve_35("Mixed_6a")
    pen.rows_and_columns("Mixed_6b", maps=128)
    pen.rows_and_columns("Mixed_6c", maps=160)
    pen.rows_and_columns("Mixed_6d", maps=160)
    pen.rows_and_columns("Mixed_6e", maps=192)
    if aux:
        pen.auxiliary("AuxLogits", classes)
    pen.halve_17("Mixed_7a")
    pen.side_by_side("Mixed_7b")
    pen.side_by_side("Mixed_7c")
    pen.chain(avgpool=GlobalAvgPool(), dropout=Dropout(), flatten=Flatten(), fc=fc(classes))
    return pen.output()


class Inception(Drawing):
    """Draws the five kinds of modules."""

    def conv_block(self, name: str, maps: int, kernel: Size, *, stride: int = 1, padding: Size = 0) -> str:
        """A convolution without bias, batch norm and ReLU."""
        with self.block(name, kind="Convolution", collapsed=True):
            self.chain(conv=conv(maps, kernel, stride=stride, padding=padding, bias=False))
            self.chain(bn=BatchNorm2d(eps=0.001), relu=ReLU())
        return self.here

    def pooled(self, start: str, maps: int) -> str:
        """A 3×3 average and a 1×1 convolution."""
        self.add("pool", average_pool(3, stride=1, padding=1), start)
        return self.conv_block("branch_pool", maps, 1)

    def small_kernels(self, name: str, *, pool_maps: int) -> None:
        """Figure 5: 1×1, 5×5, two 3×3 in place of a second 5×5, and a pool."""
        with self.block(name, kind="Inception A", collapsed=True):
            start = self.here
            one = self.conv_block("branch1x1", 64, 1)
            self.here = start
            self.conv_block("branch5x5_1", 48, 1)
            five = self.conv_block("branch5x5_2", 64, 5, padding=2)
            self.here = start
            self.conv_block("branch3x3dbl_1", 64, 1)
            self.conv_block("branch3x3dbl_2", 96, 3, padding=1)
            double = self.conv_block("branch3x3dbl_3", 96, 3, padding=1)
            self.add("concat", Concat(), one, five, double, self.pooled(start, pool_maps))

    def halve_35(self, name: str) -> None:
        """Figure 10: strided convolutions beside a pool, from 35×35 to 17×17."""
        with self.block(name, kind="Inception B", collapsed=True):
            start = self.here
            three = self.conv_block("branch3x3", 384, 3, stride=2)
            self.here = start
            self.conv_block("branch3x3dbl_1", 64, 1)
            self.conv_block("branch3x3dbl_2", 96, 3, padding=1)
            double = self.conv_block("branch3x3dbl_3", 96, 3, stride=2)
            pool = self.add("pool", max_pool(3, stride=2), start)
            self.add("concat", Concat(), three, double, pool)

    def rows_and_columns(self, name: str, *, maps: int) -> None:
        """Figure 6: 7×7 as 1×7 and 7×1, once and twice."""
        with self.block(name, kind="Inception C", collapsed=True):
            start = self.here
            one = self.conv_block("branch1x1", 192, 1)
            self.here = start
            self.conv_block("branch7x7_1", maps, 1)
            self.conv_block("branch7x7_2", maps, ROW, padding=ROW_PADDING)
            seven = self.conv_block("branch7x7_3", 192, COLUMN, padding=COLUMN_PADDING)
            self.here = start
            self.conv_block("branch7x7dbl_1", maps, 1)
            self.conv_block("branch7x7dbl_2", maps, COLUMN, padding=COLUMN_PADDING)
            self.conv_block("branch7x7dbl_3", maps, ROW, padding=ROW_PADDING)
            self.conv_block("branch7x7dbl_4", maps, COLUMN, padding=COLUMN_PADDING)
            double = self.conv_block("branch7x7dbl_5", 192, ROW, padding=ROW_PADDING)
            self.add("concat", Concat(), one, seven, double, self.pooled(start, 192))

    def halve_17(self, name: str) -> None:
        """Strided convolutions beside a pool, from 17×17 to 8×8."""
        with self.block(name, kind="Inception D", collapsed=True):
            start = self.here
            self.conv_block("branch3x3_1", 192, 1)
            three = self.conv_block("branch3x3_2", 320, 3, stride=2)
            self.here = start
            self.conv_block("branch7x7x3_1", 192, 1)
            self.conv_block("branch7x7x3_2", 192, ROW, padding=ROW_PADDING)
            self.conv_block("branch7x7x3_3", 192, COLUMN, padding=COLUMN_PADDING)
            seven = self.conv_block("branch7x7x3_4", 192, 3, stride=2)
            pool = self.add("pool", max_pool(3, stride=2), start)
            self.add("concat", Concat(), three, seven, pool)

    def side_by_side(self, name: str) -> None:
        """Figure 7: 1×3 beside 3×1, not one after the other."""
        with self.block(name, kind="Inception E", collapsed=True):
            start = self.here
            one = self.conv_block("branch1x1", 320, 1)
            self.here = start
            self.conv_block("branch3x3_1", 384, 1)
            three = self.split("branch3x3", "branch3x3_2")
            self.here = start
            self.conv_block("branch3x3dbl_1", 448, 1)
            self.conv_block("branch3x3dbl_2", 384, 3, padding=1)
            double = self.split("branch3x3dbl", "branch3x3dbl_3")
            self.add("concat", Concat(), one, three, double, self.pooled(start, 192))

    def split(self, name: str, stem: str) -> str:
        """1×3 and 3×1 of the same maps, joined."""
        start = self.here
        row = self.conv_block(stem + "a", 384, (1, 3), padding=(0, 1))
        self.here = start
        column = self.conv_block(stem + "b", 384, (3, 1), padding=(1, 0))
        return self.add(name + "_concat", Concat(), row, column)

    def auxiliary(self, name: str, classes: int) -> None:
        """A small classifier beside the main path; the path goes on where it was."""
        main = self.here
        with self.block(name, kind="Auxiliary classifier", collapsed=True):
            self.chain(pool=average_pool(5, stride=3))
            self.conv_block("conv0", 128, 1)
            self.conv_block("conv1", 768, 5)
            self.chain(avgpool=GlobalAvgPool(), flatten=Flatten(), fc=fc(classes))
            self.output(auxiliary=True, loss_weight=AUXILIARY_WEIGHT)
        self.here = main
