"""A report on two runs against each other: which images changed sides, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.data.part_words import SPOKEN
from engine.data.progress import Listener
from engine.data.source import Source
from engine.evaluation.comparing import Compared, Comparison, Places
from engine.evaluation.report.blocks import Block, Charts, Facts, Report, Section, Table, Words, short
from engine.evaluation.report.charts import MOST_CLASSES, confusion_chart
from engine.evaluation.report.circumstances import data_section, repeating_section
from engine.evaluation.report.figures import accuracy_text, score_text
from engine.evaluation.report.pictures import Album, with_photos
from engine.evaluation.report.subject import Subject
from engine.evaluation.report.writing import write_pages
from engine.network import analyse
from engine.project import Project
from engine.recipe.changes import changes
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted, p_text, percent_text, signed_text, thousands

_LETTERS = 24  # of the name of a run in the titles of tables
_BESIDE = 10  # classes of the largest matrices that can be read side by side
_PAIRS, _PHOTOS = 20, 20
_ONE_TRAINING = "Each run is one training: others with other seeds may differ by more than the interval."


@dataclass(frozen=True)
class _Pair:
    """Two runs by short ``names``, each alone as a subject, and both on the ``common`` images."""

    names: tuple[str, str]
    subjects: tuple[Subject, Subject]
    compared: Compared
    common: tuple[ClassEvaluation, ClassEvaluation]

    @property
    def comparison(self) -> Comparison:
        return self.compared.comparison


def write_comparison(
    path: Path,
    runs: tuple[RunFolder, RunFolder],
    compared: Compared,
    *,
    moved_to: Source | None = None,
    progress: Listener | None = None,
) -> None:
    """Write what comes of comparing two runs into an HTML or PDF file; raises `LayerloomError`."""
    one, other = (Subject([run], side, moved_to, progress) for run, side in zip(runs, compared.sides, strict=True))
    pair = _Pair(_names(runs), (one, other), compared, compared.of_common_images())
    write_pages(path, _report(pair, path.name), progress=progress)


def _names(runs: tuple[RunFolder, RunFolder]) -> tuple[str, str]:
    """The names of their folders where these differ."""
    first, second = (short(run.path.absolute().name, _LETTERS) for run in runs)
    return (first, second) if first != second else ("the first run", "the second run")


def _report(pair: _Pair, file: str) -> Report:
    one, other = pair.subjects
    images = f"{thousands(pair.comparison.images)} {SPOKEN[one.split]} images that both have"
    both = Subject([one.runs[0], other.runs[0]], one.together, one.moved_to, one.progress)
    return Report(
        f"{pair.names[0]} and {pair.names[1]} on {one.runs[0].record.data}",
        f"{one.runs[0].path} and {other.runs[0].path} on {images}, {one.looks.summary()}",
        (
            _result_section(pair),
            _sides_section(pair),
            _confusion_section(pair),
            _classes_section(pair),
            _differences_section(pair),
            *_data_sections(pair),
            repeating_section(both, file, "--compare"),
        ),
    )


def _result_section(pair: _Pair) -> Section:
    found, names = pair.comparison, pair.names
    low, high = (_points(bound) for bound in found.interval)
    facts = [
        ("Images that both have", f"{thousands(found.images)} of the {SPOKEN[found.split]} part"),
        *((f"Accuracy of {name}", accuracy_text(one)) for name, one in zip(names, pair.common, strict=True)),
        ("Difference", f"{_points(found.difference)} points (95 % interval {low} to {high}, for paired data)"),
        ("Test", f"{found.test_title}, {p_text(found.p)}"),
    ]
    notes = filter(None, (found.left_words(found.split), "" if found.differs else _ONE_TRAINING))
    return Section("Result", (Facts(facts), Words(found.verdict(*names)), *(Words(one, note=True) for one in notes)))


def _points(share: float) -> str:
    """A share in percentage points, with its sign."""
    return signed_text(f"{100 * share:+z.1f}")


def _sides_section(pair: _Pair) -> Section:
    """How many images each answers right, and those that only one does."""
    found, (first, second) = pair.comparison, pair.names
    sides = (found.both, found.only_first, found.only_second, found.neither)
    rows = [
        (title, thousands(len(some)), percent_text(len(some) / found.images))
        for title, some in zip(("Both", f"Only {first}", f"Only {second}", "Neither"), sides, strict=True)
    ]
    album = Album.of(pair.subjects[0])
    blocks: list[Block] = [Table("Which of the two is right", ("Right", "Images", "Of all"), rows)]
    for name, wrong, places in ((first, 1, found.only_first), (second, 0, found.only_second)):
        blocks += _changed(pair, name, places, wrong=wrong, album=album)
    return Section("Images that changed sides", blocks)


def _changed(pair: _Pair, name: str, places: Places, *, wrong: int, album: Album) -> Iterator[Block]:
    """Images that only the run of a name answers right, those first of which the other is surest."""
    if not len(places):
        yield Words(f"There is no image that {name} alone gets right.")
        return
    evaluations = (pair.compared.first, pair.compared.second)
    sure = evaluations[wrong].predictions.confidence[places[:, wrong]]
    photos = []
    for both in places[(-sure).argsort(kind="stable")[:_PHOTOS]].tolist():
        said = zip(pair.names, evaluations, both, strict=True)
        true = evaluations[0].classes[evaluations[0].predictions.labels[both[0]]]
        lines = (f"is {true}", *(f"{who}: {_answer(one, place)}" for who, one, place in said))
        photos.append(album.photo(pair.subjects[0].name_of(both[0]), lines))
    first = f"; these {_PHOTOS} the other run is surest of" if len(places) > _PHOTOS else ""
    yield from with_photos(f"{name} alone is right on {counted(len(places), 'image')}{first}.", photos)


def _answer(found: ClassEvaluation, place: int) -> str:
    said = found.predictions
    return f"{found.classes[said.predicted[place]]}, {percent_text(said.confidence[place])}"


def _confusion_section(pair: _Pair) -> Section:
    """Both matrices where they can be read, and what the two confuse unlike."""
    (one, other), names = pair.common, pair.names
    differ = other.confusion - one.confusion
    differ[range(len(differ)), range(len(differ))] = 0
    order = (-abs(differ)).ravel().argsort(kind="stable")[:_PAIRS]
    rows = [
        (one.classes[true], one.classes[taken], *(thousands(int(run.confusion[true, taken])) for run in pair.common))
        for true, taken in zip(*divmod(order, len(differ)), strict=True)
        if differ[true, taken]
    ]
    titles = ("True class", "Taken for", *names)
    pairs = Table("What the two confuse unlike, in images", titles, rows, 2)
    blocks: list[Block] = [pairs] if rows else [Words("Both take the same classes for each other, as often.")]
    if len(one.classes) > MOST_CLASSES:
        why = f"Matrices of {thousands(len(one.classes))} classes cannot be read on a page; where they differ most can."
        return Section("Confusion", (Words(why), *blocks))
    charts = [confusion_chart(run, name) for run, name in zip(pair.common, names, strict=True)]
    beside = [Charts(charts)] if len(one.classes) <= _BESIDE else [Charts([chart]) for chart in charts]
    return Section("Confusion", (*beside, *blocks))


def _classes_section(pair: _Pair) -> Section:
    """Recall and F1 of both, a row a class."""
    rows = []
    for one, other in zip(*(run.per_class for run in pair.common), strict=True):
        gain = None if one.recall is None or other.recall is None else other.recall - one.recall
        scores = (one.recall, other.recall, one.f1, other.f1)
        difference = score_text(None) if gain is None else _points(gain)
        rows.append((one.name, thousands(one.images), difference, *map(score_text, scores)))
    scored = [f"{title}, {name}" for title in ("Recall", "F1") for name in pair.names]
    caption = "Each class on the images that both have; differences of recall are in percentage points"
    return Section("Classes", (Table(caption, ("Class", "Images", "Difference", *scored), rows),))


def _differences_section(pair: _Pair) -> Section:
    """Networks and settings in which the runs differ."""
    one, other = (subject.project for subject in pair.subjects)
    rows = [("Network", _network(one), _network(other))]
    for before, after in ((one.training, other.training), (one.data, other.data)):
        rows += [(change.title, change.before, change.after) for change in changes(before, after)]
    table = Table("The networks, and every setting in which the two differ", ("Setting", *pair.names), rows, 3)
    return Section("Networks and settings", (table,))


def _network(project: Project) -> str:
    return f"{project.network.name}, {thousands(analyse(project.network).parameters)} parameters"


def _data_sections(pair: _Pair) -> Sequence[Section]:
    """That of the first, and that of the second where it is another."""
    one, other = map(data_section, pair.subjects)
    return (one,) if one == other else (one, Section(f"Data of {pair.names[1]}", other.blocks))
