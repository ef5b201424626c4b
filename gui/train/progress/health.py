"""How the layers of a run learn, gathered by the items its drawing shows, with what to do about what is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from engine.network import Network
from engine.training.events import Health, share_of_dead
from engine.words import path_text

DEAD_LIMIT = 0.25
RATIO_RANGE = (1e-4, 1e-2)
GRADIENT_LIMIT = 1e-6
_SMALLEST_FACTOR = 1e-3


class Cause(IntEnum):
    """What a finding comes of, the worst first."""

    NOT_FINITE = 0
    LARGE_UPDATES = 1
    DEAD = 2
    NO_GRADIENT = 3
    SMALL_UPDATES = 4


@dataclass
class Row:
    """One layer or collapsed block: ‖∇W‖ and ‖ΔW‖/‖W‖ of its parameters, the share of dead ReLU maps after them."""

    name: str
    gradient: float | None = None
    ratio: float | None = None
    dead: float | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a layer, in which column, and what helps.

    A ``factor`` below 1 is by how much at least to lower the learning rate.
    """

    column: str
    cause: Cause
    what: str
    remedy: str
    factor: float = 1.0

    @property
    def severity(self) -> tuple[int, float]:
        """What to sort findings by, the worst first."""
        return self.cause, self.factor


def health_rows(network: Network, health: dict[str, Health], *, rate_share: float = 1.0) -> list[Row]:
    """One row for each top-level item that learns, in the order values flow; a ReLU counts to what feeds it.

    ``rate_share`` is the learning rate in use over the one that was set: what a schedule has lowered updates little,
    and that is no fault.
    """
    rows: dict[str, list[Health]] = {}
    for name in network.topological():
        measured = health.get(name)
        if measured is None:
            continue
        owner = name.split(".")[0]
        if measured.gradient_norm is None and owner not in rows:
            owner = _feeding(network, name, rows) or owner
        rows.setdefault(owner, []).append(measured)
    return [_row(name, parts, rate_share) for name, parts in rows.items()]


def _feeding(network: Network, name: str, rows: Iterable[str]) -> str | None:
    """The nearest row before ``name``."""
    while incoming := network.incoming(name):
        name = incoming[0].source
        if name.split(".")[0] in rows:
            return name.split(".")[0]
    return None


def _row(name: str, parts: list[Health], rate_share: float) -> Row:
    gradients = [part.gradient_norm for part in parts if part.gradient_norm is not None]
    ratios = [part.update_ratio for part in parts if part.update_ratio is not None]
    row = Row(
        name,
        math.hypot(*gradients) if gradients else None,
        max(ratios, key=_strangeness) if ratios else None,
        share_of_dead(parts),
    )
    row.findings = list(_findings(row, RATIO_RANGE[0] * rate_share))
    return row


def _strangeness(ratio: float) -> float:
    """How far a ratio is from the middle of the healthy range, in powers of ten."""
    middle = math.log10(RATIO_RANGE[0] * RATIO_RANGE[1]) / 2
    return abs(math.log10(ratio) - middle) if ratio > 0 and math.isfinite(ratio) else math.inf


def _findings(row: Row, least_ratio: float) -> Iterable[Finding]:
    name = path_text(row.name)
    if row.gradient is not None and not math.isfinite(row.gradient):
        what = f"The gradient of {name} is not finite."
        yield Finding("gradient", Cause.NOT_FINITE, what, "Lower the learning rate.", 0.1)
    elif row.gradient is not None and row.gradient < GRADIENT_LIMIT:
        yield Finding(
            "gradient",
            Cause.NO_GRADIENT,
            f"Hardly any gradient reaches {name}.",
            "Add batch norm or a shortcut, or use ReLU in place of sigmoid and tanh.",
        )
    if row.dead is not None and row.dead > DEAD_LIMIT:
        what = f"{row.dead:.0%}".replace("%", " %") + f" of {name}'s ReLU maps never fire."
        remedy = f"Lower the learning rate, or try Leaky ReLU after {name}."
        yield Finding("dead", Cause.DEAD, what, remedy, 0.5)
    if row.ratio is not None and not row.ratio <= RATIO_RANGE[1]:
        factor = min(0.5, RATIO_RANGE[1] / row.ratio) if math.isfinite(row.ratio) else _SMALLEST_FACTOR
        what = f"Updates of {name} are large beside its weights."
        remedy = "Lower the learning rate."
        yield Finding("ratio", Cause.LARGE_UPDATES, what, remedy, max(factor, _SMALLEST_FACTOR))
    elif row.ratio is not None and row.ratio < least_ratio and row.gradient:
        what = f"The weights of {name} hardly move."
        yield Finding("ratio", Cause.SMALL_UPDATES, what, "Raise the learning rate.")
