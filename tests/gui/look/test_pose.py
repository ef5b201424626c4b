"""How the things in images stand: measured on images of which it is known, and given to strokes."""

import numpy as np
import pytest
from handwriting import WAYS, grey, strokes, written
from PySide6.QtCore import QPointF, QSize

from engine.data.images import fit
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import Shape
from gui.look.draw_pad import DrawPad
from gui.look.pose import Pose, lean_of, pose_of, width_of
from gui.look.strokes import posed

SIZE = QSize(8, 8)


@pytest.fixture(scope="module")
def pose():
    return pose_of(load(DataSettings(), Shape(1, 8, 8)).test.images(np.arange(60)))


def quadrangles(*, upright, stretched, random, count=60):
    """Bright quadrangles on 28×28, from row 4 to 24: of any slant or with left ends below each other, of any width."""
    x, y = np.arange(28) + 0.5, (np.arange(28)[:, None] - 4) / 19
    images = []
    for _ in range(count):
        left = np.array([0, 0 if upright else random.uniform(-8, 8)])
        right = left + random.uniform(3, 9, 2) * random.uniform(0.3, 1.5)
        if stretched:
            widest = max(right) - min(left)
            left, right = left * 14 / widest, right * 14 / widest
        edges = [14 + ends[0] + (ends[1] - ends[0]) * y - (max(right) + min(left)) / 2 for ends in (left, right)]
        images.append(255 * ((x > edges[0]) & (x < edges[1]) & (y >= 0) & (y <= 1)))
    return np.array(images, np.uint8)[:, None]


def test_a_column_that_is_half_as_bright_counts_half():
    image = np.zeros((8, 8))
    image[2:6, 2:5], image[3, 5] = 200, 100
    assert width_of(image) == 3.5 / 8
    assert width_of(np.zeros((8, 8))) == 0


def test_a_lean_is_the_way_across_for_each_way_down():
    image = np.zeros((16, 16))
    for row in range(2, 14):
        image[row, 14 - row : 15] = 255  # one to the left for each row down
    assert lean_of(image) == pytest.approx(1)
    assert lean_of(image[::-1]) == pytest.approx(-1)
    assert lean_of(image.repeat(2, axis=1)) == pytest.approx(1)  # all are fractions
    assert lean_of(np.full((4, 4), 255)) == 0 == lean_of(np.zeros((4, 4))) == lean_of(np.eye(1, 4) * 255)


@pytest.mark.parametrize("upright", [True, False])
@pytest.mark.parametrize("stretched", [True, False])
def test_what_was_done_to_all_images_is_found_out(upright, stretched):
    random = np.random.default_rng(3)
    found = pose_of(quadrangles(upright=upright, stretched=stretched, random=random))
    assert (found.upright, found.stretched) == (upright, stretched)


def test_images_of_any_width_say_how_wide_a_thing_may_become():
    images = quadrangles(upright=False, stretched=False, random=np.random.default_rng(3), count=200)
    columns = [np.flatnonzero((image[0] > 64).any(axis=0)) for image in images]
    widths = [(bright[-1] + 1 - bright[0]) / 28 for bright in columns]
    found = pose_of(images)
    assert sum(width < found.width for width in widths) < 0.95 * 200 <= sum(width <= found.width for width in widths)


def test_the_digits_were_sheared_and_stretched_as_their_makers_say():
    pixels = load(DataSettings(), Shape(1, 8, 8)).train.images(np.arange(600))
    for some in np.split(pixels, 10):
        pose = pose_of(some)
        assert pose.upright
        assert pose.stretched
        assert pose.height == 1
        assert pose.width == pytest.approx(20 / 32, abs=0.06)


def test_a_slanted_stick_is_set_upright_where_images_are_and_else_stays(pose):
    stick = strokes([[(0.6, 0.1), (0.3, 0.8)]])
    _, place = posed(stick, pose, SIZE)
    top, bottom = map(place.map, stick[0].points)
    assert top.x() == pytest.approx(bottom.x(), abs=0.03)
    plain = Pose(height=0.8, width=0.8, centre=(0.5, 0.5), by_mass=(False, False), ink=0.1)
    _, place = posed(stick, plain, SIZE)
    top, bottom = map(place.map, stick[0].points)
    assert (top.x() - bottom.x()) / (bottom.y() - top.y()) == pytest.approx(3 / 7)
    assert place.map(QPointF(0.45, 0.45)) == QPointF(0.5, 0.5)


@pytest.mark.parametrize("digit", WAYS)
def test_how_broad_and_high_and_where_it_is_drawn_changes_nothing(pose, digit):
    for way in WAYS[digit].values():
        seen = [
            grey(posed(strokes([[(x + across * a, y + down * b) for a, b in stroke] for stroke in way]), pose, SIZE)[0])
            for x, y, across, down in [(0.2, 0.1, 0.7, 0.7), (0.1, 0.1, 1.2, 0.6), (0.5, 0.4, 0.45, 0.5)]
            if min(np.ptp([point[0] for stroke in way for point in stroke]), 0.3) * across / down > 0.15
        ]
        for other in seen[1:]:
            assert np.abs(other - seen[0]).mean() < 8  # of 255


def test_ink_place_and_upright_ends_are_those_of_the_images(pose):
    random = np.random.default_rng(1)
    for ways in WAYS.values():
        for way in ways.values():
            for slant in (-15, 15):
                image, _ = posed(strokes(written(way, breadth=1.2, slant=slant, random=random)), pose, SIZE)
                assert grey(image).mean() / 255 == pytest.approx(pose.ink, abs=0.02)
                assert abs(lean_of(grey(image))) < 0.06
                across = grey(image).sum(axis=0)
                assert (np.arange(8) + 0.5) @ across / across.sum() / 8 == pytest.approx(pose.centre[0], abs=0.02)


def test_a_dash_is_not_torn_to_the_height_of_a_digit(pose):
    image, _ = posed(strokes([[(0.2, 0.5), (0.5, 0.505), (0.8, 0.5)]]), pose, SIZE)
    assert grey(image)[[0, 1, -2, -1]].max() == 0


def test_a_coarse_drawing_is_enlarged_as_the_images_are(qtbot, pose):
    pad = DrawPad()
    qtbot.addWidget(pad)
    shape = Shape(1, 32, 32)
    pad.set_shape(shape)
    pad.pose, pad.own = pose, Shape(1, 8, 8)
    pad._strokes = strokes(WAYS[7]["plain"])
    pad._show()
    small = grey(posed(pad._strokes, pose, SIZE)[0]).astype(np.uint8)
    assert np.array_equal(pad.pixels(), fit(small[None], shape))
