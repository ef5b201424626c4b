"""How the layers of a network learn, gathered by the items that its drawing shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.network import Network
from engine.training.events import SILENT, Health, share_of_dead

DEAD_LIMIT = 0.25
RATIO_RANGE = (1e-4, 1e-2)
GRADIENT_RANGE = (1e-6, 1e3)


@dataclass
class Row:
    """One layer or collapsed block: ‖∇W‖ and ‖ΔW‖/‖W‖ of its parameters, the share of dead ReLU maps after them.

    ``nodes`` are those it was gathered from, ``least_ratio`` is the smallest healthy one.
    """

    name: str
    gradient: float | None = None
    ratio: float | None = None
    dead: float | None = None
    nodes: dict[str, Health] = field(default_factory=dict)
    least_ratio: float = RATIO_RANGE[0]

    @property
    def is_not_finite(self) -> bool:
        """Whether its gradient is no number."""
        return self.gradient is not None and not math.isfinite(self.gradient)

    @property
    def explodes(self) -> bool:
        """Whether its gradient is so long that an update may do anything."""
        return self.gradient is not None and GRADIENT_RANGE[1] < self.gradient < math.inf

    @property
    def vanishes(self) -> bool:
        """Whether hardly any gradient reaches it."""
        return self.gradient is not None and self.gradient < GRADIENT_RANGE[0]

    @property
    def leaps(self) -> bool:
        """Whether its updates are large beside its weights, or no numbers."""
        return self.ratio is not None and not self.ratio <= RATIO_RANGE[1]

    @property
    def hardly_moves(self) -> bool:
        """Whether its updates are small beside its weights, though there is a gradient."""
        return self.ratio is not None and self.ratio < self.least_ratio and bool(self.gradient)

    @property
    def is_dead(self) -> bool:
        """Whether many of its ReLU maps stay 0, as enough images have shown."""
        enough = all(node.seen == 0 or node.seen >= SILENT for node in self.nodes.values())
        return enough and self.dead is not None and self.dead > DEAD_LIMIT

    @property
    def wrong(self) -> frozenset[str]:
        """Which of its figures are out of their healthy range: "gradient", "ratio", "dead"."""
        found = {
            "gradient": self.is_not_finite or self.explodes or self.vanishes,
            "ratio": self.leaps or self.hardly_moves,
            "dead": self.is_dead,
        }
        return frozenset(figure for figure, is_wrong in found.items() if is_wrong)


def health_rows(network: Network, health: Mapping[str, Health], *, rate_share: float = 1.0) -> list[Row]:
    """One row for each top-level item that learns, in the order values flow; a ReLU counts to what feeds it.

    ``rate_share`` is the learning rate in use over the one that was set: what a schedule has lowered updates little,
    and that is no fault.
    """
    rows: dict[str, dict[str, Health]] = {}
    for name in network.topological():
        measured = health.get(name)
        if measured is None:
            continue
        owner = name.split(".")[0]
        if measured.gradient_norm is None and owner not in rows:
            owner = _feeding(network, name, rows) or owner
        rows.setdefault(owner, {})[name] = measured
    return [_row(name, nodes, RATIO_RANGE[0] * rate_share) for name, nodes in rows.items()]


def _feeding(network: Network, name: str, rows: Iterable[str]) -> str | None:
    """The nearest row before ``name``."""
    while incoming := network.incoming(name):
        name = incoming[0].source
        if name.split(".")[0] in rows:
            return name.split(".")[0]
    return None


def _row(name: str, nodes: dict[str, Health], least_ratio: float) -> Row:
    gradients = [part.gradient_norm for part in nodes.values() if part.gradient_norm is not None]
    ratios = [part.update_ratio for part in nodes.values() if part.update_ratio is not None]
    gradient = math.hypot(*gradients) if gradients else None
    ratio = max(ratios, key=_strangeness) if ratios else None
    return Row(name, gradient, ratio, share_of_dead(nodes.values()), nodes, least_ratio)


def _strangeness(ratio: float) -> float:
    """How far a ratio is from the middle of the healthy range, in powers of ten."""
    middle = math.log10(RATIO_RANGE[0] * RATIO_RANGE[1]) / 2
    return abs(math.log10(ratio) - middle) if ratio > 0 and math.isfinite(ratio) else math.inf
