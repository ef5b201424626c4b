"""Unsaved work is written aside soon after each edit, so that no end of the program loses it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from engine.errors import LayerloomError
from engine.locks import Lock
from engine.log import log_note
from gui.background import LatestJob
from gui.document import Document
from gui.start.unsaved import keep_aside, lock_file, place_of, rescued

if TYPE_CHECKING:  # the first paint does without them
    from engine.project import Project
    from gui.start.origin import Origin

_AFTER = 500  # ms from the first edit that is not kept yet: with the writing, it is kept within a second


class Recovery(QObject):
    """Keeps a copy of one window's unsaved work in the state folder; saving and a clean end remove it.

    ``content`` of the document's file, as the window knew it, is kept too, so that a change by others is noticed.
    """

    found = Signal(object)  # the unsaved work of windows that are gone, list[Unsaved]

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = place_of(document.key)
        self._lock: Lock | None = None
        self._keeping = LatestJob("Keeping unsaved work aside", self)
        self._looking = LatestJob("Reading unsaved work", self)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER)
        self._timer.timeout.connect(self.keep)
        self._followed: tuple[SignalInstance, ...] = (document.undo_stack.indexChanged, document.title_changed)
        for signal in self._followed:
            signal.connect(self._follow)
        document.replaced.connect(self._begin_anew)

    def look(self) -> None:
        """Look for what other windows left behind, and tell by ``found``."""
        self._looking.start(lambda _: rescued(), done=self.found.emit, failed=lambda _: None)

    def adopt(self, folder: Path) -> None:
        """Go on keeping the work in ``folder``, where it was rescued from."""
        self._forget()
        self._folder = folder
        self.keep()

    def keep(self) -> None:
        """Write the unsaved work aside, off the GUI thread."""
        if self._keeping.running:
            self._timer.start()
        elif self._prepare():
            project, origin = self._copy()
            folder = self._folder
            self._keeping.start(lambda _: keep_aside(folder, project, origin), done=_ignore, failed=_note)

    def keep_now(self) -> None:
        """Write it aside before anything else happens: the program is about to end."""
        self._finish_writing()
        if self._prepare():
            try:
                keep_aside(self._folder, *self._copy())
            except LayerloomError as error:
                _note(error)

    def end(self, *, keep: bool = False) -> None:
        """The window ends: remove the copy, or leave it to be offered at the next start."""
        self._unfollow()
        self._looking.close()
        self._finish_writing()
        if not keep:
            self._forget()
        elif self._lock is not None:
            self._lock.release()

    def _unfollow(self) -> None:
        """Hear no more of a document that tells of changes until it is no more, when this is gone or half gone."""
        for signal in self._followed:
            signal.disconnect(self._follow)
        self._followed = ()

    def _follow(self) -> None:
        if not self._document.modified:
            self._forget()
        elif not self._timer.isActive():
            self._timer.start()

    def _begin_anew(self) -> None:
        self._forget()
        self._folder = place_of(self._document.key)

    def _copy(self) -> tuple[Project, Origin]:
        from gui.start.origin import Origin

        document = self._document
        origin = Origin(path=str(document.path or ""), content=document.content, key=document.key)
        return replace(document.project, network=document.network.copy()), origin

    def _prepare(self) -> bool:
        """Have a folder that no other window writes into; False if there is nothing to keep, or no place for it."""
        ended = not self._followed  # a window that closes still loses the focus
        if ended or not self._document.modified:
            return False
        if self._lock is None:
            try:
                self._lock = self._take(self._folder) or self._take(place_of(uuid4().hex))
            except OSError:
                return False  # without a place to keep it there is no rescue, and nothing else is the worse for it
        return self._lock is not None

    def _take(self, folder: Path) -> Lock | None:
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(lock_file(folder))
        self._folder = folder
        return lock if lock.take() else None

    def _forget(self) -> None:
        self._finish_writing()
        if self._lock is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._lock.release()
            self._lock = None

    def _finish_writing(self) -> None:
        self._timer.stop()
        self._keeping.close()


def _ignore(_: None) -> None:
    """What was kept needs no word."""


def _note(error: LayerloomError) -> None:
    """It is tried again with the next edit; a sentence every time would only keep people from their work."""
    log_note(str(error))
