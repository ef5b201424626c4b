"""What a report tells of: runs, what they were asked, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.loaded import LoadedData
from engine.data.looks import Looks
from engine.data.part_words import SPOKEN
from engine.data.parts import Name
from engine.data.progress import Listener, Progress, tell
from engine.data.source import Source
from engine.evaluation.ensemble import Together
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.words import counted


@dataclass(frozen=True)
class Subject:
    """Runs evaluated ``together`` on the images of a part; ``moved_to`` is where these are now, if not where they were.

    ``progress`` hears of what is still computed.
    """

    runs: Sequence[RunFolder]
    together: Together
    moved_to: Source | None = None
    progress: Listener | None = None

    @property
    def split(self) -> str:
        """The part that was evaluated."""
        return self.together.evaluation.split

    @property
    def looks(self) -> Looks:
        """How its images were looked at."""
        return self.together.answers.looks

    @property
    def project(self) -> Project:
        """That of the first run."""
        return self.together.project

    @property
    def data(self) -> LoadedData:
        """Those of the first run."""
        return self.together.data

    @property
    def source(self) -> Source:
        """Where the images come from."""
        return self.moved_to or self.project.data.source

    @property
    def images(self) -> str:
        """How many images were evaluated: "270 test images"."""
        return counted(self.together.evaluation.images, f"{SPOKEN[self.split]} image")

    def name_of(self, position: int) -> Name:
        """The name of the image at a position of the part."""
        return self.data.names[int(self.data.splits[self.split].indices[position])]

    def tell(self, task: str) -> None:
        """Say what is computed next; raises `CancelledError` when called off."""
        tell(self.progress, Progress(task, 0, 0, "images"))
