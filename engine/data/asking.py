"""Asks a source what it holds, and checks the answer: the one way by which the program does it.

All raise `LayerloomError` in a sentence that names the source, whatever the source raises or gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.data.source import SOURCES, Availability, DataDescription, Source, SourceImages, Thumbnails
from engine.errors import LayerloomError
from engine.layers.shape import Shape

if TYPE_CHECKING:
    from engine.data.images import Pixels
    from engine.data.intensity import Scaling
    from engine.data.listing import Listing
    from engine.data.progress import Listener

T = TypeVar("T")

_WORDS = ("spoken", "note", "about", "missing")


def known_of(source: Source) -> DataDescription | None:
    """What it holds where that is known without looking; all else that it says without looking is checked too."""

    def check(known: DataDescription | None) -> None:
        for word in _WORDS:
            _require(source, isinstance(getattr(source, word), str), f"its {word} is no text")
        if known is not None:
            _check_description(source, known)

    return _ask(source, lambda: source.known, check)


def missing_of(source: Source) -> str:
    """What must be chosen before it can be read, in one sentence; "" if nothing."""
    return _ask(
        source, lambda: source.missing, lambda words: _require(source, isinstance(words, str), "its missing is no text")
    )


def described(source: Source, *, progress: Listener | None = None) -> DataDescription:
    """What it holds, without loading it."""
    return _ask(source, lambda: source.describe(progress=progress), lambda found: _check_description(source, found))


def class_count(source: Source) -> int:
    """How many classes it has."""
    return _ask(
        source, source.class_count, lambda count: _require(source, _is_count(count), "its class_count is no number")
    )


def is_here(source: Source) -> bool:
    """Whether it can be read without a download."""
    return _ask(source, source.is_here, lambda _: None)


def availability(source: Source) -> Availability:
    """Where its images are."""
    return _ask(
        source,
        source.availability,
        lambda found: _require(source, isinstance(found, Availability), f"its availability is {type(found).__name__}"),
    )


def fetched(source: Source, *, progress: Listener | None = None) -> None:
    """Bring its images here where they are not yet."""
    _ask(source, lambda: source.download(progress=progress), lambda _: None)


def taken(source: Source, files: Sequence[Path], *, progress: Listener | None = None) -> None:
    """Keep its images from files that somebody has."""
    _ask(source, lambda: source.take_files(files, progress=progress), lambda _: None)


def listed(source: Source, *, progress: Listener | None = None) -> Listing:
    """All its images in one line, to be read one by one."""
    return _ask(source, lambda: source.listed(progress=progress), lambda found: _check_listing(source, found))


def thumbnails(
    source: Source, *, classes: int, per_class: int, edge: int, progress: Listener | None = None
) -> Thumbnails:
    """The first ``per_class`` images of each of its ``classes``, small; 0 where there are none."""
    return _ask(
        source,
        lambda: source.thumbnails(per_class=per_class, edge=edge, progress=progress),
        lambda found: _check_thumbnails(source, found, max(1, classes), Shape(3, edge, edge)),
    )


def first_image(
    source: Source, edge: int, *, scaling: Scaling | None = None, progress: Listener | None = None
) -> Pixels:
    """One of its images, uint8 ``(3, edge, edge)``."""

    def check(pixels: Pixels) -> None:
        given = _array(pixels)
        _require(source, given == f"uint8 {Shape(3, edge, edge)}", f"its first image is {given}")

    return _ask(source, lambda: source.first_image(edge, scaling=scaling, progress=progress), check)


def loaded(source: Source, shape: Shape, *, check: bool = True, progress: Listener | None = None) -> SourceImages:
    """All its images, kept at ``shape``."""
    return _ask(
        source,
        lambda: source.load(shape, check=check, progress=progress),
        lambda found: _check_images(source, found),
    )


def _ask(source: Source, question: Callable[[], T], check: Callable[[T], None]) -> T:
    with SOURCES.blaming(source):
        answer = question()
        check(answer)
    return answer


def _check_description(source: Source, found: DataDescription) -> None:
    _require(source, isinstance(found, DataDescription), f"it describes itself as {type(found).__name__}")
    texts = isinstance(found.title, str) and all(isinstance(name, str) for name in found.classes)
    _require(source, texts, "its title or a name of its classes is no text")
    counts = (*found.counts, found.unclassed, found.validation, found.test, found.download_bytes)
    numbers = all(map(_is_count, counts))
    _require(source, numbers, "it describes a number of images that is none")
    classes, counted = len(found.classes), len(found.counts)
    _require(source, classes == counted, f"it describes {classes} classes, and images for {counted}")
    is_map = found.shape is None or (isinstance(found.shape, Shape) and found.shape.is_map)
    _require(source, is_map, "the shape of its images is none")


def _check_thumbnails(source: Source, found: Thumbnails, classes: int, shape: Shape) -> None:
    _require(source, isinstance(found, Thumbnails), f"its thumbnails are {type(found).__name__}")
    pixels, labels, count = _array(found.pixels), found.labels, len(found.pixels)
    _require(source, pixels == f"uint8 {Shape(count, *shape)}", f"its thumbnails are {pixels}, not uint8 N×{shape}")
    numbers = labels.dtype.kind == "i" and labels.shape == (count,)
    fit = numbers and (not count or bool(0 <= labels.min() <= labels.max() < classes))
    _require(source, fit, f"the labels of its thumbnails are not those of {count} images of {classes} classes")


def _check_listing(source: Source, found: Listing) -> None:
    from engine.data.listing import Listing

    _require(source, isinstance(found, Listing), f"its listing is {type(found).__name__}")
    _check_description(source, found.description)
    names, labels, classes = len(found.names), found.labels, len(found.description.classes)
    numbers = labels.dtype.kind in "iu" and labels.shape == (names,)
    fit = numbers and (not names or bool(0 <= labels.min() <= labels.max() < max(1, classes)))
    _require(source, fit, f"the labels that it lists are not those of {names} images of {classes} classes")


def _check_images(source: Source, found: SourceImages) -> None:
    _require(source, isinstance(found, SourceImages), f"its images are {type(found).__name__}")
    _require(source, isinstance(found.title, str), "its title is no text")
    names, targets, classes = len(found.names), len(found.targets), len(found.targets.classes)
    _require(source, names == targets, f"it names {names} images and gives {targets} targets")
    if found.own is not None:
        own = [int(place) for part in found.own for place in part]
        within = all(0 <= place < names for place in own) and len(set(own)) == len(own)
        _require(source, within, f"the validation and test images that it names are not some of its {names}")
    if source.targets != "classes" or not classes or not targets:
        return
    values = found.targets.values
    numbers = values.ndim == 1 and values.dtype.kind in "iu"
    _require(source, numbers, f"its targets are {_array(values)}, not a class number an image")
    fit = 0 <= found.targets.strata.min() <= found.targets.strata.max() < classes
    _require(source, bool(fit), f"its targets go beyond its {classes} classes")


def _require(source: Source, holds: bool, otherwise: str) -> None:
    if not holds:
        raise LayerloomError(f"The data set {source.title} cannot be used: {otherwise}.")


def _is_count(value: object) -> bool:
    return hasattr(value, "__index__") and int(value) >= 0


def _array(value: object) -> str:
    """Type and shape of an array in words: "uint8 3×48×48"."""
    shape, kind = getattr(value, "shape", None), getattr(value, "dtype", None)
    return f"{kind} {Shape(*shape)}" if shape is not None else type(value).__name__
