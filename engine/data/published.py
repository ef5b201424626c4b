"""Data sets that somebody published: what they hold is known before they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from engine.data.progress import Listener, Progress, tell
from engine.data.source import COLOURS, SOURCES, Availability, DataDescription, Source, SourceImages, Thumbnails
from engine.layers.shape import Shape
from engine.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.data.images import Pixels
    from engine.data.listing import Listing

DIGITS = tuple("0123456789")
"""The classes of all sets of digits."""


@dataclass(frozen=True, slots=True)
class RawImages:
    """Pixels ``(N, C, H, W)`` and labels; the last ``tests`` images are the set's own test images."""

    pixels: Pixels
    labels: NDArray[np.int64]
    tests: int = 0


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as it was published: ``folders`` are the addresses that have it, the first is asked first."""

    name: str
    size: int  # bytes
    md5: str
    folders: tuple[str, ...]


class Published(Source):
    """A data set that somebody published: what it holds is known before it is there.

    ``counts`` are images a class, training and test images together; ``tests`` of them come as a test set of their
    own. ``files`` are those that it is fetched in, for `read` to read.
    """

    classes: ClassVar[tuple[str, ...]]
    shape: ClassVar[Shape]
    counts: ClassVar[tuple[int, ...]]
    tests: ClassVar[int] = 0
    files: ClassVar[tuple[PublishedFile, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if cls.files:
            cls.download_bytes = sum(file.size for file in cls.files)

    @property
    def note(self) -> str:
        return counted(len(self.classes), "class", "classes")

    @property
    def known(self) -> DataDescription:
        return DataDescription(
            self.title,
            self.classes,
            self.counts,
            self.shape,
            download_bytes=type(self).download_bytes,
            test=type(self).tests,
        )

    def read(self, paths: Sequence[Path]) -> RawImages:
        """All images from the ``files``, which are known to be those that were published, at these paths."""
        raise TypeError(f"{type(self).__name__} does not declare read")

    def raw(self, *, progress: Listener | None = None) -> RawImages:
        """All images as they were published, downloaded first if need be; raises `LayerloomError`."""
        from engine.data.downloads import downloaded

        return downloaded(self, progress=progress)

    def take_files(self, files: Sequence[Path], *, progress: Listener | None = None) -> None:
        from engine.data.downloads import take_files

        if not self.files:
            super().take_files(files)
        take_files(self, files, progress=progress)

    def availability(self) -> Availability:
        from engine.data.downloads import availability

        return availability(self) if self.files else super().availability()

    def describe(self, *, progress: Listener | None = None) -> DataDescription:
        from engine.data.downloads import is_downloaded

        return replace(self.known, ready=is_downloaded(self))

    def thumbnails(self, *, per_class: int = 8, edge: int = 48, progress: Listener | None = None) -> Thumbnails:
        import numpy as np

        from engine.data.images import fit
        from engine.data.split import first_of_each

        raw = self.raw(progress=progress)
        chosen = first_of_each(raw.labels, per_class)
        pixels = np.stack([fit(raw.pixels[index], Shape(3, edge, edge)) for index in chosen])
        return Thumbnails(pixels, raw.labels[chosen])

    def listed(self, *, progress: Listener | None = None) -> Listing:
        import numpy as np

        from engine.data.listing import ArrayPictures, Listing
        from engine.data.split import OwnParts

        raw = self.raw(progress=progress)
        places = np.arange(len(raw.pixels))
        own = OwnParts(places[:0], places[len(places) - raw.tests :])
        return Listing(self.describe(), range(len(places)), raw.labels, ArrayPictures(raw.pixels), own)

    def load(self, shape: Shape, *, check: bool = True, progress: Listener | None = None) -> SourceImages:
        import numpy as np
        import torch

        from engine.data.memory_images import IN_MEMORY, MemoryImages
        from engine.data.resizing import resize
        from engine.data.split import OwnParts
        from engine.data.targets import Targets

        raw = self.raw(progress=progress)
        pixels = torch.from_numpy(raw.pixels)
        if len(pixels) * shape.elements <= IN_MEMORY:
            tell(progress, Progress("Resizing images", 0, len(pixels), "images"))
            pixels = resize(pixels, shape)
        targets = Targets(raw.labels, self.classes)
        everything = np.arange(len(pixels))
        own = OwnParts(everything[:0], everything[len(pixels) - raw.tests :])
        colour = self.shape.channels == COLOURS
        return SourceImages(self.title, range(len(pixels)), MemoryImages(pixels, shape), targets, own, colour=colour)


@SOURCES.register
class Digits(Published):
    """Real handwritten digits, 8×8 grey; come with Layerloom, no download."""

    name: ClassVar = "digits"
    title: ClassVar = "Digits"
    classes: ClassVar = DIGITS
    shape: ClassVar = Shape(1, 8, 8)
    counts: ClassVar = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)

    def raw(self, *, progress: Listener | None = None) -> RawImages:
        return _digits()


@cache
def _digits() -> RawImages:
    """The 1 797 digits that scikit-learn carries, their grey values 0 to 16 stretched to 0 to 255."""
    import numpy as np

    table = _table_of_digits()
    pixels = (table[:, :-1].reshape(-1, 1, 8, 8) * (255 / 16)).round().astype(np.uint8)
    return RawImages(pixels, table[:, -1].astype(np.int64))


def _table_of_digits() -> NDArray[np.float64]:
    """A row an image: its 64 grey values, and which digit it is.

    The file is read as it is, as importing what scikit-learn has around it takes a second.
    """
    import numpy as np

    package = find_spec("sklearn")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder, "datasets", "data", "digits.csv.gz")
        if file.is_file():
            return np.loadtxt(file, delimiter=",")
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return np.column_stack([pixels, labels])
