"""What views give: one type for each way to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.errors import LayerloomError
from engine.words import counted, number_text

if TYPE_CHECKING:  # a list of the views does without numbers
    import numpy as np
    from numpy.typing import NDArray

    from engine.network.reach import Rectangle
    from engine.recipe.metrics import Measured

Grid: TypeAlias = "NDArray[np.float64]"

_REAL = "biuf"  # the kinds of numpy's types: truth values, whole numbers with and without a sign, floats


class UnfitError(LayerloomError):
    """What a view gives is nothing that a result can hold; who asked for the view adds its name."""


class NotShownError(LayerloomError):
    """A view has nothing to show of a node; of the node ``instead``, unless it is "", it has."""

    def __init__(self, sentence: str, instead: str = "") -> None:
        super().__init__(sentence)
        self.instead = instead


class Result:
    """What a view gives. How each type is painted stands with who paints it."""

    __slots__ = ()

    @property
    def array(self) -> NDArray[np.float32]:
        """Its numbers as they are, unscaled; raises `LayerloomError` if there are none of its type."""
        raise LayerloomError(f"There are no numbers of {type(self).__name__}.")

    def to_json(self) -> dict[str, Any]:
        """What a script wants to know of it besides its numbers, as a JSON object."""
        return {}

    @property
    def lines(self) -> tuple[str, ...]:
        """What a figure says of it, a sentence a line."""
        return ()


def _require_axes(values: NDArray[np.generic], *numbers: int, what: str) -> None:
    import numpy as np

    if not isinstance(values, np.ndarray):
        raise UnfitError(f"{what}, an array, but this is a {type(values).__name__}.")
    if values.dtype.kind not in _REAL:
        raise UnfitError(f"{what} of real numbers, but these are {values.dtype}.")
    if values.ndim not in numbers or not values.size:
        raise UnfitError(f"{what}, but these values are {values.shape}.")


@dataclass(frozen=True, slots=True, eq=False)
class Maps(Result):
    """What a node gives for an image: ``values`` are maps ``(C, H, W)`` or a vector ``(N,)``.

    Raises `UnfitError` for anything else.
    """

    values: NDArray[np.float32]

    def __post_init__(self) -> None:
        _require_axes(self.values, 1, 3, what="Maps are (C, H, W) or (N,)")

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values


@dataclass(frozen=True, slots=True, eq=False)
class Heat(Result):
    """How much each place of the image counts: ``values`` are ``(H, W)``. Raises `UnfitError` for others."""

    values: NDArray[np.float32]

    def __post_init__(self) -> None:
        _require_axes(self.values, 2, what="Heat is (H, W)")

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values


@dataclass(frozen=True, slots=True, eq=False)
class Kernels(Result):
    """What a node has learned, outputs first.

    ``values`` are ``(M, C, K_h, K_w)``, a kernel for each output and each input map that it reads; ``(outputs,
    inputs)`` for a matrix; ``(C,)`` or ``(C, H, W)`` for factors. Raises `UnfitError` for others. ``bias`` is None
    where there is none.
    """

    node: str
    values: NDArray[np.float32]
    bias: NDArray[np.float32] | None

    def __post_init__(self) -> None:
        _require_axes(self.values, 1, 2, 3, 4, what="Kernels are (M, C, K_h, K_w), (M, C), (C, H, W) or (C,)")

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values

    @property
    def tiles(self) -> NDArray[np.float64]:
        """What can be painted, ``(N, H, W)``: kernels over several maps by their mean, factors as maps of one value."""
        values: Grid = self.values.astype("float64")
        if values.ndim == 4:
            values = values.mean(axis=1)
        return values[:, None, None] if values.ndim == 1 else values.reshape(-1, *values.shape[-2:])


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What one input map contributes to a value; grids are ``(K_h, K_w)``.

    ``padded`` marks the places of ``patch`` that lie outside the map. ``products`` are patch × kernel, ``sum`` their
    sum, ``running`` the sum of this and all earlier pages.
    """

    input_channel: int
    patch: Grid
    padded: NDArray[np.bool_]
    kernel: Grid
    products: Grid
    sum: float
    running: float


