"""The learning-rate range test of a project, as the window and the command line both run it."""

from __future__ import annotations

import torch

from engine.data.progress import Listener
from engine.machine.devices import torch_device
from engine.machine.generators import generators_kept
from engine.project import Project
from engine.runs.preparing import prepare
from engine.training.range_result import BATCHES, RangeResult
from engine.training.range_test import Heard, range_test


def find_rate(
    project: Project,
    *,
    batches: int = BATCHES,
    progress: Listener | None = None,
    heard: Heard | None = None,
    threads: int | None = None,
) -> RangeResult:
    """Test a run of ``project`` before it begins, from the weights that it would begin with.

    ``progress`` hears how far loading is, ``heard`` of every batch; each can call it off. ``threads`` are for torch on
    the CPU. Raises as `prepare` and `range_test` do.
    """
    recipe = project.training
    if threads is not None:
        torch.set_num_threads(threads)
    with generators_kept(torch_device(recipe)):
        prepared = prepare(project, progress=progress)
        return range_test(prepared.model, prepared.data, recipe, heads=prepared.heads, batches=batches, heard=heard)
