"""Looks in a thread whether the files that the workspace Data shows are as they were."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.data.anew import Anew
from engine.errors import LayerloomError
from gui.background import LatestJob
from gui.data import reading
from gui.data.said import NOTHING, Said
from gui.widgets.offer import Offer

if TYPE_CHECKING:
    from gui.data.data_set import DataSet


class Looking(QObject):
    """Asks for the files of a `DataSet` again, hands over what is other now, and says what became of them.

    What it finds once another data set is chosen is dropped, and what it said goes once that is no longer so.
    """

    def __init__(self, data: DataSet) -> None:
        super().__init__(data)
        self.data = data
        self._due = False  # once what is being read has been
        self._said = NOTHING  # what was said last
        self._job = LatestJob("Looking for the data", self)

    @property
    def running(self) -> bool:
        """Whether an answer is still to come."""
        return self._job.running

    def look(self, *, unreadable: bool = False) -> None:
        """Look now, or once what is being read has been; ``unreadable`` says that some images were found to be so."""
        found, self._due = self.data.found, self.data.busy
        if not self._due and found is not None and found.listing is not None and self.data.is_current:
            self.data.since = time.monotonic()
            ask = partial(reading.look_again, found.source, found.listing)
            self._job.start(ask, done=partial(self._take, unreadable), failed=self._fail)

    def go_on(self) -> None:
        """Look if that is due."""
        if self._due:
            self.look()

    def cancel(self) -> None:
        """Expect no answer any more: the data are read anew."""
        self._due, self._said = False, NOTHING
        self._job.cancel()

    def close(self) -> None:
        """End the thread: the window closes."""
        self._job.close()

    def _take(self, unreadable: bool, anew: Anew | None) -> None:
        if not self.data.is_current:
            return
        if anew is not None:
            self._said = Said(anew.sentence())
            self.data.renew(anew.listing, self._said)
        elif unreadable:
            self._say("Some images cannot be read: scan again to leave them out.")
        elif self.data.said is self._said is not NOTHING:
            self.data.say(NOTHING)

    def _fail(self, error: LayerloomError) -> None:
        if self.data.is_current:
            takes_folder = self.data.settings.source.takes_folder
            self._say(str(error), *((Offer("Choose folder", self.data.folder_wanted.emit),) if takes_folder else ()))

    def _say(self, text: str, *offers: Offer) -> None:
        self._said = Said(text, (*offers, Offer("Scan again", self.data.read_again)), wrong=True)
        self.data.say(self._said)
