"""Where images and their targets come from; one class a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

from engine.choices import Choice, Registry
from engine.errors import LayerloomError
from engine.layers.shape import Shape
from engine.words import memory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data.copies import Copies
    from engine.data.deep_files import DeepFiles
    from engine.data.images import Pixels
    from engine.data.intensity import Scaling
    from engine.data.listing import Listing
    from engine.data.loaded import Images
    from engine.data.part_words import PartName
    from engine.data.parts import Name
    from engine.data.progress import Listener
    from engine.data.split import OwnParts
    from engine.data.targets import Targets


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that should be an image and is none, and why: "it is empty"; ``top`` is the folder of the data set."""

    path: Path
    reason: str
    top: Path | None = None

    @property
    def name(self) -> str:
        """Its path below the folder of the data set, with /."""
        return self.path.relative_to(self.top).as_posix() if self.top else self.path.name


class LeftOutClass(NamedTuple):
    """A class of which no image is used because the settings of the source say so, and how many it has."""

    name: str
    images: int


class State(StrEnum):
    """Where the images of a source are."""

    BUNDLED = "bundled"
    ON_DISK = "on disk"
    TO_DOWNLOAD = "to download"
    INCOMPLETE = "not complete"  # some of the download is here
    TO_CHOOSE = "no folder chosen"
    GONE = "not there"  # the folder that was chosen


@dataclass(frozen=True, slots=True)
class Availability:
    """Where the images of a source are, with the bytes of its download that are ``here`` and ``in_all``."""

    state: State
    here: int = 0
    in_all: int = 0

    @property
    def words(self) -> str:
        """What a list says beside its name: "bundled", "to download: 170 MB", "not complete: 12.0 MB of 170 MB"."""
        match self.state:
            case State.TO_DOWNLOAD:
                return f"{self.state}: {memory(self.in_all)}"
            case State.INCOMPLETE:
                return f"{self.state}: {memory(self.here)} of {memory(self.in_all)}"
        return str(self.state)


COLOURS = 3
"""Channels of an image in colour; a grey one has one."""


@dataclass(frozen=True, slots=True)
class DataDescription:
    """A data set in figures: ``counts`` are images a class; ``shape`` is None where images differ in size.

    Data without classes have no counts either: they say in ``unclassed`` how many images they are. ``validation`` and
    ``test`` are how many of the images come as a part of their own; a folder that is divided into parts may be
    ``lacking`` some. ``notes`` are sentences on how they were found, ``copies`` on files that are the same,
    ``two_labels`` on those of them that stand in two classes.
    ``colour`` says whether images of unlike sizes are in colour, None where that is not known. ``left_out`` are no
    classes of it, but would be.
    """

    title: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    shape: Shape | None
    ready: bool = True  # False: it must be downloaded first
    download_bytes: int = 0
    unreadable: tuple[Unreadable, ...] = ()
    unclassed: int = 0
    validation: int = 0
    test: int = 0
    lacking: tuple[PartName, ...] = ()
    notes: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    colour: bool | None = None
    left_out: tuple[LeftOutClass, ...] = ()
    two_labels: str = ""

    @property
    def in_colour(self) -> bool | None:
        """Whether the images are in colour; None where that is not known."""
        return self.shape.channels == COLOURS if self.shape else self.colour

    @property
    def images(self) -> int:
        """Number of images in all."""
        return sum(self.counts) + self.unclassed

    def bytes_at(self, shape: Shape) -> int:
        """What the pixels of all images take at a shape."""
        return self.images * shape.elements


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """Small pictures of some images of each class: uint8 ``(N, 3, edge, edge)``, with labels ``(N,)``.

    Where there are no classes, they are pictures of some of all images, and all labels are 0.
    """

    pixels: Pixels
    labels: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SourceImages:
    """All images of a source in one line, with a name and a target each.

    ``own`` are those that come as validation or test images. The names tell the images apart whatever is added to them
    later; where a name may come to stand for another image, its ``fingerprints`` tell. ``deep`` are those of more than
    8 bits, where there can be any. ``copies`` are places of images that are the same file; a folder that is divided
    into parts may be ``lacking`` some; ``notes`` are sentences on how they were found. ``colour`` says
    whether they are in colour, None where that is not known. ``too_few`` says why nothing can be learned from them,
    although what has learned already can be tried on them: they have one class only. ``folders`` are those of classes
    that have another name than theirs.
    """

    title: str
    names: Sequence[Name]
    images: Images
    targets: Targets
    own: OwnParts | None = None
    skipped: tuple[Unreadable, ...] = ()
    deep: DeepFiles | None = None
    fingerprints: Sequence[str] = ()
    copies: Copies = ()
    lacking: tuple[PartName, ...] = ()
    notes: tuple[str, ...] = ()
    colour: bool | None = None
    too_few: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)


