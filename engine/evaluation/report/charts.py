"""The charts of a report: confusion matrix, calibration, precision–recall and ROC curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.evaluation.curves import Curve, Curves
from engine.evaluation.report.blocks import Chart, short
from engine.evaluation.report.drawing import Bar, Drawing, Ink, Label, Shape, Stroke
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.reliability import Reliability
from engine.words import counted, percent_text, thousands

MOST_CLASSES = 24
"""Classes of the largest confusion matrix whose numbers can be read."""

_CELL, _LETTERS, _LETTER = 26.0, 18, 6.2  # px of a cell, letters of a name, px of a letter
_WIDEST = 0.5  # of the paper covered by the fullest cell, so that its number can be read
_SIDE, _LEFT, _TOP, _BOTTOM = 300.0, 48.0, 16.0, 40.0
_STYLES: tuple[tuple[Ink, tuple[float, ...]], ...] = (
    ("one", ()),
    ("two", (7, 3)),
    ("three", (2, 3)),
    ("four", (9, 3, 2, 3)),
    ("five", (4, 2)),
)
_CLASSES_DRAWN = 3


def confusion_chart(found: ClassEvaluation, of: str = "") -> Chart:
    """The confusion matrix ``of`` a run, of up to 24 classes, a row a true class."""
    names = [short(name, _LETTERS) for name in found.classes]
    room = max(map(len, names)) * _LETTER + 12
    left, top, side = room + 22, room + 22, len(names) * _CELL
    shapes: list[Shape] = [
        Label(left + side / 2, 12, "Predicted class", 11, "muted", "middle"),
        Label(12, top + side / 2, "True class", 11, "muted", "middle", turned=True),
    ]
    for place, name in enumerate(names):
        middle = (place + 0.5) * _CELL + 4
        shapes.append(Label(left - 6, top + middle, name, 11, "text", "end"))
        shapes.append(Label(left + middle, top - 6, name, 11, "text", "start", turned=True))
    shapes += _cells(found, left, top)
    for place in range(len(names) + 1):
        at = place * _CELL
        shapes.append(Stroke([(left + at, top), (left + at, top + side)], "line", 0.5))
        shapes.append(Stroke([(left, top + at), (left + side, top + at)], "line", 0.5))
    right, images = int(found.confusion.trace()), int(found.confusion.sum())
    title = f"Confusion matrix of {of}" if of else "Confusion matrix"
    words = f"{title}: {thousands(right)} of {counted(images, 'image')} are on the diagonal."
    caption = f"{title}: images by true class (rows) and predicted class (columns); the diagonal is right"
    return Chart(caption, Drawing(left + side + 8, top + side + 8, shapes), words)


def _cells(found: ClassEvaluation, left: float, top: float) -> Iterator[Shape]:
    for row, counts in enumerate(found.confusion.tolist()):
        for column, count in enumerate(counts):
            if not count:
                continue
            x, y, share = left + column * _CELL, top + row * _CELL, count / sum(counts)
            ink: Ink = "right" if row == column else "wrong"
            words = f"{found.classes[row]} taken for {found.classes[column]}: {thousands(count)}"
            yield Bar(x, y, _CELL, _CELL, ink, _WIDEST * (0.2 + 0.8 * share), words)
            size = 10 if count < 1000 else 8
            yield Label(x + _CELL / 2, y + _CELL / 2 + 4, thousands(count), size, "text", "middle")


def _axes(across: str, up: str) -> list[Shape]:
    """A frame from 0 to 100 % both ways, whose axes have titles."""
    shapes: list[Shape] = []
    for tick in range(5):
        share = tick / 4
        x, y = _at(share, share)
        shapes.append(Stroke([(x, _TOP), (x, _TOP + _SIDE)], "line", 0.5))
        shapes.append(Stroke([(_LEFT, y), (_LEFT + _SIDE, y)], "line", 0.5))
        shapes.append(Label(x, _TOP + _SIDE + 14, f"{tick * 25}", 10, "muted", "middle"))
        shapes.append(Label(_LEFT - 6, y + 4, f"{tick * 25}", 10, "muted", "end"))
    shapes.append(Label(_LEFT + _SIDE / 2, _TOP + _SIDE + 32, across, 11, "text", "middle"))
    shapes.append(Label(14, _TOP + _SIDE / 2, up, 11, "text", "middle", turned=True))
    return shapes


def _at(x: float, y: float) -> tuple[float, float]:
    return _LEFT + x * _SIDE, _TOP + (1 - y) * _SIDE


def _sheet(shapes: Sequence[Shape], below: float = 0.0) -> Drawing:
    return Drawing(_LEFT + _SIDE + 14, _TOP + _SIDE + _BOTTOM + below, shapes)


def calibration_chart(found: Reliability, caption: str) -> Chart:
    """How often answers of each confidence are right, beside what they would be if it could be believed."""
    shapes = _axes("Confidence (%)", "Accuracy (%)")
    edges = zip(found.edges.tolist(), found.edges[1:].tolist(), strict=False)
    columns = (found.confidence.tolist(), found.accuracy.tolist(), found.counts.tolist())
    for (low, high), confidence, accuracy, count in zip(edges, *columns, strict=True):
        if not count:
            continue
        (x, y), (end, floor) = _at(low, accuracy), _at(high, 0)
        words = f"{counted(count, 'image')}: confidence {percent_text(confidence)}, right {percent_text(accuracy)}"
        shapes.append(Bar(x + 1, y, end - x - 2, max(floor - y, 1), "right", 0.45, words))
        shapes.append(Stroke([(x + 1, y), (end - 1, y)], "right", 2))
        shapes.append(Label((x + end) / 2, y - 3, thousands(count), 8, "muted", "middle"))
    shapes.append(Stroke([_at(0, 0), _at(1, 1)], "text", 1, (4, 3)))
    error, largest = percent_text(found.expected_error), percent_text(found.largest_error)
    words = f"{caption}: confidence and accuracy differ by {error} on average and by {largest} at most."
    told = f"{caption}: differs by {error} on average, {largest} at most; bars say how many images".replace(
        " %", "\u00a0%"
    )
    return Chart(told, _sheet(shapes), words)


def curves_chart(found: Curves) -> Chart | None:
    """The mean of the curves of all classes, and those of the classes of the smallest areas; None without any."""
    if found.macro is None:
        return None
    lines: list[tuple[str, Curve]] = [("mean", found.macro)]
    known = [(curve.area, name, curve) for name, curve in zip(found.classes, found.each, strict=True) if curve]
    worst = sorted(known, key=lambda one: one[0])[:_CLASSES_DRAWN]
    lines += [(f"class {short(name, 26)}", curve) for _, name, curve in worst]
    is_roc = found.kind == "roc"
    across, up = ("False positives (%)", "Recall (%)") if is_roc else ("Recall (%)", "Precision (%)")
    shapes = _axes(across, up)
    if is_roc:
        shapes.append(Stroke([_at(0, 0), _at(1, 1)], "muted", 0.75, (1, 3)))
    for place, ((title, curve), (ink, dashes)) in enumerate(zip(lines, _STYLES, strict=False)):
        thin = curve.thinned()
        points = list(map(_at, thin.x.tolist(), thin.y.tolist()))
        stroke = Stroke(points, ink, 2 if not place else 1.4, dashes)
        y = _TOP + _SIDE + _BOTTOM + 14 + 16 * place
        area = f"{title}: {curve.area:.3f}"
        shapes += [stroke, replace(stroke, points=[(_LEFT, y - 4), (_LEFT + 34, y - 4)]), Label(_LEFT + 42, y, area)]
    kind, area = ("ROC curves", "area") if is_roc else ("Precision–recall curves", "average precision")
    over = f"over {thousands(len(known))} of {counted(len(found.classes), 'class', 'classes')}"
    caption = f"{kind}: the mean {over}, and the classes of the smallest {area}, with that {area}"
    words = f"{kind}: mean {area} {found.macro.area:.3f} {over}."
    return Chart(caption, _sheet(shapes, 16 * len(lines) + 8), words)
