"""What training shows at the nodes: a strip of gradient norms, a thumbnail of the output, the share of dead ReLUs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from engine.words import whole_percent_text

STRIP_CELLS = 24
CELL = (7, 6)
THUMBNAIL = 48
BESIDE = 24  # from the node to what stands outside it
DEAD_WARNING = 0.25
NORM_RANGE = (-4.0, 1.0)  # powers of ten from one end of the strip's colours to the other


@dataclass(frozen=True)
class TrainingMark:
    """The marks of one node.

    ``strip`` holds up to 24 gradient norms of the last batches, oldest first; ``thumbnail`` is the node's output for
    the watched image; ``dead`` the fraction of ReLU maps that stayed 0; ``warning`` a word for what begins at it.
    """

    strip: tuple[float, ...] = ()
    thumbnail: QImage | None = None
    dead: float | None = None
    warning: str = ""

    @property
    def badge(self) -> str:
        """What its badge says; "" without one."""
        return self.warning or ("" if self.dead is None else f"{whole_percent_text(self.dead)} dead")

    @property
    def warns(self) -> bool:
        """Whether the badge is a warning."""
        return bool(self.warning) or (self.dead is not None and self.dead > DEAD_WARNING)
