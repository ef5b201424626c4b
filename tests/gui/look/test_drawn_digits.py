"""Digits drawn by mouse, at any size and place, reach the network as the digits that it has learned stand."""

import numpy as np
import pytest
from drawn_digits import DIGITS, PLACES, draw, draw_strokes
from handwriting import WAYS, grey, strokes, written
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtTest import QTest
from readers import trained
from train_parts import PATIENCE, tiny_network

from engine.data.images import fit
from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import Shape
from gui.look.draw_pad import DrawPad
from gui.look.image import about
from gui.look.pose import Likeness, pose_of
from gui.look.received import EDGE
from gui.look.strokes import posed
from gui.style.colour_maps import image_of_pixels
from templates.lenet5 import lenet5

SHAPE = Shape(1, 8, 8)
BARE_SEVENS = ("plain", "serif", "steep", "slope")
"""Ways to write a 7 without a bar."""


@pytest.fixture(scope="module")
def samples():
    return load(DataSettings(), SHAPE).test.images(np.arange(60))


@pytest.fixture
def pad(qtbot):
    pad = DrawPad()
    qtbot.addWidget(pad)
    pad.resize(272, 272)
    pad.set_shape(SHAPE)
    return pad


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """What a network that was trained on the 8×8 digits takes images for."""
    return trained(tiny_network(), tmp_path_factory.mktemp("run"))


def test_all_ten_digits_are_read_at_every_size_and_place(pad, samples, read):
    pad.pose = pose_of(samples)
    right = 0
    for digit in DIGITS:
        for left, top, height in PLACES:
            pad.clear()
            draw(pad, digit, left=left, top=top, height=height)
            right += read(pad.pixels()[None]) == digit
    assert right >= 38  # of 40; as they are drawn, it reads about 10


def drawings(pose, shape):
    """All ways to write each digit, broad and slanted, as a network of ``shape`` receives them: digit, way, pixels."""
    random = np.random.default_rng(5)
    for digit, ways in WAYS.items():
        for name, way in ways.items():
            for breadth in (1.0, 1.4, 1.8):
                for slant in (-15, 0, 15):
                    drawn = strokes(written(way, breadth=breadth, slant=slant, random=random))
                    image = grey(posed(drawn, pose, QSize(8, 8))[0]).astype(np.uint8)
                    yield digit, name, fit(image[None], shape)


def shares_right(read, pose, shape):
    """The share of drawings that are read rightly: of all, of each digit and of broad sevens without a bar."""
    digits, names, pixels = map(np.array, zip(*drawings(pose, shape), strict=True))
    right = read(pixels) == digits
    bare = (digits == 7) & np.isin(names, BARE_SEVENS)
    return right.mean(), [right[digits == digit].mean() for digit in WAYS], right[bare].mean()


def test_all_digits_are_read_however_people_write_them(samples, read):
    everything, each, bare_sevens = shares_right(read, pose_of(samples), SHAPE)
    assert everything > 0.93, each
    assert min(each) > 0.75, each
    assert bare_sevens > 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("make", "shape"), [(tiny_network, SHAPE), (lenet5, Shape(1, 32, 32))], ids=["tiny", "lenet5"])
def test_whatever_the_seed_digits_are_read_and_sevens_without_a_bar_too(samples, tmp_path, make, shape):
    pose = pose_of(samples)
    runs = [trained(make(), tmp_path / str(seed), seed=seed, batch_size=64) for seed in range(5)]
    found = [shares_right(read, pose, shape) for read in runs]
    everything, each, bare_sevens = map(np.array, zip(*found, strict=True))
    assert everything.mean() > 0.92, everything
    assert each.mean(axis=0).min() > 0.75, each.mean(axis=0)
    assert np.sum(bare_sevens > 0.9) >= 4, bare_sevens


