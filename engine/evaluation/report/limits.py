"""What the figures of a report do not say."""

from __future__ import annotations

from collections.abc import Iterator

from engine.evaluation.report.subject import Subject
from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted, thousands

_FEW, _FEW_A_CLASS = 300, 20


def limits(subject: Subject) -> Iterator[str]:
    """Sentences on what is to be borne in mind about an evaluation."""
    found = subject.together.evaluation
    if subject.split == "train":
        yield "These are training images, which the network has seen: the figures say nothing of new ones."
    if subject.split == "validation":
        yield "The epoch was chosen by these validation images, so that the figures are better than on new ones."
    if isinstance(found, ClassEvaluation):
        yield from _of_classes(found)
    unread = len(subject.data.splits[subject.split]) - found.images
    if unread:
        are = "is" if unread == 1 else "are"
        yield f"{counted(unread, 'image')} of the part could not be read and {are} in no figure."
    if copies := subject.data.copied.get(subject.split, 0):
        are = "is a copy" if copies == 1 else "are copies"
        yield f"{counted(copies, 'image')} of the part {are} of training images, which the network has seen."
    if len(subject.runs) == 1:
        yield "This is one training: another one with another seed may differ by more than the interval."


def _of_classes(found: ClassEvaluation) -> Iterator[str]:
    if found.images < _FEW:
        low, high = (100 * one for one in found.interval)
        known = f"the accuracy is known to about ±{(high - low) / 2:.1f} points"
        yield f"There {'is' if found.images == 1 else 'are'} only {counted(found.images, 'image')}: {known}."
    if few := sum(0 < score.images < _FEW_A_CLASS for score in found.per_class):
        has = "class has" if few == 1 else "classes have"
        figures = "precision, recall and F1 there hang on single images"
        yield f"{thousands(few)} {has} fewer than {_FEW_A_CLASS} images: {figures}."
    if none := sum(not score.images for score in found.per_class):
        has = "class has" if none == 1 else "classes have"
        yield f"{thousands(none)} {has} no images here; macro averages and curves are made without it."
