"""A folder of the user's own images as a source."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from engine.data.progress import Listener
from engine.data.source import SOURCES, Availability, DataDescription, Source, SourceImages, State, Thumbnails
from engine.errors import LayerloomError
from engine.files import is_folder, require_text
from engine.layers.shape import Shape
from engine.settings import setting

if TYPE_CHECKING:
    from engine.data.anew import Anew
    from engine.data.copies import Copies
    from engine.data.folder import ImageFolder
    from engine.data.images import Pixels
    from engine.data.intensity import Intensities, Scaling
    from engine.data.listing import Listing
    from engine.data.loaded import Images

    _LookAgain = Callable[[ImageFolder, Listener | None], Anew | None]
    """What is other now than in a folder, without those of its images that turned out damaged."""

_REMEMBERED = 64 * 2**20  # bytes of images that are read when they are asked for
_CHECKED_AT = Shape(3, 64, 64)  # all of a file is read whatever it is brought to; JPEG is faster to a small shape


class FolderSource(Source):
    """Images in a folder of the user's own, which must be chosen first.

    A subclass says in `scan` which files they are; those of a large folder are read from disk while it trains.
    """

    takes_folder: ClassVar = True

    path: str = setting("", "Folder")
    left_out: tuple[str, ...] = setting(
        (), "Classes left out", help="Names of classes, or of their folders, of which no image is used."
    )

    @classmethod
    def at(cls, folder: str) -> Self:
        require_text(folder, what="The folder of images")
        return cls(path=folder)

    @property
    def folder(self) -> Path | None:
        return Path(self.path) if self.path else None

    def moved_to(self, folder: Path) -> Self:
        return self.model_copy(update={"path": str(folder)}).from_here()

    @property
    def leaves_out(self) -> tuple[str, ...]:
        return self.left_out

    def leaving_out(self, classes: Iterable[str]) -> Self | None:
        return self.model_copy(update={"left_out": tuple(dict.fromkeys(classes))})

    @property
    def spoken(self) -> str:
        return "the folder"

    @property
    def note(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def about(self) -> str:
        return self.path

    @property
    def missing(self) -> str:
        return "" if self.path else "No image folder is chosen: choose one with a sub-folder for each class."

    def availability(self) -> Availability:
        if not self.path:
            return Availability(State.TO_CHOOSE)
        return Availability(State.ON_DISK if is_folder(os.path.expanduser(self.path)) else State.GONE)  # noqa: PTH111

    def from_here(self) -> Self:
        if not self.path:
            return self
        path = Path(os.path.expanduser(self.path)).absolute()  # noqa: PTH111 - Path's own raises for an unknown home
        require_text(path, what="The folder of images")
        return self.model_copy(update={"path": str(path)})

    def summary(self) -> str:
        return self.path or "no folder chosen"

    def scan(self, *, progress: Listener | None = None) -> ImageFolder:
        """The image files in ``path`` with the class of each; raises `LayerloomError` if there are none."""
        raise TypeError(f"{type(self).__name__} does not declare scan")

    def scan_as_version_1(self, *, progress: Listener | None = None) -> ImageFolder:
        """What `scan` gives for a run of version 1, where that read folders in another way."""
        return self.scan(progress=progress)

    def describe(self, *, progress: Listener | None = None) -> DataDescription:
        folder = self._learnable(progress)
        return _description(folder, folder.copies(progress=progress))

    def listed(self, *, progress: Listener | None = None) -> Listing:
        return self._listed(self._learnable(progress), progress)

    def class_count(self) -> int:
        return len(self._learnable(None).classes)

    def thumbnails(self, *, per_class: int = 8, edge: int = 48, progress: Listener | None = None) -> Thumbnails:
        import numpy as np

        from engine.data.extents import by_own_range
        from engine.data.images import UnreadableImageError, read_image
        from engine.data.split import first_of_each

        folder, shape = self._learnable(progress), Shape(3, edge, edge)
        pixels, labels = [], []
        for index in first_of_each(folder.labels, per_class):
            try:
                pixels.append(read_image(folder.files[index], shape, scaling=by_own_range))
            except UnreadableImageError:
                continue  # loading the set lists it
            labels.append(folder.labels[index])
        return Thumbnails(np.array(pixels, np.uint8).reshape(-1, *shape), np.array(labels, np.int64))

    def load(self, shape: Shape, *, check: bool = True, progress: Listener | None = None) -> SourceImages:
        from engine.data.copies import fingerprints, same_marks

        folder, images, on = self._images(shape, check=check, progress=progress)
        marks = fingerprints(folder.files, progress=progress)
        return _source_images(folder, images, on, copies=same_marks(marks), fingerprints=marks)

    def _images(
        self, shape: Shape, *, check: bool, progress: Listener | None
    ) -> tuple[ImageFolder, Images, Callable[[Intensities], Images]]:
        """The folder without what cannot be read, its images, and what brings all of them to a range."""
        import torch

        from engine.data.decoding import check_all, read_all
        from engine.data.deep_files import rescale
        from engine.data.disk_images import DiskImages
        from engine.data.memory_images import IN_MEMORY, MemoryImages

        folder = self._found(progress, as_version_1=not check)
        if len(folder.files) * shape.elements > IN_MEMORY:
            folder = check_all(folder, shape, progress=progress) if check else folder
            files = folder.files
            return folder, DiskImages(files, shape), lambda intensities: DiskImages(files, shape, scaling=intensities)
        pixels, folder = read_all(folder, shape, progress=progress)
        images = MemoryImages(torch.from_numpy(pixels), shape)

        def on(intensities: Intensities) -> Images:
            rescale(pixels, folder.deep_files, intensities, progress=progress)
            return images

        return folder, images, on

    def _listed(self, folder: ImageFolder, progress: Listener | None) -> Listing:
        return _listing(folder, folder.copies(progress=progress), partial(self._look_again, folder))

    def _look_again(self, before: ImageFolder, kept: ImageFolder, progress: Listener | None) -> Anew | None:
        """What is other than ``before``, of which ``kept`` could be read."""
        from engine.data.anew import Anew

        now = self._learnable(progress)
        return None if now == before else Anew.between(before, kept, now, self._listed(now, progress))

    def _learnable(self, progress: Listener | None) -> ImageFolder:
        """The folder as it is found, with two classes at least."""
        folder = self._found(progress)
        if folder.too_few:
            raise LayerloomError(folder.too_few)
        return folder

    def _found(self, progress: Listener | None, *, as_version_1: bool = False) -> ImageFolder:
        if not self.path:
            raise LayerloomError("No folder is chosen: choose one with a sub-folder for each class.")
        folder = self.scan_as_version_1(progress=progress) if as_version_1 else self.scan(progress=progress)
        return folder.leaving_out(self.left_out)


def _description(folder: ImageFolder, copies: Copies) -> DataDescription:
    import numpy as np

    from engine.data.colour import in_colour
    from engine.data.data_words import possible_copies_words, two_labels_words

    own, counts = folder.own_parts, np.bincount(folder.labels, minlength=len(folder.classes)).tolist()
    return DataDescription(
        folder.path.name,
        folder.classes,
        tuple(counts),
        None,
        unreadable=folder.unreadable,
        validation=len(own.validation),
        test=len(own.test),
        lacking=folder.lacking,
        notes=folder.notes,
        copies=possible_copies_words(folder.names, copies),
        colour=in_colour(folder.files, folder.labels),
        left_out=folder.left_out,
        two_labels=two_labels_words(folder.names, folder.labels, copies),
    )


def _listing(folder: ImageFolder, copies: Copies, look_again: _LookAgain) -> Listing:
    from engine.data.listing import FilePictures, Listing

    def check(progress: Listener | None) -> Listing:
        from engine.data.decoding import check_all

        kept = check_all(folder, _CHECKED_AT, progress=progress)
        return _listing(kept, _moved(copies, folder.files, kept.files), look_again)

    return Listing(
        _description(folder, copies),
        folder.names,
        folder.labels,
        FilePictures(folder.files),
        folder.own_parts,
        copies,
        check,
        folder.deep_files,
        partial(_when_asked_for, folder, copies),
        partial(look_again, folder),
        folder.class_folders,
    )


def _when_asked_for(folder: ImageFolder, copies: Copies, shape: Shape) -> SourceImages:
    """The images of a folder, of which none is read yet; those that turn out damaged are black."""
    from engine.data.disk_images import DiskImages

    made = partial(DiskImages, folder.files, shape, kept=_REMEMBERED)
    return _source_images(folder, made(), lambda intensities: made(scaling=intensities), copies=copies)


def _source_images(
    folder: ImageFolder,
    images: Images,
    on: Callable[[Intensities], Images],
    *,
    copies: Copies,
    fingerprints: Sequence[str] = (),
) -> SourceImages:
    from engine.data.colour import in_colour
    from engine.data.data_words import two_labels_words
    from engine.data.deep_files import DeepFiles
    from engine.data.targets import Targets

    return SourceImages(
        folder.path.name,
        folder.names,
        images,
        Targets(folder.labels, folder.classes),
        folder.own_parts,
        skipped=folder.unreadable,
        deep=DeepFiles(folder.deep_files, on),
        fingerprints=fingerprints,
        copies=copies,
        lacking=folder.lacking,
        notes=(*folder.notes, *filter(None, (two_labels_words(folder.names, folder.labels, copies),))),
        colour=in_colour(folder.files, folder.labels),
        too_few=folder.too_few,
        folders=folder.class_folders,
    )


def _moved(copies: Copies, before: Sequence[Path], after: Sequence[Path]) -> Copies:
    """The same groups of copies among other files; those that only one of is left are none."""
    places = {file: place for place, file in enumerate(after)}
    groups = (tuple(places[before[place]] for place in group if before[place] in places) for group in copies)
    return tuple(group for group in groups if len(group) > 1)


@SOURCES.register
class Folder(FolderSource):
    """A folder with one sub-folder of images a class."""

    name: ClassVar = "folder"
    title: ClassVar = "Image folder"

    @classmethod
    def reads(cls, folder: Path) -> bool:
        return True  # whatever no other source knows

    def scan(self, *, progress: Listener | None = None) -> ImageFolder:
        from engine.data.folder import scan_folder

        return scan_folder(Path(self.path), progress=progress)

    def scan_as_version_1(self, *, progress: Listener | None = None) -> ImageFolder:
        from engine.data.folder import scan_folder

        return scan_folder(Path(self.path), as_version_1=True, progress=progress)

    def first_image(self, edge: int, *, scaling: Scaling | None = None, progress: Listener | None = None) -> Pixels:
        from engine.data.extents import by_own_range
        from engine.data.folder import image_files
        from engine.data.images import UnreadableImageError, read_image

        for file in image_files(Path(self.path), left_out=self.left_out, progress=progress):
            try:
                return read_image(file, Shape(3, edge, edge), scaling=scaling or by_own_range)
            except UnreadableImageError:
                continue
        raise LayerloomError(f"No image in {self.path} can be read.")


def source_of(folder: Path | str) -> Source:
    """The source that reads a folder: of several the one that was registered last, which knows more of its layout."""
    kinds = (kind for kind in reversed(list(SOURCES.values())) if kind.takes_folder)
    return next(kind for kind in kinds if kind.reads(Path(folder))).at(str(folder))
