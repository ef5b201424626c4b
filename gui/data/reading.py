"""Reads a data set in a thread: what it holds, and where each of its images is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.data.anew import Anew
from engine.data.asking import availability, described, fetched, listed, taken
from engine.data.listing import Listing
from engine.data.progress import Progress
from engine.data.source import Availability, DataDescription, Source, State
from engine.errors import LayerloomError
from gui.background import Job


@dataclass(frozen=True, slots=True)
class Found:
    """A data set in figures, and all its images; where it waits for its download, what is here of that instead."""

    source: Source
    description: DataDescription
    listing: Listing | None = None
    availability: Availability | None = None


def read(source: Source, job: Job, *, download: bool, files: Sequence[Path] = ()) -> Found:
    """Read a data set; one that must be downloaded first only if ``download`` says so, or from the ``files`` of it."""
    listener = partial(_tell, job)
    if files:
        taken(source, files, progress=listener)
    elif download:
        fetched(source, progress=listener)
    job.check()
    found = described(source, progress=listener) if source.download_bytes else None
    if found is not None and not found.ready:
        return Found(source, found, availability=availability(source))
    listing = listed(source, progress=listener).work_out()
    return Found(source, listing.description, listing)


def check(listing: Listing, job: Job) -> Listing:
    """The listing without the images that turn out damaged once all are read."""
    return listing.check(partial(_tell, job)).work_out() if listing.check else listing


def look_again(source: Source, listing: Listing, job: Job) -> Anew | None:
    """What is other now than in the listing of a source; None if nothing is. Raises `LayerloomError`."""
    if availability(source).state is State.GONE:
        raise LayerloomError(f"The folder {source.about} is not there any more.")
    anew = listing.look_again(partial(_tell, job)) if listing.look_again else None
    if anew is not None:
        anew.listing.work_out()
    return anew


def _tell(job: Job, progress: Progress) -> None:
    job.report(progress.words, progress.done / progress.total if progress.total else -1.0)
