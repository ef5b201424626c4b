"""Digits as people draw them: strokes of a pen, drawn with the mouse."""

import math

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest


def arc(x, y, wide, high, start, end, points=14):
    """Part of an ellipse, from one angle to another in degrees; 0 is right, 90 is down."""
    steps = [math.radians(start + (end - start) * index / points) for index in range(points + 1)]
    return [(x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in steps]


DIGITS = {
    0: [arc(0.3, 0.5, 0.3, 0.5, -90, 270)],
    1: [[(0.0, 0.25), (0.2, 0.0), (0.2, 1.0)]],
    2: [[*arc(0.3, 0.28, 0.3, 0.28, -170, 40), (0.0, 1.0), (0.6, 1.0)]],
    3: [[*arc(0.25, 0.25, 0.3, 0.25, -150, 90), *arc(0.25, 0.75, 0.35, 0.25, -90, 150)]],
    4: [[(0.35, 0.0), (0.0, 0.6), (0.6, 0.6)], [(0.45, 0.3), (0.45, 1.0)]],
    5: [[(0.6, 0.0), (0.1, 0.0), (0.05, 0.45), *arc(0.25, 0.7, 0.35, 0.3, -100, 150)]],
    6: [[(0.45, 0.0), (0.15, 0.35), *arc(0.3, 0.72, 0.28, 0.28, 190, -170)]],
    7: [[(0.0, 0.0), (0.6, 0.0), (0.25, 1.0)]],
    8: [[*arc(0.3, 0.25, 0.25, 0.25, 90, -270), *arc(0.3, 0.75, 0.3, 0.25, -90, 270)]],
    9: [[*arc(0.3, 0.28, 0.28, 0.28, 0, -360), (0.55, 0.5), (0.5, 1.0)]],
}
"""The strokes of each digit in a box as high as 1."""

PLACES = [(0.2, 0.1, 0.8), (0.1, 0.1, 0.5), (0.5, 0.4, 0.5), (0.35, 0.3, 0.35)]
"""Left, top and height of a drawing, as fractions of the pad."""


def draw(pad, digit, *, left, top, height):
    """Draw a digit with the mouse."""
    draw_strokes(pad, DIGITS[digit], left=left, top=top, height=height)


def draw_strokes(pad, strokes, *, left, top, height):
    """Draw strokes that stand in a box as high as 1 with the mouse."""

    def place(x, y):
        return QPoint(round((left + height * x) * pad.width()), round((top + height * y) * pad.height()))

    for stroke in strokes:
        first, *others = [place(x, y) for x, y in stroke]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=first)
        for spot in others:
            QTest.mouseMove(pad, spot)
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=[first, *others][-1])
