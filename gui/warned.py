"""What is to be warned of in the data of a project, as far as its images have been seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.data.augmentation.warning import Seen
from engine.data.settings import DataSettings, SplitSettings
from engine.data.source import DataDescription, Source
from engine.data.warnings import (
    DataWarning,
    copies_warnings,
    files_warnings,
    imbalance_warnings,
    label_warnings,
    seen_before,
    small_class_warnings,
    split_warnings,
)
from engine.project import Project


class Warned:
    """Keeps what was seen and judged of some settings, and whose unlike classes are to be left as they are."""

    def __init__(self) -> None:
        self._seen: tuple[Source, SplitSettings, Seen] | None = None
        self._judged: tuple[DataSettings, tuple[DataWarning, ...]] | None = None
        self._left: Source | None = None

    def see(self, settings: DataSettings, seen: Seen) -> None:
        """Take over what was seen of the images, divided as the settings say."""
        self._seen = settings.source, settings.split, seen

    def judge(self, settings: DataSettings, warnings: Iterable[DataWarning]) -> None:
        """Take over what the steps of the settings deserve, now that images were drawn."""
        self._judged = settings, tuple(one for one in warnings if one.place is not None)

    def leave(self, source: Source) -> None:
        """Say no more of how unlike its classes are in size."""
        self._left = source

    def of_steps(self, settings: DataSettings, unseen: tuple[DataWarning, ...]) -> tuple[DataWarning, ...]:
        """What the steps deserve: ``unseen`` is what is known of that before any image is."""
        return self._judged[1] if self._judged and self._judged[0] == settings else unseen

    def of_data(
        self, project: Project, found: DataDescription | None, runs: Sequence[tuple[int, DataSettings]]
    ) -> tuple[DataWarning, ...]:
        """What the images and their division deserve, and ``runs`` that were divided otherwise."""
        settings, loss = project.data, project.training.loss
        others = tuple(split_warnings(settings, runs))
        if found is None:
            return others
        is_seen = self._seen is not None and self._seen[:2] == (settings.source, settings.split)
        seen = self._seen[2] if self._seen and is_seen else seen_before(settings, found)
        weighs = loss == loss.with_class_weights()
        unlike = imbalance_warnings(settings, seen, class_weights=weighs) if self._left != settings.source else ()
        small, copies = small_class_warnings(settings, seen), copies_warnings(settings, seen)
        return (*unlike, *small, *label_warnings(found), *copies, *others, *files_warnings(found))
