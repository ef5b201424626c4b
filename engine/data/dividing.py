"""How the images of a source are divided where some of them come as parts of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.data.copies import Copies, together
from engine.data.split import Division, Indices, OwnParts, divide
from engine.errors import LayerloomError

if TYPE_CHECKING:
    from engine.data.settings import SplitSettings


def divided(
    strata: Indices, own: OwnParts | None, split: SplitSettings, *, copies: Copies = (), every_class: bool = True
) -> Division:
    """The parts of images of which ``strata`` ``(N,)`` are the groups; the parts that are their ``own`` stay.

    Raises `LayerloomError` if none are left for training.
    """
    own = own or OwnParts(np.empty(0, np.int64), np.empty(0, np.int64))
    is_cut = np.ones(len(strata), bool)
    is_cut[np.concatenate(own)] = False
    rest = np.flatnonzero(is_cut)
    groups = strata if split.stratified else np.zeros_like(strata)
    cut = divide(
        groups[rest],
        validation=0 if len(own.validation) else split.validation,
        test=0 if len(own.test) else split.test,
        seed=split.seed,
        every_class=every_class,
    )
    if not len(cut.train):
        raise LayerloomError("No images are left for training: make the validation and test parts smaller.")
    validation = own.validation if len(own.validation) else rest[cut.validation]
    division = Division(rest[cut.train], validation, own.test if len(own.test) else rest[cut.test])
    return together(division, copies) if split.copies_together else division