def test_where_and_how_large_it_is_drawn_changes_little(pad, samples):
    pad.pose = pose_of(samples)
    assert pad.pose.height == 1
    for digit in DIGITS:
        seen = []
        for left, top, height in PLACES:
            pad.clear()
            draw(pad, digit, left=left, top=top, height=height)
            seen.append(pad.pixels().astype(float) / 255)
        for other in seen[1:]:
            assert np.abs(other - seen[0]).mean() < 0.06
        assert seen[0].mean() == pytest.approx(pad.pose.ink, abs=0.08)


def test_a_drawing_is_like_the_images_and_a_scribble_is_not(pad, samples):
    likeness = Likeness(samples)
    pad.pose = pose_of(samples)
    others = load(DataSettings(), SHAPE).test.images(np.arange(60, 260))
    assert sum(not likeness.is_like(image) for image in others) <= 4
    for digit in DIGITS:
        pad.clear()
        draw(pad, digit, left=0.3, top=0.2, height=0.5)
        assert likeness.is_like(pad.pixels()), digit
    noise = np.random.default_rng(0).integers(0, 256, (20, *SHAPE), np.uint8)
    assert not any(map(likeness.is_like, noise))
    assert not likeness.is_like(np.full(SHAPE, 255, np.uint8))


def test_images_without_a_dark_ground_have_no_pose_and_nothing_is_moved(pad):
    scenes = np.random.default_rng(1).integers(0, 256, (60, 3, 8, 8), np.uint8)
    assert pose_of(scenes) is None
    pad.pose = None
    draw(pad, 1, left=0.1, top=0.1, height=0.4)
    assert not pad.moved
    assert pad.pixels()[0, 5:].max() == 0


def test_a_dot_and_what_is_drawn_over_an_image_stay_where_they_are(pad, samples):
    pad.pose = pose_of(samples)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert not pad.moved
    pad.set_pixels(samples[0])
    draw(pad, 1, left=0.1, top=0.1, height=0.4)
    assert not pad.moved


def test_a_receptive_field_is_marked_where_its_part_was_drawn(pad, samples):
    pad.pose = pose_of(samples)
    draw(pad, 0, left=0.5, top=0.4, height=0.5)
    whole = pad._on_pad(QRectF(0, 0, 8, 8))
    assert whole.center().x() == pytest.approx((0.5 + 0.15) * 272, abs=12)
    assert whole.center().y() == pytest.approx((0.4 + 0.25) * 272, abs=12)
    assert whole.height() == pytest.approx(0.5 * 272, rel=0.35)


def test_the_window_says_what_it_does_to_a_drawing_and_when_it_is_unlike_the_data(inside, seen, qtbot):
    inside.set_active(True)
    seen()
    panel = inside.image
    qtbot.waitUntil(lambda: panel.samples is not None, timeout=PATIENCE)
    panel._clear_pad()
    draw(panel.pad, 3, left=0.3, top=0.2, height=0.5)
    assert "stands as the data's images do" in panel.note.text()
    assert "unlike" not in panel.note.text()
    assert panel.received.isVisible()
    shown, wanted = panel.received.pixmap().toImage(), image_of_pixels(panel.look.pixels)
    for x, y in np.ndindex(12, 12):
        assert shown.pixelColor((2 * x + 1) * EDGE // 24, (2 * y + 1) * EDGE // 24) == wanted.pixelColor(x, y)
    panel._clear_pad()
    assert not panel.received.isVisible()
    letter_m = [(0, 1), (0, 0), (0.4, 0.6), (0.8, 0), (0.8, 1)]
    draw_strokes(panel.pad, [letter_m], left=0.1, top=0.2, height=0.6)
    assert panel.note.text().endswith("It is unlike all images of the data: the answer says little.")


def test_an_image_is_called_grey_by_what_it_shows_and_not_by_its_channels():
    grey = np.full((1, 6, 4), 200, np.uint8)
    assert about(grey) == "1×6×4 grey, values 0 to 255"
    threefold = np.repeat(grey, 3, axis=0)
    assert about(threefold) == "3×6×4 grey, values 0 to 255"
    threefold[0, 2, 2] = 90
    assert about(threefold) == "3×6×4 in colour, values 0 to 255"
