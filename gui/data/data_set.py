"""The data set of the open project, as the workspace Data shows it."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.data.augmentation.warning import Seen
from engine.data.copies import of_training
from engine.data.downloads import NotDownloadedError
from engine.data.listing import Listing
from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import Availability, DataDescription, Source
from engine.data.split import Division
from engine.errors import LayerloomError
from engine.files import readable
from engine.words import counted, memory
from gui.background import LatestJob
from gui.data import reading
from gui.data.looking import Looking
from gui.data.marked import MOST_MARKED, Marked
from gui.data.reading import Found
from gui.data.said import NOTHING, Said
from gui.data.shown import Filter, Places, Shown, first_of_classes, moved
from gui.document import Document
from gui.guard import Guard
from gui.readiness import readiness_of
from gui.widgets.offer import Offer

LEFT_OUT, COPIES = "left_out", "copies"  # lists of files that can be shown


class DataSet(QObject):
    """What the project's data set holds, how it is divided, what goes on with it, and what is to say of it.

    It is read in a thread, once the workspace can be seen. What was read before stays until the new data are there, and
    where they cannot be read anew. ``changed`` speaks of everything but progress. It asks for a folder or a file by
    ``folder_wanted`` and ``files_wanted``, and for a list of files to be shown by ``listed_files_wanted``.
    """

    changed = Signal()
    began = Signal(str)  # what is done
    progressed = Signal(str, float)
    ended = Signal()
    was_read = Signal(str)  # how many images, in how long
    folder_wanted = Signal()
    files_wanted = Signal()
    listed_files_wanted = Signal(str)  # which list of them

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.readiness = readiness_of(document)
        self.shown, self.marked = Shown(self), Marked(self)
        self.found: Found | None = None  # what was read last
        self.before: Listing | None = None  # the same data set as it was read before
        self.division: Division | None = None
        self.said = NOTHING
        self.says_in_sheet = False  # whether that stands where the images would
        self.refusal = ""  # why the images cannot be divided as the settings say
        self._checking: Listing | None = None  # of which all images are being read
        self._usual: tuple[int, ...] = ()  # the images that nobody marked but this
        self._divided: tuple[Listing, SplitSettings] | None = None  # what the division is of
        self._wanted: Source | None = None  # the source that is being read, or was read last
        self.since = 0.0  # when reading or looking began
        self._active, self._stale = False, True
        self._guard = Guard()
        self._job = LatestJob("Reading the data", self)
        self.looking = Looking(self)
        for signal in (document.replaced, document.settings_changed):
            signal.connect(self._follow)

    # What there is

    @property
    def settings(self) -> DataSettings:
        """How the project has it."""
        return self.document.project.data

    @property
    def listing(self) -> Listing | None:
        """All images of the data set that is shown; None where none is."""
        return self.found.listing if self.found else None

    @property
    def is_current(self) -> bool:
        """Whether what is shown is the project's data set, and not the one before it."""
        return self.found is not None and self.found.source == self.settings.source

    @property
    def is_read_with_other_classes(self) -> bool:
        """Whether what is shown is read anew as other classes are left out."""
        return self.busy and self.found is not None and _all_of(self.found.source) == _all_of(self.settings.source)

    @property
    def description(self) -> DataDescription | None:
        """What the project's data set holds, as far as it is known."""
        if self.found and self.is_current:
            return self.found.description
        return self.settings.source.known if self.readiness.usable else None

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._job.running

    def places(self) -> Places:
        """The places of the images that the sheet shows, in their order."""
        if self.listing is None or self.division is None:
            return np.empty(0, np.int64)
        return self.shown.filter.places(self.listing, self.division, self.settings.split.seed)

    def part_of(self, place: int) -> str:
        """The part that an image is in, by its name in settings and files."""
        parts = self.division._asdict().items() if self.division else ()
        return next((name for name, part in parts if place in part), "")

    def training_counts(self, found: DataDescription) -> tuple[int, ...]:
        """How many images of each class train, as far as that is known."""
        if self.listing is None or self.division is None or found is not self.listing.description:
            return self.settings.training_counts(found)
        counts = np.bincount(self.listing.labels[self.division.train], minlength=len(found.classes))
        return tuple(counts.tolist()) if found.classes else ()

    def copied(self) -> dict[str, int]:
        """How many images of the other parts are copies of training images."""
        if self.listing is None or self.division is None or not self.is_current:
            return {}
        return of_training(self.listing.copies, self.division)

    # What can be done

    def choose(self, label: str, source: Source) -> None:
        """Take a source as the project's data, as one undo step."""
        self.document.change_settings(label, self.settings.from_source(source))

    def leave_out(self, name: str) -> None:
        """Use no image of a class, as one undo step."""
        source = self.settings.source
        self._leave_out(f"Leave out {readable(name)}", (*source.leaves_out, name))

    def bring_back(self, name: str) -> None:
        """Use the images of a class that is left out again, as one undo step."""
        if self.description is not None:
            others = [one.name for one in self.description.left_out if one.name != name]
            self._leave_out(f"Bring back {readable(name)}", others)

    def _leave_out(self, label: str, names: Iterable[str]) -> None:
        if (source := self.settings.source.leaving_out(names)) is not None:
            self.choose(label, source)

    def change(self, label: str, split: SplitSettings, *, merge: Hashable = None) -> None:
        """Divide the images in another way; steps in a row with the same ``merge`` key become one undo step."""
        self.document.change_settings(label, self.settings.model_copy(update={"split": split}), merge=merge)

    def set_active(self, active: bool) -> None:
        """Read while the workspace can be seen."""
        self._active = active
        if active and self._stale:
            self._follow()
        if active and not self.busy:
            self.looking.look()

    def read_again(self, *, download: bool = False) -> None:
        """Read the data set anew, and download it if need be."""
        self._read(download=download)

    def take_files(self, files: Sequence[Path]) -> None:
        """Read the data set from the files of its download, got in another way."""
        self._read(files=files)

    def cancel(self) -> None:
        """Call off what is being read; what was shown before stays."""
        checking = self.listing is not None and self.listing is self._checking
        self._job.cancel()
        self._end()
        words = "Not all images were read: damaged ones may be among them." if checking else "Reading was cancelled."
        self.say(Said(words, (Offer("Read again", self.read_again),)))

    def close(self) -> None:
        """End the threads: the window closes."""
        self._job.close()
        self.looking.close()

    def tell(self, error: LayerloomError) -> None:
        """Say what went wrong with images that are shown."""
        self.say(Said(str(error), (self._again(download=False),), wrong=True))

    def say(self, said: Said) -> None:
        """Say something in place of what was said."""
        self.said = said
        self.changed.emit()

    def renew(self, listing: Listing, said: Said) -> None:
        """Show the images of the same data set as they are now, and say what is other."""
        assert self.found is not None
        self.said = said
        self._take(replace(self.found, description=listing.description, listing=listing))

    # Reading

    def _follow(self) -> None:
        if not self._active:
            self._stale = True
            return
        self._stale = False
        self._guard.run(self._catch_up)

    def _catch_up(self) -> None:
        if self.settings.source != self._wanted:
            self._read()
        elif self._divide() and self.marked.images == self._usual:
            self._mark_usual()
        self.changed.emit()

    def _read(self, *, download: bool = False, files: Sequence[Path] = ()) -> None:
        source = self._wanted = self.settings.source
        self._job.cancel()
        self.looking.cancel()
        self._end()
        if not self.readiness.usable:
            self._lose("An error in this data set keeps it from being shown; the log holds the details.")
        elif source.missing:
            self._lose("Choose a folder that has a sub-folder of images for each class.", wrong=False)
        else:
            self.say(NOTHING)
            self.since = time.monotonic()
            self.began.emit("Reading images")
            self._job.start(
                partial(reading.read, source, download=download, files=files),
                done=self._take,
                failed=self._fail,
                progressed=self.progressed.emit,
            )

    def _take(self, found: Found) -> None:
        self._end()
        before, self.found = self.found, found
        self.readiness.learn(found.source, found.description)
        self._divide()
        if found.listing is None:
            self.marked.show(())
            if found.availability is not None:
                self.say(self._download_offered(found.description, found.availability))
            return
        self._mark(before)
        self.changed.emit()
        if found.listing.check:
            self._check(found.listing)
        else:
            self._tell_time(found.listing)

    def _check(self, listing: Listing) -> None:
        """Read all images once; damaged ones show then."""
        self._checking = listing
        self.began.emit("Reading images")
        self._job.start(
            partial(reading.check, listing),
            done=self._take_checked,
            failed=self._fail,
            progressed=self.progressed.emit,
        )

    def _take_checked(self, listing: Listing) -> None:
        self._end()
        assert self.found is not None
        before, self.found = self.found, Found(self.found.source, listing.description, listing)
        self.readiness.learn(self.found.source, listing.description)
        self._divide()
        self._mark(before)
        self.changed.emit()
        self._tell_time(listing)

    def _tell_time(self, listing: Listing) -> None:
        passed = time.monotonic() - self.since
        self.was_read.emit(f"{counted(len(listing), 'image')} read in {passed:.1f} s")
        self.looking.go_on()

    def _fail(self, error: LayerloomError) -> None:
        self._end()
        kept = self.is_current
        if not kept:
            self._forget()
        takes_folder = self.settings.source.takes_folder
        offers = [Offer("Choose folder", self.folder_wanted.emit)] if takes_folder else [self._again(download=True)]
        if takes_folder and kept:
            offers.append(self._again(download=False))
        elif self.settings.source.leaves_out:
            offers.append(Offer("Bring back all classes", partial(self._leave_out, "Bring back all classes", ())))
        elif self.settings.source.download_bytes:
            otherwise = error.otherwise if isinstance(error, NotDownloadedError) else ""
            offers.append(Offer("Choose a file…", self.files_wanted.emit, otherwise))
        self.say(Said(str(error), tuple(offers), wrong=True))

    def _again(self, *, download: bool) -> Offer:
        words = "Try again" if download else "Scan again"
        return Offer(words, partial(self.read_again, download=download))

    def _end(self) -> None:
        self._checking = None
        self.ended.emit()

    def _lose(self, text: str, *, wrong: bool = True) -> None:
        """Show nothing, and say why."""
        self._forget()
        self.say(Said(text, (Offer("Choose folder", self.folder_wanted.emit),) if not wrong else (), wrong=wrong))

    def _forget(self) -> None:
        self.found = self.division = self._divided = None
        self.marked.show(())

    def _download_offered(self, found: DataDescription, there: Availability) -> Said:
        words = f"Go on, {memory(there.in_all - there.here)} left" if there.here else f"Download {memory(there.in_all)}"
        fetch = Offer(words, partial(self.read_again, download=True))
        where = "only in part" if there.here else "not"
        return Said(
            f"{found.title} is {where} on this computer yet.", (fetch, Offer("Choose a file…", self.files_wanted.emit))
        )

    # Dividing and marking

    def _divide(self) -> bool:
        """Divide the images as the settings say, if they are not yet; whether they are divided anew."""
        listing, split = self.listing, self.settings.split
        if listing is None or (self._divided and self._divided[0] is not listing):
            self.division = self._divided = None
        if listing is None or self._divided == (listing, split):
            return False
        self._divided = listing, split
        try:
            self.division, self.refusal = listing.divided(split), ""
        except LayerloomError as error:
            self.refusal = str(error)
            return False
        found, settings = listing.description, self.settings
        seen = Seen(found.classes, found.counts, self.training_counts(found), copied=self.copied())
        if self.is_current:
            self.readiness.learn_division(settings, seen)
        return True

    def _mark(self, before: Found | None) -> None:
        """Keep the marks of the same data set on the same images; of another, mark one image of some classes."""
        if self.listing is None:
            return
        self.before = before.listing if before and before.source == self.settings.source else None
        if self.before is not None:
            self.shown.keep_classes(self.before, self.listing)
        else:
            self.shown.forget()
        same = before is not None and _all_of(before.source) == _all_of(self.settings.source)
        usual = self.marked.images == self._usual
        kept = moved(self.marked.images, before.listing, self.listing) if before and before.listing and same else ()
        if usual or not same:
            self._mark_usual(kept)
        else:
            self.marked.show(kept)

    def _mark_usual(self, kept: tuple[int, ...] = ()) -> None:
        """Mark some images, and the first in the sheet of other classes, all of training shown."""
        if self.listing is None or self.division is None:
            return
        first = Filter().places(self.listing, self.division, self.settings.split.seed)
        others = first[~np.isin(self.listing.labels[first], self.listing.labels[list(kept)])]
        added = first_of_classes(self.listing.labels, others, MOST_MARKED - len(kept))
        self._usual = (*kept, *added.tolist())
        self.marked.show(self._usual)


def _all_of(source: Source) -> Source:
    """The source with every class that it leaves out."""
    return source.leaving_out(()) or source
