"""How what a unit looks for came about: the same for the weights of each epoch that is kept."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.data.images import Pixels
from engine.inspection.lens import Lens
from engine.inspection.maximise import Maximise
from engine.inspection.results import Maximised, Projection
from engine.inspection.units.deconvnet import Backwards
from engine.inspection.units.maximising import maximise
from engine.runs.run_folder import RunFolder


@dataclass(frozen=True, slots=True, eq=False)
class UnitThen:
    """A unit with the weights of an ``epoch``: its answer to an image projected back, and the picture it likes most."""

    epoch: int
    projection: Projection
    maximised: Maximised


def unit_by_epoch(
    run: RunFolder,
    node: str,
    unit: int,
    image: Pixels,
    *,
    epochs: Iterable[int] | None = None,
    how: Maximise | None = None,
) -> Iterator[UnitThen]:
    """What a unit makes of an image ``(C, H, W)``, uint8, after each of some epochs; after all kept ones if left out.

    Epoch 0 stands for the weights that the run began with. In each epoch it is the cell that answers most then. The run
    is only read, and no lens of anybody's is changed. Raises `LayerloomError` for an epoch that is not kept.
    """
    lens = Lens.of_run(run)
    initial = copy.deepcopy(lens.module.state_dict())
    for epoch in run.kept_epochs() if epochs is None else epochs:
        lens.load(run.weights(epoch) if epoch else initial)
        (projection,) = Backwards(lens, node)(lens.prepare(image), (unit,))
        *_, (maximised,) = maximise(lens, node, (unit,), how)
        yield UnitThen(epoch, projection, maximised)
