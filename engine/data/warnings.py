"""What people should know of their data and of what becomes of them, as values; needs no torch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.data.augmentation import AUGMENTATION
from engine.data.augmentation.warning import Seen, Values
from engine.data.data_words import listed
from engine.data.part_words import SPOKEN
from engine.data.sampling import Plain, Sampling, Weighted, imbalance
from engine.data.settings import DataSettings
from engine.data.source import DataDescription
from engine.data.workers import making, more, reading
from engine.files import readable
from engine.layers.shape import Shape
from engine.network.problems import Severity
from engine.words import counted, thousands

_NUMBERS = ("no", "one", "two", "three")
_FEWEST_CLASSES = 2  # with which something can be learned

WAITS_LONG = 0.1
"""The share of its time beyond which a training that waits for its batches is told of."""


@dataclass(frozen=True, slots=True)
class Waited:
    """How a training under ``settings`` waited for its batches: the ``share`` of its time, and ``seconds`` each.

    What took longest of making one are ``steps``, by their names, or reading images where there are none; it took so
    many ``made_in`` seconds. ``on_cpu`` says that it trains on the CPU.
    """

    settings: DataSettings
    share: float
    seconds: float
    steps: tuple[str, ...] = ()
    made_in: float = 0.0
    on_cpu: bool = True

    @property
    def matters(self) -> bool:
        """Whether it waited long, and what took longest may be why."""
        return not self.keeps_up and self.made_in > self.seconds / 2

    @property
    def keeps_up(self) -> bool:
        """Whether it hardly waited."""
        return self.share <= WAITS_LONG

    def sentence(self) -> str:
        """Why it waited, and how long: "Rotate takes 41 ms a batch; the training waits 23 % of the time."."""
        titles = [AUGMENTATION[name].title for name in self.steps if name in AUGMENTATION] or ["Reading images"]
        who = listed([titles[0], *map(str.lower, titles[1:])], most=len(titles))
        takes = f"take{'s' if len(titles) == 1 else ''} {_milliseconds(self.made_in)} a batch"
        return f"{who} {takes}; {self.share_words()}"

    def share_words(self) -> str:
        """How long it waited: "the GPU waits 23 % of the time."."""
        return f"the {'training' if self.on_cpu else 'GPU'} waits {100 * self.share:.0f} % of the time."


@dataclass(frozen=True, slots=True)
class DataFix:
    """The words of a button, and the settings as they would be then."""

    label: str
    settings: DataSettings


@dataclass(frozen=True, slots=True)
class DataWarning:
    """Something that people should know of; it never blocks training.

    ``code`` is stable; ``place`` is that of a step among the steps, None where it is about none of them. ``limits`` say
    by the names of values that the step draws how far from 0 each gives no reason for it.
    """

    code: str
    message: str
    fixes: tuple[DataFix, ...] = field(default=(), compare=False)
    place: int | None = None
    severity: Severity = Severity.WARNING
    limits: Mapping[str, float] = field(default_factory=dict, compare=False)


def step_warnings(
    settings: DataSettings, seen: Seen, drawn: Mapping[int, Values] | None = None
) -> Iterator[DataWarning]:
    """What the steps that are on may do to the images; ``drawn`` is what each drew for those shown, by its place."""
    for place, step in enumerate(settings.steps):
        if not step.on or not step.probability:
            continue
        with AUGMENTATION.blaming(step):
            for warning in step.warnings(seen, (drawn or {}).get(place, {})):
                fixes = tuple(DataFix(label, settings.with_step(place, other)) for label, other in warning.fixes)
                yield DataWarning(warning.code, warning.message, fixes, place, limits=warning.limits)


def imbalance_warnings(settings: DataSettings, seen: Seen, *, class_weights: bool = False) -> Iterator[DataWarning]:
    """That classes differ much in size and nothing is done about it, or two things are.

    ``class_weights`` says that the loss has them.
    """
    found = imbalance(seen.classes, seen.training)
    if class_weights and settings.sampling.balances:
        message = "Weighted sampling and class weights both make small classes count more: together they do it twice."
        yield DataWarning("balanced_twice", message, (_sampled(settings, Plain()),))
    elif found and found.matters and not class_weights and not settings.sampling.balances:
        yield DataWarning("imbalance", found.sentence(), (_sampled(settings, Weighted()),))


def _sampled(settings: DataSettings, sampling: Sampling) -> DataFix:
    return DataFix(f"{sampling.title} sampling", settings.model_copy(update={"sampling": sampling}))


def small_class_warnings(settings: DataSettings, seen: Seen) -> Iterator[DataWarning]:
    """That a class has too few images to be in every part."""
    parts = 1 + bool(settings.split.validation) + bool(settings.split.test)
    sizes = [(name, images) for name, images in zip(seen.classes, seen.images, strict=False) if images]
    few = {name: images for name, images in sizes if images < parts}
    if few:
        has = listed([f"{readable(name)} has {counted(images, 'image')}" for name, images in few.items()])
        fixes = _left_out(settings, few) if len(sizes) - len(few) >= _FEWEST_CLASSES else ()
        yield DataWarning("small_class", f"{has}; {_NUMBERS[parts]} parts need {parts}.", fixes)


def _left_out(settings: DataSettings, classes: Collection[str]) -> tuple[DataFix, ...]:
    source = settings.source.leaving_out((*settings.source.leaves_out, *classes))
    label = "Leave it out" if len(classes) == 1 else "Leave them out"
    return (DataFix(label, settings.from_source(source)),) if source else ()


def copies_warnings(settings: DataSettings, seen: Seen) -> Iterator[DataWarning]:
    """That images of other parts are training images too."""
    found = [f"{counted(count, f'{SPOKEN[part]} image')}" for part, count in seen.copied.items() if count]
    if not found:
        return
    are = "is" if sum(seen.copied.values()) == 1 else "are"
    fixes: tuple[DataFix, ...] = ()
    if not settings.split.copies_together:
        split = settings.split.model_copy(update={"copies_together": True})
        fixes = (DataFix("Move to training", settings.model_copy(update={"split": split})),)
    yield DataWarning("copies", f"{listed(found)} {are} also in training.", fixes)


def label_warnings(found: DataDescription) -> Iterator[DataWarning]:
    """That images stand in two classes: whatever is learned of them is wrong."""
    if found.two_labels:
        yield DataWarning("two_labels", found.two_labels)


def files_warnings(found: DataDescription) -> Iterator[DataWarning]:
    """That files of the data set are left out."""
    if count := len(found.unreadable):
        of_all = f"{thousands(count)} of {counted(found.images + count, 'file')}"
        yield DataWarning("files_left_out", f"{of_all} {'is' if count == 1 else 'are'} left out.")


def split_warnings(settings: DataSettings, runs: Sequence[tuple[int, DataSettings]]) -> Iterator[DataWarning]:
    """That earlier runs, given with their numbers, divided the same images otherwise."""
    others = [(number, run) for number, run in runs if run.source == settings.source and run.split != settings.split]
    if not others:
        return
    who = f"{'Runs' if len(others) > 1 else 'Run'} {_numbers([number for number, _ in others])}"
    kept = settings.model_copy(update={"split": others[-1][1].split})
    message = f"{who} used another split; figures will not compare."
    yield DataWarning("other_split", message, (DataFix("Keep the split", kept),))


def waiting_warnings(settings: DataSettings, waited: Waited | None) -> Iterator[DataWarning]:
    """That the last training with the same settings waited long for its batches."""
    if waited is None or waited.settings != settings or not waited.matters:
        return
    hands = making(settings.workers) if waited.steps else reading(settings.workers)
    fixes = (_with_workers(settings, more(hands)),) if more(hands) else ()
    yield DataWarning("waiting", waited.sentence(), fixes)


def _with_workers(settings: DataSettings, workers: int) -> DataFix:
    return DataFix(f"{workers} workers", settings.model_copy(update={"workers": workers}))


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.{1 if seconds < 0.01 else 0}f} ms"


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers in a sentence: "1–7", "1–3, 5 and 7"."""
    rows: list[list[int]] = []
    for number in sorted(set(numbers)):
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return listed([f"{row[0]}–{row[-1]}" if len(row) > 1 else thousands(row[0]) for row in rows], most=len(rows))


def data_warnings(
    settings: DataSettings,
    seen: Seen,
    *,
    drawn: Mapping[int, Values] | None = None,
    runs: Sequence[tuple[int, DataSettings]] = (),
    class_weights: bool = False,
) -> tuple[DataWarning, ...]:
    """All that there is to say of data and settings; see the others here for what is asked for."""
    return (
        *step_warnings(settings, seen, drawn),
        *imbalance_warnings(settings, seen, class_weights=class_weights),
        *small_class_warnings(settings, seen),
        *copies_warnings(settings, seen),
        *split_warnings(settings, runs),
    )


def seen_before(settings: DataSettings, found: DataDescription, shape: Shape | None = None) -> Seen:
    """What is known before images are read, by the description of their source: neither hues nor copies."""
    return Seen(found.classes, found.counts, settings.training_counts(found), shape=shape)
