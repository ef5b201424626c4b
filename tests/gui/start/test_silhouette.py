"""Silhouettes show what the analysed network has: bars by size, shortcuts, parallel paths."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from engine.layers import Family
from engine.network import Network, analyse
from gui.start.silhouette import Silhouette, paint, silhouette
from gui.style.appearance import appearance
from templates import TEMPLATES, build


def of(network: Network) -> Silhouette:
    return silhouette(network, analyse(network))


def test_lenet_is_a_row_of_bars_that_shrink_with_the_maps():
    picture = of(build("lenet5"))
    families = [bar.family for bar in picture.bars]
    conv, pool, linear = Family.CONVOLUTION, Family.POOLING, Family.LINEAR
    assert families == [Family.INPUT_OUTPUT, conv, pool, conv, pool, linear, linear, linear]
    heights = [bar.height for bar in picture.bars[:5]]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == 1.0
    assert picture.shortcuts == ()


def test_resnet_has_a_bracket_for_every_addition():
    network = build("resnet", depth=18)
    picture = of(network)
    assert len(picture.shortcuts) == 8
    assert not any(arc for _, _, arc in picture.shortcuts)
    assert all(start < end for start, end, _ in picture.shortcuts)


def test_inception_stands_its_branches_above_each_other():
    picture = of(build("inception_module"))
    assert max(bar.lanes for bar in picture.bars) >= 3
    assert Family.MERGE in {bar.family for bar in picture.bars}


def test_an_empty_network_has_no_bars():
    assert of(Network()).places == 0


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_paints_inside_its_area(qapp, name):
    image = QImage(220, 140, QImage.Format.Format_RGB32)
    image.fill(appearance().colour("canvas"))
    painter = QPainter(image)
    paint(painter, QRectF(20, 20, 180, 100), of(build(name)))
    painter.end()
    edge = [image.pixelColor(x, y) for x in (2, 217) for y in range(140)]
    assert {colour.name() for colour in edge} == {appearance().colour("canvas").name()}
    middle = {image.pixelColor(x, 70).name() for x in range(20, 200)}
    assert len(middle) > 1
