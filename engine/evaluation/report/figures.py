"""The figures of a report: how good the answers are, of all images, of each class, of slices, of each run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.evaluation.comparing import compare, image_keys
from engine.evaluation.curves import Curves
from engine.evaluation.report.blocks import Block, Charts, Facts, Section, Table, Words
from engine.evaluation.report.charts import MOST_CLASSES, calibration_chart, confusion_chart, curves_chart
from engine.evaluation.report.subject import Subject
from engine.evaluation.slices import SLICES_NOTE, Slice
from engine.tasks.class_evaluation import ClassEvaluation
from engine.tasks.evaluation import Evaluation
from engine.words import counted, percent_text, thousands

_PAIRS = 20
_NOTHING = "–"


def result_section(subject: Subject, found: Evaluation) -> Section:
    """The figures of all images, and those of each run of an ensemble."""
    rows = [("Images", subject.images), ("Looked at", subject.looks.summary())]
    rows += _class_facts(found) if isinstance(found, ClassEvaluation) else found.figures()
    blocks: list[Block] = [Facts(rows)]
    if len(subject.runs) > 1:
        members = subject.together.members
        titles = [title for title, _ in members[0].figures()]
        lines = [
            (str(run.path), *(text for _, text in member.figures()))
            for run, member in zip(subject.runs, members, strict=True)
        ]
        caption = "Each run alone; the figures above are of the mean of their probabilities"
        blocks.append(Table(caption, ("Run", *titles), lines))
    return Section("Result", blocks)


def _class_facts(found: ClassEvaluation) -> list[tuple[str, str]]:
    top5 = "needs more than 5 classes" if found.top5 is None else percent_text(found.top5)
    averages = "precision {:.3f}, recall {:.3f}, F1 {:.3f}"
    return [
        ("Accuracy", accuracy_text(found)),
        ("Top-5 accuracy", top5),
        (f"Loss ({found.minimised.lower()})" if found.minimised else "Loss", f"{found.loss:.4f}"),
        (f"Macro: mean over {found.averaged}", averages.format(*found.macro)),
        ("Micro: all answers counted together", averages.format(*found.micro)),
        ("Weighted: by the images of each class", averages.format(*found.weighted)),
        ("Calibration error", f"{percent_text(found.calibration_error)} (15 bins)"),
    ]


def accuracy_text(found: ClassEvaluation) -> str:
    """The accuracy with its interval."""
    low, high = map(percent_text, found.interval)
    return f"{percent_text(found.accuracy)} ({low} to {high} with 95 % confidence, Wilson's interval)"


def confusion_section(found: ClassEvaluation) -> Section:
    """The matrix where it can be read, and the pairs that are confused most."""
    wrong = found.confusion.copy()
    wrong[range(len(wrong)), range(len(wrong))] = 0
    order = (-wrong).ravel().argsort(kind="stable")[:_PAIRS]
    rows = []
    for true, predicted in zip(*divmod(order, len(wrong)), strict=True):
        if count := int(wrong[true, predicted]):
            images = found.per_class[true].images
            share = f"{percent_text(count / images)} of {thousands(images)}"
            rows.append((found.classes[true], found.classes[predicted], thousands(count), share))
    titles = ("True class", "Taken for", "Images", "Of the class")
    pairs = Table("What is confused most", titles, rows, 2) if rows else Words("No image was taken for another class.")
    if len(found.classes) <= MOST_CLASSES:
        return Section("Confusion", (Charts((confusion_chart(found),)), pairs))
    why = f"A matrix of {thousands(len(found.classes))} classes cannot be read on a page; its largest cells can."
    return Section("Confusion", (Words(why), pairs))


def classes_section(found: ClassEvaluation, curves: Sequence[Curves]) -> Section:
    """A row for each class, with the areas of its curves: precision–recall, then ROC."""
    areas = [[score_text(curve.area if curve else None) for curve in one.each] for one in curves]
    rows = []
    for place, score in enumerate(found.per_class):
        taken = found.taken_for(place)[:1]
        mistaken = f"{found.classes[taken[0][0]]} ({thousands(taken[0][1])})" if taken else _NOTHING
        figures = map(score_text, (score.precision, score.recall, score.f1))
        rows.append((score.name, mistaken, thousands(score.images), *figures, *(area[place] for area in areas)))
    scores = ("Precision", "Recall", "F1", "Average precision", "ROC area")
    titles = ("Class", "Most often taken for", "Images", *scores)
    caption = "Each class; one without images has no recall, F1 or areas, and averages are made without it"
    return Section("Classes", (Table(caption, titles, rows, 2),))


def score_text(value: float | None) -> str:
    """A figure of a class from 0 to 1; a dash where it has none."""
    return _NOTHING if value is None else f"{value:.3f}"


def calibration_section(subject: Subject) -> Section:
    """How far confidence can be believed, as it is and with a temperature fitted on validation images."""
    before, after = calibration_chart(subject.found.reliability, "As the network says it"), subject.temperature
    if isinstance(after, str):
        return Section("Calibration", (Charts((before,)), Words(after)))
    title = f"At temperature {after.temperature:.3f}, fitted on {counted(after.images, 'validation image')}"
    losses = "Mean −log probability of the true class: {:.4f} before, {:.4f} after.".format(*after.losses)
    return Section("Calibration", (Charts((before, calibration_chart(after.after, title))), Words(losses)))


def curves_section(curves: Sequence[Curves]) -> Section:
    """Both kinds side by side."""
    charts = [chart for one in curves if (chart := curves_chart(one))]
    block = Charts(charts) if charts else Words("No curves are drawn: too few classes have images.")
    return Section("Precision–recall and ROC", (block,))


def slices_section(slices: Sequence[Slice]) -> Section:
    """How good the answers are for some of the images."""
    rows = []
    for one in slices:
        low, high = map(percent_text, one.interval)
        mark = "worse" if one.worse else ""
        rows.append((one.kind, one.title, mark, thousands(one.images), percent_text(one.accuracy), f"{low} to {high}"))
    titles = ("By", "Slice", "Marked", "Images", "Accuracy", "95 % interval")
    if not rows:
        return Section("Slices", (Words("All images are alike in size, brightness, folder and class size."),))
    return Section("Slices", (Table("Accuracy of some of the images", titles, rows, 3), Words(SLICES_NOTE)))


def comparison_sections(subject: Subject) -> Iterator[Section]:
    """Two runs against each other, where there are two."""
    members = subject.together.members
    if len(members) != 2:
        return
    first, second = members
    if not (isinstance(first, ClassEvaluation) and isinstance(second, ClassEvaluation)):
        return
    keys = image_keys(subject.data, subject.split)
    found = compare(first, second, keys=(keys, keys))
    names = [str(run.path) for run in subject.runs]
    counts = (found.both, found.only_first, found.only_second, found.neither)
    titles = ("Both", f"Only {names[0]}", f"Only {names[1]}", "Neither")
    rows = [(title, thousands(len(some))) for title, some in zip(titles, counts, strict=True)]
    table = Table("Which of the two is right", ("Right", "Images"), rows)
    yield Section("Comparison", (Words(found.verdict(*names)), table))