@dataclass(frozen=True, slots=True, eq=False)
class Steps(Result):
    """How the value at ``row``, ``column`` of map ``channel`` of ``node`` comes about, a page for each input map.

    ``value`` is the last running sum plus ``bias``; ``activation`` names the activation that follows, if one does,
    and ``activated`` what it makes of ``value``. ``exact`` is what the network itself computes, and ``rounded`` says
    that it prints differently from ``value``; all the other numbers have ``decimals`` places. ``rows`` and
    ``columns`` are the first and the last that the patch covers in the input maps; they reach outside where it is
    padded. Raises `UnfitError` without a page, or if one holds anything but real numbers.
    """

    node: str
    channel: int
    row: int
    column: int
    pages: tuple[Page, ...]
    bias: float | None
    value: float
    activation: str
    activated: float | None
    exact: float
    rounded: bool
    rows: tuple[int, int]
    columns: tuple[int, int]
    decimals: int = 2

    def __post_init__(self) -> None:
        if not self.pages:
            raise UnfitError("Steps have a page for each input map, but there is none.")
        for page in self.pages:
            for grid in (page.patch, page.kernel, page.products):
                _require_axes(grid, 2, what="Patch, kernel and products are (K_h, K_w)")

    @property
    def array(self) -> NDArray[np.float32]:
        """The products ``(pages, K_h, K_w)``, of values rounded as they are printed."""
        import numpy as np

        return np.stack([page.products for page in self.pages]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Patches(Result):
    """What excites some ``units`` of ``node`` most: ``values`` ``(U, 9, C, h, w)``, pixels from 0 to 1.

    ``answers`` ``(U, 9)`` are what the units gave there, NaN where there are fewer places. ``projected``, of the size
    of ``values``, is what of each patch the unit answered to, projected back, signed; None where that was not asked.
    ``notes`` are sentences on what is shown.
    """

    node: str
    units: tuple[int, ...]
    values: NDArray[np.float32]
    answers: NDArray[np.float32]
    projected: NDArray[np.float32] | None = None
    notes: tuple[str, ...] = ()

    @property
    def array(self) -> NDArray[np.float32]:
        """What was projected back, if that was asked, else the patches."""
        return self.values if self.projected is None else self.projected

    @property
    def lines(self) -> tuple[str, ...]:
        return self.notes


@dataclass(frozen=True, slots=True, eq=False)
class Projection(Result):
    """The answer of a unit to an image, projected back: ``values`` ``(C, H, W)``, signed, in the range of the input.

    It is that of the cell at ``row`` and ``column``, which gave ``answer`` and ``seen`` of the image; outside that all
    is 0. ``rules`` are sentences on how what lies between was gone through backwards.
    """

    node: str
    unit: int
    row: int
    column: int
    answer: float
    seen: Rectangle
    values: NDArray[np.float32]
    rules: tuple[str, ...] = ()

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values

    @property
    def lines(self) -> tuple[str, ...]:
        where = f"row {self.row}, column {self.column}"
        return (f"Unit {self.unit} gives {number_text(self.answer, 2)} at {where}.", *self.rules)


@dataclass(frozen=True, slots=True, eq=False)
class Maximised(Result):
    """A picture that a unit answers to strongly: ``values`` ``(C, H, W)``, pixels from 0 to 1.

    The unit gives ``answer`` for it after so many of ``steps`` steps, ``before`` for what it began with. ``seen`` is
    the part of the picture that the unit sees; the rest has no effect on it.
    """

    node: str
    unit: int
    values: NDArray[np.float32]
    answer: float
    before: float
    step: int
    steps: int
    seen: Rectangle

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values

    @property
    def lines(self) -> tuple[str, ...]:
        before, answer = (number_text(value, 2) for value in (self.before, self.answer))
        return (f"Unit {self.unit} gives {answer} after {counted(self.step, 'step')}, {before} before.",)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking(Result):
    """How good a network is on a part of its images with each unit of ``node`` switched off by itself.

    ``values`` are the figure for each unit in their order, ``before`` it with none switched off.
    """

    node: str
    metric: Measured
    part: str
    images: int
    before: float
    values: tuple[float, ...]

    @property
    def array(self) -> NDArray[np.float32]:
        import numpy as np

        return np.array(self.values, np.float32)

    @property
    def falls(self) -> tuple[float, ...]:
        """By how much the figure gets worse for each unit; below 0 where it gets better."""
        sign = 1 if self.metric.higher_is_better else -1
        return tuple(sign * (self.before - value) for value in self.values)

    @property
    def order(self) -> tuple[int, ...]:
        """The units, that without which the figure is worst first; the first of several."""
        falls = self.falls
        return tuple(sorted(range(len(falls)), key=lambda unit: (-falls[unit], unit)))

    def to_json(self) -> dict[str, Any]:
        falls, name = self.falls, self.metric.name
        units = [{"unit": unit, name: self.values[unit], "fall": falls[unit]} for unit in self.order]
        return {"part": self.part, "images": self.images, name: self.before, "units": units}


@dataclass(frozen=True, slots=True, eq=False)
class Points(Result):
    """What ``node`` gives for images of a part, each as a point: ``values`` are ``(N, 2)``.

    ``positions`` ``(N,)`` are those of the images in the part. ``classes`` names what ``labels`` and ``predicted``
    ``(N,)`` count; they are -1 where the images have no classes. ``explained`` are the shares of the variance along the
    two axes, where these are axes of it. Raises `UnfitError` for other numbers.
    """

    node: str
    method: str
    part: str
    values: NDArray[np.float32]
    positions: NDArray[np.int64]
    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    classes: tuple[str, ...]
    explained: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _require_axes(self.values, 2, what="Points are (N, 2)")

    @property
    def array(self) -> NDArray[np.float32]:
        return self.values

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which images ``(N,)`` the network takes for another class."""
        found: NDArray[np.bool_] = self.labels != self.predicted
        return found

    def to_json(self) -> dict[str, Any]:
        named = {"method": self.method, "part": self.part, "images": len(self.values), "classes": list(self.classes)}
        marks = {"positions": self.positions, "true": self.labels, "predicted": self.predicted}
        return {**named, "explained": list(self.explained), **{name: one.tolist() for name, one in marks.items()}}
