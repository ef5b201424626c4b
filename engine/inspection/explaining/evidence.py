"""What explanations give: heat for a class, with the numbers that are said beside it. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from engine.inspection.results import Heat

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Note(NamedTuple):
    """Something to know of a result, and the node to ask of in its place, or ""."""

    sentence: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """The class that is explained, by its number, and its score before the softmax.

    ``predicted`` says that no class scores higher. Where two are compared, ``against`` is the other and ``lead`` how
    much higher the first one scores.
    """

    number: int
    score: float
    predicted: bool = False
    against: int | None = None
    against_score: float = 0.0

    @property
    def lead(self) -> float:
        """How much higher the class scores than the other one."""
        return self.score - self.against_score


@dataclass(frozen=True, slots=True, eq=False)
class Evidence(Heat):
    """How much each place of the image, ``(H, W)``, counts for a class.

    ``by_size``: a value below 0 counts as much as one above (gradients by pixels); otherwise it speaks against the
    class. ``channels`` ``(C, H, W)`` is what ``values`` were made of, if that has a sign for each channel; it is the
    array then. ``trained`` says whether the weights were learned, ``done`` how much of it there is yet, 0 to 1.
    """

    explained: Explained
    by_size: bool = True
    channels: NDArray[np.float32] | None = None
    notes: tuple[Note, ...] = ()
    trained: bool = False
    done: float = 1.0

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(note.sentence for note in self.notes)

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values if self.channels is None else self.channels

    @property
    def finite(self) -> NDArray[np.float32]:
        """The values ``(H, W)``, with 0 for what is no number."""
        import numpy as np

        return np.where(np.isfinite(self.values), self.values, np.float32(0))

    @property
    def strength(self) -> NDArray[np.float32]:
        """What speaks for the class, ``(H, W)``, from 0 up: what one legend can show of every method."""
        import numpy as np

        return np.abs(self.finite) if self.by_size else np.maximum(self.finite, 0)

    @property
    def strongest(self) -> float:
        """The 99.5th percentile of the strength, where the legend ends; the maximum where that is 0."""
        import numpy as np

        strength = self.strength
        return float(np.percentile(strength, 99.5)) or float(strength.max())

    @property
    def half(self) -> float:
        """The smallest share of the image that holds half of the strength; 0 where there is none."""
        import numpy as np

        falling = np.cumsum(np.sort(self.strength, axis=None)[::-1], dtype=np.float64)
        total = float(falling[-1])
        return float((np.searchsorted(falling, total / 2) + 1) / falling.size) if total > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClassMap(Evidence):
    """What the maps of ``node`` say for a class (Selvaraju et al. 2017), enlarged to the image.

    ``raw`` ``(h, w)`` is the map before it is enlarged, ``weights`` ``(K,)`` are the α of the K maps, ``parts``
    ``(K,)`` what each adds: Σ α·A over its cells. ``maps`` ``(K, h, w)`` are the maps themselves, if they were kept.
    """

    node: str
    raw: NDArray[np.float32]
    weights: NDArray[np.float32]
    parts: NDArray[np.float32]
    maps: NDArray[np.float32] | None = None

    def largest(self, number: int) -> list[int]:
        """The maps that add most, the largest first."""
        import numpy as np

        return [int(place) for place in np.argsort(-self.parts, kind="stable")[:number]]

    @property
    def speaking_against(self) -> int:
        """How many maps have an α below 0."""
        return int((self.weights < 0).sum())


class Cover(NamedTuple):
    """A rectangle of pixels, and how much of the score, or of the lead, is lost where it is covered."""

    row: int
    column: int
    height: int
    width: int
    loss: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Occluded(Evidence):
    """What is lost of a score, or of its lead over another, where patches cover the image (Zeiler & Fergus 2014).

    ``losses`` ``(rows, columns)`` are those of the patches, NaN where none was tried yet; ``most`` and ``least`` the
    patches that cost most, and least or win.
    """

    losses: NDArray[np.float32]
    patch: int
    stride: int
    most: Cover | None = None
    least: Cover | None = None
