"""What a report tells of: runs, what they were asked, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.data.loaded import LoadedData
from engine.data.looks import Looks
from engine.data.part_words import SPOKEN
from engine.data.parts import Name
from engine.data.progress import CancelledError, Listener, Progress, tell
from engine.data.source import Source
from engine.errors import LayerloomError
from engine.evaluation.calibration import Tempered
from engine.evaluation.curves import Curves, curves_of
from engine.evaluation.ensemble import Together
from engine.evaluation.slices import Slice, slices_of
from engine.evaluation.tempering import tempered_by_validation
from engine.project import Project
from engine.runs.run_folder import RunFolder
from engine.tasks.class_evaluation import ClassEvaluation
from engine.words import counted


@dataclass(frozen=True)
class Subject:
    """Runs evaluated ``together`` on the images of a part; ``moved_to`` is where these are now, if not where they were.

    ``progress`` hears of what is still computed, once, when it is first asked for.
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

    @property
    def found(self) -> ClassEvaluation:
        """The figures, of runs that tell classes apart."""
        found = self.together.evaluation
        assert isinstance(found, ClassEvaluation)  # nobody asks for those of others
        return found

    @cached_property
    def roc(self) -> Curves:
        """The ROC curves of all classes."""
        self.tell("Computing curves")
        return curves_of(self.found, "roc")

    @cached_property
    def precision_recall(self) -> Curves:
        """The precision–recall curves of all classes."""
        self.tell("Computing curves")
        return curves_of(self.found, "precision_recall")

    @cached_property
    def temperature(self) -> Tempered | str:
        """What a temperature fitted on the validation images makes of confidence, or why there is none."""
        self.tell("Fitting the temperature")
        try:
            return tempered_by_validation(
                self.runs,
                self.found,
                data=self.data,
                moved_to=self.moved_to,
                looks=self.looks,
                progress=self.progress,
            )
        except CancelledError:
            raise
        except LayerloomError as error:
            return str(error)

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        """How good the answers are for some of the images."""
        return slices_of(self.found, self.data, self.source, progress=self.progress)

    def name_of(self, position: int) -> Name:
        """The name of the image at a position of the part."""
        return self.data.names[int(self.data.splits[self.split].indices[position])]

    def tell(self, task: str) -> None:
        """Say what is computed next; raises `CancelledError` when called off."""
        tell(self.progress, Progress(task, 0, 0, "images"))
