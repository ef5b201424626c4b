"""torchvision beside a torch that it was not compiled for.

torchvision's compiled part loads only beside the torch build it was made for. Where the two differ (a CPU build of
torch with a CUDA build of torchvision is the common case), ``import torchvision`` dies with "operator
torchvision::nms does not exist": its Python part describes two operators that only the compiled part declares.
Declaring them first cures it; nothing else that Layerloom uses (models, data sets, transforms) needs the compiled part.

Everything that imports torchvision calls `make_torchvision_importable` before, or takes the module from `torchvision`.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import torch


@cache
def make_torchvision_importable() -> None:
    """Let ``import torchvision`` succeed whether or not its compiled part fits this torch."""
    if not _compiled_part_loads():
        for operator in ("torchvision::nms", "torchvision::qnms"):
            torch.library.define(operator, "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            torch.library.impl(operator, "default", non_maximum_suppression)


def torchvision() -> ModuleType:
    """The torchvision package."""
    make_torchvision_importable()
    return importlib.import_module("torchvision")


def non_maximum_suppression(dets: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Indices of the boxes to keep, best score first.

    A box goes if it overlaps a better box that stays by an intersection over union above ``iou_threshold``
    (Girshick et al. 2014, section 2.1). ``dets`` is (N, 4) as x1, y1, x2, y2; ``scores`` is (N,).
    """
    order = scores.argsort(descending=True, stable=True)
    overlaps = _intersection_over_union(dets[order]) > iou_threshold
    kept = torch.ones(len(order), dtype=torch.bool, device=dets.device)
    for index in range(len(order)):
        if kept[index]:
            kept[index + 1 :] &= ~overlaps[index, index + 1 :]
    return order[kept]


def _intersection_over_union(boxes: torch.Tensor) -> torch.Tensor:
    """The (N, N) overlaps of boxes with each other."""
    top_left = torch.maximum(boxes[:, None, :2], boxes[None, :, :2])
    bottom_right = torch.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = (bottom_right - top_left).clamp(min=0).prod(dim=-1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(dim=-1)
    return shared / (areas[:, None] + areas[None, :] - shared)


def _compiled_part_loads() -> bool:
    spec = importlib.util.find_spec("torchvision")
    files = Path(spec.origin).parent.glob("_C.*") if spec and spec.origin else []
    try:
        for file in files:
            torch.ops.load_library(file)  # type: ignore[no-untyped-call]
    except OSError:
        return False
    return hasattr(torch.ops.torchvision, "nms")
