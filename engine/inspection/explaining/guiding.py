"""The rule of guided backprop for whatever rectifies (Springenberg et al. 2015, section 3.4).

What comes back to a ReLU is cut at 0 before the ReLU passes it on as it always does: R = [x > 0]·[R′ > 0]·R′.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from engine.inspection.activations import activation_of
from engine.inspection.explaining.evidence import Note
from engine.inspection.lens import Lens
from engine.inspection.rectifying import changing_rectifiers, may_rectify_inside
from engine.inspection.rewriting import Target, calls
from engine.words import counted


def guided(lens: Lens) -> Lens:
    """The lens on a copy of its network whose ReLUs, of every form, pass no gradient below 0."""
    return lens.by_rules(_GUIDE)


def notes(lens: Lens) -> tuple[Note, ...]:
    """What the activations that are no ReLU make of it, in a sentence."""
    part = lens.part((lens.scored,)).module
    found = [activation for _, call in calls(part) if (activation := activation_of(call))]
    plain = Counter(activation.title for activation in found if not activation.rectifies)
    if not found and any(may_rectify_inside(call.target) for _, call in calls(part)):
        return ()
    if not found:
        return (Note("Guided backprop needs ReLU: there is no activation, so this is the plain gradient."),)
    if not plain:
        return ()
    share = f"{plain.total()} of {counted(len(found), 'activation')}"
    if plain.total() == len(found):
        share = "the only activation" if len(found) == 1 else f"all {len(found)} activations"
    are, they_pass = ("is", "passes") if plain.total() == 1 else ("are", "pass")
    sentence = f"Guided backprop needs ReLU: {share} {are} {_listed(plain)} and {they_pass} the plain gradient."
    return (Note(sentence),)


def _listed(titles: Iterable[str]) -> str:
    *most, last = titles
    return f"{', '.join(most)} or {last}" if most else last


class _Gate(torch.autograd.Function):
    """Passes values as they are, and back what is above 0."""

    @staticmethod
    def forward(_: Any, x: Tensor) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def backward(_: Any, *gradients: Tensor) -> Tensor:
        return gradients[0].clamp(min=0)


def _gated(target: Target) -> Target:
    def call(*arguments: Any, **keywords: Any) -> Tensor:
        gate: Callable[[Tensor], Tensor] = _Gate.apply
        return gate(target(*arguments, **keywords))

    return call


_GUIDE = changing_rectifiers(_gated)  # a ReLU gets back what is above 0
