"""Digits drawn by mouse, at any size and place, reach the network as the digits that it has learned stand."""

import numpy as np
import pytest
import torch
from drawn_digits import DIGITS, PLACES, draw, draw_strokes
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from train_parts import PATIENCE, settings, tiny_network

from engine.data.loading import load
from engine.data.settings import DataSettings
from engine.layers import Shape
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.runs.runner import Runner
from engine.training.events import Failed, Finished
from gui.look.draw_pad import DrawPad
from gui.look.image import about
from gui.look.pose import Likeness, pose_of, spread_of

SHAPE = Shape(1, 8, 8)


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


@pytest.fixture
def network(tmp_path):
    """A network that tells the 8×8 digits apart, as the window's bars read them."""
    runner = Runner(Project(tiny_network(), training=settings(epochs=20, batch_size=16)), tmp_path / "run")
    runner.start()
    while not isinstance(event := runner.events.get(timeout=60), Finished | Failed):
        pass
    runner.join()
    assert isinstance(event, Finished)
    run = RunFolder(tmp_path / "run")
    return run.load_model().eval(), run.record


def read(network, pixels):
    model, record = network
    values = torch.from_numpy(pixels[None]).float() / 255
    mean, std = (torch.tensor(figures).view(1, -1, 1, 1) for figures in (record.mean, record.std))
    with torch.no_grad():
        return int(model((values - mean) / std).argmax())


def test_all_ten_digits_are_read_at_every_size_and_place(pad, samples, network):
    pad.pose = pose_of(samples)
    right = 0
    for digit in DIGITS:
        for left, top, height in PLACES:
            pad.clear()
            draw(pad, digit, left=left, top=top, height=height)
            right += read(network, pad.pixels()) == digit
    assert right >= 38  # of 40; as they are drawn, it reads about 10


def broad(digit, factor):
    return [[(factor * x, y) for x, y in stroke] for stroke in DIGITS[digit]]


def test_digits_that_are_drawn_broad_are_read_too(pad, samples, network):
    pad.pose = pose_of(samples)
    right = 0
    for digit in DIGITS:
        for factor in (1.3, 1.5, 1.7):
            pad.clear()
            draw_strokes(pad, broad(digit, factor), left=0.1, top=0.1, height=0.7)
            right += read(network, pad.pixels()) == digit
    assert right >= 28, right


def test_what_is_drawn_broad_gets_narrower_and_stays_as_high(pad, samples):
    pad.pose = pose_of(samples)
    breadths = sorted(spread_of(image[0].astype(float)) for image in samples)
    assert breadths[len(breadths) // 2] < pad.pose.spread < breadths[-1]
    for digit in DIGITS:
        draw_strokes(pad, broad(digit, 1.6), left=0.05, top=0.1, height=0.7)
        seen = pad.pixels()[0].astype(float)
        assert spread_of(seen) <= 1.02 * pad.pose.spread
        assert seen[0].max() > 64 < seen[-1].max()
        pad.clear()


def test_images_of_many_heights_say_nothing_of_breadths(samples):
    lower = samples[::2].copy()
    lower[:, :, :2] = 0
    assert pose_of(np.concatenate([samples, lower])).spread == np.inf


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
    assert "Moved and scaled to stand as the images of the data do." in panel.note.text()
    assert "unlike" not in panel.note.text()
    panel._clear_pad()
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