class Source(Choice):
    """A set of images to learn from.

    ``targets`` names what comes with each image: "classes" are class numbers. ``takes_folder`` says that its ``path``
    must be chosen first; ``download_bytes`` is 0 for what is there without a download.
    """

    targets: ClassVar[str] = "classes"
    takes_folder: ClassVar[bool] = False
    download_bytes: ClassVar[int] = 0

    @classmethod
    def at(cls, folder: str) -> Self:
        """The source for a folder, where it takes one."""
        raise TypeError(f"{cls.__name__} takes no folder")

    @classmethod
    def reads(cls, folder: Path) -> bool:
        """Whether the folder is laid out as this source expects it."""
        return False

    @property
    def folder(self) -> Path | None:
        """The folder of the user's own that it reads; None where there is none."""
        return None

    def moved_to(self, folder: Path) -> Self:
        """The same source where its folder is now at ``folder``; raises `LayerloomError` where it has none."""
        raise LayerloomError(f"{self.title} is kept by Layerloom itself: it has no folder that could have moved.")

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """The names of its classes of which it is to use no image."""
        return ()

    def leaving_out(self, classes: Iterable[str]) -> Self | None:
        """The same source that leaves out these classes and no others; None where it cannot leave out any."""
        return None

    @property
    def spoken(self) -> str:
        """What sentences call it: "Digits", "the folder"."""
        return self.title

    def from_here(self) -> Self:
        """The same source, wherever the program works later: its paths from the root."""
        return self

    @property
    def note(self) -> str:
        """A word or two about it: "10 classes", the name of a folder."""
        return ""

    @property
    def about(self) -> str:
        """A line about it: what it holds, or where it lies."""
        return self.help()

    @property
    def missing(self) -> str:
        """What must be chosen before it can be read, in one sentence; "" if nothing."""
        return ""

    @property
    def known(self) -> DataDescription | None:
        """What it holds where that is known without looking; None where it must be read first."""
        return None

    def describe(self, *, progress: Listener | None = None) -> DataDescription:
        """What it holds, without loading it; raises `LayerloomError` for data that cannot be learned from."""
        raise TypeError(f"{type(self).__name__} does not declare describe")

    def is_here(self) -> bool:
        """Whether it can be read without a download."""
        return not self.download_bytes or self.describe().ready

    def availability(self) -> Availability:
        """Where its images are, found out without reading any."""
        if not self.download_bytes:
            return Availability(State.BUNDLED)
        return Availability(State.ON_DISK if self.describe().ready else State.TO_DOWNLOAD, in_all=self.download_bytes)

    def download(self, *, progress: Listener | None = None) -> None:
        """Bring its images here where they are not yet; raises `LayerloomError`."""
        if not self.is_here():
            self.thumbnails(per_class=1, progress=progress)

    def take_files(self, files: Sequence[Path], *, progress: Listener | None = None) -> None:
        """Keep its images from the files of its download, got in another way; raises `LayerloomError`."""
        raise LayerloomError(f"{self.title} is not made of files that could be chosen.")

    def class_count(self) -> int:
        """How many classes it has; raises `LayerloomError` like `describe`."""
        return len((self.known or self.describe()).classes)

    def thumbnails(self, *, per_class: int = 8, edge: int = 48, progress: Listener | None = None) -> Thumbnails:
        """The first ``per_class`` images of each class, small; downloads a set that is not there yet.

        Without classes, all images count as one.
        """
        raise TypeError(f"{type(self).__name__} does not declare thumbnails")

    def first_image(self, edge: int, *, scaling: Scaling | None = None, progress: Listener | None = None) -> Pixels:
        """One of its images, uint8 ``(3, edge, edge)``; raises `LayerloomError` if there is none.

        ``scaling`` is for one of more than 8 bits, which else goes by its own range.
        """
        pixels: Pixels = self.thumbnails(per_class=1, edge=edge, progress=progress).pixels[0]
        return pixels

    def listed(self, *, progress: Listener | None = None) -> Listing:
        """All its images in one line, to be read one by one; downloads a set that is not there yet."""
        from engine.data.listing import KeptPictures, Listing

        found = self.describe(progress=progress)
        shape = found.shape or _LISTED_AT
        images = self.load(shape, check=False, progress=progress)
        return Listing(found, images.names, images.targets.strata, KeptPictures(images.images, shape), images.own)

    def load(self, shape: Shape, *, check: bool = True, progress: Listener | None = None) -> SourceImages:
        """All its images, kept at ``shape``; raises `LayerloomError` when they cannot be had.

        Where it would not read them now, ``check`` says to make sure all the same that each of them can be read.
        """
        raise TypeError(f"{type(self).__name__} does not declare load")


_LISTED_AT = Shape(COLOURS, 160, 160)

SOURCES: Registry[Source] = Registry("sources", one="data set")
