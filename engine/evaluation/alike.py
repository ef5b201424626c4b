"""What several runs must share, so that what they say of an image has a mean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from math import isclose

from engine.data.loaded import LoadedData
from engine.data.part_words import SPOKEN
from engine.data.parts import Name
from engine.errors import LayerloomError
from engine.files import readable
from engine.runs.run_folder import RunFolder
from engine.tasks.heads import heads_of
from engine.words import abridged

_SAME = 1e-6  # of a mean or a standard deviation, which another computer may round otherwise


def require_alike(runs: Sequence[RunFolder]) -> None:
    """Raise `LayerloomError` where what several runs say has no mean."""
    for run in runs[1:]:
        _require_same_classes(runs[0], run)
        _require_same_loss(runs[0], run)
        _require_same_normalisation(runs[0], run)


def _require_same_classes(first: RunFolder, run: RunFolder) -> None:
    told = f"{first.path} and {run.path} tell other classes apart"
    if run.project().task != first.project().task:
        raise LayerloomError(f"{told}: one is for {first.project().task.title}, one for {run.project().task.title}.")
    pairs = zip_longest(first.record.classes, run.record.classes)
    for number, (one, other) in enumerate(pairs):
        if one != other:
            words = [f"{_named(name)} in {of.path}" for name, of in ((one, first), (other, run))]
            raise LayerloomError(f"{told}: class {number} is {words[0]}, {words[1]}. Their answers have no mean.")


def _named(name: str | None) -> str:
    return "none" if name is None else f"“{abridged(readable(name))}”"


def _require_same_loss(first: RunFolder, run: RunFolder) -> None:
    one, other = first.project(), run.project()
    kinds = {heads_of(project.network).gives_probabilities(project.training.loss) for project in (one, other)}
    if not one.training.loss.measures_like(other.training.loss) or len(kinds) > 1:
        titles = [project.training.loss.title.lower() for project in (one, other)]
        raise LayerloomError(
            f"{first.path} was trained by {titles[0]}, {run.path} by {titles[1]}, or only one of them has a softmax: "
            "what they give has no mean."
        )


def _require_same_normalisation(first: RunFolder, run: RunFolder) -> None:
    """By the same rule, and with the same values where they were measured on the same images at the same size."""
    rules = [one.project().data.normalise for one in (first, run)]
    if rules[0] != rules[1]:
        raise LayerloomError(
            f"{first.path} normalises by “{rules[0].title}”, {run.path} by “{rules[1].title}”: the runs of an ensemble "
            "need the same normalisation."
        )
    if first.input_shape != run.input_shape or first.parts != run.parts:
        return
    for what, one, other in (
        ("mean", first.normalisation.mean, run.normalisation.mean),
        ("standard deviation", first.normalisation.std, run.normalisation.std),
    ):
        for channel, (here, there) in enumerate(zip(one, other, strict=True)):
            if not isclose(here, there, rel_tol=_SAME, abs_tol=_SAME):
                raise LayerloomError(
                    f"{first.path} and {run.path} normalise otherwise: the {what} of channel {channel} is {here:.6g} "
                    f"in the one, {there:.6g} in the other. Runs of an ensemble need the same normalisation."
                )


def require_same_parts(runs: Sequence[RunFolder], loaded: Sequence[LoadedData], split: str) -> None:
    """Raise `LayerloomError`, which names an image, where runs do not have the same images in each part.

    Those of ``split`` must come in the same order too.
    """
    for (first, data), (run, own) in pairwise(zip(runs, loaded, strict=True)):
        if own is data:
            continue
        asked = [[one.names[place] for place in one.part(split).indices] for one in (data, own)]
        here, there = _parts(data), _parts(own)
        differ = sorted((name for name in {**here, **there} if here.get(name) != there.get(name)), key=str)
        if not differ and asked[0] == asked[1]:
            continue
        told = f"{first.path} and {run.path} have other "
        if asked[0] == asked[1]:
            told += f"{SPOKEN[here.get(differ[0]) or there[differ[0]]]} images"
        else:
            told += f"{SPOKEN[split]} images: what one of them is tested on may have trained the other"
        raise LayerloomError(f"{told}. {_where(differ[0], here, there) if differ else 'They come in another order.'}")


def _parts(data: LoadedData) -> dict[Name, str]:
    """The part of each image, by its name."""
    return {data.names[place]: part for part, split in data.splits.items() for place in split.indices.tolist()}


def _where(name: Name, here: dict[Name, str], there: dict[Name, str]) -> str:
    first, second = (f"a {SPOKEN[parts[name]]} image" if name in parts else "in no part" for parts in (here, there))
    image = f"Image {name}" if isinstance(name, int) else abridged(readable(name))
    return f"{image} is {first} of the one, {second} of the other."
