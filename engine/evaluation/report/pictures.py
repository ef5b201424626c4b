"""The images of a report: the worst mistakes, and the images whose labels are suspected."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from engine.data.asking import listed
from engine.data.images import Pixels, UnreadableImageError
from engine.data.listing import Listing
from engine.data.parts import Name
from engine.data.progress import CancelledError
from engine.errors import LayerloomError
from engine.evaluation.label_errors import find_label_errors
from engine.evaluation.report.blocks import Block, Photo, Photos, Section, Words, short
from engine.evaluation.report.subject import Subject
from engine.layers.shape import Shape
from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted, percent_text, thousands

_MOST = 20
_LETTERS = 120  # of a line below an image
_LONGEST = 160  # px of a side of a thumbnail


@dataclass(frozen=True)
class Album:
    """Thumbnails of the images of a source, by their names."""

    listing: Listing
    places: dict[Name, int]

    @classmethod
    def of(cls, subject: Subject) -> Album:
        """That of the images that a report tells of."""
        listing = listed(subject.source, progress=subject.progress)
        return cls(listing, {name: place for place, name in enumerate(listing.names)})

    def photo(self, name: Name, lines: Iterable[str]) -> Photo | None:
        """An image with lines below it; None if it cannot be read any more."""
        lines = (_title(name), *lines)
        place = self.places.get(name)
        if place is None:
            return None
        try:
            height, width = self.listing.pictures.size(place)
            scale = min(1.0, _LONGEST / max(height, width))
            shape = Shape(3, max(1, round(height * scale)), max(1, round(width * scale)))
            png = _png(self.listing.pictures.read(place, shape))
            return Photo(png, [short(line, _LETTERS) for line in lines], ", ".join(lines))
        except UnreadableImageError:
            return None


def _title(name: Name) -> str:
    return f"Image {thousands(name)}" if isinstance(name, int) else str(name)


def _png(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels.transpose(1, 2, 0)).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def mistakes_section(subject: Subject, found: ClassEvaluation, album: Album) -> Section:
    """The mistakes of the largest loss."""
    said, photos = found.predictions, []
    for position in said.worst(_MOST, by="loss").tolist():
        true, taken = (found.classes[classes[position]] for classes in (said.labels, said.predicted))
        sure = f"{percent_text(said.confidence[position])} sure, loss {said.losses[position]:.2f}"
        photos.append(album.photo(subject.name_of(position), (f"is {true}", f"taken for {taken}", sure)))
    wrong = found.images - int(said.right[said.read].sum())
    if not photos:
        return Section("Worst mistakes", (Words("Every image was recognised."),))
    are = "is" if wrong == 1 else "are"
    of_all = f"{counted(wrong, 'image')} of {thousands(found.images)} {are} taken for another class"
    first = f"; these {thousands(len(photos))} have the largest loss" if len(photos) < wrong else ""
    return Section("Worst mistakes", tuple(with_photos(f"{of_all}{first}.", photos)))


def suspects_section(subject: Subject, album: Album) -> Section:
    """Images whose label is likely wrong."""
    title = "Suspected labels"
    subject.tell("Looking for wrong labels")
    try:
        found = find_label_errors(
            subject.runs, moved_to=subject.moved_to, looks=subject.looks, progress=subject.progress
        )
    except CancelledError:
        raise
    except LayerloomError as error:
        return Section(title, (Words(str(error)),))
    count, judged = len(found.suspects), counted(found.judged, "image")
    how = "by what the runs say of images that they did not train on (confident learning, Northcutt et al. 2021)"
    text = f"{thousands(count)} of {judged} {'has' if count == 1 else 'have'} a label that is likely wrong, {how}."
    text += f" The {_MOST} surest:" if count > _MOST else ""
    photos = [
        album.photo(
            one.name,
            (
                f"labelled {found.classes[one.given]}, {percent_text(one.given_probability)}",
                f"likely {found.classes[one.likely]}, {percent_text(one.likely_probability)}",
            ),
        )
        for one in found.suspects[:_MOST]
    ]
    return Section(title, tuple(with_photos(text, photos)))


def with_photos(text: str, photos: list[Photo | None]) -> Iterator[Block]:
    """A sentence about images, and those that can still be read."""
    there = [photo for photo in photos if photo]
    if lost := len(photos) - len(there):
        text += f" {counted(lost, 'image')} of them cannot be read any more."
    yield Words(text)
    if there:
        yield Photos(there)
